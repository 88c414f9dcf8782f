"""The inbox: what waits, what is due soon, what happened."""

import datetime as dt
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock as now_clock
from accounts import inbox
from accounts.messages import Message
from accounts.models import Notification
from accounts.tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@dataclass
class Line:
    name: str
    days: int | None = None
    late: bool = False
    count: int = 2
    detail: Message | None = None
    url: str = "/somewhere/"

    @property
    def button(self):
        return Message("Write it")

    @property
    def title(self):
        return Message(self.name)

    @property
    def due(self):
        return None if self.days is None else now_clock.today() + dt.timedelta(days=self.days)


LINES = [
    Line("undated"),
    Line("since long", -9),
    Line("today", 0),
    Line("in a week", 7),
    Line("later", 8),
    Line("overdue", -1, late=True),
    Line("long overdue", -5, late=True),
    Line("overdue undated", late=True),
]


@pytest.fixture
def page(client, monkeypatch):
    monkeypatch.setattr(inbox, "_sources", [lambda user: LINES if user.username == "busy" else []])
    user = UserFactory(username="busy")
    client.force_login(user)

    def get(**query):
        return client.get(reverse("accounts:inbox"), query)

    get.user = user
    return get


def test_each_thing_stands_in_one_part_the_overdue_first(page):
    parts = inbox.parts_of(page.user)
    assert [line.name for line in parts.waiting] == [
        "long overdue",
        "overdue",
        "overdue undated",
        "since long",
        "later",
        "undated",
    ]
    assert [line.name for line in parts.soon] == ["today", "in a week"]
    assert parts.count == 16


def test_each_line_has_one_button_that_leads_there(page):
    text = page().content.decode()
    assert text.count('href="/somewhere/"') == 2 * len(LINES), "the title and the button"
    assert "11月25日起逾期" in text
    assert "今天到期" in text
    assert "12月3日前" in text


def test_empty_parts_say_so(client):
    client.force_login(UserFactory())
    text = client.get(reverse("accounts:inbox")).content.decode()
    for sentence in ("没有等您办的事。", "七天内没有到期事项。", "还没有消息。"):
        assert sentence in text


def test_what_happened_is_filtered_and_stands_by_day(page):
    for days, kind, read in ((0, "reminder", False), (0, "news", True), (1, "return", False)):
        moment = now_clock.now() - dt.timedelta(days=days)
        note = Notification.objects.create(user=page.user, message=f"{kind} line", kind=kind, created_at=moment)
        Notification.objects.filter(pk=note.pk).update(read_at=moment if read else None)
    text = page().content.decode()
    order = [text.index(part) for part in ("2026年11月26日", "news line", "2026年11月25日", "return line")]
    assert order == sorted(order)
    assert "标为已读" in text
    assert "news line" not in page(show="unread").content.decode()
    assert "return line" not in page(kind="reminder").content.decode()
    assert "没有符合条件的消息。" in page(kind="news", show="unread").content.decode()
    assert "news line" in page(kind="nonsense").content.decode(), "a wrong filter filters nothing"


def test_lines_cost_no_query_each(page):
    counts = []
    for more in (1, 2):
        for _n in range(more):
            Notification.objects.create(user=page.user, message="Yes", url="/")
        page()
        with CaptureQueriesContext(connection) as queries:
            page()
        counts.append(len(queries))
    assert counts[0] == counts[1]

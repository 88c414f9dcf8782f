"""What waits for whom around an application."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.models import User
from campaign import todo
from supervision import todo as providers
from supervision.tests.factories import agree, applied, approved, make_supervised_world, send_back

pytestmark = pytest.mark.django_db

WORD = "Decide on applications for transition"
MEETING = "Hold the transition meeting and record it"
MEND = "Mend the returned application and apply again"


@pytest.fixture
def w():
    return make_supervised_world()


def todos(user):
    return {item.title.id: item for item in todo.gather(User.objects.get(pk=user.pk))}


def test_my_word_is_asked_for_until_my_body_has_spoken(w):
    row = applied(w)
    applied(w, "archives")
    assert todos(w.c.guide)[WORD].count == todos(w.c.guide_2)[WORD].count == todos(w.c.office)[WORD].count == 2
    assert WORD not in todos(w.c.secretary) and WORD not in todos(w.c.supervisor)
    agree(w, row, w.c.guide, "supervision")
    assert todos(w.c.guide_2)[WORD].count == 1 and todos(w.c.office)[WORD].count == 2
    assert todos(w.c.office)[WORD].menu == "supervision:transitions"


def test_in_sequence_only_the_first_body_is_asked():
    w = make_supervised_world(playbook="xingwen-county")
    row = applied(w)
    assert WORD in todos(w.c.guide) and WORD not in todos(w.c.office)
    agree(w, row, w.c.guide, "supervision")
    assert WORD not in todos(w.c.guide) and WORD in todos(w.c.office)


def test_the_applicant_holds_the_meeting_or_mends(w):
    approved(w)
    assert MEETING in todos(w.c.secretary) and MEETING not in todos(w.c.branch) and MEETING not in todos(w.c.office)
    row = applied(w, "archives")
    due = clock.today() + dt.timedelta(days=2)
    send_back(w, row, w.c.guide, "supervision", mend_by=due)
    assert todos(w.c.archives)[MEND].due == due and not todos(w.c.archives)[MEND].late
    applied(w, "archives")
    assert MEND not in todos(w.c.archives)


def test_the_providers_ask_as_often_for_three_applications_as_for_one(w):
    def count():
        user = User.objects.get(pk=w.c.office.pk)
        with CaptureQueriesContext(connection) as captured:
            list(providers.words_to_give(user))
        return len(captured)

    applied(w)
    one = count()
    applied(w, "archives")
    applied(w, "court")
    assert count() == one

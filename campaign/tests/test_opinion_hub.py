"""The way into opinions and style reviews from the menu, and the blank forms to print (N-03)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaign.actions import opinions, style_review
from campaign.tests.factories import make_world
from campaign.views.style_sheets import ROOM

pytestmark = pytest.mark.django_db
HUB = "/campaign/opinions/"


@pytest.fixture
def w():
    return make_world()


def gathered(w, organization, *texts):
    return opinions.gather(
        by=w.c.branch,
        batch=w.batch,
        organization=organization,
        about=opinions.About(concerned=organization),
        said=[opinions.Said(text=text, voices=1, category="") for text in texts],
        channel="meeting",
        source="staff",
        received_on=w.batch.starts_on,
    )


def opened(w, least=20):
    return style_review.open_review(
        by=w.c.office,
        batch=w.batch,
        organization=w.t.county,
        title="万人评风",
        departments=[(w.t.health, "县卫生局"), (w.t.court, "县法院")],
        kinds=[["deputy", "人大代表", "Deputies"], ["masses", "群众代表", "Masses"]],
        items=[["party", "党员作风", "Members"], ["government", "政风", "Government"]],
        grades=[["good", "好", "Good"], ["poor", "差", "Poor"]],
        least_asked=least,
    )


def test_the_menu_leads_the_office_to_all_and_a_unit_to_its_own(w, client):
    gathered(w, w.t.health_1, "办事慢", "排队久")
    client.force_login(w.c.office)
    assert f'href="{HUB}"' in client.get("/").text
    hub = client.get(HUB).context["hub"]
    assert hub.organization == w.t.county and (hub.opinions, hub.unsorted, hub.open) == (2, 2, 0)
    [line] = [one for one in hub.lines if one.opinions]
    assert line.organization.path == w.t.health_1.path[: len(line.organization.path)]
    client.force_login(w.c.branch)
    page = client.get(HUB)
    assert page.context["hub"].organization == w.t.health_1 and not page.context["hub"].lines
    for name in ("opinions", "opinions_new", "boxes", "opinions_sheet"):
        assert reverse(f"campaign:{name}", args=[w.t.health_1.pk]) in page.text


def test_the_office_finds_its_style_review_there(w, client):
    review = opened(w)
    client.force_login(w.c.office)
    assert reverse("campaign:style_review", args=[review.pk]) in client.get(HUB).text


def test_three_opinions_cost_what_one_costs(w, client):
    client.force_login(w.c.office)
    gathered(w, w.t.health_1, "办事慢")
    client.get(HUB)
    with CaptureQueriesContext(connection) as one:
        client.get(HUB)
    gathered(w, w.t.court_1, "排队久", "态度差")
    with CaptureQueriesContext(connection) as three:
        client.get(HUB)
    assert len(one) == len(three)


@pytest.mark.parametrize(("least", "room"), [(20, 20), (0, ROOM)])
def test_a_blank_form_has_every_department_by_item_and_room_for_each_opinion(w, client, least, room):
    review = opened(w, least)
    client.force_login(w.c.office)
    assert (
        reverse("campaign:style_review_blank", args=[review.pk])
        in client.get(reverse("campaign:style_review", args=[review.pk])).text
    )
    page = client.get(reverse("campaign:style_review_blank", args=[review.pk]), {"count": 3, "first": 7})
    assert list(page.context["numbers"]) == [7, 8, 9]
    sheets = page.text.split('class="blank-form"')[1:]
    assert len(sheets) == 3
    for name in ("县卫生局", "县法院", "党员作风", "政风", "人大代表", "群众代表"):
        assert name in sheets[0]
    assert sheets[0].count("□") == 2 + 2 * 2 * 2, "two kinds; two departments by two items by two grades"
    assert f"<td>{room}</td>" in sheets[0] and f"<td>{room + 1}</td>" not in sheets[0]


def test_an_impossible_number_of_forms_is_a_fault(w, client):
    review = opened(w)
    client.force_login(w.c.office)
    page = client.get(reverse("campaign:style_review_blank", args=[review.pk]), {"count": "5000", "first": "1"})
    assert page.status_code == 422 and "count" in page.context["form"].errors


def test_only_the_office_prints_forms(w, client):
    review = opened(w)
    client.force_login(w.c.secretary)
    assert client.get(reverse("campaign:style_review_blank", args=[review.pk])).status_code in {403, 404}

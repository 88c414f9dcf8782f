"""A type of unit that belongs to a batch is ticked there by the set-up, and in no other (A-05); what the plan says."""

import pytest
from django.urls import reverse

from campaign import actions
from campaign.entering import groups_of, tick
from campaign.playbook import PlaybookInvalid, from_snapshot, load_file
from campaign.tests.factories import make_world
from units.models import WorkUnit

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    world = make_world(started=False)
    campaign = world.batch.campaign
    kinds = [{"key": "school", "name": {"zh": "学校", "en": "Schools"}, "staged": True, "batch": 2}]
    campaign.snapshot = {**campaign.snapshot, "unit_types": kinds}
    campaign.save()
    WorkUnit.objects.filter(name="县卫生局").update(type="学校")
    return world


def rows_of(batch, choose=""):
    batch.participations.all().delete()
    groups = groups_of(type(batch).objects.select_related("campaign__host").get(pk=batch.pk))
    tick(groups, None, choose)
    return {row.label: row for group in groups for row in group.rows if not row.fixed}


@pytest.mark.parametrize("choose", ["", "proposed"])
@pytest.mark.parametrize(("number", "ticked"), [(1, False), (2, True)])
def test_a_type_of_another_batch_is_offered_and_not_ticked(w, number, ticked, choose):
    w.batch.number = number
    w.batch.save()
    rows = rows_of(w.batch, choose)
    assert rows["县卫生局"].checked is ticked
    assert rows["县卫生局"].other_batch == (None if ticked else 2)
    assert rows["县法院"].checked


def test_the_page_says_to_which_batch_the_type_belongs(client, w):
    w.batch.participations.all().delete()
    client.force_login(w.c.office)
    page = client.get(reverse("campaign:setup_units", args=[w.batch.pk])).content.decode()
    assert "此类单位参加第2批" in page


def test_a_batch_that_the_playbook_does_not_have_is_a_fault():
    book = load_file("meishan-city")
    assert {kind.batch for kind in book.unit_types} == {2}
    snapshot = book.snapshot
    snapshot["unit_types"][0]["batch"] = 9
    with pytest.raises(PlaybookInvalid) as caught:
        from_snapshot(snapshot)
    assert [(fault.table, fault.key) for fault in caught.value.faults] == [
        (f"unit_types.{book.unit_types[0].key}", "batch")
    ]


# ---------------------------------------------------------------- what the plan says in words
def test_the_plan_shows_the_superiors_campaign_and_the_statements(client, w):
    names = {"superior_name": "全市教育活动", "superior_document": "宜委发〔2005〕1号实施意见"}
    actions.change_campaign(by=w.c.office, campaign=w.batch.campaign, names=names)
    client.force_login(w.c.branch)
    page = client.get(reverse("campaign:plan")).content.decode()
    assert "全市教育活动" in page and "宜委发〔2005〕1号实施意见" in page
    statement = w.batch.campaign.playbook.statements[0]
    assert str(statement.items[0].name.zh) in page


@pytest.mark.parametrize(
    ("key", "lines"),
    [
        ("yibin-city", [4, 6, 3, 4, 3]),
        ("xingwen-county", [4, 6, 3, 6, 5, 5]),
        ("cuiping-district", [4, 6, 3, 4]),
        ("linyi-city", [2, 3]),
    ],
)
def test_each_playbook_keeps_the_words_of_its_source(key, lines):
    assert [len(statement.items) for statement in load_file(key).statements] == lines

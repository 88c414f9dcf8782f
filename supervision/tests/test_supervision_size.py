"""The gate of a committee of thirty branches and six hundred members costs as many queries as that of a small one."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from assessments.models import Appraisal, LookBackAnswer, LookBackRecord, OrganizationAnalysis, SelfAnalysis
from campaign.actions import StageWindow, add_batch, add_participation, create_campaign
from campaign.models import (
    Activity,
    Attendance,
    MemberMark,
    Opinion,
    Participation,
    PublicNotice,
    RectificationItem,
    RectificationPlan,
    RollEntry,
    StageProgress,
    StandingRule,
    Talk,
)
from campaign.playbook import available
from supervision import actions
from supervision.gates import gate_of
from supervision.models import MakeUpOrder
from supervision.tests.factories import fresh
from units.models import Member, Organization
from units.tests.factories import MemberFactory, WorkUnitFactory, make_organization, user_with

pytestmark = pytest.mark.django_db
BOOKS = {book.key: book for book in available()}
SIZES = {"small": (3, 4), "large": (30, 20)}


def committee(county, name, branches, each):
    """A committee with so many branches of so many members."""
    kind = Organization.Kind
    top = make_organization(f"{name}党委", kind.COMMITTEE, county)
    unit = WorkUnitFactory(name=name)
    found = [make_organization(f"{name}第{n}支部", kind.BRANCH, top) for n in range(1, branches + 1)]
    unit.organizations.set([top, *found])
    people = [MemberFactory.build(organization=branch, work_unit=unit) for branch in found for _n in range(each)]
    Member.objects.bulk_create(people)
    return SimpleNamespace(top=top, unit=unit, branches=found, members=list(Member.objects.within(top)))


@pytest.fixture
def land():
    county = make_organization("中共青岚县委员会", Organization.Kind.COUNTY_COMMITTEE)
    places = {name: committee(county, name, *size) for name, size in SIZES.items()}
    assert {name: len(place.members) for name, place in places.items()} == {"small": 12, "large": 600}
    return SimpleNamespace(county=county, places=places, office=user_with("office_head", county, "office"))


def batch_of(land, book):
    campaign = create_campaign(
        by=land.office,
        host=land.county,
        playbook=book,
        name=f"{book.key}教育活动",
        short_name=book.key,
        office_name="办公室",
        office_short_name="办",
        bulletin_name="简报",
    )
    first = clock.today() - dt.timedelta(days=200)
    windows = [StageWindow(stage.key, first, clock.today() + dt.timedelta(days=20)) for stage in book.stages]
    return add_batch(by=land.office, campaign=campaign, number=1, name="第一批", windows=windows)


def taking_part(land, batch, place):
    """Under way with the roll of every stage frozen, and a piece of each record that a gate reads, at every branch."""
    one = add_participation(by=land.office, batch=batch, organization=place.top, work_unit=place.unit)
    Participation.objects.filter(pk=one.pk).update(state="active")
    for progress in one.progress.all():
        StageProgress.objects.filter(pk=progress.pk).update(started_on=batch.starts_on)
        roll = [RollEntry(progress=progress, member=m, organization_id=m.organization_id) for m in place.members]
        RollEntry.objects.bulk_create(roll)
    of_branches(land, batch, place)
    of_members(batch, place)
    terms = actions.MakeUpTerms(organization=place.top, items=["补学"], due_on=clock.today())
    order = {"reason": "抽查。", "trigger": "spot_check", "terms": terms}
    actions.order_makeup(by=land.office, participation=fresh(one), **order)
    for branch in place.branches:
        row = MakeUpOrder.objects.get(participation=one, organization=place.top)
        row.pk, row.organization = None, branch
        row.save()
    return one


def of_branches(land, batch, place):
    book, today = batch.campaign.playbook, clock.today()
    for branch in place.branches:
        here = {"batch": batch, "organization": branch}
        held = [
            Activity(
                **here, stage=action.phase, action=action.key, title="活动", held_on=today, hours=6, concentrated=True
            )
            for action in book.actions
        ]
        Activity.objects.bulk_create(held)
        there = [member for member in place.members if member.organization_id == branch.pk]
        Attendance.objects.bulk_create(Attendance(activity=held[0], member=member) for member in there)
        item = RectificationItem.objects.create(**here, stage="study", problem="问题", kind="immediate")
        plan = {"owner": "organization", "contents": "改", "measures": "改"}
        RectificationPlan.objects.create(**here, **plan).items.add(item)
        PublicNotice.objects.create(**here, kind="plan", title="方案", scope="unit", starts_on=today, ends_on=today)
        StandingRule.objects.create(**here, title="制度", kind="issued", dated=today)
        OrganizationAnalysis.objects.create(**here, text="材料")
        said = {"text": "意见", "channel": "meeting", "source": "staff", "received_on": today}
        Opinion.objects.create(**here, **said, concerned=branch)
        for lookback in book.lookbacks:
            record = LookBackRecord.objects.create(**here, key=lookback.key)
            LookBackAnswer.objects.create(record=record, question=lookback.questions[0].key, verdict="partly")


def of_members(batch, place):
    today = clock.today()
    marked = [action.key for action in batch.campaign.playbook.actions if "member" in action.pers]
    MemberMark.objects.bulk_create(
        MemberMark(batch=batch, member=member, action=key, done_on=today) for member in place.members for key in marked
    )
    for kind in (SelfAnalysis, Appraisal):
        kind.objects.bulk_create(
            kind(batch=batch, member=member, organization_id=member.organization_id) for member in place.members
        )
    pairs = zip(place.members[::2], place.members[1::2], strict=True)
    Talk.objects.bulk_create(Talk(batch=batch, first=a, second=b, held_on=today) for a, b in pairs)


def queries(one, stage):
    """How many queries the gate of a stage takes (of the closing: None), and its findings."""
    unit = fresh(one)
    progress = next((row for row in unit.progress.all() if row.stage == stage), None)
    if stage is None:
        unit.progress.update(state="done")
        unit = fresh(one)
    with CaptureQueriesContext(connection) as caught:
        gate = gate_of(unit, progress)
    return len(caught), len(gate)


@pytest.mark.parametrize("key", sorted(BOOKS))
def test_a_gate_costs_the_same_however_large_the_committee(land, key):
    batch = batch_of(land, BOOKS[key])
    units = {name: taking_part(land, batch, place) for name, place in land.places.items()}
    counted = {}
    for stage in (*(stage.key for stage in BOOKS[key].stages), None):
        (small, findings), (large, _same) = (queries(units[name], stage) for name in SIZES)
        counted[stage] = (small, large)
        asked = BOOKS[key].stage(stage).gate if stage else BOOKS[key].closing.gate
        assert findings or not asked, stage
    assert all(small == large for small, large in counted.values()), counted
    assert max(large for _small, large in counted.values()) < 60, counted

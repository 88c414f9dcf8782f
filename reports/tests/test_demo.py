"""The demonstration: built by the pages' actions, it shows what the issue of the day needs."""

import datetime as dt
from collections import Counter

import pytest

from accounts.clock import now
from accounts.models import User
from assessments.models import Appeal, Appraisal, Commendation, Help, MemberTest, SelfAnalysis
from campaign.models import (
    ArrangementProposal,
    CensusCase,
    Opinion,
    Participation,
    PublicLedger,
    RectificationItem,
    RectificationPlan,
    StageProgress,
    StyleReview,
    UnitPlan,
)
from campaign.playbook import load_file
from campaign.talking import Matrix
from reports.demo import cast
from reports.demo.adapted import county_playbook
from reports.demo.build import Demo
from reports.models import Bulletin, Report
from supervision.models import (
    BodyMember,
    GroupNote,
    InstructionRequest,
    Leave,
    LiaisonPoint,
    MakeUpOrder,
    Pairing,
    SpotCheck,
    SupervisionOpinion,
    Transition,
    Visit,
    YellowCard,
)
from units.models import Organization


def test_the_county_keeps_the_citys_rules_and_names_itself():
    city, county = load_file("yibin-city"), county_playbook("yibin-city")
    assert county.study == city.study
    assert [a.key for a in county.actions] == [a.key for a in city.actions]
    assert county.transition.steps[0].name.zh == "县委先教办同意"
    assert "市委" not in county.words["office"].zh
    assert county.bulletin.report_to.zh == "市委先教办，县委领导"


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    "today",
    [
        pytest.param(dt.date(2026, 11, 18), id="wednesday", marks=pytest.mark.once),
        pytest.param(dt.date(2026, 11, 21), id="saturday"),
    ],
)
def test_the_county_stands_in_mid_campaign(today, clock, django_capture_on_commit_callbacks):
    clock.hold(dt.datetime.combine(today, dt.time(10, 0)))
    said = []
    with django_capture_on_commit_callbacks(execute=True):
        Demo(today=today, playbook="yibin-city", seed=2005, say=said.append).build()
    current = StageProgress.objects.filter(state="current")
    assert Participation.objects.count() == 55
    stages = Counter(current.values_list("stage", flat=True))
    assert set(stages) == {"study", "analysis", "rectification"}
    assert stages["analysis"] > stages["study"] > stages["rectification"], "most are in the second stage"
    assert current.filter(planned_end__lt=today).exists(), "an overrun is to be seen"
    assert Transition.objects.under_review().exists(), "an application waits for the supervision group"
    assert Transition.objects.filter(state="returned").exists()
    order = MakeUpOrder.objects.open().get(trigger="transition")
    assert order.due_on >= today
    the_supervision_groups_are_at_work(today)
    reports = Report.objects.filter(rule="weekly_report")
    assert reports.filter(late=True).exists()
    begun = Participation.objects.exclude(state="preparing")
    week = today - dt.timedelta(days=today.weekday())
    owed = sum((week - p.progress.get(position=1).started_on).days // 7 for p in begun)
    sent = reports.filter(week__lt=week).values("participation", "week").distinct().count()
    assert owed * 0.8 < sent < owed, "some of the past weeks' are missing"
    owing = Participation.objects.exclude(pk__in=reports.filter(week=week).values("participation"))
    assert owing.exists(), "a report is still to come this week"
    assert Bulletin.objects.filter(state="issued").exists()
    issued = Bulletin.objects.filter(state="issued").first()
    assert issued.docx and issued.pdf
    the_later_stages_are_to_be_seen(today)
    yesterday = now() - dt.timedelta(days=1)
    assert not User.objects.filter(password_changed_at__lt=yesterday).exists(), "nobody has to change the password"
    names = {line.split()[0] for line in cast.sign_ins() if not line.startswith("密码")}
    assert names <= set(User.objects.filter(is_active=True).values_list("username", flat=True))


def the_supervision_groups_are_at_work(today):
    """A supervisor finds a week's work, the office what follows from it."""
    assert Visit.objects.filter(state="planned", planned_on__gt=today).exists()
    assert Visit.objects.filter(state="done").exclude(from_body="").exists(), "a superior's group came"
    assert set(SupervisionOpinion.objects.values_list("state", flat=True)) >= {"given", "answered", "closed"}
    told = Report.objects.exclude(group=None)
    assert told.filter(late=True).exists() and told.filter(late=False).exists()
    assert GroupNote.objects.filter(used_at=None).exists(), "notes for this week's report"
    cards = YellowCard.objects.filter(participation__organization__name="县农业局党委")
    assert sorted(cards.values_list("state", flat=True)) == ["issued", "proposed"], "the next one opens an admonition"
    assert SpotCheck.objects.get().state == "closed"
    assert set(Leave.objects.values_list("state", flat=True)) == {"asked", "granted"}
    assert set(InstructionRequest.objects.values_list("state", flat=True)) == {"asked", "answered"}
    assert LiaisonPoint.objects.exists() and Pairing.objects.exists()
    assert BodyMember.objects.filter(in_place_on=None).exists(), "one is still awaited"


def the_later_stages_are_to_be_seen(today):
    """Each tool of the three stages has something that waits for somebody, by the deeds of those who may."""
    own = SelfAnalysis.objects.get(member__user__username="member")
    assert own.state == "returned" and own.versions.get().reviews.get().comments
    beside = SelfAnalysis.objects.filter(organization__path__startswith=own.organization.path[:-4])
    states = set(beside.values_list("state", flat=True))
    assert states == set(SelfAnalysis.State.values), "papers in every state"
    secretary = User.objects.get(username="c01")
    assert SelfAnalysis.objects.reviewable_by(secretary).waiting().exists()
    assert Appraisal.objects.get(member=own.member).state == "shown"
    assert set(Appraisal.objects.values_list("state", flat=True)) >= {"drafted", "decided", "signed", "dissent"}
    assert Appeal.objects.filter(state="open").exists()
    assert MemberTest.objects.exists() and Help.objects.filter(state="open").exists()
    opinions = set(Opinion.objects.values_list("state", flat=True))
    assert opinions == set(Opinion.State.values), "opinions new, sorted, passed on, answered, merged and set aside"
    assert StyleReview.objects.filter(closed_on__isnull=False).exists()
    committee = Organization.objects.get(code="C01")
    slots = Matrix(own.batch, Organization.objects.within(committee)).slots
    assert 0 < sum(slot.done for slot in slots) < len(slots), "talks held and missing"
    items = RectificationItem.objects.all()
    assert items.filter(state="closed").exists() and items.filter(state="reported").exists()
    assert items.overdue(today).exists() and PublicLedger.objects.filter(published_at__isnull=False).exists()
    plans = RectificationPlan.objects
    assert plans.filter(state="notice", notice__ends_on__gte=today).exists() and plans.filter(state="adopted").exists()
    assert Participation.objects.get(state="preparing").preparation.exists()
    assert UnitPlan.objects.filter(state="submitted").exists()
    assert CensusCase.objects.filter(state="open", deadline__lt=today).exists()
    assert ArrangementProposal.objects.filter(state="proposed").exists()
    assert Commendation.objects.filter(state="proposed").exists()
    assert Transition.objects.filter(stage="closing", state="submitted").exists(), "one applies to close"

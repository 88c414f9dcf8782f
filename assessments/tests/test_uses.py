"""An edit of the playbook may not take away what records of this room stand on."""

import pytest

from accounts import clock
from assessments.actions.lookbacks import Answer, save_lookback
from assessments.models import Commendation, Handling, KnowledgeTest, MemberTest
from assessments.tests.factories import drafted, paper_text
from assessments.tests.judging import appraise
from campaign.editing.uses import in_use
from campaign.models import Campaign
from campaign.tests.factories import make_world
from campaign.tests.test_playbook_uses import edit, refused, without

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    w = make_world()
    w.member = w.t.members["Z003"][0]
    return w


def row_of(snapshot, kind, key):
    return next(row for row in snapshot[kind] if row["key"] == key)


def test_a_grade_that_was_given_stays_and_means_what_it_meant(w):
    appraise(w, w.member)
    (reason,) = refused(w, without("appraisal", "grades", key="qualified"))
    assert "合格" in reason
    assert refused(w, lambda s: row_of(s["appraisal"], "grades", "qualified").update(adverse=True))
    assert edit(
        w, lambda s: row_of(s["appraisal"], "grades", "qualified").update(name={"zh": "合格党员", "en": "Good"})
    )


def test_grades_of_ours_are_held_like_those_of_the_source():
    w = make_world(playbook="linyi-city")
    assert "grades" not in w.batch.campaign.snapshot["appraisal"]
    appraise(w, w.t.members["Z003"][0])
    others = [
        {"key": "a", "name": {"zh": "甲", "en": "A"}},
        {"key": "b", "name": {"zh": "乙", "en": "B"}, "adverse": True},
    ]
    assert refused(w, lambda s: s["appraisal"].update(grades=others))


def test_the_end_of_a_case_stays(w):
    today = clock.today()
    Handling.objects.create(
        batch=w.batch,
        member=w.member,
        organization=w.member.organization,
        cause="left",
        state="proposed",
        outcome="refused",
        meeting_on=today,
        opened_on=today,
        opened_by=w.c.branch,
    )
    assert refused(w, without("handling", "outcomes", key="refused"))
    assert refused(w, lambda s: row_of(s["handling"], "outcomes", "refused").pop("leaves"))
    assert edit(w, without("handling", "outcomes", key="deferred"))


def test_a_look_back_that_was_answered_keeps_its_phase_and_questions(w):
    lookback = w.playbook.lookback("consolidation")
    save_lookback(
        by=w.c.secretary,
        batch=w.batch,
        organization=w.t.health,
        lookback=lookback,
        version=0,
        answers={"measures": Answer(verdict="good")},
    )
    assert refused(w, lambda s: row_of(s, "lookbacks", "consolidation").update(phase="rectification"))
    assert refused(w, lambda s: row_of(s, "lookbacks", "consolidation")["checks"].pop())
    more = {"key": "more", "name": {"zh": "看一看", "en": "One more"}}
    assert refused(w, lambda s: row_of(s, "lookbacks", "consolidation")["checks"][0].update(items=[more]))
    assert edit(w, lambda s: row_of(s, "lookbacks", "consolidation").update(name={"zh": "四看", "en": "Four looks"}))


def test_a_list_on_which_somebody_stands_stays(w):
    Commendation.objects.create(
        batch=w.batch, list_key="members", member=w.member, organization=w.member.organization, merits="带头整改"
    )
    assert refused(w, without("commendations", key="members"))
    assert refused(w, lambda s: row_of(s, "commendations", "members").update(subject="organization"))
    assert edit(w, without("commendations", key="organizations"))


def test_actions_keep_their_tools_once_there_are_tests_and_papers(w):
    now = clock.now()
    KnowledgeTest.objects.create(
        batch=w.batch,
        organization=w.t.health,
        title="基本知识",
        mode="paper",
        opens_at=now,
        closes_at=now.replace(hour=23),
    )
    drafted(w, w.member, by=w.c.branch, text=paper_text())
    MemberTest.objects.create(
        batch=w.batch,
        member=w.member,
        organization=w.member.organization,
        round=1,
        held_on=clock.today(),
        voters=10,
        counts={"satisfied": 10},
        entered_by=w.c.branch,
    )
    used = in_use(Campaign.objects.get())
    assert {"study_check", "self_analysis", "member_report"} <= used["actions"]
    assert "member_test" in used["instruments"]
    assert refused(w, without("actions", key="study_check"))
    assert refused(w, lambda s: row_of(s, "instruments", "member_test")["questions"][0]["options"].pop(0))

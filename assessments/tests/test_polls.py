"""Anonymous surveys from preparing to counting: what is kept, what is refused, what is destroyed."""

import datetime as dt
from collections import Counter

import pytest
from django.core.cache import cache
from django.db import connection

from accounts import clock
from accounts.models import AuditEntry
from assessments import actions as surveys
from assessments.actions import polls
from assessments.actions.casting import AnswersMissing, CodeRefused, admit, cast
from assessments.actions.turnout import keep_turnout
from assessments.ballots import codes, sealing
from assessments.models import (
    Ballot,
    Poll,
    PollComment,
    PollGroup,
    SealedBallot,
    Survey,
    SurveyCount,
    Ticket,
    TurnoutDay,
)
from assessments.results import result_of
from assessments.tests.factories import PASSPHRASE, counted, drafted_poll, opened_poll, paper, vote
from campaign.tests.factories import make_world
from jobs.models import Job
from units.tests.factories import user_with

pytestmark = pytest.mark.django_db
SECOND = "河水慢慢流过 老桥下的石头"


@pytest.fixture
def w():
    return make_world()


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_only_hashes_are_kept_in_their_order(w):
    _poll, slips = opened_poll(w, [w.p.archives, w.p.health], by=w.c.office)
    kept = list(Ticket.objects.values_list("digest", "short"))
    assert len(kept) == len(slips) == 2 * 2 * 12
    assert {digest for digest, _short in kept} == {codes.digest(slip.code.whole) for slip in slips}
    order = "ctid" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT digest FROM {Ticket._meta.db_table} ORDER BY {order}")
        stored = [row[0] for row in cursor.fetchall()]
    assert stored == sorted(stored)
    everything = [*AuditEntry.objects.values_list("data", flat=True), *Poll.objects.values()]
    assert not [slip for slip in slips if slip.code.whole in str(everything)]


def test_a_code_votes_once_and_only_while_it_is_open(w, clock):
    _poll, slips = opened_poll(w, [w.p.health], by=w.c.office)
    vote(slips[0])
    assert SealedBallot.objects.count() == 1 and Ticket.objects.count() == 23
    for refused in (slips[0].code.whole, slips[0].code.typed, "", "0" * 26, "abc", "7" * 5000):
        with pytest.raises(CodeRefused):
            admit(refused)
    assert admit(slips[1].code.typed.lower().replace("-", " ")).unit == slips[1].unit.pk
    clock.hold(2027, 3, 1)
    with pytest.raises(CodeRefused):
        vote(slips[1])
    assert SealedBallot.objects.count() == 1 and Ticket.objects.count() == 23


def test_an_answer_that_is_missing_costs_no_code(w):
    _poll, slips = opened_poll(w, [w.p.health], by=w.c.office)
    with pytest.raises(AnswersMissing) as missing:
        cast(slips[0].code.whole, {"q-satisfaction": "splendid"})
    assert missing.value.fields == ("q-satisfaction",)
    assert Ticket.objects.count() == 24
    vote(slips[0])


def test_all_ballots_have_one_length_and_none_says_what_is_in_it(w):
    _poll, slips = opened_poll(w, [w.p.health], by=w.c.office, comment={"zh": "意见和建议", "en": "Remarks"})
    vote(slips[0])
    vote(slips[1], bad=True, comment="😀" * 300)
    sizes = {len(bytes(sealed)) for sealed in SealedBallot.objects.values_list("sealed", flat=True)}
    assert len(sizes) == 1


def test_the_count(w, on_commit):
    poll, slips = opened_poll(w, [w.p.archives, w.p.health], by=w.c.office)
    at_health = [slip for slip in slips if slip.unit.participation_id == w.p.health.pk]
    for number, slip in enumerate(at_health[:20]):
        vote(slip, bad=number < 7)
    with on_commit():
        job = polls.start_count(by=w.c.office, poll=poll, passphrases=[PASSPHRASE], reason="都投完了")
    job = Job.objects.get(pk=job.pk)
    assert job.state == Job.State.DONE, job.error
    poll.refresh_from_db()
    assert poll.state == Poll.State.CLOSED and poll.key_parts == [] and poll.handover is None
    assert not Ticket.objects.exists() and not SealedBallot.objects.exists() and Ballot.objects.count() == 20
    survey = Survey.objects.get(participation=w.p.health)
    result = result_of(survey)
    assert survey.state == Survey.State.CONFIRMED
    assert (result.total.issued, result.total.returned, result.total.valid, result.total.void) == (24, 20, 20, 0)
    assert result.satisfied == 13 and [outcome.votes for outcome in result.failing] == [7]  # 35% >= 30%: make-up
    said = Counter(answers["q-satisfaction"] for answers in Ballot.objects.values_list("answers", flat=True))
    assert said == {"satisfied": 13, "dissatisfied": 7}
    assert PASSPHRASE not in str(list(Job.objects.values())) + str(list(AuditEntry.objects.values()))
    with pytest.raises(polls.PollMoved):
        polls.start_count(by=w.c.office, poll=poll, passphrases=[PASSPHRASE], reason="again")
    with pytest.raises(CodeRefused):
        vote(at_health[21])


def test_a_wrong_passphrase_closes_nothing(w):
    poll, _slips = opened_poll(w, [w.p.health], by=w.c.office, passphrases=(PASSPHRASE, SECOND))
    assert poll.officers == 2
    for phrases, part in (([PASSPHRASE, PASSPHRASE], 1), ([SECOND, PASSPHRASE], 0)):
        with pytest.raises(sealing.WrongPassphrase) as wrong:
            polls.start_count(by=w.c.office, poll=poll, passphrases=phrases, reason="x")
        assert wrong.value.part == part
    poll.refresh_from_db()
    assert poll.state == Poll.State.OPEN and not Job.objects.exists()


def test_two_officers_count_together(w, on_commit):
    poll, slips = opened_poll(w, [w.p.health], by=w.c.office, passphrases=(PASSPHRASE, SECOND))
    vote(slips[0])
    with on_commit():
        counted(poll, by=w.c.office, passphrases=(f" {PASSPHRASE} ", SECOND))
    poll.refresh_from_db()
    assert poll.state == Poll.State.CLOSED and Ballot.objects.count() == 1


def test_a_ballot_put_into_the_urn_beside_the_tickets_stops_the_count(w, on_commit):
    poll, slips = opened_poll(w, [w.p.health], by=w.c.office)
    vote(slips[0])
    sealed = bytes(SealedBallot.objects.get().sealed)
    SealedBallot.objects.create(unit=slips[0].unit, sealed=sealed)
    with on_commit():
        counted(poll, by=w.c.office)
    poll.refresh_from_db()
    assert poll.state == Poll.State.CLOSING and Job.objects.get().state == Job.State.FAILED
    assert SealedBallot.objects.count() == 2 and not Ballot.objects.exists() and poll.handover is None
    SealedBallot.objects.exclude(pk=SealedBallot.objects.first().pk).delete()
    with on_commit():
        counted(poll, by=w.c.office)
    poll.refresh_from_db()
    assert poll.state == Poll.State.CLOSED and Ballot.objects.count() == 1


def test_the_key_is_asked_for_again_when_the_count_has_lost_it(w, on_commit):
    poll, slips = opened_poll(w, [w.p.health], by=w.c.office)
    vote(slips[0])
    with on_commit():
        counted(poll, by=w.c.office)
        cache.clear()
    poll.refresh_from_db()
    assert poll.state == Poll.State.CLOSING and "key is no longer at hand" in str(Job.objects.get().error)
    with pytest.raises(CodeRefused):
        vote(slips[1])
    with on_commit():
        counted(poll, by=w.c.office, reason="")
    assert Poll.objects.get().state == Poll.State.CLOSED


def test_new_codes_for_the_unused_ones_alone(w):
    poll, slips = opened_poll(w, [w.p.health], by=w.c.office)
    vote(slips[0])
    again = polls.reissue(by=w.c.office, poll=poll)
    assert len(again) == 23 and Ticket.objects.count() == 23
    assert sum(PollGroup.objects.values_list("codes", flat=True)) == 24
    with pytest.raises(CodeRefused):
        vote(slips[1])
    vote(again[0])
    assert polls.issue(by=w.c.office, poll=poll) == []


def test_what_opening_refuses(w):
    poll = drafted_poll(w, [w.p.health], by=w.c.office)
    soon = clock.now() + dt.timedelta(days=1)
    for phrases in ([], ["short"], [PASSPHRASE, PASSPHRASE]):
        with pytest.raises(polls.WeakPassphrase):
            polls.open_poll(by=w.c.office, poll=poll, closes_at=soon, passphrases=phrases)
    with pytest.raises(polls.WrongDeadline):
        polls.open_poll(by=w.c.office, poll=poll, closes_at=clock.now(), passphrases=[PASSPHRASE])
    nobody = drafted_poll(w, [w.p.archives], by=w.c.office, asked=0)
    with pytest.raises(polls.NobodyAsked):
        polls.open_poll(by=w.c.office, poll=nobody, closes_at=soon, passphrases=[PASSPHRASE])
    polls.open_poll(by=w.c.office, poll=poll, closes_at=soon, passphrases=[PASSPHRASE])
    other = drafted_poll(w, [w.p.health], by=w.c.office)
    with pytest.raises(polls.RoundsOpen):
        polls.open_poll(by=w.c.office, poll=other, closes_at=soon, passphrases=[PASSPHRASE])
    with pytest.raises(polls.PollMoved):
        polls.change_draft(by=w.c.office, poll=poll, title="later", form=poll.form)
    assert Survey.objects.count() == 1


def test_extending_and_closing_early(w):
    poll, _slips = opened_poll(w, [w.p.health], by=w.c.office)
    with pytest.raises(polls.WrongDeadline):
        polls.extend(by=w.c.office, poll=poll, closes_at=poll.closes_at, reason="雨")
    later = poll.closes_at + dt.timedelta(days=2)
    polls.extend(by=w.c.office, poll=poll, closes_at=later, reason="下雨，票没有发完")
    poll.refresh_from_db()
    assert poll.closes_at == later
    with pytest.raises(polls.NoReason):
        polls.start_count(by=w.c.office, poll=poll, passphrases=[PASSPHRASE])


def test_paper_and_phones_make_one_count_and_each_is_shown(w, on_commit):
    poll, slips = opened_poll(w, [w.p.health], by=w.c.office)
    for slip in slips[:10]:
        vote(slip)
    survey = Survey.objects.get(participation=w.p.health)
    instrument = survey.instrument_of()
    surveys.enter_counts(by=w.c.office, survey=survey, ballots=paper(instrument, valid=20, adverse=5, void=1))
    with pytest.raises(polls.PaperWaiting):
        polls.start_count(by=w.c.office, poll=poll, passphrases=[PASSPHRASE], reason="x")
    survey.refresh_from_db()
    surveys.confirm_counts(by=user_with("office_general", w.t.county, "second"), survey=survey)
    survey.refresh_from_db()
    assert survey.state == Survey.State.PAPER
    with on_commit():
        counted(poll, by=w.c.office)
    survey.refresh_from_db()
    result = result_of(survey)
    assert survey.state == Survey.State.CONFIRMED
    assert result.total.valid == 50 and result.satisfied == 40 and result.total.void == 2
    assert [(channel, count.valid) for channel, count in result.channels] == [("paper", 40), ("phone", 10)]


def test_small_groups_are_withheld_with_a_second_one(w, on_commit):
    poll, slips = opened_poll(w, [w.p.health], by=w.c.office)
    groups = [slip.group for slip in slips]
    first = [slip for slip in slips if slip.group == groups[0]]
    other = [slip for slip in slips if slip.group != groups[0]]
    for slip in [*first[:3], *other[:9]]:
        vote(slip)
    with on_commit():
        counted(poll, by=w.c.office)
    assert not Survey.objects.get().withheld
    assert list(SurveyCount.objects.values_list("withheld", flat=True)) == [True, True]


def test_comments_come_screened_and_only_from_ten_ballots_on(w, on_commit):
    poll, slips = opened_poll(
        w, [w.p.health, w.p.archives], by=w.c.office, comment={"zh": "意见和建议", "en": "Remarks"}
    )
    name = w.t.members[w.t.health_1.code][0].name
    at_health = [slip for slip in slips if slip.unit.participation_id == w.p.health.pk]
    elsewhere = [slip for slip in slips if slip.unit.participation_id != w.p.health.pk]
    for slip in at_health[:9]:
        vote(slip)
    vote(at_health[9], comment=f"{name}很好，电话 139 0000 1234。")
    vote(elsewhere[0], comment="这句话不能留")
    with on_commit():
        counted(poll, by=w.c.office)
    told = PollComment.objects.get()
    assert told.text == "■■很好，电话 ■■。" and told.blotted == 2 and told.state == "waiting"


def test_turnout_is_kept_in_tens_by_day(w):
    _poll, slips = opened_poll(w, [w.p.health], by=w.c.office)
    for slip in slips[:19]:
        vote(slip)
    today = clock.today()
    assert keep_turnout(today) == keep_turnout(today) == 1
    assert list(TurnoutDay.objects.values_list("day", "tens")) == [(today, 10)]

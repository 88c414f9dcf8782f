"""Talks: expected from posts and teams, ticked from either side, counted once (F-16..F-18, E-27)."""

import dataclasses
from fractions import Fraction

import pytest
from django.urls import reverse

from accounts import clock
from accounts.models import Notification
from campaign import talking
from campaign.actions import talks as actions
from campaign.models import Talk, TeamMember, TeamTalk
from campaign.playbook import Check, Text
from campaign.playbook.deeds import TalkPair
from campaign.talking import Matrix, deadline_of
from campaign.talks_counting import matrix_of, talks, talks_held
from campaign.tests.factories import evidence_of, make_world
from units.tests.factories import MemberFactory

pytestmark = pytest.mark.django_db
KINDS = ("secretary_team", "secretary_branches", "branch_committee", "committee_members", "members", "collective")


@pytest.fixture
def w(monkeypatch):
    pairs = tuple(TalkPair(kind, Text(kind, kind), kind, None, False, 1) for kind in KINDS)
    real = Matrix.__init__

    def init(self, batch, organizations):
        real(self, batch, organizations)
        self.pairs = pairs

    monkeypatch.setattr(talking.Matrix, "__init__", init)
    world = make_world(members_per_branch=4)
    for member, user in zip(world.t.members["Z003"], ("member", "branch", "committee"), strict=False):
        member.user = getattr(world.c, user)
        member.save()
    return world


def url(name, *args):
    return reverse(f"campaign:{name}", args=args)


def tick(w, *pairs, by=None):
    return actions.tick_talks(
        by=by or w.c.branch, batch=w.batch, organization=w.t.health_1, pairs=pairs, held_on=clock.today()
    )


def test_posts_tell_who_leads_until_a_team_is_named(w):
    people = w.t.members["Z003"]
    team = matrix_of(evidence_of(w.p.health)).teams[w.t.health_1.pk]
    assert (team.principal, team.rest) == (people[1].pk, (people[2].pk,))
    actions.set_team_member(by=w.c.office, organization=w.t.health_1, member=people[3], duty="principal")
    team = matrix_of(evidence_of(w.p.health)).teams[w.t.health_1.pk]
    assert (team.principal, team.rest) == (people[3].pk, ())


def test_a_talk_ticked_from_both_sides_counts_once(w):
    _zero, one, two, _three = w.t.members["Z003"]
    assert tick(w, (one, two)) == 1
    assert tick(w, (two, one), by=w.c.committee) == 0
    assert Talk.objects.count() == 1
    slots = [slot for slot in matrix_of(evidence_of(w.p.health)).slots if slot.done]
    assert [slot.expected.pair.kind for slot in slots] == ["branch_committee"]


def test_a_member_is_counted_once_all_his_talks_are_held(w):
    zero, one, two, three = w.t.members["Z003"]
    action = w.playbook.action("talks")
    tick(w, (zero, one))
    assert talks(evidence_of(w.p.health), action).members == set(), "each still lacks one"
    tick(w, (zero, three), (three, one), (one, two))
    assert talks(evidence_of(w.p.health), action).members == {zero.pk, one.pk, two.pk, three.pk}


def test_a_disputed_talk_no_longer_counts_and_can_be_put_again(w, django_capture_on_commit_callbacks):
    _zero, one, two, _three = w.t.members["Z003"]
    with django_capture_on_commit_callbacks(execute=True):
        tick(w, (one, two))
    assert list(Notification.objects.values_list("user", flat=True)) == [w.c.committee.pk]
    talk = Talk.objects.get()
    actions.answer_talk(by=w.c.committee, talk=talk, confirm=False, objection="没有谈")
    with pytest.raises(actions.TalkMoved):
        actions.answer_talk(by=w.c.committee, talk=talk, confirm=True)
    assert not any(slot.done for slot in matrix_of(evidence_of(w.p.health)).slots)
    tick(w, (one, two))
    assert Talk.objects.get().state == "recorded"


def test_the_check_names_the_missing_and_takes_a_share(w):
    _zero, one, two, _three = w.t.members["Z003"]
    tick(w, (one, two))
    evidence = evidence_of(w.p.health, w.t.health_1)
    found = next(iter(talks_held(evidence, Check("talks"))))
    assert not found.passed
    assert found.measured.params == {"have": 1, "need": 5}
    assert found.missing_count == 4
    eased = next(iter(talks_held(evidence, Check("talks", params=(("share", Fraction(1, 5)),)))))
    assert eased.passed


def test_a_deadline_of_ours_blocks_nothing_and_a_later_one_is_not_asked_for_yet(w, monkeypatch):
    """F-17: the source dates the talks of leaders; those of members are dated by us."""
    stages = {
        "branch_committee": ("study", False),
        "members": ("study", True),
        "committee_members": ("analysis", False),
    }
    pairs = tuple(TalkPair(kind, Text(kind, kind), kind, *when, 1) for kind, when in stages.items())
    evidence = evidence_of(w.p.health, w.t.health_1)
    matrix = Matrix(evidence.batch, evidence.organizations)
    matrix.pairs = pairs
    monkeypatch.setattr("campaign.talks_counting.matrix_of", lambda evidence: matrix)
    dated, ours = talks_held(evidence, Check("talks"))
    assert (dated.key, dated.soft, dated.measured.params["need"]) == ("talks", False, 1)
    assert (ours.key, ours.soft, ours.blocks, ours.measured.params["need"]) == ("talks:ours", True, False, 2)


def test_the_matrix_takes_the_same_queries_for_few_and_many(w, django_assert_num_queries):
    def measured():
        evidence = evidence_of(w.p.health)
        organizations = evidence.organizations
        with django_assert_num_queries(5):
            matrix = Matrix(w.batch, organizations)
            assert matrix.slots
            matrix.complete()

    tick(w, tuple(w.t.members["Z003"][1:3]))
    actions.set_team_member(by=w.c.office, organization=w.t.health, member=w.t.members["Z003"][0], duty="principal")
    measured()
    for member in MemberFactory.create_batch(6, organization=w.t.health_2):
        actions.set_team_member(by=w.c.office, organization=w.t.health_2, member=member, duty="member")
    measured()


def test_several_pairs_are_ticked_at_once_on_the_page(w, client):
    zero, one, two, three = w.t.members["Z003"]
    client.force_login(w.c.branch)
    page = url("talks", w.t.health_1.pk)
    lines = [line for group in client.get(page).context["groups"] for line in group["lines"]]
    keys = {line.key.split(".")[0]: line for line in lines}
    sent = {"picks": "1", "held_on": clock.today().isoformat(), "pick": [keys["branch_committee"].key]}
    choice = next(line for line in lines if line.key.startswith("committee_members") and line.who == zero.name)
    sent["pick"].append(choice.key)
    assert client.post(page, sent).context["form"].errors, "no partner was chosen"
    assert not Talk.objects.exists()
    client.post(page, sent | {f"with.{choice.key}": two.pk})
    assert {(t.first_id, t.second_id) for t in Talk.objects.all()} == {(one.pk, two.pk), (zero.pk, two.pk)}
    other = {"another": "1", "one": three.pk, "other": three.pk, "held_on": clock.today().isoformat()}
    assert "other" in client.post(page, other).context["other_form"].errors
    client.post(page, other | {"other": one.pk, "gist": "掏心窝子的话"})
    talk = Talk.objects.get(first=one, second=three)
    assert talk.gist == "掏心窝子的话"
    client.post(url("talk_remove", talk.pk))
    assert Talk.objects.count() == 2


def test_a_member_confirms_and_nobody_else_does(w, client):
    zero, one, _two, _three = w.t.members["Z003"]
    tick(w, (zero, one))
    talk = Talk.objects.get()
    client.force_login(w.c.office)
    assert client.post(url("talk_answer", talk.pk), {"confirm": "1"}).status_code == 403
    client.force_login(w.c.member)
    assert "members" in client.get(url("my_talks")).content.decode()
    client.post(url("talk_answer", talk.pk), {"dispute": "1"})
    assert Talk.objects.get().state == "recorded", "a dispute needs its reason"
    client.post(url("talk_answer", talk.pk), {"confirm": "1"})
    assert Talk.objects.get().state == "confirmed"
    client.post(url("my_talks"), {"other": w.t.members["Z003"][3].pk, "held_on": clock.today().isoformat()})
    assert Talk.objects.filter(recorded_by=w.c.member).count() == 1


def test_the_gist_is_not_for_those_who_did_not_talk(w, client):
    _zero, one, two, _three = w.t.members["Z003"]
    actions.tick_talks(
        by=w.c.branch, batch=w.batch, organization=w.t.health_1, pairs=[(one, two)], held_on=clock.today(), gist="秘密"
    )
    for who in ("office", "secretary", "branch"):
        client.force_login(getattr(w.c, who))
        assert "秘密" not in client.get(url("talks", w.t.health_1.pk)).content.decode()
    client.force_login(w.c.committee)
    assert "秘密" in client.get(url("my_talks")).content.decode()


def test_the_team_is_named_and_talks_with_those_below(w, client):
    client.force_login(w.c.secretary)
    member = w.t.members["Z003"][0]
    sent = {"member": member.pk, "duty": "principal", "position": "党委书记", "in_charge": [w.t.health_1.pk]}
    client.post(url("team", w.t.health.pk), sent)
    row = TeamMember.objects.get()
    assert list(row.in_charge.all()) == [w.t.health_1]
    client.post(url("team_talk_new", w.t.health.pk), {"held_on": clock.today().isoformat(), "present": [member.pk]})
    talk = TeamTalk.objects.get()
    counted = talks(evidence_of(w.p.health), w.playbook.action("collective_talk"))
    assert counted.organizations == {w.t.health.pk: 1}
    page = client.get(url("talks", w.t.health.pk))
    assert {row["organization"] for row in page.context["below"]} == {w.t.health_1, w.t.health_2}
    client.post(url("team_talk_remove", talk.pk))
    client.post(url("team_leave", row.pk))
    assert not TeamTalk.objects.exists()
    assert not TeamMember.objects.exists()


def test_the_deadline_is_the_end_of_the_stage_of_the_talks(w):
    stage = w.playbook.action("talks").phase
    assert deadline_of(w.p.health) == w.p.health.progress.get(stage=stage).planned_end
    early = dataclasses.replace(
        TalkPair("x", Text("x", "x"), "members", None, False, 1), before=w.playbook.stages[0].key
    )
    assert deadline_of(w.p.health, early) == w.p.health.progress.order_by("position").first().planned_end

"""The oath by tapping names: who took it, who was kept away, who refused (G-08, P-08)."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from assessments.models import Handling, OathAbsence
from assessments.tests.judging import rule_of
from campaign.tests.factories import make_world, record


@pytest.fixture
def w(db):
    world = make_world()
    world.people = world.t.members["Z003"]
    rule_of(world, "handling", oath_refusal={"zh": "按有关程序办理", "en": "by procedure"})
    world.ceremony = record(world, world.t.health_1, action="oath", title="重温入党誓词")
    world.url = reverse("assessments:oath_call", args=[world.ceremony.pk])
    return world


def tapped(w, *states, **reasons):
    """What the form sends; w.people in their order, a reason by place in the row."""
    sent = {f"m-{member.pk}": state for member, state in zip(w.people, states, strict=True)}
    sent |= {f"reason-{w.people[int(place[1:])].pk}": text for place, text in reasons.items()}
    w.ceremony.refresh_from_db()
    return {"version": w.ceremony.version, **sent}


def test_everybody_is_proposed_and_what_is_tapped_is_saved(client, w):
    client.force_login(w.c.branch)
    assert [row["state"] for row in client.get(w.url).context["rows"]] == ["present"] * 3
    sent = tapped(w, "present", "absent", "refused", p1="住院", p2="不愿参加")
    assert client.post(w.url, sent).url == reverse("assessments:oath", args=[w.t.health_1.pk])
    assert [one.member_id for one in w.ceremony.attendances.all()] == [w.people[0].pk]
    kinds = dict(OathAbsence.objects.values_list("member_id", "kind"))
    assert kinds == {w.people[1].pk: "absent", w.people[2].pk: "refused"}
    assert Handling.objects.get().member == w.people[2]
    assert AuditEntry.objects.filter(action="oath.absent").count() == 2


def test_a_refusal_without_its_reason_saves_nothing_and_keeps_what_was_tapped(client, w):
    client.force_login(w.c.branch)
    answer = client.post(w.url, tapped(w, "present", "absent", "refused"))
    assert answer.status_code == 422
    assert [row["state"] for row in answer.context["rows"]] == ["present", "absent", "refused"]
    assert [bool(row["fault"]) for row in answer.context["rows"]] == [False, False, True]
    assert not w.ceremony.attendances.exists()
    assert not OathAbsence.objects.exists()


def test_who_was_kept_away_makes_it_up_by_a_tap_later(client, w):
    client.force_login(w.c.branch)
    client.post(w.url, tapped(w, "present", "present", "absent", p2="出差"))
    rows = client.get(w.url).context["rows"]
    assert [row["state"] for row in rows] == ["present", "present", "absent"]
    client.post(w.url, tapped(w, "present", "present", "present"))
    assert w.ceremony.attendances.count() == 3
    assert OathAbsence.objects.count() == 1  # why he was not there the first time stays on record


def test_guests_of_other_branches_stay(client, w):
    guest = w.t.members["Z004"][0]
    w.ceremony.attendances.create(member=guest)
    client.force_login(w.c.branch)
    client.post(w.url, tapped(w, "present", "present", "present"))
    assert w.ceremony.attendances.filter(member=guest).exists()


def test_somebody_elses_save_is_not_overwritten(client, w):
    client.force_login(w.c.branch)
    sent = tapped(w, "present", "present", "absent", p2="出差")
    client.post(w.url, tapped(w, "present", "present", "present"))
    assert client.post(w.url, sent).status_code == 422
    assert w.ceremony.attendances.count() == 3
    assert not OathAbsence.objects.exists()


def test_only_an_oath_of_ones_own_branch(client, w):
    other = record(w, w.t.health_1, title="学习")
    client.force_login(w.c.branch)
    assert client.get(reverse("assessments:oath_call", args=[other.pk])).status_code == 404
    client.force_login(w.c.secretary)
    assert client.get(w.url).status_code == 403
    client.force_login(w.c.archives)
    assert client.get(w.url).status_code == 404

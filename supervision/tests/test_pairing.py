"""Pairing of organisations and of members with households (R-04, R-05, E-29)."""

import copy
import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry
from campaign import dossier
from campaign.editing.uses import Change, in_use
from campaign.playbook import load_file
from campaign.steps import steps_of
from campaign.tests.factories import evidence_of, make_world
from supervision.actions import pairing
from supervision.models import Pairing, PairingEntry
from supervision.queries import pairing as queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world(playbook="xingwen-county")


def of_member(w, place=0, branch=None, householder="赵大山", **data):
    branch = branch or w.t.health_1
    member = w.t.members[branch.code][place]
    given = {"kind": "household", "household": "farmer", "householder": householder, "place": "青山村"}
    pair = pairing.PairData(member=member, from_date=clock.today() - dt.timedelta(days=5), **{**given, **data})
    return pairing.pair(by=w.c.branch, campaign=w.batch.campaign, organization=branch, data=pair)


def of_organization(w, organization=None, partner=None, name=""):
    data = pairing.PairData("organ_branch", clock.today(), partner=partner, partner_name=name)
    by, organization = w.c.secretary, organization or w.t.health
    return pairing.pair(by=by, campaign=w.batch.campaign, organization=organization, data=data)


def helped(w, pair, **data):
    given = {"held_on": clock.today(), "what": "visit", "text": "上门看望", **data}
    return pairing.note_help(by=w.c.branch, pairing=pair, data=pairing.EntryData(**given))


# ---------------------------------------------------------------- the register
def test_of_two_who_enter_the_same_pair_one_is_told(w):
    of_member(w)
    with pytest.raises(pairing.PairingRefused):
        of_member(w)
    of_member(w, householder="钱大河")
    of_organization(w, partner=w.t.court)
    with pytest.raises(pairing.PairingRefused):
        of_organization(w, partner=w.t.court)
    assert Pairing.objects.count() == 3
    assert AuditEntry.objects.filter(action="pairing.paired").count() == 3


def test_the_database_keeps_a_pair_to_organisations_or_to_a_member(w):
    common = {"campaign": w.batch.campaign, "organization": w.t.health_1, "kind": "x"}
    member = w.t.members["Z003"][0]
    for wrong in (
        {"member": member, "partner_name": "青山村党支部", "household": "farmer"},
        {"member": member},
        {},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Pairing.objects.create(**common, digest="d", **wrong)


def test_names_are_sealed_and_stand_in_no_history(w):
    pair = of_member(w)
    helped(w, pair)
    with connection.cursor() as cursor:
        cursor.execute("SELECT householder, place, digest FROM supervision_pairing WHERE id = %s", [pair.pk])
        assert not any("赵" in text or "青山" in text for text in cursor.fetchone())
    assert not AuditEntry.objects.filter(object_label__contains="赵大山").exists()


def test_a_pair_that_has_ended_takes_no_more_and_can_be_entered_again(w):
    pair = of_member(w)
    with pytest.raises(pairing.PairingRefused):
        pairing.end_pairing(by=w.c.branch, pairing=pair, on=pair.from_date - dt.timedelta(days=1), reason="错")
    pairing.end_pairing(by=w.c.branch, pairing=pair, on=clock.today(), reason="已脱贫")
    for late in (
        lambda: helped(w, pair),
        lambda: pairing.end_pairing(by=w.c.branch, pairing=pair, on=clock.today(), reason="再"),
    ):
        with pytest.raises(pairing.PairingRefused):
            late()
    of_member(w)
    assert Pairing.objects.current().count() == 1


def test_a_record_entered_by_mistake_is_taken_back_and_the_history_keeps_its_figures(client, w):
    entry = helped(w, of_member(w), what="money", value=Decimal("20000"))
    client.force_login(w.c.branch)
    client.post(reverse("supervision:pairing_entry_remove", args=[entry.pk]))
    assert not PairingEntry.objects.exists()
    assert AuditEntry.objects.get(action="pairing.removed").data["value"] == "20000.00"
    with pytest.raises(pairing.PairingRefused):
        pairing.remove_entry(by=w.c.branch, entry=entry)


# ---------------------------------------------------------------- figures
def test_figures_count_members_once_and_add_up_what_was_given(w):
    first = of_member(w)
    of_member(w, householder="钱大河")
    ended = of_member(w, place=1, householder="孙大树")
    pairing.end_pairing(by=w.c.branch, pairing=ended, on=clock.today(), reason="已脱贫")
    of_organization(w, partner=w.t.court)
    helped(w, first)
    helped(w, first, what="money", value=Decimal("200.50"))
    helped(w, first, what="goods", value=Decimal("100"))
    figures = queries.figures_of([w.t.health.path, w.t.health_1.path, w.t.court.path])
    health, branch, court = figures.values()
    assert (health.members, health.paired, health.households, health.organizations) == (6, 1, 2, 1)
    assert (health.visits, health.value) == (1, Decimal("300.50"))
    assert (branch.members, branch.organizations) == (3, 0)
    assert (court.paired, court.households, court.value) == (0, 0, 0)


def test_kinds_come_from_the_playbook_and_both_ways_stay_possible(w):
    assert [kind.key for kind in queries.kinds_of(w.playbook)] == ["organ_branch", "base_branch", "household"]
    silent = load_file("cuiping-district")
    assert silent.pairing is None
    assert [kind.who for kind in queries.kinds_of(silent)] == ["organization", "member"]
    assert [kind.key for kind in queries.kinds_of(silent, "organization")] == ["organizations"]


# ---------------------------------------------------------------- pages
def test_a_branch_pairs_a_member_on_the_phone(client, w):
    client.force_login(w.c.branch)
    url = reverse("supervision:pairing_new", args=[w.t.health_1.pk])
    form = client.get(url).context["form"]
    assert set(form.fields["member"].queryset) == set(w.t.members["Z003"])
    given = {"member": w.t.members["Z003"][0].pk, "kind": "household", "household": "specialised"}
    given |= {"householder": "", "from_date": clock.today().isoformat()}
    assert client.post(url, given).context["form"].errors.keys() == {"householder"}
    assert client.post(url, {**given, "householder": "赵大山"}).status_code == 302
    assert Pairing.objects.get().label == "赵大山"
    refused = client.post(url, {**given, "householder": "赵大山"})
    assert refused.context["form"].non_field_errors()
    far = w.t.members["Z002"][0].pk
    assert client.post(url, {**given, "householder": "钱", "member": far}).context["form"].errors.keys() == {"member"}
    first = client.get(url).context["form"].fields["member"].queryset.first()
    assert first.pk != given["member"]


def test_an_organisation_is_paired_with_one_of_the_tree_or_by_name(client, w):
    client.force_login(w.c.secretary)
    url = reverse("supervision:pairing_new", args=[w.t.health.pk])
    given = {"kind": "base_branch", "from_date": clock.today().isoformat()}
    assert client.post(url, given).context["form"].errors.keys() == {"partner"}
    client.post(url, {**given, "partner": "县法院党总支"})
    client.post(url, {**given, "partner_name": "青山村党支部"})
    assert set(Pairing.objects.values_list("partner_name", flat=True)) == {"县法院党总支", "青山村党支部"}
    page = client.get(reverse("supervision:pairing_list", args=[w.t.health.pk]))
    assert len(page.context["rows"]) == 2


def test_help_with_money_names_the_sum(client, w):
    pair = of_member(w)
    client.force_login(w.c.branch)
    url = reverse("supervision:pairing", args=[pair.pk])
    given = {"held_on": clock.today().isoformat(), "what": "money", "text": "送去慰问金"}
    assert client.post(url, given).context["form"].errors.keys() == {"value"}
    ahead = (clock.today() + dt.timedelta(days=1)).isoformat()
    assert client.post(url, {**given, "value": "-1", "held_on": ahead}).context["form"].errors.keys() == {
        "value",
        "held_on",
    }
    assert client.post(url, {**given, "value": "200"}).status_code == 302
    assert PairingEntry.objects.get().value == 200


def test_names_are_shown_at_the_branch_and_only_counts_above(client, w):
    pair = of_member(w)
    for user in (w.c.office, w.c.secretary):
        client.force_login(user)
        above = client.get(reverse("supervision:pairing_list", args=[w.t.health.pk])).content.decode()
        assert "赵大山" not in above
        assert pair.member.name not in above
        assert "赵大山" in client.get(reverse("supervision:pairing_list", args=[w.t.health_1.pk])).content.decode()
    assert "赵大山" not in client.get(reverse("supervision:pairings")).content.decode()


def test_nobody_outside_reaches_a_pair_and_readers_do_not_write(client, w):
    pair = of_member(w)
    entry = helped(w, pair)
    page, end = (reverse(f"supervision:{name}", args=[pair.pk]) for name in ("pairing", "pairing_end"))
    remove = reverse("supervision:pairing_entry_remove", args=[entry.pk])
    for user in (w.c.archives, w.c.member, w.c.sysadmin, w.c.outsider):
        client.force_login(user)
        assert {client.get(page).status_code, client.get(end).status_code, client.post(remove).status_code} == {404}
    client.force_login(w.c.office)
    assert client.get(page).status_code == 200
    assert {client.post(page).status_code, client.get(end).status_code, client.post(remove).status_code} == {403}
    assert client.get(reverse("supervision:pairing_new", args=[w.t.health_1.pk])).status_code == 403


def test_a_branch_goes_straight_to_its_own_page(client, w):
    client.force_login(w.c.branch)
    page = client.get(reverse("supervision:pairings"))
    assert page.url == reverse("supervision:pairing_list", args=[w.t.health_1.pk])


def test_the_dossier_names_organisations_and_no_household(w):
    of_member(w)
    of_organization(w, partner=w.t.court)
    found = dossier.events(dossier.Subject(w.t.health, w.p.health, w.c.secretary), ["pairing"])
    titles = " ".join(str(event.title) for event in found)
    assert len(found) == 2
    assert "县法院党总支" in titles
    assert "赵大山" not in titles


@pytest.mark.parametrize("page", ["units", "branch", "unit", "pair"])
def test_pages_cost_the_same_for_one_and_three(client, w, page):
    client.force_login(w.c.office)
    first = of_member(w)
    urls = {
        "units": reverse("supervision:pairings"),
        "branch": reverse("supervision:pairing_list", args=[w.t.health_1.pk]),
        "unit": reverse("supervision:pairing_list", args=[w.t.health.pk]),
        "pair": reverse("supervision:pairing", args=[first.pk]),
    }

    def cost():
        with CaptureQueriesContext(connection) as found:
            assert client.get(urls[page]).status_code == 200
        return len(found)

    helped(w, first)
    cost()
    one = cost()
    for place, branch in ((1, w.t.health_1), (2, w.t.health_1), (0, w.t.health_2), (0, w.t.court_1)):
        helped(w, of_member(w, place, branch, householder=f"户{place}"))
        helped(w, first)
    assert cost() == one


def test_the_checklist_counts_the_pairs_on_record():
    w = make_world(playbook="yibin-city")
    action = next(one for one in w.playbook.actions if one.tool == "pairing")

    def have():
        return {step.unit: step.have for step in steps_of(action, evidence_of(w.p.health))}

    assert have() == {"times": 0, "members": 0}
    ended = of_member(w, place=1)
    of_member(w)
    of_organization(w, partner=w.t.court)
    pairing.end_pairing(by=w.c.branch, pairing=ended, on=clock.today(), reason="已脱贫")
    assert have() == {"times": 1, "members": 1}


def test_a_kind_that_has_pairs_stays_in_the_playbook(w):
    of_member(w)
    campaign = w.batch.campaign
    after = copy.deepcopy(campaign.snapshot)
    after["pairing"]["kinds"] = [kind for kind in after["pairing"]["kinds"] if kind["who"] == "organization"]
    change = Change(campaign.snapshot, after, in_use(campaign), begun=True)
    assert len(change.refusals()) == 1
    after["pairing"]["kinds"] = [kind for kind in campaign.snapshot["pairing"]["kinds"] if kind["who"] == "member"]
    assert Change(campaign.snapshot, after, in_use(campaign), begun=True).refusals() == []

"""Heart-to-heart talks: expected and held, ticked from either side; and the team behind them (F-16..F-18)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from accounts import clock
from campaign import ground_rules, rules
from campaign.actions import talks as actions
from campaign.evidence import Evidence
from campaign.forms.talks import ObjectionForm, OneTalkForm, OwnTalkForm, TalksForm, TeamForm, TeamTalkForm
from campaign.models import Participation, Talk, TeamMember, TeamTalk
from campaign.queries import taking_part
from campaign.talking import Matrix, Slot, deadline_of
from campaign.views.places import Place, crumbs, find_place
from campaign.views.taking import participation_of
from units.guards import need
from units.models import Member, Organization


@dataclass(frozen=True)
class Line:
    """An expected talk as the list shows it."""

    key: str
    who: str
    other: str  # empty: to be chosen among `partners`
    partners: list[tuple[int, str]]
    talks: tuple[Talk, ...]
    done: bool


def matrix_of(participation: Participation) -> Matrix:
    """Of the whole participation, because the secretaries below stand in the lists above."""
    evidence = Evidence(participation, participation.current())
    return Matrix(participation.batch, evidence.organizations)


def _line(matrix: Matrix, slot: Slot) -> Line:
    one = slot.expected
    other = "" if one.choice else matrix.name(one.partners[0])
    if one.choice and slot.talks:
        partners = {pk for talk in slot.talks for pk in (talk.first_id, talk.second_id)} - {one.who}
        other = pgettext("between names", ", ").join(matrix.name(pk) for pk in sorted(partners))
    choices = [] if slot.done or not one.choice else [(pk, matrix.name(pk)) for pk in one.partners]
    return Line(one.key, matrix.name(one.who), other, choices, slot.talks, slot.done)


def _groups(matrix: Matrix, participation: Participation, slots: Iterable[Slot]) -> list[dict[str, Any]]:
    """The slots by pair of the playbook, what is missing first, each with its deadline."""
    listed = list(slots)
    groups = []
    for pair in matrix.pairs:
        own = [slot for slot in listed if slot.expected.pair.key == pair.key]
        if own:
            by = deadline_of(participation, pair)
            done = sum(slot.done for slot in own)
            groups.append(
                {
                    "name": pair.name,
                    "done": done,
                    "need": len(own),
                    "by": by,
                    "late": by is not None and by < clock.today() and done < len(own),
                    "lines": [_line(matrix, slot) for slot in sorted(own, key=lambda slot: slot.done)],
                }
            )
    return groups


def _place(request: HttpRequest, pk: int) -> Place:
    place = find_place(request, pk)
    participation_of(place)
    need(rules.can_see_members(request.user, place.organization))
    return place


def talks(request: HttpRequest, pk: int) -> HttpResponse:
    """What is expected at an organisation, by pair; several ticked at once on one day."""
    place = _place(request, pk)
    one = participation_of(place)
    matrix = matrix_of(one)
    form = TalksForm(request.POST if "picks" in request.POST else None)
    other_form = OneTalkForm(request.POST if "another" in request.POST else None, people=_people(place.organization))
    if request.method == "POST":
        need(place.may_record)
        if _tick(request, place, matrix, form) or _tick_other(request, place, other_form):
            return redirect("campaign:talks", pk)
    return render(request, "campaign/talks/detail.html", _context(request, place, matrix, form, other_form))


def _people(organization: Organization) -> Any:
    return Member.objects.on_roll().within(organization).order_by("organization__path", "pk")


def _context(
    request: HttpRequest, place: Place, matrix: Matrix, form: TalksForm, other_form: OneTalkForm
) -> dict[str, Any]:
    organization, one = place.organization, participation_of(place)
    groups = _groups(matrix, one, matrix.of(organization))
    expected = {talk.pk for group in groups for line in group["lines"] for talk in line.talks}
    held = Talk.objects.filter(batch=one.batch, first__in=_people(organization)).exclude(pk__in=expected)
    return {
        "organization": organization,
        "participation": one,
        "place": place,
        "rule": matrix.pairs,
        "groups": groups,
        "below": _below(matrix, organization),
        "team": matrix.teams.get(organization.pk),
        "other_talks": held.select_related("first", "second").defer("gist")[:50],
        "collective": matrix.collective,
        "team_talks": TeamTalk.objects.filter(batch=one.batch, organization=organization).prefetch_related("present"),
        "form": form,
        "other_form": other_form,
        "crumbs": crumbs(request.user, organization, _("Heart-to-heart talks")),
    }


def _below(matrix: Matrix, organization: Organization) -> list[dict[str, Any]]:
    """The organisations below with how many of their expected talks were held; those behind come first."""
    rows = []
    for one in matrix.organizations.values():
        if one.pk != organization.pk and one.path.startswith(organization.path):
            slots = matrix.of(one)
            rows.append({"organization": one, "done": sum(slot.done for slot in slots), "need": len(slots)})
    return sorted((row for row in rows if row["need"]), key=lambda row: row["done"] - row["need"])


def _tick(request: HttpRequest, place: Place, matrix: Matrix, form: TalksForm) -> bool:
    if "picks" not in request.POST or not form.is_valid():
        return False
    slots = {slot.expected.key: slot.expected for slot in matrix.of(place.organization)}
    pairs, kinds = [], {}
    for key in request.POST.getlist("pick"):
        one = slots.get(key)
        raw = request.POST.get(f"with.{key}", "")
        partner = (int(raw) if raw.isdecimal() and len(raw) < 12 else 0) if one and one.choice else 0
        if one is None or (one.choice and partner not in one.partners):
            form.add_error(None, _("The list has changed meanwhile, or no partner was chosen. Choose again."))
            return False
        pair = (one.who, partner or one.partners[0])
        pairs.append((matrix.people[pair[0]], matrix.people[pair[1]]))
        kinds[frozenset(pair)] = one.pair.key
    if not pairs:
        form.add_error(None, _("Tick at least one talk."))
        return False
    count = actions.tick_talks(
        by=request.user,
        batch=place.batch,
        organization=place.organization,
        pairs=pairs,
        kinds=kinds,
        **form.cleaned_data,
    )
    text = ngettext("Recorded %(count)d talk.", "Recorded %(count)d talks.", count)
    messages.success(request, text % {"count": count})
    return True


def _tick_other(request: HttpRequest, place: Place, form: OneTalkForm) -> bool:
    if "another" not in request.POST or not form.is_valid():
        return False
    data = dict(form.cleaned_data)
    pair = (data.pop("one"), data.pop("other"))
    count = actions.tick_talks(
        by=request.user, batch=place.batch, organization=place.organization, pairs=[pair], **data
    )
    if count:
        messages.success(request, _("The talk has been recorded."))
    else:
        messages.info(request, _("This talk was recorded before; it counts once."))
    return True


@require_POST
def talk_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The other side confirms it, or says that it was not so."""
    talk = get_object_or_404(
        Talk.objects.visible_to(request.user).select_related("first__organization", "second"), pk=pk
    )
    need(ground_rules.is_side(request.user, talk) and talk.recorded_by_id != request.user.pk)
    confirm = "confirm" in request.POST
    form = ObjectionForm(request.POST)
    if not confirm and not form.is_valid():
        messages.error(request, _("Say in a few words what is not right about it."))
        return redirect("campaign:my_talks")
    objection = "" if confirm else form.cleaned_data["objection"]
    try:
        actions.answer_talk(by=request.user, talk=talk, confirm=confirm, objection=objection)
    except actions.TalkMoved:
        messages.warning(request, _("This talk has been answered or taken back meanwhile."))
    else:
        messages.success(request, _("You have confirmed the talk.") if confirm else _("You have disputed the talk."))
    return redirect("campaign:my_talks")


@require_POST
def talk_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was ticked by mistake."""
    rows = Talk.objects.visible_to(request.user).select_related("first__organization", "second__organization")
    talk = get_object_or_404(rows, pk=pk)
    need(ground_rules.can_remove_talk(request.user, talk))
    organization = talk.first.organization
    actions.remove_talk(by=request.user, talk=talk)
    messages.success(request, _("The talk has been taken back."))
    if rules.can_see_members(request.user, organization):
        return redirect("campaign:talks", organization.pk)
    return redirect("campaign:my_talks")


# ---------------------------------------------------------------- a member's own
def my_talks(request: HttpRequest) -> HttpResponse:
    """What talks are expected of me, what was recorded with me, and my answer to it."""
    member = getattr(request.user, "member", None)
    if member is None:
        raise Http404
    one = taking_part(member.organization)
    if one is None or one.state != Participation.State.ACTIVE:
        return render(request, "campaign/talks/mine.html", {"member": member})
    form = OwnTalkForm(request.POST or None, people=_colleagues(one, member))
    if form.is_bound and form.is_valid():
        data = dict(form.cleaned_data)
        pairs = [(member, data.pop("other"))]
        organization = member.organization
        actions.tick_talks(by=request.user, batch=one.batch, organization=organization, pairs=pairs, **data)
        messages.success(request, _("The talk has been recorded; the other side is told."))
        return redirect("campaign:my_talks")
    matrix = matrix_of(one)
    own = Talk.objects.visible_to(request.user).filter(Q(first=member) | Q(second=member), batch=one.batch)
    context = {
        "member": member,
        "participation": one,
        "groups": _groups(matrix, one, matrix.by_person.get(member.pk, [])),
        "held": [_own(request, member, talk) for talk in own.select_related("first", "second", "recorded_by")],
        "form": form,
    }
    return render(request, "campaign/talks/mine.html", context)


def _colleagues(one: Participation, member: Member) -> Any:
    """Members of the same branch, and those who lead somewhere in the unit."""
    led = TeamMember.objects.filter(organization__path__startswith=one.organization.path).values("member")
    here = Member.objects.on_roll().filter(organization=member.organization_id)
    return (here | Member.objects.on_roll().filter(pk__in=led)).exclude(pk=member.pk).order_by("pk")


def _own(request: HttpRequest, member: Member, talk: Talk) -> dict[str, Any]:
    other = talk.second if talk.first_id == member.pk else talk.first
    return {
        "talk": talk,
        "other": other,
        "may_answer": ground_rules.can_answer_talk(request.user, talk),
        "may_remove": talk.recorded_by_id == request.user.pk,
        "gist": talk.gist,
    }


# ---------------------------------------------------------------- the team, and its collective talk
def team_talk_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the collective talk of an organisation's team with the heads below it (E-27)."""
    place = _place(request, pk)
    need(place.may_record)
    form = TeamTalkForm(request.POST or None, people=_heads(place))
    if form.is_bound and form.is_valid():
        batch, organization = place.batch, place.organization
        actions.record_team_talk(by=request.user, batch=batch, organization=organization, **form.cleaned_data)
        messages.success(request, _("The collective talk has been recorded."))
        return redirect("campaign:talks", pk)
    trail = crumbs(request.user, place.organization, _("Collective talk"))
    return render(
        request, "campaign/talks/team_talk.html", {"organization": place.organization, "form": form, "crumbs": trail}
    )


def _heads(place: Place) -> Any:
    """The team itself and the heads of the organisations below."""
    matrix = matrix_of(participation_of(place))
    people = {pk for team in matrix.teams.values() for pk in team.everyone}
    return Member.objects.filter(pk__in=people).order_by("organization__path", "pk")


@require_POST
def team_talk_remove(request: HttpRequest, pk: int) -> HttpResponse:
    talk = get_object_or_404(TeamTalk.objects.visible_to(request.user).select_related("organization"), pk=pk)
    need(rules.can_record(request.user, talk.organization))
    actions.remove_team_talk(by=request.user, talk=talk)
    messages.success(request, _("The collective talk has been deleted."))
    return redirect("campaign:talks", talk.organization_id)


def team(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is in the team and with which duty: principal, deputy in charge of party work, members (D-17)."""
    place = find_place(request, pk)
    organization = place.organization
    need(rules.can_see_members(request.user, organization))
    may = ground_rules.can_census(request.user, organization)
    below = Organization.objects.active().within(organization).exclude(pk=organization.pk)
    form = TeamForm(request.POST or None, people=_people(organization), below=below)
    if request.method == "POST":
        need(may)
        if form.is_valid():
            actions.set_team_member(by=request.user, organization=organization, **form.cleaned_data)
            messages.success(request, _("The team has been changed."))
            return redirect("campaign:team", pk)
    rows = TeamMember.objects.filter(organization=organization).select_related("member")
    context = {
        "organization": organization,
        "rows": rows.prefetch_related("in_charge"),
        "form": form if may else None,
        "crumbs": crumbs(request.user, organization, _("Team and duties")),
    }
    return render(request, "campaign/talks/team.html", context)


@require_POST
def team_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a member out of a team."""
    rows = TeamMember.objects.visible_to(request.user).select_related("organization", "member")
    row = get_object_or_404(rows, pk=pk)
    need(ground_rules.can_census(request.user, row.organization))
    actions.leave_team(by=request.user, row=row)
    messages.success(request, _("%(name)s is no longer in the team.") % {"name": row.member.name})
    return redirect("campaign:team", row.organization_id)

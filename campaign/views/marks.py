"""Marks of what each member does himself: own talk, reading, essay, test (C-13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import clock
from campaign import actions, rules
from campaign.evidence import Evidence
from campaign.forms.marks import MarkForm, UnmarkForm
from campaign.holds import Held
from campaign.models import MemberMark, Participation, StageProgress
from campaign.playbook import Action
from campaign.steps import Step, concerned, steps_of
from campaign.views.activities import absent
from campaign.views.places import Place, crumbs, find_place, tabs
from units.models import Member

PER_PAGE = 100


@dataclass(frozen=True)
class MarkRow:
    """A member whom the action concerns: his mark, or that he attended an activity of it, or neither."""

    id: int
    name: str
    organization_name: str
    mark: MemberMark | None
    attended: bool
    joined_since: bool

    @property
    def done(self) -> bool:
        return self.mark is not None or self.attended


def member_actions(evidence: Evidence) -> list[Action]:
    """What is asked of each member at this stage and is recorded."""
    return [action for action in evidence.actions if action.recorded and "member" in action.pers]


def is_scored(action: Action) -> bool:
    """Does a mark carry a score? Where the playbook speaks of a test."""
    return action.tool == "knowledge_test" or "test" in {action.key, *(field.key for field in action.fields)}


def _rows(evidence: Evidence, action: Action) -> list[MarkRow]:
    """Who has not done it comes first; those who joined since the roll was fixed are among them, marked."""
    people = [(m.id, m.name, m.organization_name, False) for m in concerned(action, evidence)]
    people += [(m.pk, m.name, m.organization.name, True) for m in _joiners(evidence, action)]
    ids = [pk for pk, *_rest in people]
    marks = {m.member_id: m for m in MemberMark.objects.filter(batch=evidence.batch, action=action.key, member__in=ids)}
    attended = evidence.attended(action.key)
    rows = [MarkRow(pk, name, place, marks.get(pk), pk in attended, new) for pk, name, place, new in people]
    return sorted(rows, key=lambda row: row.done)


def _joiners(evidence: Evidence, action: Action) -> list[Member]:
    """Members of today who are not on the frozen roll, narrowed to whom the action concerns."""
    if not evidence.frozen:
        return []
    tests: dict[str, Q] = {
        "leaders": Q(post_level=Member.PostLevel.LEADER),
        "can_write": Q(can_write=True),
        "not_retired": Q(retired=False),
        "retired": Q(retired=True),
        "unqualified": Q(pk__in=[]),
    }
    known = {member.id for member in evidence.roll}
    here = Member.objects.on_roll().filter(evidence.subtree("organization"), tests.get(action.who, Q()))
    return [member for member in here.select_related("organization") if member.pk not in known]


def marks(request: HttpRequest, pk: int) -> HttpResponse:
    """Members by one action: tick many, give the day, save; or take a mark back."""
    place = find_place(request, pk)
    if place.participation is None or not place.active:
        return absent(request, place)
    if not rules.can_see_members(request.user, place.organization):
        raise PermissionDenied
    progress = _progress(place.participation, request.GET.get("action", ""))
    evidence = Evidence(place.participation, progress, place.organization)
    listed = member_actions(evidence)
    action = _chosen(listed, request.GET.get("action", ""))
    may_mark = place.may_record and progress == place.participation.current()
    rows = _rows(evidence, action) if action else []
    allowed = Member.objects.filter(pk__in=[row.id for row in rows])
    form = _mark_form(request, place, action, allowed)
    if request.method == "POST" and action is not None:
        if not may_mark:
            raise PermissionDenied
        if _save(request, place, action, form, allowed):
            return redirect(f"{reverse('campaign:marks', args=[pk])}?action={action.key}")
    context = _context(request, place, evidence, listed, action, rows, form) | {"may_mark": may_mark}
    return render(request, "campaign/marks/detail.html", context)


def _mark_form(request: HttpRequest, place: Place, action: Action | None, allowed: Any) -> MarkForm:
    sent = request.POST if request.method == "POST" and "unmark" not in request.POST else None
    scored = action is not None and is_scored(action)
    return MarkForm(sent, batch=place.batch, allowed=allowed, scored=scored, initial={"done_on": clock.today()})


def _progress(participation: Participation, key: str) -> StageProgress | None:
    """The stage of an action that is asked for, if it has begun (a completed one can be read); else the present."""
    action = participation.batch.campaign.playbook.action(key)
    begun = [p for p in participation.progress.all() if p.state != StageProgress.State.AHEAD]
    asked = (p for p in begun if action is not None and p.stage == action.phase)
    return next(asked, participation.current())


def _chosen(listed: list[Action], key: str) -> Action | None:
    """The action asked for, else the first. Raises Http404 for one that is not asked of members now."""
    if not key:
        return next(iter(listed), None)
    for action in listed:
        if action.key == key:
            return action
    raise Http404


def _save(request: HttpRequest, place: Place, action: Action, form: MarkForm, allowed: Any) -> bool:
    given = {"by": request.user, "batch": place.batch, "organization": place.organization, "action": action.key}
    if "unmark" in request.POST:
        undo = UnmarkForm(request.POST, allowed=allowed)
        if not undo.is_valid():
            messages.error(request, " ".join(str(e) for e in undo.errors["members"]))
            return False
        try:
            count = actions.unmark_members(**given, members=undo.cleaned_data["members"])
        except Held as held:
            messages.error(request, str(held))
            return False
        text = ngettext("Took back the mark of %(count)d member.", "Took back the marks of %(count)d members.", count)
        messages.success(request, text % {"count": count})
        return True
    if not form.is_valid():
        return False
    data = form.cleaned_data
    count = actions.mark_members(
        **given, members=data["members"], done_on=data["done_on"], scores=data["scores"], again=action.count > 1
    )
    text = ngettext("Marked %(count)d member: %(action)s.", "Marked %(count)d members: %(action)s.", count)
    messages.success(request, text % {"count": count, "action": str(action.name)})
    return True


def _context(
    request: HttpRequest,
    place: Place,
    evidence: Evidence,
    listed: list[Action],
    action: Action | None,
    rows: list[MarkRow],
    form: MarkForm,
) -> dict[str, Any]:
    steps = {a.key: step for a in listed for step in steps_of(a, evidence) if step.unit == "members"}
    return {
        "place": place,
        "organization": place.organization,
        "stage": evidence.stage,
        "action": action,
        "tabs": tabs(place, "marks"),
        "listing": _listing(place, listed, action, steps),
        "step": steps.get(action.key) if action else None,
        "scored": form.scored,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "chosen": {str(value) for value in form["members"].value() or ()},
        "scores": {row.id: form.data.get(f"score-{row.id}", "") for row in rows},
        "form": form,
        "crumbs": crumbs(request.user, place.organization, _("Members' own actions")),
    }


def _listing(place: Place, listed: list[Action], chosen: Action | None, steps: dict[str, Step]) -> list[dict[str, Any]]:
    """The actions to choose from, with how many have not done each; those that concern nobody are left out."""
    base = reverse("campaign:marks", args=[place.organization.pk])
    return [
        {
            "label": str(action.name),
            "url": f"{base}?action={action.key}",
            "current": action is chosen,
            "count": steps[action.key].need - steps[action.key].have,
        }
        for action in listed
        if action is chosen or steps[action.key].need
    ]

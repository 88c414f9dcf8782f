"""The register of opinions of an organisation: list and sorting, one opinion, entering, overview, feedback sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_POST

from campaign import rules
from campaign.actions import opinions as deeds
from campaign.forms.opinions import AnswerForm, AsideForm, GatherForm, MergeForm, OpinionFilter, PassForm, SortForm
from campaign.models import Opinion
from campaign.models.opinions import TargetKind
from campaign.opinion_figures import figures
from campaign.views.activities import absent
from campaign.views.places import Place, crumbs, find_place
from units import access
from units.roles import Right

PER_PAGE = 25
SORTS = {"voices", "-voices", "state", "-state", "category", "-category"}
MOVED = gettext_noop(
    "One of these has been dealt with by somebody else meanwhile, or is not at this point. Look again."
)


def opinion_tabs(place: Place, current: str) -> list[dict[str, Any]]:
    pages = [
        ("opinions", _("Opinions")),
        ("opinions_overview", _("Overview")),
        ("opinions_sheet", _("Feedback sheet")),
        ("boxes", _("Opinion boxes")),
    ]
    pk = place.organization.pk
    return [
        {"label": label, "url": reverse(f"campaign:{name}", args=[pk]), "current": name == current}
        for name, label in pages
    ]


def listed(place: Place) -> tuple[str, str]:
    return (_("Opinions"), reverse("campaign:opinions", args=[place.organization.pk]))


def frame(request: HttpRequest, place: Place, current: str, *tail: str) -> dict[str, Any]:
    """What every page of the register shows."""
    return {
        "place": place,
        "organization": place.organization,
        "tabs": opinion_tabs(place, current),
        "may_gather": rules.can_gather(request.user, place.organization),
        "crumbs": crumbs(request.user, place.organization, *([listed(place), *tail] if tail else [_("Opinions")])),
    }


def need_gather(request: HttpRequest, pk: int) -> Place:
    """The place, for who may enter opinions there. Raises PermissionDenied."""
    place = find_place(request, pk)
    if not rules.can_gather(request.user, place.organization):
        raise PermissionDenied
    return place


def register(request: HttpRequest, place: Place) -> Any:
    """The opinions of an organisation that the user sees."""
    seen = Opinion.objects.visible_to(request.user)
    return seen.of(place.organization).filter(batch=place.batch)


# ---------------------------------------------------------------- the list, and what one does with many
def opinions(request: HttpRequest, pk: int) -> HttpResponse:
    """What was gathered and what was passed on to us; sorted in bulk."""
    place = find_place(request, pk)
    if place.batch is None:
        return absent(request, place)
    if request.method == "POST" and not rules.can_gather(request.user, place.organization):
        raise PermissionDenied
    bulk = Bulk(request, place)
    if request.method == "POST" and bulk.done():
        return redirect(request.get_full_path())
    form = OpinionFilter(request.GET)
    sort = request.GET.get("sort", "")
    rows = form.narrow(register(request, place)).select_related("organization", "concerned")
    order = [sort] if sort in SORTS else ["-pk"]
    page = Paginator(rows.order_by(*order, "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = frame(request, place, "opinions") | {
        "form": form,
        "page": page,
        "bulk": bulk,
        "filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "campaign/opinions/list.html", context, status=422 if bulk.failed else 200)


class Bulk:
    """The forms below the list: each deed has its own, all share the boxes that were ticked."""

    def __init__(self, request: HttpRequest, place: Place) -> None:
        self.request, self.place = request, place
        self.do = request.POST.get("do", "")
        self.chosen = {int(raw) for raw in request.POST.getlist("opinions") if raw.isdecimal() and len(raw) < 19}
        self.failed = False
        self.sort = SortForm(self._sent("sort"), prefix="sort")
        self.pass_on = PassForm(self._sent("pass"), prefix="pass", organization=place.organization, batch=place.batch)
        self.aside = AsideForm(self._sent("aside"), prefix="aside")
        self.merge = MergeForm(self._sent("merge"))

    @property
    def forms(self) -> list[forms.Form]:
        return [self.sort, self.pass_on, self.aside, self.merge]

    def _sent(self, do: str) -> Any:
        return self.request.POST if self.do == do else None

    def done(self) -> bool:
        """Do it to all that are ticked, or say why not; then nothing has been done."""
        deeds_of: dict[str, tuple[forms.Form, Callable[..., str]]] = {
            "sort": (self.sort, self._sort),
            "merge": (self.merge, self._merge),
            "pass": (self.pass_on, self._pass),
            "aside": (self.aside, self._aside),
        }
        self.failed = True
        if self.do not in deeds_of:
            return False
        form, deed = deeds_of[self.do]
        fault = _("Tick at least one opinion.") if not self.chosen else ""
        if form.is_valid() and not fault:
            fault = self._try(deed, form.cleaned_data)
        if fault:
            form.add_error(None, fault)
        self.failed = bool(form.errors)
        return not self.failed

    def _try(self, deed: Callable[..., str], data: dict[str, Any]) -> str:
        rows = register(self.request, self.place).filter(pk__in=self.chosen)
        found = list(rows.select_related("organization", "concerned", "member__organization"))
        if len(found) != len(self.chosen):
            return _(MOVED)
        if not all(rules.can_sort(self.request.user, one) for one in found):
            raise PermissionDenied
        try:
            messages.success(self.request, deed(found, data))
        except deeds.OpinionMoved:
            return _(MOVED)
        except deeds.NotAlike:
            return _("Only opinions about the same organisation, team or member go together.")
        return ""

    def _sort(self, found: list[Opinion], data: dict[str, Any]) -> str:
        deeds.sort(by=self.request.user, opinions=found, **data)
        text = ngettext("Sorted %(count)d opinion.", "Sorted %(count)d opinions.", len(found))
        return text % {"count": len(found)}

    def _merge(self, found: list[Opinion], _data: dict[str, Any]) -> str:
        if len(found) < 2:
            raise deeds.OpinionMoved
        keep, *others = sorted(found, key=lambda one: (-one.voices, one.pk))
        deeds.merge(by=self.request.user, keep=keep, others=others)
        voices = sum(one.voices for one in found)
        text = _("Merged %(count)d opinions into one with %(voices)d voices. Its page takes the merge back.")
        return text % {"count": len(found), "voices": voices}

    def _pass(self, found: list[Opinion], data: dict[str, Any]) -> str:
        deeds.pass_on(by=self.request.user, opinions=found, to=data["to"])
        text = ngettext("Passed on %(count)d opinion.", "Passed on %(count)d opinions.", len(found))
        return text % {"count": len(found)}

    def _aside(self, found: list[Opinion], data: dict[str, Any]) -> str:
        deeds.set_aside(by=self.request.user, opinions=found, reason=data["reason"])
        text = ngettext("Set aside %(count)d opinion.", "Set aside %(count)d opinions.", len(found))
        return text % {"count": len(found)}


# ---------------------------------------------------------------- entering
def opinions_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what was said on one occasion, a line each; made for a telephone."""
    place = need_gather(request, pk)
    if place.batch is None:
        return absent(request, place)
    form = GatherForm(request.POST or None, user=request.user, organization=place.organization, batch=place.batch)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        made = deeds.gather(
            by=request.user,
            batch=place.batch,
            organization=place.organization,
            **{name: data[name] for name in ("about", "channel", "source", "received_on", "said")},
        )
        say_entered(request, len(made))
        return redirect("campaign:opinions", pk)
    context = frame(request, place, "opinions", _("Enter opinions")) | {"form": form}
    return render(request, "campaign/opinions/new.html", context, status=422 if form.is_bound else 200)


def say_entered(request: HttpRequest, count: int) -> None:
    text = ngettext("Entered %(count)d opinion.", "Entered %(count)d opinions.", count)
    messages.success(request, text % {"count": count})


# ---------------------------------------------------------------- one opinion
def _find(request: HttpRequest, pk: int) -> Opinion:
    seen = Opinion.objects.visible_to(request.user).select_related(
        "organization", "concerned", "member__organization", "merged_into", "batch"
    )
    return get_object_or_404(seen, pk=pk)


def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """The text, what became of it, and the answer. Reading what is said of a member is noted (decision 20)."""
    one = _find(request, pk)
    form = AnswerForm(request.POST or None, initial={"text": one.answer, "public": one.answer_public})
    if request.method == "POST":
        if not rules.can_answer(request.user, one):
            raise PermissionDenied
        if form.is_valid() and _answered(request, one, form):
            return redirect("campaign:opinion", pk)
    elif one.about_member:
        deeds.read_paper(by=request.user, opinion=one)
    merged = Opinion.objects.visible_to(request.user).filter(merged_into=one).order_by("pk")
    here = one.organization if access.has(request.user, Right.VIEW, one.organization) else one.concerned
    register_url = reverse("campaign:opinions", args=[here.pk])
    context = {
        "opinion": one,
        "organization": here,
        "merged": merged,
        "form": form,
        "may_sort": rules.can_sort(request.user, one),
        "may_answer": rules.can_answer(request.user, one),
        "crumbs": crumbs(request.user, here, (_("Opinions"), register_url), _("Opinion")),
    }
    return render(request, "campaign/opinions/detail.html", context, status=422 if form.errors else 200)


def _answered(request: HttpRequest, one: Opinion, form: AnswerForm) -> bool:
    try:
        deeds.answer(by=request.user, opinion=one, **form.cleaned_data)
    except deeds.OpinionMoved:
        form.add_error(None, _(MOVED))
        return False
    messages.success(request, _("The answer has been saved."))
    return True


def _deed(request: HttpRequest, pk: int, deed: Callable[..., None], said: str) -> HttpResponse:
    one = _find(request, pk)
    if not rules.can_sort(request.user, one):
        raise PermissionDenied
    try:
        deed(by=request.user, opinion=one)
    except deeds.OpinionMoved:
        messages.error(request, _(MOVED))
    else:
        messages.success(request, said)
    return redirect("campaign:opinion", pk)


@require_POST
def opinion_unmerge(request: HttpRequest, pk: int) -> HttpResponse:
    return _deed(request, pk, deeds.unmerge, _("The merge has been taken back; the opinion stands by itself again."))


@require_POST
def opinion_take_up(request: HttpRequest, pk: int) -> HttpResponse:
    return _deed(request, pk, deeds.take_up, _("The opinion has been taken up again."))


# ---------------------------------------------------------------- overview, feedback sheet
def opinions_overview(request: HttpRequest, pk: int) -> HttpResponse:
    """How many, by category, channel and, where enough spoke, by source."""
    place = find_place(request, pk)
    if place.batch is None:
        return absent(request, place)
    context = frame(request, place, "opinions_overview") | {"figures": figures(register(request, place))}
    return render(request, "campaign/opinions/overview.html", context)


def opinions_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """What concerns an organisation, by category with voices, to be printed and handed over (N-04, N-06)."""
    place = find_place(request, pk)
    if place.batch is None:
        return absent(request, place)
    seen = Opinion.objects.visible_to(request.user).filter(batch=place.batch).concerning(place.organization)
    rows = seen.ready_for_rectification().exclude(target=TargetKind.MEMBER).select_related("concerned")
    found = list(rows.order_by("-voices", "pk"))
    groups = [
        {
            "label": label,
            "rows": [one for one in found if one.category == key],
            "voices": sum(one.voices for one in found if one.category == key),
        }
        for key, label in Opinion.Category.choices
    ]
    context = frame(request, place, "opinions_sheet") | {
        "groups": [group for group in groups if group["rows"]],
        "count": len(found),
        "voices": sum(one.voices for one in found),
    }
    return render(request, "campaign/opinions/sheet.html", context)

"""Meetings of those who lead the campaign (D-20), and responsibility letters (D-15)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaign import uploads
from campaign.models import Batch
from campaign.queries import batch_for
from supervision import body_rules
from supervision.actions import body_records as actions
from supervision.actions.bodies import BodyRefused
from supervision.body_filters import MeetingFilter
from supervision.forms.bodies import BodyMeetingForm, LetterForm
from supervision.models import BodyMeeting, DutyHolder, MeetingFile, ResponsibilityLetter
from supervision.queries import bodies as reads
from supervision.views.bodies import open_batch, tabs
from supervision.views.place import crumbs
from units import access
from units.models import Organization

PER_PAGE = 50
Kind, Level = ResponsibilityLetter.Kind, ResponsibilityLetter.Level


def _own_places(user: Any) -> list[Organization]:
    """The organisations of the user's own posts for which he may put something on record."""
    held = {post.organization_id: post.organization for post in access.posts_of(user)}
    fitting = [one for one in held.values() if body_rules.can_record_for(user, one)]
    return sorted(fitting, key=lambda one: one.path)


def _place(request: HttpRequest, pk: int) -> tuple[Organization, Batch]:
    """An organisation for which the user may put something on record, and the open batch."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    batch = batch_for(request.user)
    if batch is None:
        raise Http404
    if not body_rules.can_record_for(request.user, organization):
        raise PermissionDenied
    return organization, batch


# ---------------------------------------------------------------- meetings
def body_meetings(request: HttpRequest) -> HttpResponse:
    """The register, with how many of each kind in the period chosen."""
    batch = open_batch(request)
    context: dict[str, Any] = {"batch": batch, "tabs": tabs("body_meetings")}
    if batch is not None:
        context |= _register(request, batch)
    return render(request, "supervision/body/meetings.html", context)


def _register(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    form = MeetingFilter(request.GET or None)
    rows = reads.meetings_in(
        request.user,
        batch,
        kind=form.told("kind") or "",
        first=form.told("first"),
        last=form.told("last"),
        place=form.told("q") or "",
    )
    counts = reads.meeting_counts(rows)
    return {
        "form": form,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "counts": counts,
        "total": sum(count for _label, count in counts),
        "places": _own_places(request.user),
    }


def body_meeting_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a meeting on record."""
    organization, batch = _place(request, pk)
    form = BodyMeetingForm(*_sent(request))
    if form.is_bound and form.is_valid():
        try:
            meeting = actions.record_body_meeting(
                by=request.user,
                campaign=batch.campaign,
                organization=organization,
                facts=form.facts(),
                files=form.cleaned_data["files"],
            )
            messages.success(request, _("The meeting is on record."))
            return redirect("supervision:body_meeting", meeting.pk)
        except BodyRefused as refusal:
            form.add_error("topic", str(refusal))
    return _meeting_form(request, form, organization)


def _sent(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _meeting_form(
    request: HttpRequest, form: BodyMeetingForm, organization: Organization, meeting: BodyMeeting | None = None
) -> HttpResponse:
    listed = (_("Meetings on record"), reverse("supervision:body_meetings"))
    title = _("Correct the record") if meeting else _("Record a meeting")
    trail = crumbs(organization, listed, (title, ""))
    context = {"form": form, "organization": organization, "meeting": meeting, "title": title, "crumbs": trail}
    return render(request, "supervision/body/meeting_edit.html", context)


def _meeting(request: HttpRequest, pk: int, *, to_change: bool = False) -> BodyMeeting:
    rows = BodyMeeting.objects.visible_to(request.user).select_related("organization", "campaign", "recorded_by")
    meeting = get_object_or_404(rows, pk=pk)
    if to_change and not body_rules.can_record_for(request.user, meeting.organization):
        raise PermissionDenied
    return meeting


def body_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting, printable as minutes."""
    meeting = _meeting(request, pk)
    listed = (_("Meetings on record"), reverse("supervision:body_meetings"))
    context = {
        "meeting": meeting,
        "files": uploads.listed(meeting.files.all()),
        "may_change": body_rules.can_record_for(request.user, meeting.organization),
        "crumbs": crumbs(meeting.organization, listed, (meeting.topic, "")),
    }
    return render(request, "supervision/body/meeting.html", context)


def body_meeting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a record and add files to it."""
    meeting = _meeting(request, pk, to_change=True)
    names = ("kind", "held_on", "topic", "chair", "present", "names", "decision")
    form = BodyMeetingForm(*_sent(request), initial={name: getattr(meeting, name) for name in names})
    if form.is_bound and form.is_valid():
        try:
            files = form.cleaned_data["files"]
            actions.correct_meeting(by=request.user, meeting=meeting, facts=form.facts(), files=files)
            return redirect("supervision:body_meeting", pk)
        except BodyRefused as refusal:
            form.add_error("topic", str(refusal))
    return _meeting_form(request, form, meeting.organization, meeting)


@require_POST
def body_meeting_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a record made by mistake."""
    meeting = _meeting(request, pk, to_change=True)
    actions.drop_meeting(by=request.user, meeting=meeting)
    messages.success(request, _("The record has been deleted; the history keeps that it was there."))
    return redirect("supervision:body_meetings")


def body_meeting_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A photograph opens in the browser; anything else is downloaded."""
    seen = BodyMeeting.objects.visible_to(request.user)
    file = get_object_or_404(MeetingFile.objects.filter(meeting__in=seen), pk=pk)
    return uploads.send(file.file, file.name)


# ---------------------------------------------------------------- letters
def letters(request: HttpRequest) -> HttpResponse:
    """Who has signed and who has not yet, by level; letters or public commitments."""
    batch = open_batch(request)
    context: dict[str, Any] = {"batch": batch, "tabs": tabs("letters"), "kinds": Kind.choices}
    if batch is not None:
        context |= _signatures(request, batch)
    return render(request, "supervision/body/letters.html", context)


def _signatures(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    """The list chosen: those of one level who have signed, or who have not yet."""
    user, kind, level = request.user, _among(request, "kind", Kind), _among(request, "level", Level)
    signed = request.GET.get("show") == "signed"
    rows: Any = reads.awaited(batch, user, kind, level)
    if signed:
        letters = ResponsibilityLetter.objects.visible_to(user).filter(campaign=batch.campaign_id)
        rows = letters.filter(kind=kind, level=level).select_related("organization")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    places = [(row, _place_of(row)) for row in page]
    return {
        "kind": kind,
        "kind_label": Kind(kind).label,
        "level": level,
        "level_label": Level(level).label,
        "signed": signed,
        "figures": reads.signed_figures(batch, user, kind),
        "page": page,
        "rows": [(row, place, not signed and body_rules.can_record_for(user, place)) for row, place in places],
    }


def _place_of(row: Any) -> Organization:
    """Where a row of the list belongs: a letter, a leader, or an organisation itself."""
    if isinstance(row, DutyHolder):
        return row.participation.organization
    return row.organization if isinstance(row, ResponsibilityLetter) else row


def _among(request: HttpRequest, name: str, choices: Any) -> str:
    """A value of the query, or the first of the choices."""
    given = request.GET.get(name, "")
    return given if given in choices.values else choices.values[0]


def letter_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a signed letter on record for an organisation; `?kind=`, `?level=`, `?holder=` choose what and whose."""
    organization, batch = _place(request, pk)
    holders = DutyHolder.objects.current().filter(participation__organization=organization, participation__batch=batch)
    initial = _proposed(
        request, holders, organization.parent.name if organization.parent else batch.campaign.office_name
    )
    form = LetterForm(*_sent(request), holders=holders, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            letter = actions.record_letter(
                by=request.user,
                campaign=batch.campaign,
                organization=organization,
                facts=form.facts(),
                file=form.cleaned_data["file"] or None,
            )
            messages.success(request, _("The letter signed by %(name)s is on record.") % {"name": letter.signer})
            return redirect("supervision:letter", letter.pk)
        except BodyRefused as refusal:
            form.add_error("signer", str(refusal))
    listed = (_("Responsibility letters"), reverse("supervision:letters"))
    trail = crumbs(organization, listed, (_("Record a letter"), ""))
    return render(
        request, "supervision/body/letter_new.html", {"form": form, "organization": organization, "crumbs": trail}
    )


def _proposed(request: HttpRequest, holders: Any, above: str) -> dict[str, Any]:
    """What the list from which one came says already."""
    given = request.GET.get("holder", "")
    holder = holders.filter(pk=given).first() if given.isdigit() else None
    return {
        "kind": _among(request, "kind", Kind),
        "level": _among(request, "level", Level),
        "holder": holder,
        "signer": holder.name if holder else "",
        "signed_with": above,
    }


def _letter(request: HttpRequest, pk: int) -> ResponsibilityLetter:
    rows = ResponsibilityLetter.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("organization", "recorded_by", "holder"), pk=pk)


def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter: its text and its scan."""
    found = _letter(request, pk)
    listed = (_("Responsibility letters"), reverse("supervision:letters"))
    context = {
        "letter": found,
        "image": uploads.is_image(found.file),
        "may_change": body_rules.can_record_for(request.user, found.organization),
        "crumbs": crumbs(found.organization, listed, (found.signer, "")),
    }
    return render(request, "supervision/body/letter.html", context)


@require_POST
def letter_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a letter recorded by mistake."""
    found = _letter(request, pk)
    if not body_rules.can_record_for(request.user, found.organization):
        raise PermissionDenied
    actions.drop_letter(by=request.user, letter=found)
    messages.success(request, _("The record has been deleted; the history keeps that it was there."))
    return redirect("supervision:letters")


def letter_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The scan; a photograph opens in the browser."""
    found = _letter(request, pk)
    if not found.file:
        raise Http404
    return uploads.send(found.file, found.file_name)

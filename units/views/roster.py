"""The roster: uploading a workbook, looking at what it would do, having it written; exporting one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from jobs.actions import enqueue
from units import rules
from units.actions import uploads
from units.forms.roster import ConfirmForm, UploadForm
from units.guards import need, need_somewhere
from units.importing import shown
from units.models import Member, Organization, RosterImport
from units.refusals import ImportRefused
from units.roles import Right
from units.roster import layout
from units.roster import messages as roster_messages
from units.views.shared import Crumbs, crumbs

_State = RosterImport.State
_OPEN = (_State.UPLOADED, _State.UNREADABLE, _State.PREVIEWED, _State.APPLYING)
_TEMPLATES = {
    _State.UPLOADED: "units/roster/working.html",
    _State.UNREADABLE: "units/roster/unreadable.html",
    _State.PREVIEWED: "units/roster/preview.html",
    _State.APPLYING: "units/roster/working.html",
    _State.APPLIED: "units/roster/done.html",
    _State.DISCARDED: "units/roster/discarded.html",
}
_STEPS_AT = {_State.UPLOADED: 2, _State.UNREADABLE: 1, _State.PREVIEWED: 2, _State.APPLYING: 3, _State.APPLIED: 5}


def _steps() -> list[str]:
    return [_("Upload"), _("Check the preview"), _("Write"), _("Done")]


def _need_roster(user: Any) -> None:
    if not rules.can_found_tree(user):
        need_somewhere(user, Right.EDIT_ROSTER)


def _organizations(request: HttpRequest) -> Any:
    """Where one may import for: the tops of one's reach, and the organisation that a link has chosen."""
    visible = Organization.objects.visible_to(request.user, Right.EDIT_ROSTER).active()
    tops = rules.tops(request.user, Right.EDIT_ROSTER)
    chosen = request.GET.get("organization") or request.POST.get("organization") or ""
    keys = [*tops, int(chosen)] if chosen.isdigit() and len(chosen) < 19 else tops
    return visible.filter(pk__in=keys)


@never_cache
def roster_import(request: HttpRequest) -> HttpResponse:
    """Upload a workbook; it is checked in the background."""
    _need_roster(request.user)
    organizations = _organizations(request)
    initial = {"organization": request.GET.get("organization") or organizations.first()}
    first = rules.can_found_tree(request.user)
    form = UploadForm(
        request.POST or None, request.FILES or None, organizations=organizations, first=first, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        upload = uploads.upload_roster(
            by=request.user, file=form.cleaned_data["file"], organization=form.cleaned_data.get("organization")
        )
        return redirect("units:roster_preview", pk=upload.pk)
    waiting = (
        RosterImport.objects.visible_to(request.user)
        .filter(state__in=_OPEN)
        .select_related("organization", "uploaded_by")
    )
    context = {
        "form": form,
        "waiting": waiting[:20],
        "layouts": [_columns(each) for each in layout.LAYOUTS],
        "steps": _steps(),
        "first": first,
    }
    return render(request, "units/roster/upload.html", context)


def _columns(each: layout.Layout) -> dict[str, Any]:
    must = [column.label for column in each.columns if column.required or column.field in {"parent_name", "full_on"}]
    return {
        "sheet": each.sheet,
        "must": must,
        "may": [column.label for column in each.columns if column.label not in must],
    }


def _upload(request: HttpRequest, pk: int) -> RosterImport:
    _need_roster(request.user)
    visible = RosterImport.objects.visible_to(request.user).select_related("organization", "uploaded_by", "job")
    return get_object_or_404(visible, pk=pk)


@never_cache
def roster_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """One upload, wherever it stands: being checked, to be confirmed, being written, written."""
    upload = _upload(request, pk)
    form = ConfirmForm(upload=upload) if upload.state == _State.PREVIEWED else None
    return _show(request, upload, form)


def _show(request: HttpRequest, upload: RosterImport, form: ConfirmForm | None) -> HttpResponse:
    context: dict[str, Any] = {
        "upload": upload,
        "form": form,
        "steps": _steps(),
        "at": _STEPS_AT.get(RosterImport.State(upload.state), 1),
        "crumbs": _crumbs(request, upload),
        "report": upload.report,
        "counts": upload.report.get("counts"),
        "own_job": upload.job if upload.job and upload.job.owner_id == request.user.pk else None,
    }
    if upload.state == _State.UNREADABLE:
        context["message"] = roster_messages.unreadable_message(upload.report["code"], upload.report["params"])
        context["remedy"] = roster_messages.unreadable_remedy(upload.report["code"], upload.report["params"])
    elif upload.state in {_State.PREVIEWED, _State.APPLIED}:
        context |= _lists(upload)
        context["missing_names"] = [each["name"] for each in context["missing"]]
    if form is not None:
        ticked = {str(each) for each in form["leavers"].value() or ()}
        for each in context["missing"]:
            each["ticked"] = str(each["pk"]) in ticked
        context["leaving_fields"] = [form["left_on"], form["left_reason"]]
    return render(request, _TEMPLATES[RosterImport.State(upload.state)], context)


def _lists(upload: RosterImport) -> dict[str, Any]:
    report = upload.report
    return {
        "faults": shown.faults(report),
        "normalised": shown.normalised(report),
        "changes": list(shown.member_changes(report)),
        "tree": list(shown.tree_changes(report)),
        "missing": shown.missing(report),
        "as_of": shown.as_of(report),
    }


def _crumbs(request: HttpRequest, upload: RosterImport) -> Crumbs:
    if upload.organization is None:
        return [(_("Import a roster"), None)]
    return crumbs(request.user, upload.organization, _("Import a roster"))


@require_POST
def roster_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the previewed workbook written, or leave everything as it is."""
    upload = _upload(request, pk)
    if upload.state != _State.PREVIEWED:
        messages.error(request, _("This workbook was confirmed or discarded meanwhile."))
        return redirect("units:roster_preview", pk=pk)
    form = ConfirmForm(request.POST, upload=upload)
    if not form.is_valid():
        return _show(request, upload, form)
    if form.cleaned_data["mode"] == ConfirmForm.NOTHING:
        messages.info(request, _("Nothing was written. Mend the marked cells in Excel and upload the workbook again."))
        return redirect("units:roster_preview", pk=pk)
    try:
        uploads.confirm_upload(by=request.user, upload=upload, faultless_only=form.faultless_only, leaving=form.leaving)
    except ImportRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("units:roster_preview", pk=pk)


@never_cache
def roster_marked(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook again with its faults marked."""
    upload = _upload(request, pk)
    if not upload.marked or upload.state == _State.DISCARDED:
        raise Http404
    uploads.record_download(by=request.user, upload=upload)
    name = _("%(name)s (faults marked).xlsx") % {"name": upload.file_name.removesuffix(".xlsx")}
    return FileResponse(upload.marked.open("rb"), as_attachment=True, filename=name)


@require_POST
def roster_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an upload up."""
    upload = _upload(request, pk)
    try:
        uploads.discard_upload(by=request.user, upload=upload)
    except ImportRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("units:roster_preview", pk=pk)
    messages.success(request, _("“%(file)s” was discarded; nothing was written.") % {"file": upload.file_name})
    return redirect("units:roster_import")


def roster_sample(request: HttpRequest) -> HttpResponse:
    """A workbook with invented people, to see how one is laid out."""
    _need_roster(request.user)
    path = settings.BASE_DIR / "samples" / "county-roster.xlsx"
    return FileResponse(path.open("rb"), as_attachment=True, filename=_("Sample roster.xlsx"))


@never_cache
def roster_export(request: HttpRequest) -> HttpResponse:
    """Export an organisation's roster with all numbers in full: asks first, then works in the background."""
    need_somewhere(request.user, Right.EDIT_ROSTER)
    chosen = request.POST.get("organization") or request.GET.get("organization") or ""
    visible = Organization.objects.visible_to(request.user, Right.EDIT_ROSTER)
    if chosen and not (chosen.isdigit() and len(chosen) < 19):
        raise Http404
    organization = get_object_or_404(visible, pk=chosen) if chosen else visible.first()
    if organization is None:
        raise PermissionDenied
    need(rules.can_edit_roster(request.user, organization))
    if request.method == "POST":
        job = enqueue("roster.export", by=request.user, args={"organization": organization.pk})
        return redirect("jobs:detail", pk=job.pk)
    context = {
        "organization": organization,
        "count": Member.objects.on_roll().within(organization).count(),
        "crumbs": crumbs(request.user, organization, _("Export the roster")),
        "filtered": any(value for key, value in request.GET.items() if key not in {"organization", "page", "sort"}),
    }
    return render(request, "units/roster/export.html", context)

"""Notes of a supervision group: jotted down during the week, read by the group and by the office (D-06, M-08)."""

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

from supervision import membership
from supervision.actions import notes as actions
from supervision.forms.notes import NoteForm
from supervision.models import GroupNote, SupervisionGroup
from supervision.queries.notes import by_week, units_for_notes

PER_PAGE = 50


def _groups(user: Any) -> list[SupervisionGroup]:
    """One's own groups first, then those whose notes the office reads."""
    seen = SupervisionGroup.objects.filter(membership.watched(user, "campaign__host"))
    mine = SupervisionGroup.objects.filter(pk__in=membership.own_groups(user))
    rows = (seen | mine).distinct().select_related("campaign__host").order_by("pk")
    return sorted(rows, key=lambda group: not membership.is_member(user, group))


def _chosen(request: HttpRequest, groups: list[SupervisionGroup]) -> SupervisionGroup | None:
    wanted = request.GET.get("group", "")
    if not wanted:
        return groups[0] if groups else None
    found = next((group for group in groups if str(group.pk) == wanted), None)
    if found is None:
        raise Http404
    return found


def notes(request: HttpRequest) -> HttpResponse:
    """The notes of one group by week; its members add to this week's in one step."""
    groups = _groups(request.user)
    group = _chosen(request, groups)
    if group is None:
        raise PermissionDenied
    member = membership.is_member(request.user, group)
    form = NoteForm(request.POST or None, group=group, units=units_for_notes(group)) if member else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            actions.write_note(by=request.user, group=group, **form.cleaned_data)
            messages.success(request, _("Noted. It will stand in the next report unless you take it out."))
            return redirect(_listed(group))
    rows = GroupNote.objects.visible_to(request.user).filter(group=group)
    related = ("author", "participation__organization", "participation__work_unit")
    page = Paginator(rows.select_related(*related), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "group": group,
        "groups": groups,
        "member": member,
        "form": form,
        "page": page,
        "weeks": by_week(page.object_list),
        "this_week": actions.this_week(),
        "crumbs": _crumbs(group, (_("Notes of the week"), "")),
    }
    return render(request, "supervision/note/list.html", context, status=422 if form and form.errors else 200)


def _listed(group: SupervisionGroup) -> str:
    return f"{reverse('supervision:notes')}?group={group.pk}"


def _crumbs(group: SupervisionGroup, *last: tuple[str, str]) -> list[tuple[str, str]]:
    groups = (_("Supervision groups"), reverse("supervision:groups"))
    return [groups, (group.name, reverse("supervision:group", args=[group.pk])), *last]


def _own_note(request: HttpRequest, pk: int) -> GroupNote:
    """A note of one's own that can still be changed; others in sight are refused."""
    rows = GroupNote.objects.visible_to(request.user)
    related = ("group__campaign__host", "participation__organization", "participation__work_unit")
    note = get_object_or_404(rows.select_related(*related), pk=pk)
    if note.author_id != request.user.pk or not membership.is_member(request.user, note.group):
        raise PermissionDenied
    return note


def note_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one's own note in other words, as long as it has not been told."""
    note = _own_note(request, pk)
    if note.used_at is not None:
        return _told(request, note)
    units = units_for_notes(note.group, note.participation)
    initial = {"text": note.text, "kind": note.kind, "participation": note.participation_id}
    form = NoteForm(request.POST or None, group=note.group, units=units, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_note(by=request.user, note=note, **form.cleaned_data)
        except actions.NoteTold:
            return _told(request, note)
        messages.success(request, _("The note is changed."))
        return redirect(_listed(note.group))
    listed = _listed(note.group)
    crumbs = _crumbs(note.group, (_("Notes of the week"), listed), (_("Change the note"), ""))
    context = {"note": note, "group": note.group, "form": form, "listed": listed, "crumbs": crumbs}
    return render(request, "supervision/note/edit.html", context, status=422 if form.errors else 200)


@require_POST
def note_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away one's own note that has not been told."""
    note = _own_note(request, pk)
    try:
        actions.delete_note(by=request.user, note=note)
    except actions.NoteTold:
        return _told(request, note)
    messages.success(request, _("The note is deleted."))
    return redirect(_listed(note.group))


def _told(request: HttpRequest, note: GroupNote) -> HttpResponse:
    messages.error(request, _("This note stands in a report that was sent; it stays as it is."))
    return redirect(_listed(note.group))

"""Documents that members hand in: essays, study notes, entries of a contest; the list, one of them, its file (E-36)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign import actions, rules, uploads
from campaign.forms.stage1 import DocumentForm
from campaign.models import MemberMark, Participation
from campaign.playbook import Action
from campaign.queries import taking_part
from campaign.views.activities import absent
from campaign.views.places import Place, crumbs, find_place
from units.models import Member

PER_PAGE = 100


def document_actions(participation: Participation) -> list[Action]:
    """What asks each member for a document now, those of other stages too: an essay may come late."""
    playbook = participation.batch.campaign.playbook
    return [
        a for a in playbook.actions if "member" in a.pers and a.evidence in {"document", "member_mark"} and not a.tool
    ]


def documents(request: HttpRequest, pk: int) -> HttpResponse:
    """What the members of an organisation have handed in; printable as a list."""
    place = find_place(request, pk)
    if place.participation is None or place.batch is None or not place.active:
        return absent(request, place)
    if not rules.can_see_members(request.user, place.organization):
        raise PermissionDenied
    listed = document_actions(place.participation)
    rows = MemberMark.objects.filter(batch=place.batch, member__in=Member.objects.within(place.organization))
    rows = rows.exclude(title="").select_related("member__organization")
    chosen = request.GET.get("action", "")
    if chosen:
        rows = rows.filter(action=chosen)
    page = Paginator(rows.order_by("member__organization__path", "member_id", "pk"), PER_PAGE)
    context = {
        "place": place,
        "organization": place.organization,
        "actions": listed,
        "names": {action.key: str(action.name) for action in listed},
        "chosen": chosen,
        "page": page.get_page(request.GET.get("page")),
        "crumbs": crumbs(request.user, place.organization, _("Essays and documents")),
    }
    return render(request, "campaign/documents/list.html", context)


def document_new(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Hand in a document for a member of the branch."""
    place = find_place(request, pk)
    if place.participation is None or not place.active:
        return absent(request, place)
    if not place.may_record:
        raise PermissionDenied
    members = Member.objects.on_roll().within(place.organization)
    back = f"{reverse('campaign:documents', args=[pk])}?action={action}"
    return _hand_in(request, place, action, members, back)


def own_document(request: HttpRequest) -> HttpResponse:
    """A member hands in his own: for the action asked for (`?action=`), else the first that wants a document."""
    member = getattr(request.user, "member", None)
    participation = taking_part(member.organization) if member and member.left_on is None else None
    if member is None or participation is None or participation.state != Participation.State.ACTIVE:
        raise Http404
    place = Place(member.organization, participation, participation.batch, False)
    first = sorted(document_actions(participation), key=lambda a: a.evidence != "document")
    action = request.GET.get("action", "") or next((a.key for a in first), "")
    return _hand_in(request, place, action, Member.objects.filter(pk=member.pk), reverse("home"), own=member)


def _hand_in(
    request: HttpRequest, place: Place, key: str, members: Any, back: str, own: Member | None = None
) -> HttpResponse:
    action = _action(place, key)
    kept = MemberMark.objects.filter(batch=place.batch, action=key, member=own).first() if own else None
    initial = {"member": own, "title": kept.title, "text": kept.text, "done_on": kept.done_on} if kept else None
    form = DocumentForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()),
        batch=place.batch,
        members=members,
        **({"initial": initial} if initial else {}),
    )
    if own is not None:
        form.fields["member"].initial = own
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        given = {name: data[name] for name in ("member", "title", "text", "done_on")}
        actions.hand_in(by=request.user, batch=place.batch, action=key, file=data["file"] or None, **given)
        messages.success(request, _("“%(title)s” has been handed in.") % {"title": data["title"]})
        return redirect(back)
    tail = [(_("My record of the campaign"), back), (str(action.name), "")]
    context = {
        "organization": place.organization,
        "action": action,
        "form": form,
        "back": back,
        "crumbs": tail if own else crumbs(request.user, place.organization, str(action.name)),
    }
    return render(request, "campaign/documents/new.html", context)


def _action(place: Place, key: str) -> Action:
    for action in document_actions(place.participation) if place.participation else ():
        if action.key == key:
            return action
    raise Http404


def _find(request: HttpRequest, pk: int) -> MemberMark:
    mine = Q(member__user=request.user)
    seen = MemberMark.objects.filter(Q(pk__in=MemberMark.objects.visible_to(request.user).values("pk")) | mine)
    return get_object_or_404(seen.exclude(title="").select_related("member__organization", "batch__campaign"), pk=pk)


def document(request: HttpRequest, pk: int) -> HttpResponse:
    """One document as it was handed in."""
    mark = _find(request, pk)
    action = mark.batch.campaign.playbook.action(mark.action)
    listed = (_("Essays and documents"), reverse("campaign:documents", args=[mark.member.organization_id]))
    context = {
        "mark": mark,
        "action": action,
        "organization": mark.member.organization,
        "crumbs": crumbs(request.user, mark.member.organization, listed, mark.title),
    }
    return render(request, "campaign/documents/detail.html", context)


def document_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Its file; a photograph opens in the browser."""
    mark = _find(request, pk)
    if not mark.file:
        raise Http404
    return uploads.send(mark.file, mark.file_name)

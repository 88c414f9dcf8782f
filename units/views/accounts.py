"""Accounts: the list, one new, those of all secretaries of a subtree, a new first password, closing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import actions as account_actions
from accounts import clock
from accounts.models import User
from units import access, actions, queries, rules
from units.forms.posts import AccountFilter, AccountForm
from units.guards import need, need_somewhere
from units.models import Member, Organization
from units.refusals import UsernameTaken
from units.roles import Right
from units.views.shared import page_of, refuse, tabs

AT_ONCE = 40  # hashing one password takes a good part of a second, on purpose


def accounts(request: HttpRequest) -> HttpResponse:
    """Accounts within reach, with the posts that they hold today."""
    need_somewhere(request.user, Right.MANAGE_ACCOUNTS, Right.GRANT_POSTS)
    form = AccountFilter(request.GET or None)
    visible = queries.with_standing_posts(queries.accounts_visible_to(request.user))
    rows = form.narrow(visible, clock.today()) if form.is_bound else visible.filter(is_active=True)
    page = page_of(request, rows.order_by("username"))
    context = {
        "form": form,
        "page": page,
        "tabs": tabs("accounts"),
        "makes": access.reaches_root(request.user, Right.MANAGE_ACCOUNTS),
        "in_bulk": _can_make_in_bulk(request.user),
        "grants": access.has_anywhere(request.user, Right.GRANT_POSTS),
    }
    return render(request, "units/account/list.html", context)


def _can_make_in_bulk(user: Any) -> bool:
    return access.has_anywhere(user, Right.MANAGE_ACCOUNTS) and access.has_anywhere(user, Right.GRANT_POSTS)


def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its posts, when it last signed in, a new password, closing."""
    user = request.user
    need_somewhere(user, Right.MANAGE_ACCOUNTS, Right.GRANT_POSTS)
    found = get_object_or_404(queries.with_standing_posts(queries.accounts_visible_to(user)), pk=pk)
    context = {
        "account": found,
        "posts": found.posts.select_related("organization").order_by("-from_date", "-pk"),
        "member": Member.objects.visible_to(user).filter(user=found).select_related("organization").first(),
        "manageable": found.pk != user.pk and rules.can_manage_account(user, found.standing_posts),
        "manages": access.has_anywhere(user, Right.MANAGE_ACCOUNTS),
        "grants": access.has_anywhere(user, Right.GRANT_POSTS),
    }
    return render(request, "units/account/detail.html", context)


def _managed(request: HttpRequest, pk: int) -> User:
    """An account that this user may reset or close: 404 outside the scope, 403 if it reaches further than he does."""
    need_somewhere(request.user, Right.MANAGE_ACCOUNTS, Right.GRANT_POSTS)
    account = get_object_or_404(queries.with_standing_posts(queries.accounts_visible_to(request.user)), pk=pk)
    if account.pk == request.user.pk or not rules.can_manage_account(request.user, account.standing_posts):
        raise PermissionDenied(
            _("This account holds posts outside your reach, or is your own. Ask the administrator above.")
        )
    return account


@never_cache
def account_new(request: HttpRequest) -> HttpResponse:
    """One account; its first password stands on the slip of this answer and nowhere else."""
    need_somewhere(request.user, Right.MANAGE_ACCOUNTS)
    need(access.reaches_root(request.user, Right.MANAGE_ACCOUNTS))
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            slip = actions.create_account(by=request.user, **form.cleaned_data)
        except UsernameTaken as refusal:
            refuse(form, refusal, "username")
        else:
            return _slips(request, [slip])
    return render(request, "units/account/new.html", {"form": form})


@never_cache
@require_POST
def account_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """A new first password, on a slip."""
    managed = _managed(request, pk)
    password = account_actions.reset_password(by=request.user, user=managed)
    return _slips(request, [actions.Slip(managed, password)])


@require_POST
def account_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Close or reopen an account."""
    managed = _managed(request, pk)
    active = not managed.is_active
    account_actions.set_active(by=request.user, user=managed, active=active)
    said = _("The account of %(name)s is open again.") if active else _("The account of %(name)s has been closed.")
    messages.success(request, said % {"name": managed})
    return redirect("units:account", pk=pk)


@never_cache
def account_bulk(request: HttpRequest) -> HttpResponse:
    """Accounts for the secretaries of all organisations of a subtree that lack one, forty at a time."""
    need_somewhere(request.user, Right.MANAGE_ACCOUNTS)
    need_somewhere(request.user, Right.GRANT_POSTS)
    tops = Organization.objects.visible_to(request.user, Right.MANAGE_ACCOUNTS)
    chosen = request.GET.get("organization", "")
    if chosen:
        top = get_object_or_404(tops, pk=chosen if chosen.isdigit() else 0)
    else:
        top = get_object_or_404(tops.order_by("depth", "path")[:1])
    lacking = queries.without_secretary(request.user, top)
    if request.method == "POST":
        wanted = _wanted(request, lacking)
        if wanted:
            return _slips(request, actions.create_secretary_accounts(by=request.user, wanted=wanted))
        messages.error(request, _("Tick at least one organisation whose secretary still lacks an account."))
    context = {"top": top, "total": lacking.count(), "at_once": AT_ONCE, "rows": _with_members(lacking[:AT_ONCE])}
    return render(request, "units/account/bulk.html", context)


def _wanted(request: HttpRequest, lacking: Any) -> list[actions.Wanted]:
    """What was ticked and still lacks an account: sending the page twice makes nothing twice."""
    ticked = [int(pk) for pk in request.POST.getlist("organization") if pk.isdigit()]
    return [
        actions.Wanted(each, request.POST.get(f"name_{each.pk}", "").strip()[:60])
        for each in lacking.filter(pk__in=ticked)[:AT_ONCE]
    ]


def _with_members(organizations: Any) -> list[dict[str, Any]]:
    """Each organisation with the names of its members, to choose the secretary from. Two queries."""
    shown = list(organizations)
    names: dict[int, list[str]] = {}
    found = Member.objects.on_roll().filter(organization__in=shown).order_by("pinyin", "pk")
    for organization_id, name in found.values_list("organization_id", "name"):
        names.setdefault(organization_id, []).append(name)
    return [{"organization": each, "names": names.get(each.pk, [])} for each in shown]


def _slips(request: HttpRequest, slips: list[actions.Slip]) -> HttpResponse:
    context = {"slips": slips, "address": request.build_absolute_uri("/")}
    return render(request, "units/account/slips.html", context)

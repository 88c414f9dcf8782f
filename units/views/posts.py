"""Posts: who holds which, giving one, ending one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts import clock
from units import access, actions, queries, rules
from units.forms.posts import EndPostForm, PostFilter, PostForm
from units.guards import need, need_somewhere
from units.models import Organization, Post
from units.refusals import UnitsRefusal
from units.roles import Right
from units.views.shared import page_of, refuse, tabs


def posts(request: HttpRequest) -> HttpResponse:
    """Posts within reach, held now unless asked otherwise."""
    need_somewhere(request.user, Right.GRANT_POSTS, Right.MANAGE_ACCOUNTS)
    today = clock.today()
    reach = access.scope(request.user, Right.GRANT_POSTS) | access.scope(request.user, Right.MANAGE_ACCOUNTS)
    visible = Post.objects.filter(reach).select_related("user", "organization")
    form = PostFilter(request.GET or None, organizations=_organizations(request))
    rows = form.narrow(visible, today) if form.is_bound else visible.current(today)
    page = page_of(request, rows)
    for post in page:
        post.ended = post.to_date is not None and post.to_date < today
        post.held = post.from_date <= today and not post.ended
        post.endable = rules.can_end_post(request.user, post) and not post.ended
    grants = access.has_anywhere(request.user, Right.GRANT_POSTS)
    context = {"form": form, "page": page, "grants": grants, "tabs": tabs("posts")}
    return render(request, "units/post/list.html", context)


def _organizations(request: HttpRequest) -> object:
    granted = Organization.objects.visible_to(request.user, Right.GRANT_POSTS)
    return granted | Organization.objects.visible_to(request.user, Right.MANAGE_ACCOUNTS)


def post_grant(request: HttpRequest) -> HttpResponse:
    """Give a post to an account."""
    need_somewhere(request.user, Right.GRANT_POSTS)
    organizations = Organization.objects.visible_to(request.user, Right.GRANT_POSTS).active()
    people = queries.accounts_visible_to(request.user).filter(is_active=True).exclude(pk=request.user.pk)
    initial = {"from_date": clock.today(), "user": request.GET.get("user", "")}
    initial["organization"] = request.GET.get("organization", "")
    form = PostForm(request.POST or None, accounts=people, organizations=organizations, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            post = actions.grant_post(by=request.user, **form.cleaned_data)
        except UnitsRefusal as refusal:
            refuse(form, refusal, "role")
        else:
            told = {"name": post.user, "role": post.get_role_display(), "organization": post.organization}
            messages.success(request, _("%(name)s is now %(role)s at %(organization)s.") % told)
            return redirect("units:posts")
    context = {"form": form, "people": people[:1000], "organizations": organizations[:2000]}
    return render(request, "units/post/grant.html", context)


def post_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a post after a day."""
    need_somewhere(request.user, Right.GRANT_POSTS, Right.MANAGE_ACCOUNTS)
    visible = Post.objects.visible_to(request.user, Right.GRANT_POSTS).select_related("user", "organization")
    post = get_object_or_404(visible, pk=pk)
    need(rules.can_end_post(request.user, post))
    form = EndPostForm(request.POST or None, initial={"last_day": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_post(by=request.user, post=post, **form.cleaned_data)
        except UnitsRefusal as refusal:
            refuse(form, refusal, "last_day")
        else:
            messages.success(request, _("The post of %(name)s ends.") % {"name": post.user})
            return redirect("units:posts")
    return render(request, "units/post/end.html", {"form": form, "post": post})

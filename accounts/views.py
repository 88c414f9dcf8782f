"""Signing in and out, the password, the inbox, health."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.core.paginator import Paginator
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions, clock
from accounts.forms import ChangePasswordForm, SignInForm
from accounts.models import Notification


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    form_class = SignInForm
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True


class SignOut(LogoutView):
    http_method_names = ["post", "options"]


def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; a first password leads here and nowhere else."""
    form = ChangePasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.change_password(by=request.user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, request.user)
        messages.success(request, _("The password has been changed."))
        return redirect("home")
    return render(request, "accounts/change_password.html", {"form": form})


def inbox(request: HttpRequest) -> HttpResponse:
    """What happened that concerns me, the newest first."""
    notes = Notification.objects.visible_to(request.user)
    page = Paginator(notes, 30).get_page(request.GET.get("page"))
    return render(request, "accounts/inbox.html", {"page": page, "unread": notes.unread().count()})


def open_notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a line as read and go where it leads."""
    note = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    Notification.objects.filter(pk=note.pk, read_at=None).update(read_at=clock.now())
    if note.url and url_has_allowed_host_and_scheme(note.url, allowed_hosts=None):
        return redirect(note.url)
    return redirect("accounts:inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    Notification.objects.visible_to(request.user).unread().update(read_at=clock.now())
    return redirect("accounts:inbox")


@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it on their own where what they show names no icon: an error page, a picture, a file."""
    return redirect(static("favicon.svg"))


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """The process can do its work: the database answers, and the broker where one is set."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    broker = "inline"
    if settings.REDIS_URL:
        import redis

        try:
            redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2).ping()
            broker = "ok"
        except redis.RedisError:
            return JsonResponse({"database": "ok", "broker": "unreachable"}, status=503)
    return JsonResponse({"database": "ok", "broker": broker})


@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state; only while developing."""
    if not settings.DEBUG:
        raise Http404
    from accounts.styleguide import sample

    return render(request, "styleguide.html", sample())

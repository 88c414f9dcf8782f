"""Signing in and out, the password, the inbox, notices by e-mail, health."""

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
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from accounts import actions, clock, mail_actions
from accounts.forms import ChangePasswordForm, InboxFilter, MailChoiceForm, SignInForm
from accounts.inbox import parts_of
from accounts.letters import NotSent
from accounts.models import MailChoice, Notification, User

NOTES_A_PAGE = 30


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
    """What waits for me, what is due soon, and what happened, the newest first."""
    notes = Notification.objects.visible_to(request.user)
    form = InboxFilter(request.GET)
    page = Paginator(form.narrow(notes), NOTES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "parts": parts_of(request.user),
        "form": form,
        "narrowed": form.is_valid() and any(form.cleaned_data.values()),
        "page": page,
        "unread": notes.unread().count(),
    }
    return render(request, "accounts/inbox.html", context)


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


# ---------------------------------------------------------------- notices by e-mail
def mail(request: HttpRequest) -> HttpResponse:
    """My own choice: to which address, how often, what at once."""
    choice = MailChoice.objects.filter(user=request.user).first() or MailChoice(user=request.user)
    form = MailChoiceForm(request.POST or None, choice=choice)
    if request.method == "POST" and form.is_valid():
        kept = mail_actions.choose(by=request.user, wishes=form.wishes)
        messages.success(request, _("Your choice has been saved."))
        if kept.address and not kept.confirmed_at and kept.address != choice.address:
            _ask_to_confirm(request)
        return redirect("accounts:mail")
    context = {"form": form, "choice": choice, "sends": settings.MAIL_GOES_OUT, "crumbs": _mail_crumbs(2)}
    return render(request, "accounts/mail.html", context)


def _mail_crumbs(steps: int) -> list[tuple[str, str]]:
    way = [
        (_("Inbox"), reverse("accounts:inbox")),
        (_("Notices by e-mail"), reverse("accounts:mail")),
        (_("Confirm your e-mail address"), ""),
    ]
    return way[:steps]


@require_POST
def mail_ask(request: HttpRequest) -> HttpResponse:
    """Send the link that confirms my address once more."""
    choice = MailChoice.objects.filter(user=request.user, confirmed_at=None).first()
    if choice is not None and choice.address:
        _ask_to_confirm(request)
    return redirect("accounts:mail")


def _ask_to_confirm(request: HttpRequest) -> None:
    try:
        mail_actions.ask_to_confirm(by=request.user)
    except mail_actions.AskedJustNow:
        text = _("The last link was sent less than a minute ago. Wait a moment, then have it sent again.")
        messages.warning(request, text)
    except NotSent as failure:
        messages.error(request, _("The link could not be sent. %(reason)s") % {"reason": failure.reason})
    else:
        messages.info(request, _("A link has been sent to this address. Open it within three days to confirm it."))


def mail_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail: a button confirms, for programs that look into mails open every link."""
    act = mail_actions.confirm if request.method == "POST" else mail_actions.to_confirm
    try:
        choice = act(by=request.user, token=token)
    except mail_actions.LinkForged as forged:
        raise Http404 from forged
    except mail_actions.LinkOutdated:
        messages.error(request, _("This link does not hold any more. Have a new one sent."))
        return redirect("accounts:mail")
    if request.method == "POST":
        messages.success(request, _("Your address is confirmed. Notices go there from now on."))
        return redirect("accounts:mail")
    return render(request, "accounts/mail_confirm.html", {"choice": choice, "crumbs": _mail_crumbs(3)})


@login_not_required
def choose_language(request: HttpRequest) -> HttpResponse:
    """The language switch; who is signed in gets mails in the language chosen last."""
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).exclude(language=chosen).update(language=chosen)
    return set_language(request)


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

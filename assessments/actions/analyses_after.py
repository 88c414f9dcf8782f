"""After the review: the public notice of a paper, opinions on it; deputies; and the organisation's own analysis."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.messages import Message, in_both_languages
from accounts.models import User
from accounts.templatetags.shell import day
from assessments.actions.analyses import DraftMoved, PaperClosed, PaperMoved, SectionMissing
from assessments.models import Deputy, OrganizationAnalysis, PaperOpinion, SelfAnalysis
from assessments.papers import count_characters
from campaign.actions import give_notice
from campaign.models import Batch, PublicNotice
from units import access
from units.models import Organization

NOTED = audit.action("paper.opinion_noted", _("Noted an opinion on a self-analysis on notice"))
DEPUTY_SET = audit.action("deputy.set", _("Named a deputy for reviewing"))
DEPUTY_ENDED = audit.action("deputy.ended", _("Ended a deputy for reviewing"))
FINISHED = audit.action("organization_paper.finished", _("Finished the analysis of the organisation"))
REOPENED = audit.action("organization_paper.reopened", _("Took up the analysis of the organisation again"))


class NotAfterAll(Exception):
    """A person cannot stand in for himself, nor for days that are past."""


class NoticeGiven(Exception):
    """The paper hangs on notice already."""


def _notice_text(place: str) -> str:
    """Where the paper hangs, in both languages one after the other: a notice is stored as it was given."""
    if not place:
        return ""
    both = in_both_languages(lambda: Message(gettext_noop("It hangs here: %(place)s"), {"place": place}))
    return both["zh"]


@transaction.atomic
def notice_paper(*, by: User, paper: SelfAnalysis, scope: str, days: int, place: str = "") -> PublicNotice:
    """Show a passed paper within a scope for so many days (F-08). The text itself is not stored in the notice.

    Raises NoticeGiven, PaperMoved.
    """
    if paper.notice_id:
        raise NoticeGiven
    titles = in_both_languages(lambda: Message(gettext_noop("Self-analysis of %(name)s"), {"name": str(paper.member)}))
    notice = give_notice(
        by=by,
        batch=paper.batch,
        organization=paper.organization,
        kind="self_analysis",
        title=titles["zh"],
        text=_notice_text(place),
        scope=scope,
        days=days,
    )
    rows = SelfAnalysis.objects.filter(pk=paper.pk, state=SelfAnalysis.State.PASSED, notice=None)
    if not rows.update(notice=notice):
        raise PaperMoved
    return notice


@transaction.atomic
def note_opinion(*, by: User, paper: SelfAnalysis, text: str) -> PaperOpinion:
    """Note what was said about a paper on notice; nobody is named."""
    made = PaperOpinion.objects.create(analysis=paper, text=text.strip(), noted_by=by)
    audit.record(NOTED, by=by, obj=paper, organization=paper.organization)
    return made


def _seat(person: User) -> Organization | None:
    """Where a reviewer sits: the highest organisation of his posts; the history shows it to those in charge there."""
    held = [post.organization for post in access.posts_of(person)]
    return min(held, key=lambda organization: len(organization.path), default=None)


@transaction.atomic
def set_deputy(*, by: User, principal: User, deputy: User, from_date: dt.date, to_date: dt.date, reason: str) -> Deputy:
    """Let `deputy` review and decide for `principal` on these days, both included. Raises NotAfterAll."""
    if principal.pk == deputy.pk or to_date < max(from_date, clock.today()):
        raise NotAfterAll
    made = Deputy.objects.create(
        principal=principal, deputy=deputy, from_date=from_date, to_date=to_date, reason=reason, set_by=by
    )
    data = {
        "principal": str(principal),
        "deputy": str(deputy),
        "from": from_date.isoformat(),
        "to": to_date.isoformat(),
        "reason": reason,
    }
    audit.record(DEPUTY_SET, by=by, organization=_seat(principal), data=data)
    notify.send(
        [deputy],
        gettext_noop("You stand in for %(name)s until %(day)s: you review papers and decide on applications"),
        params={"name": str(principal), "day": in_both_languages(lambda: day(to_date))},
        url=reverse("assessments:paper_queue"),
    )
    return made


@transaction.atomic
def end_deputy(*, by: User, deputy: Deputy) -> None:
    """End a deputy today, or take it away before it begins; a second person finds it done."""
    today = clock.today()
    if deputy.to_date < today:
        return
    if deputy.from_date >= today:
        Deputy.objects.filter(pk=deputy.pk).delete()
    else:
        Deputy.objects.filter(pk=deputy.pk).update(to_date=today - dt.timedelta(days=1))
    names = {"principal": str(deputy.principal), "deputy": str(deputy.deputy)}
    audit.record(DEPUTY_ENDED, by=by, organization=_seat(deputy.principal), data=names)


# ---------------------------------------------------------------- organisations (F-07)
def organization_paper_for(organization: Organization, batch: Batch) -> OrganizationAnalysis:
    """The organisation's analysis in the batch, begun if it is not there yet."""
    paper, _made = OrganizationAnalysis.objects.get_or_create(batch=batch, organization=organization)
    return paper


@transaction.atomic
def save_organization_draft(*, by: User, paper: OrganizationAnalysis, text: str, revision: int) -> int:
    """Save the draft over `revision`; the new revision is returned. Raises DraftMoved, PaperClosed."""
    rows = OrganizationAnalysis.objects.filter(pk=paper.pk, state=OrganizationAnalysis.State.DRAFT)
    saved = rows.filter(revision=revision).update(
        text=text, characters=count_characters(text), revision=revision + 1, saved_at=clock.now(), saved_by=by
    )
    if not saved:
        raise DraftMoved if rows.exists() else PaperClosed
    return revision + 1


@transaction.atomic
def finish_organization_paper(*, by: User, paper: OrganizationAnalysis) -> None:
    """Declare the analysis finished; it can then be put on notice. Raises SectionMissing, PaperMoved."""
    paper.refresh_from_db()
    if not paper.text.strip():
        raise SectionMissing("text")
    rows = OrganizationAnalysis.objects.filter(
        pk=paper.pk, state=OrganizationAnalysis.State.DRAFT, revision=paper.revision
    )
    if not rows.update(state=OrganizationAnalysis.State.FINISHED, finished_at=clock.now()):
        raise PaperMoved
    audit.record(FINISHED, by=by, obj=paper, organization=paper.organization)


@transaction.atomic
def reopen_organization_paper(*, by: User, paper: OrganizationAnalysis) -> None:
    """Take a finished analysis up again, as long as it is not on notice. Raises PaperMoved."""
    rows = OrganizationAnalysis.objects.filter(pk=paper.pk, state=OrganizationAnalysis.State.FINISHED, notice=None)
    if not rows.update(state=OrganizationAnalysis.State.DRAFT, finished_at=None):
        raise PaperMoved
    audit.record(REOPENED, by=by, obj=paper, organization=paper.organization)


@transaction.atomic
def notice_organization_paper(
    *, by: User, paper: OrganizationAnalysis, scope: str, days: int, place: str = ""
) -> PublicNotice:
    """Show a finished analysis, its text included: it names no person (F-08). Raises NoticeGiven, PaperMoved."""
    if paper.notice_id:
        raise NoticeGiven
    titles = in_both_languages(lambda: Message(gettext_noop("Analysis of %(name)s"), {"name": str(paper.organization)}))
    notice = give_notice(
        by=by,
        batch=paper.batch,
        organization=paper.organization,
        kind="organization_analysis",
        title=titles["zh"],
        text="\n".join(filter(None, [_notice_text(place), paper.text])),
        scope=scope,
        days=days,
    )
    rows = OrganizationAnalysis.objects.filter(pk=paper.pk, state=OrganizationAnalysis.State.FINISHED, notice=None)
    if not rows.update(notice=notice):
        raise PaperMoved
    return notice

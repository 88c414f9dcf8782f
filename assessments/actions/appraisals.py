"""Democratic appraisal: drafting, deciding and showing an opinion, the member's answer, appeals, report-outs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import User
from assessments.models import Appeal, Appraisal, ReportOut
from assessments.queries.analyses import is_leader
from campaign.models import Batch
from units import access
from units.models import Member, Organization
from units.roles import Right

DRAFTED = audit.action("appraisal.drafted", _("Drafted an opinion on a member"))
DECIDED = audit.action("appraisal.decided", _("Decided an opinion on a member"))
SHOWN = audit.action("appraisal.shown", _("Showed a member the opinion on him"))
SIGNED = audit.action("appraisal.signed", _("Signed an opinion"))
DISSENTED = audit.action("appraisal.dissented", _("Signed an opinion with a dissent"))
DECLINED = audit.action("appraisal.declined", _("Declined to sign an opinion"))
READ = audit.action("appraisal.read", _("Read the opinion on a member"))
APPEALED = audit.action("appraisal.appealed", _("Appealed against an opinion"))
UPHELD = audit.action("appraisal.appeal_upheld", _("Upheld an appeal"))
DISMISSED = audit.action("appraisal.appeal_dismissed", _("Dismissed an appeal"))
APPEAL_READ = audit.action("appraisal.appeal_read", _("Read an appeal"))
REPORTED = audit.action("appraisal.reported_out", _("Told the masses of the appraisal or of a meeting"))


class AppraisalMoved(Exception):
    """Somebody else has changed, decided or answered this opinion meanwhile."""


class AppraisalIncomplete(Exception):
    """An opinion cannot be decided while something is missing; `missing` names the fields."""

    def __init__(self, missing: Collection[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = list(missing)


class UnknownVerdict(Exception):
    """The playbook has no such grade."""


class NeedsWitness(Exception):
    """Somebody who declines to sign does so before a witness, with a reason (decision 13)."""


class AppealOpen(Exception):
    """An appeal against this opinion is open already."""


class NothingToAppeal(Exception):
    """Only an opinion that has been decided can be appealed against."""


class AppealMoved(Exception):
    """Somebody else has decided this appeal meanwhile."""


@dataclass(frozen=True)
class Draft:
    """What the branch writes of a member."""

    basis: Collection[str] = ()
    opinion: str = ""
    shortcomings: str = ""
    verdict: str = ""
    scope: str = ""  # in which a leader was appraised (F-34)


@transaction.atomic
def draft_appraisal(*, by: User, batch: Batch, member: Member, draft: Draft, version: int | None = None) -> Appraisal:
    """Write or rewrite the opinion on a member before it is decided (F-28, F-34).

    With the `version` that the person saw, raises AppraisalMoved if somebody else has saved since.
    """
    _grade(batch, draft.verdict, empty=True)
    values = {
        "basis": list(draft.basis),
        "opinion": draft.opinion,
        "shortcomings": draft.shortcomings,
        "verdict": draft.verdict,
        "scope": draft.scope,
    }
    found = Appraisal.objects.filter(batch=batch, member=member)
    if not found.exists():
        if version:
            raise AppraisalMoved
        appraisal = _create(by=by, batch=batch, member=member, values=values)
    else:
        seen = found.filter(state=Appraisal.State.DRAFTED, **({"version": version} if version is not None else {}))
        if not seen.update(version=F("version") + 1, drafted_by=by, **values):
            raise AppraisalMoved
        appraisal = found.get()
    audit.record(DRAFTED, by=by, obj=appraisal, organization=appraisal.organization)
    return appraisal


def _create(*, by: User, batch: Batch, member: Member, values: dict[str, object]) -> Appraisal:
    try:
        with transaction.atomic():
            return Appraisal.objects.create(
                batch=batch, member=member, organization=member.organization, drafted_by=by, **values
            )
    except IntegrityError as taken:
        raise AppraisalMoved from taken


def _grade(batch: Batch, key: str, *, empty: bool = False) -> bool:
    """Whether a verdict is adverse. Raises UnknownVerdict."""
    if empty and not key:
        return False
    grade = batch.campaign.playbook.appraisal.grade(key)
    if grade is None:
        raise UnknownVerdict(key)
    return grade.adverse


@transaction.atomic
def decide_appraisal(*, by: User, appraisal: Appraisal, on: dt.date, decided_in: str = "") -> None:
    """The branch committee or the branch decides the opinion as drafted (F-27).

    Raises AppraisalIncomplete while text or verdict are missing, or, where the playbook asks for them, shortcomings
    and the scope in which a leader was appraised.
    """
    rule = appraisal.batch.campaign.playbook.appraisal
    current = Appraisal.objects.select_related("member").get(pk=appraisal.pk)
    missing = [name for name in ("basis", "opinion", "verdict") if not getattr(current, name)]
    if rule.shortcomings and not current.shortcomings.strip():
        missing.append("shortcomings")
    if rule.leader_scope and is_leader(current.member) and not current.scope.strip():
        missing.append("scope")
    if missing:
        raise AppraisalIncomplete(missing)
    decided = Appraisal.objects.filter(
        pk=appraisal.pk, state=Appraisal.State.DRAFTED, version=appraisal.version
    ).update(
        state=Appraisal.State.DECIDED,
        decided_on=on,
        decided_in=decided_in or rule.opinion_by,
        decided_by=by,
        adverse=_grade(appraisal.batch, current.verdict),
        version=F("version") + 1,
    )
    if not decided:
        raise AppraisalMoved
    audit.record(DECIDED, by=by, obj=appraisal, organization=appraisal.organization, data={"verdict": current.verdict})


@transaction.atomic
def show_appraisal(*, by: User, appraisal: Appraisal, on: dt.date | None = None) -> None:
    """Tell the member what was decided; one with an account finds it on his own page (F-29)."""
    _move(appraisal, {Appraisal.State.DECIDED}, state=Appraisal.State.SHOWN, shown_on=on or clock.today())
    audit.record(SHOWN, by=by, obj=appraisal, organization=appraisal.organization)
    if appraisal.member.user_id:
        notify.send(
            [appraisal.member.user],
            gettext_noop("The opinion on you has been decided: read and sign it."),
            url=reverse("assessments:my_papers"),
            confidential=True,
        )


def _move(appraisal: Appraisal, expected: set[Appraisal.State], **values: object) -> None:
    """Compare and swap; raises AppraisalMoved."""
    rows = Appraisal.objects.filter(pk=appraisal.pk, state__in=expected)
    if not rows.update(version=F("version") + 1, **values):
        raise AppraisalMoved


_ANSWERS = {
    Appraisal.State.SIGNED: SIGNED,
    Appraisal.State.DISSENT: DISSENTED,
    Appraisal.State.DECLINED: DECLINED,
}


@transaction.atomic
def answer_appraisal(
    *,
    by: User,
    appraisal: Appraisal,
    answer: str,
    on: dt.date | None = None,
    text: str = "",
    witness: str = "",
) -> None:
    """The member signs, signs with a dissent, or declines before a witness; all three let it stand (decision 13).

    By the member himself on his page, or by the branch from paper. Who signs has been shown it by that.
    """
    state = Appraisal.State(answer)
    if state == Appraisal.State.DECLINED and not (witness.strip() and text.strip()):
        raise NeedsWitness
    if state == Appraisal.State.DISSENT and not text.strip():
        raise AppraisalIncomplete(["text"])
    day = on or clock.today()
    values = {
        "state": state,
        "answered_on": day,
        "answered_by": by,
        "on_paper": appraisal.member.user_id != by.pk,
        "witness": witness,
        "answer": text,
        "shown_on": appraisal.shown_on or day,
    }
    _move(appraisal, {Appraisal.State.SHOWN, Appraisal.State.DECIDED}, **values)
    audit.record(_ANSWERS[state], by=by, obj=appraisal, organization=appraisal.organization)


@transaction.atomic
def note_reading(*, by: User, appraisal: Appraisal) -> None:
    """Keep that somebody read another person's opinion (decision 20)."""
    if appraisal.member.user_id != by.pk:
        audit.record(READ, by=by, obj=appraisal, organization=appraisal.organization)


@transaction.atomic
def note_reading_appeal(*, by: User, appeal: Appeal) -> None:
    """Keep that somebody read another person's appeal."""
    if appeal.member.user_id != by.pk:
        audit.record(APPEAL_READ, by=by, obj=appeal, organization=appeal.organization)


# ---------------------------------------------------------------- appeals
@transaction.atomic
def file_appeal(*, by: User, appraisal: Appraisal, text: str, on: dt.date | None = None) -> Appeal:
    """The member turns to the superior organisation (decision 13), himself or on paper. One at a time."""
    if not appraisal.stands:
        raise NothingToAppeal
    try:
        with transaction.atomic():
            appeal = Appeal.objects.create(
                appraisal=appraisal,
                member=appraisal.member,
                organization=appraisal.organization,
                text=text,
                filed_on=on or clock.today(),
                filed_by=by,
                verdict_before=appraisal.verdict,
            )
    except IntegrityError as taken:
        raise AppealOpen from taken
    on_paper = {"on_paper": True} if appeal.on_paper else {}
    audit.record(APPEALED, by=by, obj=appeal, organization=appeal.organization, data=on_paper)
    notify.send(
        access.holders(Right.PAPERS, appeal.organization, strictly_above=True).exclude(pk=by.pk),
        gettext_noop("A member of %(branch)s appeals against the opinion on him."),
        url=reverse("assessments:appeal", args=[appeal.pk]),
        params={"branch": appeal.organization.name},
        confidential=True,
    )
    return appeal


@transaction.atomic
def decide_appeal(*, by: User, appeal: Appeal, upheld: bool, reason: str, verdict: str = "") -> None:
    """The superior organisation upholds or dismisses an appeal; upheld, it may change the verdict."""
    batch = appeal.appraisal.batch
    after = verdict if upheld and verdict else appeal.verdict_before
    adverse = _grade(batch, after)
    moved = Appeal.objects.filter(pk=appeal.pk, state=Appeal.State.OPEN).update(
        state=Appeal.State.UPHELD if upheld else Appeal.State.DISMISSED,
        reason=reason,
        verdict_after=after,
        decided_on=clock.today(),
        decided_by=by,
    )
    if not moved:
        raise AppealMoved
    if upheld and after != appeal.verdict_before:
        rows = Appraisal.objects.filter(pk=appeal.appraisal_id, verdict=appeal.verdict_before)
        if not rows.update(verdict=after, adverse=adverse, version=F("version") + 1):
            raise AppraisalMoved
    audit.record(
        UPHELD if upheld else DISMISSED,
        by=by,
        obj=appeal,
        organization=appeal.organization,
        data={"before": appeal.verdict_before, "after": after},
    )
    told = set(access.holders(Right.PAPERS, appeal.organization)) | (
        {appeal.member.user} if appeal.member.user_id else set()
    )
    notify.send(
        told - {by},
        gettext_noop("An appeal of %(branch)s has been decided."),
        url=reverse("assessments:appeal", args=[appeal.pk]),
        params={"branch": appeal.organization.name},
        confidential=True,
    )


@transaction.atomic
def report_out(
    *,
    by: User,
    batch: Batch,
    organization: Organization,
    on: dt.date,
    scope: str,
    how: str,
    people: int | None = None,
    about: str = ReportOut.About.APPRAISAL,
) -> ReportOut:
    """Keep that the masses were told how the appraisal (F-31) or one of the two meetings went (F-32)."""
    told = ReportOut.objects.create(
        batch=batch,
        organization=organization,
        about=about,
        held_on=on,
        scope=scope,
        how=how,
        people=people,
        recorded_by=by,
    )
    audit.record(REPORTED, by=by, obj=told, organization=organization, data={"about": about})
    return told

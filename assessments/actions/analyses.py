"""Writing a self-analysis, handing it in, reviewing and re-checking it (F-05..F-15)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import User
from assessments.models import AnalysisFile, AnalysisVersion, PaperReview, SelfAnalysis
from assessments.models.analyses import principals_of
from assessments.papers import SECTIONS, characters_of, same_words
from assessments.queries.analyses import exemption, is_leader, minimum_for, reviewers_of, route_for
from campaign.models import Batch, Participation
from units import access
from units.models import Member, Organization, Post
from units.roles import Right

State = SelfAnalysis.State
WAITING = (State.SUBMITTED, State.IN_REVIEW)
OPEN = (State.DRAFT, State.RETURNED)

READ = audit.action("paper.read", _("Read a member's self-analysis"))
ENTERED = audit.action("paper.entered", _("Entered a self-analysis for a member"))
HANDED_IN = audit.action("paper.handed_in", _("Handed in a self-analysis"))
TAKEN_BACK = audit.action("paper.taken_back", _("Took a self-analysis back"))
PASSED = audit.action("paper.passed", _("Passed a self-analysis"))
RETURNED = audit.action("paper.returned", _("Returned a self-analysis to be rewritten"))
RECHECKED = audit.action("paper.rechecked", _("Re-checked a self-analysis"))
ASSIGNED = audit.action("paper.assigned", _("Named the reviewer of a self-analysis"))
REMINDED = audit.action("paper.reminded", _("Reminded members of their self-analysis"))


class DraftMoved(Exception):
    """The draft was saved elsewhere meanwhile (another tab, another person); nothing was overwritten."""


class PaperClosed(Exception):
    """The paper is being reviewed or has passed: it cannot be changed now."""


class PaperMoved(Exception):
    """Somebody else has taken the paper, decided on it, or a newer version was handed in meanwhile."""


class TooShort(Exception):
    """The paper has fewer characters than the rules ask for (F-11)."""

    def __init__(self, have: int, need: int) -> None:
        super().__init__(f"{have} of {need}")
        self.have, self.need = have, need


class SectionMissing(Exception):
    """A section that is asked of this member is empty (F-06, F-09); `section` is the field."""

    def __init__(self, section: str) -> None:
        super().__init__(section)
        self.section = section


class Unchanged(Exception):
    """A returned paper was handed in again word for word (F-14)."""


class OwnPaper(Exception):
    """Nobody reviews his own paper (decision 8)."""


class ReasonMissing(Exception):
    """A paper is not returned without a word on what to mend."""


@dataclass(frozen=True)
class Draft:
    """What stands in the editor. `earlier_campaign`: took part in the “Three Stresses” education (C-05)."""

    text: str
    views: str = ""
    measures: str = ""
    earlier_campaign: bool = False
    sources: str = ""  # as papers.pack_sources makes it


def paper_for(member: Member, batch: Batch) -> SelfAnalysis:
    """The member's paper in the batch, begun if it is not there yet."""
    paper, _made = SelfAnalysis.objects.get_or_create(
        batch=batch, member=member, defaults={"organization": member.organization}
    )
    return paper


@transaction.atomic
def save_draft(
    *, by: User, paper: SelfAnalysis, draft: Draft, revision: int, original: AnalysisFile | None = None
) -> int:
    """Save the draft over `revision`; the new revision is returned. Raises DraftMoved, PaperClosed."""
    mine = paper.member.user_id == by.pk
    if not mine and paper.saved_by_id != by.pk:  # once for each who enters, not at every autosave
        audit.record(ENTERED, by=by, obj=paper, organization=paper.organization)
    values = {
        "sources": draft.sources,
        "text": draft.text,
        "views": draft.views,
        "measures": draft.measures,
        "earlier_campaign": draft.earlier_campaign,
        "characters": characters_of(draft),
        "revision": revision + 1,
        "saved_at": clock.now(),
        "saved_by": by,
    }
    if original is not None:
        values["original"] = original
    rows = SelfAnalysis.objects.filter(pk=paper.pk, state__in=OPEN)
    if not rows.filter(revision=revision).update(**values):
        raise DraftMoved if rows.exists() else PaperClosed
    return revision + 1


@transaction.atomic
def keep_file(*, by: User, paper: SelfAnalysis, name: str, content: bytes) -> AnalysisFile:
    """Keep the Word file that a text is read from, sealed."""
    return AnalysisFile.objects.create(
        analysis=paper, name=name[:200], size=len(content), sealed=base64.b64encode(content).decode(), added_by=by
    )


def content_of(file: AnalysisFile) -> bytes:
    """The bytes of a kept file."""
    return base64.b64decode(file.sealed)


@transaction.atomic
def hand_in(*, by: User, paper: SelfAnalysis, participation: Participation) -> AnalysisVersion:
    """Hand in what is saved as the next version, and route it to its reviewer (F-12, F-13).

    Raises PaperClosed, SectionMissing, TooShort, Unchanged, DraftMoved.
    """
    paper.refresh_from_db()
    member = paper.member
    if not paper.is_open:
        raise PaperClosed
    _check_content(paper, participation)
    found = route_for(member, participation)
    place = Organization.objects.filter(path=found.path).first() if found else None
    number = paper.last_number + 1
    swapped = SelfAnalysis.objects.filter(pk=paper.pk, revision=paper.revision, state=paper.state).update(
        state=State.SUBMITTED,
        submitted_at=clock.now(),
        last_number=number,
        rechecked_at=None,
        author_kind=found.author if found else "",
        reviewer_kind=found.reviewer if found else "",
        reviewer_role=found.role if found else "",
        reviewer_organization=place,
    )
    if not swapped:
        raise DraftMoved
    version = AnalysisVersion.objects.create(
        analysis=paper,
        number=number,
        characters=paper.characters,
        source=AnalysisVersion.Source.DOCX if paper.original_id else AnalysisVersion.Source.PAGE,
        original=paper.original,
        handed_in_by=by,
        **{name: getattr(paper, name) for name in ("sources", *SECTIONS)},
    )
    paper.refresh_from_db()
    for_another = {"on_behalf": True} if member.user_id != by.pk else {}
    audit.record(HANDED_IN, by=by, obj=paper, organization=paper.organization, data={"version": number, **for_another})
    _tell_reviewers(paper)
    return version


def _check_content(paper: SelfAnalysis, participation: Participation) -> None:
    rules = participation.batch.campaign.playbook.analysis
    if not paper.text.strip():
        raise SectionMissing("text")
    if is_leader(paper.member) and not exemption(rules, paper.member) and not paper.views.strip():
        raise SectionMissing("views")
    if paper.earlier_campaign and not paper.measures.strip():
        raise SectionMissing("measures")
    least = minimum_for(rules, paper.member)
    if least is not None and paper.characters < least:
        raise TooShort(paper.characters, least)
    last = paper.versions.filter(number=paper.last_number).first()
    if last is not None and paper.state == State.RETURNED and same_words(last, paper):
        raise Unchanged


def _tell_reviewers(paper: SelfAnalysis) -> None:
    people = list(reviewers_of(paper)) if paper.reviewer_role or paper.assigned_reviewer_id else []
    if people:
        notify.send(
            people,
            gettext_noop("%(name)s has handed in a self-analysis for your review"),
            params={"name": str(paper.member)},
            url=reverse("assessments:paper_review", args=[paper.pk]),
            confidential=True,
        )
        return
    office = [user for user in access.holders(Right.APPROVE, paper.organization) if _may_assign(user, paper)]
    notify.send(
        office,
        gettext_noop("%(unit)s: a self-analysis has nobody to review it. Name a reviewer."),
        params={"unit": str(paper.organization)},
        url=reverse("assessments:paper_assign", args=[paper.pk]),
    )


def _may_assign(user: User, paper: SelfAnalysis) -> bool:
    return access.has(user, Right.PAPERS, paper.organization)


@transaction.atomic
def take_back(*, by: User, paper: SelfAnalysis) -> None:
    """Take back what nobody has begun to review; the version stays. Raises PaperMoved."""
    reviewed = PaperReview.objects.filter(version__analysis=paper).exists()
    target = State.RETURNED if reviewed else State.DRAFT
    if not SelfAnalysis.objects.filter(pk=paper.pk, state=State.SUBMITTED).update(state=target):
        raise PaperMoved
    audit.record(TAKEN_BACK, by=by, obj=paper, organization=paper.organization)


@transaction.atomic
def record_reading(*, by: User, paper: SelfAnalysis, begins: bool = False) -> None:
    """Every reading of another's paper is on record (decision 20); the reviewer's first one begins the review."""
    if paper.member.user_id == by.pk:
        return
    audit.record(READ, by=by, obj=paper, organization=paper.organization, data={"version": paper.last_number})
    if begins and SelfAnalysis.objects.filter(pk=paper.pk, state=State.SUBMITTED).update(state=State.IN_REVIEW):
        paper.state = State.IN_REVIEW


@transaction.atomic
def review(
    *,
    by: User,
    paper: SelfAnalysis,
    number: int,
    verdict: str,
    overall: str = "",
    comments: Mapping[int, str] | None = None,
) -> PaperReview:
    """Pass version `number` or return it with comments by paragraph. Raises OwnPaper, ReasonMissing, PaperMoved."""
    said = _check_verdict(by, paper, verdict, overall, comments)
    passes = verdict == PaperReview.Verdict.PASS
    values = {"state": State.PASSED, "passed_at": clock.now()} if passes else {"state": State.RETURNED}
    rows = SelfAnalysis.objects.filter(pk=paper.pk, last_number=number, state__in=WAITING)
    if not rows.update(**values):
        raise PaperMoved
    made = _keep_review(by, paper, number, PaperReview.Kind.REVIEW, verdict, overall, said)
    data = {"version": number, "verdict": verdict}
    audit.record(PASSED if passes else RETURNED, by=by, obj=paper, organization=paper.organization, data=data)
    if passes:
        _tell_author(paper, gettext_noop("Your self-analysis has passed the review"), notify.NEWS)
    else:
        _tell_author(paper, gettext_noop("Your self-analysis is to be rewritten: see the comments"), notify.RETURN)
    return made


@transaction.atomic
def recheck(
    *,
    by: User,
    paper: SelfAnalysis,
    number: int,
    verdict: str,
    overall: str = "",
    comments: Mapping[int, str] | None = None,
) -> PaperReview:
    """Look at a passed paper again after the meetings; it stands, or is to be revised (F-15). Raises as review()."""
    said = _check_verdict(by, paper, verdict, overall, comments)
    fine = verdict == PaperReview.Verdict.PASS
    values = {"rechecked_at": clock.now()} if fine else {"state": State.RETURNED, "rechecked_at": None}
    if not SelfAnalysis.objects.filter(pk=paper.pk, last_number=number, state=State.PASSED).update(**values):
        raise PaperMoved
    made = _keep_review(by, paper, number, PaperReview.Kind.RECHECK, verdict, overall, said)
    data = {"version": number, "verdict": verdict}
    audit.record(RECHECKED, by=by, obj=paper, organization=paper.organization, data=data)
    if not fine:
        text = gettext_noop("Your self-analysis is to be revised after the meetings: see the comments")
        _tell_author(paper, text, notify.RETURN)
    return made


def _check_verdict(
    by: User, paper: SelfAnalysis, verdict: str, overall: str, comments: Mapping[int, str] | None
) -> list[dict[str, object]]:
    if paper.member.user_id == by.pk:
        raise OwnPaper
    said = [{"paragraph": n, "text": text.strip()} for n, text in sorted((comments or {}).items()) if text.strip()]
    if verdict == PaperReview.Verdict.RETURN and not said and not overall.strip():
        raise ReasonMissing
    return said


def _keep_review(
    by: User, paper: SelfAnalysis, number: int, kind: str, verdict: str, overall: str, said: Sequence[object]
) -> PaperReview:
    """With the name of whom the reviewer stood in for, if he did."""
    return PaperReview.objects.create(
        version=paper.versions.get(number=number),
        kind=kind,
        reviewer=by,
        for_principal_id=_stood_in_for(by, paper),
        verdict=verdict,
        overall=overall.strip(),
        comments=json.dumps(list(said), ensure_ascii=False) if said else "",
    )


def _stood_in_for(by: User, paper: SelfAnalysis) -> int | None:
    """Id of the absent reviewer whose place `by` took; None where he reviewed in his own right."""
    others = [pk for pk in principals_of(by) if pk != by.pk]
    key = (paper.reviewer_role, paper.reviewer_organization_id)
    own_post = any((post.role, post.organization_id) == key for post in access.posts_of(by))
    if not others or own_post or paper.assigned_reviewer_id == by.pk:
        return None
    if paper.assigned_reviewer_id in others:
        return paper.assigned_reviewer_id
    posts = Post.objects.current(clock.today()).filter(role=key[0], organization=key[1], user__in=others)
    return posts.values_list("user_id", flat=True).first()


def _tell_author(paper: SelfAnalysis, message: str, kind: str) -> None:
    """The member; for one without an account, who handed it in for him."""
    version = paper.versions.order_by("-number").select_related("handed_in_by").first()
    person = paper.member.user or (version.handed_in_by if version else None)
    if person:
        url = reverse("assessments:paper", args=[paper.pk])
        notify.send([person], message, url=url, kind=kind, confidential=True)


@transaction.atomic
def assign_reviewer(*, by: User, paper: SelfAnalysis, reviewer: User) -> None:
    """Name a reviewer by hand where the rules find none (decision 8). Raises OwnPaper, PaperMoved."""
    if paper.member.user_id == reviewer.pk:
        raise OwnPaper
    if not SelfAnalysis.objects.filter(pk=paper.pk, state__in=WAITING).update(assigned_reviewer=reviewer):
        raise PaperMoved
    paper.refresh_from_db()
    audit.record(ASSIGNED, by=by, obj=paper, organization=paper.organization, data={"reviewer": str(reviewer)})
    _tell_reviewers(paper)


@transaction.atomic
def remind(*, by: User, organization: Organization, members: Sequence[Member]) -> int:
    """Remind those who have not handed in; who has no account is left to be told. Returns how many were reached."""
    people = [member.user for member in members if member.user_id]
    notify.send(
        [user for user in people if user],
        gettext_noop("Please write and hand in your self-analysis"),
        url=reverse("assessments:my_paper"),
        kind=notify.REMINDER,
    )
    audit.record(REMINDED, by=by, organization=organization, data={"count": len(people)})
    return len(people)

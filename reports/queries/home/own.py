"""What a member finds of himself on his home page: each piece of his own work, where it stands, what it asks of him.

Only rows of the member himself are read, and no sealed text is opened. A bounded number of queries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import clock
from accounts.messages import localised
from accounts.templatetags.shell import day, when
from assessments.models import Appeal, Appraisal, KnowledgeTest, SelfAnalysis, TestAttempt
from assessments.queries.analyses import exemption, minimum_for
from campaign.models import Participation, ReadingTick, RectificationItem, RectificationPlan, Talk
from campaign.reading import is_asked, required_titles
from campaign.rectification_waiting import asks_members
from campaign.rules import phase_of
from campaign.views.documents import document_actions
from units.models import Member

Done = dict[str, Any]  # action to the day it was done on


@dataclass(frozen=True)
class Card:
    """A way to one's own work; `asks`: something is to be done there now. `sign` is ok, late or nothing."""

    icon: str
    title: str
    state: str
    url: str
    asks: bool = False
    sign: str = ""


def cards_of(member: Member, participation: Participation, done: Done) -> list[Card]:
    """All cards of a member whose organisation is under way; what asks something of him comes first."""
    makers: list[Callable[[Member, Participation], Card | None]] = [
        _paper, _tests, _reading, _appraisal, _plan, _items, _talks,
    ]  # fmt: skip
    found = [make(member, participation) for make in makers]
    found.insert(1, _documents(participation, done))
    return sorted((card for card in found if card is not None), key=lambda card: not card.asks)


def _asked_now(participation: Participation, tool: str) -> bool:
    """Does the present stage ask this work of each member?"""
    actions = participation.batch.campaign.playbook.actions_for(phase_of(participation), "member")
    return any(action.tool == tool for action in actions)


def _paper(member: Member, participation: Participation) -> Card:
    """The self-analysis and where its review stands (F-05..F-15)."""
    rules = participation.batch.campaign.playbook.analysis
    sealed = ("sources", "text", "views", "measures")
    paper = SelfAnalysis.objects.filter(batch=participation.batch, member=member).defer(*sealed).first()
    least = minimum_for(rules, member)
    asks, sign = False, ""
    if paper is None:
        excused = bool(exemption(rules, member))
        asks = not excused and _asked_now(participation, "self_analysis")
        state = _("Not begun")
        if excused:
            state = _("Not asked of you; you may write one all the same")
        elif least:
            state = _("Not begun; at least %(need)d characters") % {"need": least}
    elif paper.state == SelfAnalysis.State.RETURNED:
        asks, sign, state = True, "late", _("Returned: read what is to be mended, and rewrite it")
    elif paper.state == SelfAnalysis.State.PASSED:
        sign, state = "ok", _("Passed on %(day)s") % {"day": day(paper.passed_at)}
    elif paper.waits:
        state = _("Handed in on %(day)s; it waits for the reviewer") % {"day": day(paper.submitted_at)}
    else:
        asks = _asked_now(participation, "self_analysis")
        state = _("Being written: %(have)d characters") % {"have": paper.characters}
        if least:
            state = _("Being written: %(have)d of %(need)d characters") % {"have": paper.characters, "need": least}
    return Card("notes", _("My self-analysis"), state, reverse("assessments:my_paper"), asks, sign)


def _documents(participation: Participation, done: Done) -> Card | None:
    """Essays and other documents of the present stage; those of earlier stages can still be handed in (E-36)."""
    phase = phase_of(participation)
    listed = [a for a in document_actions(participation) if a.evidence == "document" and a.phase in {phase, "all"}]
    if not listed:
        return None
    missing = [action for action in listed if action.key not in done]
    first = (missing or listed)[0]
    url = f"{reverse('campaign:own_document')}?action={first.key}"
    if not missing:
        return Card("pencil", _("My essays and documents"), _("All handed in"), url, sign="ok")
    state = _("To hand in: %(names)s") % {"names": localised([action.name for action in missing])}
    return Card("pencil", _("My essays and documents"), state, url, any(action.gate for action in missing))


def _tests(member: Member, participation: Participation) -> Card:
    """Knowledge tests to take now, and the best score so far."""
    now = clock.now()
    tests = list(KnowledgeTest.objects.taken_by(member).filter(batch=participation.batch))
    taken = TestAttempt.objects.filter(member=member, test__in=tests)
    best = dict(taken.order_by().values_list("test").annotate(Max("score")))
    waiting = [test for test in tests if test.is_open(now) and not test.passes(best.get(test.pk))]
    scores = [score for score in best.values() if score is not None]
    icon, title, url = "checklist", _("My knowledge tests"), reverse("assessments:exams")
    if waiting:
        first = min(waiting, key=lambda test: test.closes_at)
        until = {"title": first.title, "until": when(first.closes_at)}
        return Card(icon, title, _("To take: %(title)s, until %(until)s") % until, url, True)
    if scores:
        shown = max(scores).quantize(Decimal("0.1")).normalize()
        return Card(icon, title, _("Best score: %(score)s") % {"score": f"{shown:f}"}, url, sign="ok")
    return Card(icon, title, _("No test is open to you now"), url)


def _reading(member: Member, participation: Participation) -> Card:
    """How much of the required reading is ticked (E-39)."""
    titles = [t for t in required_titles(participation.batch, phase_of(participation)) if is_asked(t, member)]
    read = ReadingTick.objects.filter(member=member, title__in=titles).count()
    icon, title, url = "book", _("Required reading"), reverse("campaign:own_reading")
    if not titles:
        return Card(icon, title, _("The office has named no title yet"), url)
    state = _("Read: %(read)d of %(all)d") % {"read": read, "all": len(titles)}
    enough = read == len(titles)
    return Card(icon, title, state, url, not enough, "ok" if enough else "")


def _appraisal(member: Member, participation: Participation) -> Card:
    """The opinion to sign, the answer given, an appeal under way (F-29, decision 13)."""
    rows = Appraisal.objects.filter(batch=participation.batch, member=member, state__in=Appraisal.STANDING)
    found = rows.defer("opinion", "shortcomings", "answer").first()
    appeal = Appeal.objects.filter(member=member, state=Appeal.State.OPEN).only("filed_on").first()
    icon, title, url = "checkbox", _("My appraisal"), reverse("assessments:my_papers")
    if appeal is not None:
        state = _("Your appeal of %(day)s is with the superior organisation") % {"day": day(appeal.filed_on)}
        return Card(icon, title, state, url)
    if found is None:
        return Card(icon, title, _("No opinion on you has been decided yet."), url)
    if not found.answered:
        return Card(icon, title, _("Read the opinion; sign it, add a dissent, or appeal"), url, True)
    return Card(icon, title, str(found.get_state_display()), url, sign="ok")


def _plan(member: Member, participation: Participation) -> Card:
    """One's own rectification plan (O-01)."""
    plan = RectificationPlan.objects.filter(batch=participation.batch, member=member).first()
    icon, title, url = "file-text", _("My rectification plan"), reverse("campaign:my_plan")
    asked = asks_members(participation.batch.campaign.playbook, participation)
    if plan is None:
        return Card(icon, title, _("Not begun") if asked else _("Not asked for in this stage"), url, asked)
    adopted = plan.state == RectificationPlan.State.ADOPTED
    draft = plan.state == RectificationPlan.State.DRAFT
    return Card(icon, title, str(plan.get_state_display()), url, draft and asked, "ok" if adopted else "")


def _items(member: Member, participation: Participation) -> Card | None:
    """Rectification items that the member answers for; no card for who has none (O-13)."""
    rows = RectificationItem.objects.filter(responsible_member=member, batch=participation.batch)
    items = list(rows.order_by("deadline", "pk").only("pk", "state", "deadline", "problem"))
    if not items:
        return None
    waiting = [item for item in items if item.state == RectificationItem.State.OPEN]
    first = (waiting or items)[0]
    late = sum(item.is_overdue for item in waiting)
    if late:
        state = ngettext("%(late)d item is overdue", "%(late)d items are overdue", late) % {"late": late}
    elif waiting:
        text = ngettext("%(n)d item is being rectified", "%(n)d items are being rectified", len(waiting))
        state = text % {"n": len(waiting)}
    else:
        state = _("All reported done")
    url = reverse("campaign:rectification_item", args=[first.pk])
    sign = "late" if late else "" if waiting else "ok"
    return Card("list-check", _("My rectification items"), state, url, bool(waiting), sign)


def _talks(member: Member, participation: Participation) -> Card:
    """Heart-to-heart talks that were recorded with the member (F-16)."""
    count = Talk.objects.filter(Q(first=member) | Q(second=member), batch=participation.batch).count()
    state = _("None recorded yet; see with whom you are to talk")
    if count:
        state = ngettext("%(n)d talk is recorded", "%(n)d talks are recorded", count) % {"n": count}
    return Card("messages", _("My heart-to-heart talks"), state, reverse("campaign:my_talks"))

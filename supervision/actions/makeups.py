"""Make-up orders (J-12, J-13): ordered, reported done item by item, re-checked, closed or sent back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.files import File
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.messages import Message
from accounts.models import User
from assessments.models import Survey
from campaign import uploads
from campaign.findings import both
from campaign.models import Participation
from campaign.playbook import MakeupTrigger, Playbook
from campaign.queries import governing
from supervision import chain, rules
from supervision.actions.cards import after_order
from supervision.actions.refusals import MakeUpRefused
from supervision.models import MakeUpFile, MakeUpItem, MakeUpOrder, Transition
from supervision.words import day_words
from units.models import Organization

ORDERED = audit.action("makeup.ordered", _("Ordered a make-up"))
ITEM_DONE = audit.action("makeup.item_done", _("Recorded what was made up"))
FILE_REMOVED = audit.action("makeup.file_removed", _("Removed a file of a make-up"))
REPORTED = audit.action("makeup.reported", _("Reported a make-up as done"))
SENT_BACK = audit.action("makeup.sent_back", _("Sent a make-up back"))
CLOSED = audit.action("makeup.closed", _("Re-checked and closed a make-up"))


@dataclass(frozen=True, kw_only=True)
class MakeUpTerms:
    """What is to be made up, by whom and until when.

    `unsolid_work` is the cause that J-14 counts, `cause` which one where the playbook names several; `rule` the key of
    the playbook's trigger that is met.
    """

    organization: Organization
    items: Sequence[str]
    due_on: dt.date
    survey_again: bool = False
    unsolid_work: bool = False
    cause: str = ""
    rule: str = ""


def _rule_words(playbook: Playbook, stage: str, key: str) -> dict[str, str]:
    """The trigger in the playbook's words. Raises MakeUpRefused for one that does not hold in this stage."""
    if not key:
        return {}
    found = next((one for one in triggers_at(playbook, stage) if one.key == key), None)
    if found is None:
        raise MakeUpRefused(Message(gettext_noop("The playbook names no such occasion of a make-up in this stage.")))
    return both(found.name)


def triggers_at(playbook: Playbook, stage: str) -> list[MakeupTrigger]:
    """What leads to a make-up in a stage, as the playbook names it (J-13)."""
    return [one for one in playbook.makeup if not one.stages or stage in one.stages]


def _check_terms(participation: Participation, terms: MakeUpTerms, reason: str) -> None:
    if not reason.strip():
        raise MakeUpRefused(Message(gettext_noop("Say why the make-up is ordered.")))
    if not [item for item in terms.items if item.strip()]:
        raise MakeUpRefused(Message(gettext_noop("Name at least one thing that is to be made up.")))
    if terms.due_on < clock.today():
        raise MakeUpRefused(Message(gettext_noop("The deadline of a make-up cannot lie in the past.")))
    covering = governing(terms.organization, participation.batch)
    if covering is None or covering.pk != participation.pk:
        raise MakeUpRefused(
            Message(
                gettext_noop("%(name)s does not take part under %(unit)s."),
                {"name": terms.organization.name, "unit": participation.label},
            )
        )


@transaction.atomic
def order_makeup(
    *,
    by: User,
    participation: Participation,
    terms: MakeUpTerms,
    reason: str,
    trigger: str,
    transition: Transition | None = None,
    rule_words: Mapping[str, str] | None = None,
) -> MakeUpOrder:
    """Order a make-up in the stage under way, after a decision or by itself. Raises MakeUpRefused.

    `rule_words`: the rule to be quoted, in both languages, where it is not one of the playbook's triggers.
    """
    _check_terms(participation, terms, reason)
    if transition is None and not rules.can_order_makeup(by, terms.organization):
        raise MakeUpRefused(Message(gettext_noop("Only a post above the organisation can order a make-up.")))
    current = participation.progress.filter(state="current").first()
    if participation.state != Participation.State.ACTIVE:
        raise MakeUpRefused(Message(gettext_noop("No stage is under way, so there is nothing to make up.")))
    stage = chain.stage_now(participation, current)
    order = MakeUpOrder.objects.create(
        participation=participation,
        organization=terms.organization,
        transition=transition,
        stage=stage,
        trigger=trigger,
        rule=terms.rule,
        rule_words=_rule_words(participation.batch.campaign.playbook, stage, terms.rule) or dict(rule_words or {}),
        reason=reason.strip(),
        unsolid_work=terms.unsolid_work,
        survey_again=terms.survey_again,
        due_on=terms.due_on,
        ordered_by=by,
        ordered_at=clock.now(),
    )
    items = _write_items(order, terms.items)
    data = {"trigger": str(trigger), "items": items, "due_on": terms.due_on.isoformat()}
    audit.record(ORDERED, by=by, obj=order, organization=order.organization, data=data)
    if transition is None:  # after a decision the decision and its order are one event
        after_order(by=by, order=order, cause=terms.cause)
    _tell(
        order,
        rules.makers(order),
        gettext_noop("%(name)s has to make up %(items)s items by %(due)s."),
        {"items": items, "due": day_words(terms.due_on)},
    )
    return order


def _write_items(order: MakeUpOrder, lines: Sequence[str]) -> int:
    texts = [line.strip() for line in lines if line.strip()]
    MakeUpItem.objects.bulk_create(
        MakeUpItem(order=order, position=position, text=text) for position, text in enumerate(texts, start=1)
    )
    return len(texts)


def _tell(
    order: MakeUpOrder, users: list[User], message: str, params: dict | None = None, kind: str = notify.NEWS
) -> None:
    known = {"name": order.organization.name, **(params or {})}
    notify.send(users, message, params=known, url=reverse("supervision:makeup", args=[order.pk]), kind=kind)


@transaction.atomic
def record_item(*, by: User, item: MakeUpItem, done_on: dt.date, evidence: str, files: Iterable[File] = ()) -> None:
    """Say what was done about one item and when, with photographs or papers; can be put right until it is reported.

    Raises MakeUpRefused.
    """
    order = MakeUpOrder.objects.select_for_update().get(pk=item.order_id)
    if not rules.can_make_up(by, order):
        raise MakeUpRefused(Message(gettext_noop("Only the organisation itself can say what it made up.")))
    if order.state != MakeUpOrder.State.OPEN:
        raise MakeUpRefused(
            Message(gettext_noop("This make-up has been reported; it can be changed if it is sent back."))
        )
    if not evidence.strip():
        raise MakeUpRefused(Message(gettext_noop("Say what was done.")))
    if done_on > clock.today():
        raise MakeUpRefused(Message(gettext_noop("What has been done cannot lie in the future.")))
    MakeUpItem.objects.filter(pk=item.pk).update(done_on=done_on, evidence=evidence.strip())
    kept = uploads.keep(item.files, files, by=by)
    audit.record(
        ITEM_DONE,
        by=by,
        obj=order,
        organization=order.organization,
        data={
            "item": item.position,
            "text": item.text,
            "evidence": evidence.strip(),
            "done_on": done_on.isoformat(),
            **({"files": [file.name for file in kept]} if kept else {}),
        },
    )


@transaction.atomic
def remove_file(*, by: User, file: MakeUpFile) -> None:
    """Take a file off an item again, while the make-up is not reported. Raises MakeUpRefused."""
    order = MakeUpOrder.objects.select_for_update().get(pk=file.item.order_id)
    if not rules.can_make_up(by, order):
        raise MakeUpRefused(Message(gettext_noop("Only the organisation itself can say what it made up.")))
    if order.state != MakeUpOrder.State.OPEN:
        raise MakeUpRefused(
            Message(gettext_noop("This make-up has been reported; it can be changed if it is sent back."))
        )
    data = {"item": file.item.position, "file": file.name}
    audit.record(FILE_REMOVED, by=by, obj=order, organization=order.organization, data=data)
    uploads.remove(file)


@transaction.atomic
def report_makeup(*, by: User, order: MakeUpOrder) -> None:
    """Report all items as done, for the re-check. Raises MakeUpRefused while one is not."""
    if not rules.can_make_up(by, order):
        raise MakeUpRefused(Message(gettext_noop("Only the organisation itself can say what it made up.")))
    undone = order.items.filter(done_on=None).count()
    if undone:
        raise MakeUpRefused(
            Message(
                gettext_noop("%(undone)s items are not done yet. Record what was done for each."), {"undone": undone}
            )
        )
    swapped = MakeUpOrder.objects.filter(pk=order.pk, state=MakeUpOrder.State.OPEN).update(
        state=MakeUpOrder.State.REPORTED, reported_at=clock.now()
    )
    if not swapped:
        raise MakeUpRefused(Message(gettext_noop("This make-up has been reported already.")))
    audit.record(REPORTED, by=by, obj=order, organization=order.organization)
    _tell(order, rules.recheckers(order), gettext_noop("%(name)s has made up what was ordered; please re-check it."))


def survey_outstanding(order: MakeUpOrder) -> bool:
    """Was a new survey round ordered, and none opened and confirmed since?"""
    if not order.survey_again:
        return False
    since = Survey.objects.filter(
        participation_id=order.participation_id, created_at__gte=order.ordered_at, confirmed_at__gte=order.ordered_at
    )
    return not since.filter(state=Survey.State.CONFIRMED).exists()


@transaction.atomic
def recheck(*, by: User, order: MakeUpOrder, close: bool, note: str, redo: Collection[int] = ()) -> None:
    """Close a reported make-up, or send it back with a note; `redo` are the items (ids) to be done again.

    Raises MakeUpRefused.
    """
    if not rules.can_recheck(by, order):
        raise MakeUpRefused(Message(gettext_noop("Only a post above the organisation can re-check its make-up.")))
    if not note.strip():
        raise MakeUpRefused(Message(gettext_noop("Write down what the re-check found.")))
    if close and survey_outstanding(order):
        raise MakeUpRefused(
            Message(gettext_noop("A new survey round was ordered and none has been confirmed since. Hold it first."))
        )
    if not close and not order.items.filter(pk__in=redo).exists():
        raise MakeUpRefused(Message(gettext_noop("Tick at least one item that is to be done again.")))
    state = MakeUpOrder.State.CLOSED if close else MakeUpOrder.State.OPEN
    swapped = MakeUpOrder.objects.filter(pk=order.pk, state=MakeUpOrder.State.REPORTED).update(
        state=state, checked_by=by, checked_at=clock.now(), check_note=note.strip()
    )
    if not swapped:
        raise MakeUpRefused(Message(gettext_noop("This make-up is not waiting for a re-check any more.")))
    if not close:
        order.items.filter(pk__in=redo).update(done_on=None)
    data = {"note": note.strip(), "redo": sorted(order.items.filter(pk__in=redo).values_list("position", flat=True))}
    audit.record(CLOSED if close else SENT_BACK, by=by, obj=order, organization=order.organization, data=data)
    if close:
        _tell(order, rules.makers(order), gettext_noop("The make-up of %(name)s has been re-checked and closed."))
    else:
        text = gettext_noop("The make-up of %(name)s was sent back: %(note)s")
        _tell(order, rules.makers(order), text, {"note": note.strip()[:200]}, notify.RETURN)

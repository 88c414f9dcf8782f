"""The rectification ledger in Excel: what is done, by whom, until when, how far it has come (O-05..O-07)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import OuterRef, Subquery
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign import ledger as reads
from campaign import rectification as rules
from campaign.actions import rectification as actions
from campaign.forms.rectification import DecideForm, ExtendForm, ItemForm, LedgerFilter, ProgressForm, people_of
from campaign.models import Batch, ItemNote, RectificationItem
from campaign.playbook import Playbook
from campaign.roundtrip.cells import Column, Kind
from campaign.roundtrip.description import Refused, register
from campaign.roundtrip.places import OfOrganization
from units import access
from units.models import Organization
from units.roles import Right

State = RectificationItem.State
YES_NO = {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")}
_WORKING = (Right.RECORD, Right.REVIEW, Right.APPROVE, Right.ACCEPT_REPORT)
_SAID = ("problem", "kind", "measure", "departments", "explanation", "wind", "responsible", "public")
_CELL_OF = {"responsible_member": "responsible", "responsible_name": "responsible", "text": "note"}


@register
class RectificationLedger(OfOrganization):
    """The items of an organisation and all below it, as its page lists them."""

    key, title = "rectification", gettext_lazy("Rectification ledger")

    def __init__(self, user: Any, organization: Organization, batch: Batch) -> None:
        super().__init__(user, organization, batch)
        self.url = reverse("campaign:rectification", args=[organization.pk])
        self.columns = _columns(batch)
        self._confirms: dict[tuple[Any, ...], bool] = {}

    @classmethod
    def allowed(cls, user: Any, at: Organization) -> bool:
        return any(access.has(user, right, at) for right in _WORKING)

    def _items(self) -> Any:
        related = ("organization", "responsible_member__user", "reported_by")
        return reads.items(self.user, self.batch, self.organization).select_related(*related)

    def rows(self, asked: QueryDict) -> Iterable[RectificationItem]:
        last = ItemNote.objects.filter(item=OuterRef("pk")).exclude(text="").values("text")[:1]
        found = LedgerFilter(asked, batch=self.batch).narrow(self._items()).annotate(last_note=Subquery(last))
        for item in reads.urgent_first(found):
            item.batch = self.batch
            yield item

    def find(self, keys: Collection[int], *, lock: bool = False) -> dict[int, RectificationItem]:
        rows = self._items().filter(pk__in=keys)
        found = {item.pk: item for item in (rows.select_for_update(of=("self",)) if lock else rows)}
        for item in found.values():
            item.batch = self.batch  # with its playbook, read once
        return found

    def values(self, row: RectificationItem) -> Mapping[str, Any]:
        values = {column.key: getattr(row, column.key, "") for column in self.columns}
        latest = getattr(row, "last_note", "")
        own = {"public": "yes" if row.public else "no", "organization": row.organization.name, "latest": latest}
        return values | own | {"reason": "", "note": ""}

    def editable(self, row: RectificationItem) -> Collection[str]:
        found: set[str] = set()
        if rules.can_change_item(self.user, row):
            found |= {*_SAID, "deadline", "reason"}
        if rules.can_work_on(self.user, row):
            found |= {"note", "state"} if row.state == State.OPEN else {"note"}
        if self._may_confirm(row):
            found |= {"note", "state"}
        return found

    def _may_confirm(self, row: RectificationItem) -> bool:
        """Asked once for all rows of which the rule asks the same, for it may look up who governs them."""
        asked = (row.organization_id, row.state, row.reopened, row.reported_by_id == self.user.pk)
        if asked not in self._confirms:
            self._confirms[asked] = rules.can_confirm(self.user, row)
        return self._confirms[asked]

    def write(self, *, by: Any, row: RectificationItem, changes: Mapping[str, str]) -> None:
        if any(name in changes for name in _SAID) or ("deadline" in changes and row.deadline is None):
            _change(by, row, changes, self.forms(row))
        elif "reason" in changes and "deadline" not in changes:
            raise Refused(("reason", _("A reason is only needed where a deadline is moved. Clear this cell.")))
        if "deadline" in changes and row.deadline is not None and row.deadline != _day(changes):
            _extend(by, row, changes)
        if "state" in changes:
            _move(by, row, changes)
        elif "note" in changes:
            text = _checked(ProgressForm({"text": changes["note"]}))["text"]
            actions.note_progress(by=by, item=row, text=text)


def _in_any_language(words: Callable[[Playbook], dict[str, str]], playbook: Playbook) -> dict[str, Any]:
    """The words of a list of the playbook, said in the reader's language: a workbook may come back to another's."""
    say = lazy(lambda key: words(playbook)[key], str)
    return {key: say(key) for key in words(playbook)}


def _columns(batch: Batch) -> list[Column]:
    playbook = batch.campaign.playbook
    winds = _in_any_language(rules.winds, playbook)
    style = Column(key="wind", label=gettext_lazy("Style concerned"), kind=Kind.CHOICE, choices=winds)
    reported = gettext_lazy(
        "Open items can be reported done, with what was done beside it; a second person confirms or sends back."
    )
    return [
        Column(key="organization", label=gettext_lazy("Organisation"), kind=Kind.READONLY, width=24),
        Column(key="problem", label=gettext_lazy("Problem"), width=40, most=2000, required=True),
        Column(
            key="kind",
            label=gettext_lazy("Treatment"),
            kind=Kind.CHOICE,
            choices=_in_any_language(rules.kinds, playbook),
            width=22,
            required=True,
        ),
        Column(key="measure", label=gettext_lazy("Measure"), width=40, most=2000),
        Column(key="departments", label=gettext_lazy("Departments concerned"), width=18, most=200),
        Column(key="explanation", label=gettext_lazy("Explanation to the masses"), width=28, most=2000),
        *([style] if winds else []),
        Column(key="responsible", label=gettext_lazy("Responsible person"), most=60, required=True),
        Column(key="deadline", label=gettext_lazy("Deadline"), kind=Kind.DATE, hint=gettext_lazy("Only later.")),
        Column(
            key="reason",
            label=gettext_lazy("Reason for moving the deadline"),
            width=24,
            most=300,
            hint=gettext_lazy("Needed where a deadline is moved."),
        ),
        Column(
            key="public", label=gettext_lazy("Show in the public ledger"), kind=Kind.CHOICE, choices=YES_NO, width=9
        ),
        Column(
            key="state",
            label=gettext_lazy("State"),
            kind=Kind.CHOICE,
            choices=dict(State.choices),
            required=True,
            hint=reported,
        ),
        Column(
            key="note",
            label=gettext_lazy("New progress or reason"),
            width=36,
            most=2000,
            hint=gettext_lazy("Becomes a new line of the item's history."),
        ),
        Column(key="latest", label=gettext_lazy("Latest progress"), kind=Kind.READONLY, width=30),
    ]


# ---------------------------------------------------------------- the deeds of the item's page
def _checked(form: forms.Form, aliases: Mapping[str, str] = _CELL_OF) -> dict[str, Any]:
    """What the page's form makes of it. Raises Refused with the page's own sentences."""
    if form.is_valid():
        return form.cleaned_data
    faults = [(aliases.get(name, name), str(text)) for name, texts in form.errors.items() for text in texts]
    raise Refused(*faults)


def _day(changes: Mapping[str, str]) -> dt.date | None:
    return dt.date.fromisoformat(changes["deadline"]) if changes.get("deadline") else None


def _change(by: Any, row: RectificationItem, changes: Mapping[str, str], now: Mapping[str, str]) -> None:
    wanted = {**now, **changes}
    names = ("problem", "kind", "measure", "departments", "explanation", "wind", "deadline")
    data = {name: wanted.get(name, "") for name in names} | _responsible(row, changes)
    if wanted["public"] == "yes":
        data["public"] = "on"
    form = ItemForm(data, organization=row.organization, batch=row.batch, item=row)
    _checked(form)
    actions.change_item(by=by, item=row, data=form.record())


def _responsible(row: RectificationItem, changes: Mapping[str, str]) -> dict[str, Any]:
    """A name on the list of the organisation is that member; any other stays a name, as on the page."""
    if "responsible" not in changes:
        return {"responsible_member": row.responsible_member_id or "", "responsible_name": row.responsible_name}
    name = changes["responsible"]
    found = list(people_of(row.organization).filter(name=name).values_list("pk", flat=True)[:2])
    if len(found) > 1:
        text = _("Several people of %(organization)s have this name. Choose the right one on the item's page.")
        raise Refused(("responsible", text % {"organization": row.organization.name}))
    return {"responsible_member": found[0], "responsible_name": ""} if found else {"responsible_name": name}


def _extend(by: Any, row: RectificationItem, changes: Mapping[str, str]) -> None:
    if not changes["deadline"]:
        raise Refused(("deadline", _("A deadline is moved, not taken away. Write a later day.")))
    form = ExtendForm({"deadline": changes["deadline"], "reason": changes.get("reason", "")}, item=row)
    actions.extend_deadline(by=by, item=row, **_checked(form))


def _move(by: Any, row: RectificationItem, changes: Mapping[str, str]) -> None:
    """Report done, confirm, or send back: what the state as written means from the present one."""
    to, note = changes["state"], changes.get("note", "")
    if row.state == State.OPEN and to == State.REPORTED:
        text = _checked(ProgressForm({"text": note}))["text"]
        actions.report_done(by=by, item=row, text=text)
    elif row.state == State.REPORTED and to == State.OPEN:
        text = _checked(DecideForm({"text": note}, returning=True))["text"]
        actions.send_back(by=by, item=row, reason=text)
    elif row.state == State.REPORTED and to == _closed_as(row):
        actions.confirm_done(by=by, item=row, text=_checked(DecideForm({"text": note}))["text"])
    else:
        raise Refused(("state", _way_on(row)))


def _closed_as(row: RectificationItem) -> str:
    explained = rules.treatment(row.batch.campaign.playbook, row.kind) == rules.EXPLAIN
    return (State.EXPLAINED if explained else State.CLOSED).value


def _way_on(row: RectificationItem) -> str:
    """Which words may follow the present state."""
    ways = {State.OPEN: [State.REPORTED], State.REPORTED: [State(_closed_as(row)), State.OPEN]}
    words = "、".join(str(state.label) for state in ways.get(State(row.state), []))
    if not words:
        return _("A closed item stays closed. Put the former word back.")
    text = _("From “%(now)s” it can only become: %(words)s.")
    return text % {"now": row.get_state_display(), "words": words}

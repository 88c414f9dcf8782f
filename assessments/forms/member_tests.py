"""The matrix of member tests: members as rows, answers as columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.actions.member_tests import Tally
from assessments.forms.appraisals import DayInBatch
from assessments.member_tests import RoundResult, question_of
from campaign.models import Batch
from units.models import Member


@dataclass(frozen=True)
class TestRow:
    """A member of the matrix with the cells of his counts."""

    __test__ = False

    member: Member
    cells: list[Any]
    last: RoundResult | None
    waiting: bool
    errors: list[str]


class MatrixForm(forms.Form):
    """One round for the members whose row is filled in; a row left blank is not tested this time (F-24)."""

    on = DayInBatch(label=gettext_lazy("Held on"))
    voters = forms.IntegerField(
        label=gettext_lazy("Voters"),
        min_value=1,
        max_value=100_000,
        help_text=gettext_lazy("How many were given a ballot on each member."),
    )

    def __init__(self, *args: Any, batch: Batch, members: list[Member], waiting: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members, self.waiting = members, waiting
        self.options = question_of(batch.campaign.playbook).options
        self.fields["on"].batch = batch
        self.row_errors: dict[int, list[str]] = {}
        for member in members:
            if member.pk not in waiting:
                for option in self.options:
                    self._add(member, option.key, str(option.text))

    def _add(self, member: Member, key: str, label: str) -> None:
        attrs = {"inputmode": "numeric", "class": "num form-control", "aria-label": f"{member.name} · {label}"}
        self.fields[f"m{member.pk}-{key}"] = forms.IntegerField(
            label=f"{member.name} · {label}", required=False, min_value=0, widget=forms.NumberInput(attrs=attrs)
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        voters, filled = data.get("voters"), 0
        for member in self.members:
            if member.pk in self.waiting:
                continue
            names = [f"m{member.pk}-{option.key}" for option in self.options]
            given = [data[name] for name in names if data.get(name) is not None]
            if not given:
                continue
            filled += 1
            if len(given) < len(names):
                self._fault(member, _("%(name)s: fill in every answer; nobody is 0.") % {"name": member.name})
            elif voters and sum(given) > voters:
                text = _("%(name)s: the answers make %(votes)d, but there were %(voters)d voters.")
                self._fault(member, text % {"name": member.name, "votes": sum(given), "voters": voters})
            elif not sum(given):
                self._fault(member, _("%(name)s: no ballot is valid; leave the row blank.") % {"name": member.name})
        if not filled and not self.errors:
            self.add_error(None, _("Fill in at least one row."))
        return data

    def _fault(self, member: Member, text: str) -> None:
        self.row_errors.setdefault(member.pk, []).append(text)
        self.add_error(None, text)

    def tallies(self) -> list[Tally]:
        """The rows that were filled in."""
        found = []
        for member in self.members:
            counts = {option.key: self.cleaned_data.get(f"m{member.pk}-{option.key}") for option in self.options}
            if all(count is not None for count in counts.values()):
                found.append(Tally(member, {key: int(count or 0) for key, count in counts.items()}))
        return found

    def rows(self, last: dict[int, RoundResult]) -> list[TestRow]:
        """As the table takes them."""
        return [
            TestRow(
                member,
                []
                if member.pk in self.waiting
                else [{"label": o.text, "field": self[f"m{member.pk}-{o.key}"]} for o in self.options],
                last.get(member.pk),
                member.pk in self.waiting,
                self.row_errors.get(member.pk, []),
            )
            for member in self.members
        ]

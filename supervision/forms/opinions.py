"""Supervision opinions: the points, the answer to each, the check, the filter of the list."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from campaign.forms.rectification import proof_files
from campaign.models import Participation
from supervision.actions.opinions import OpinionData, Point, Verdict
from supervision.forms.fields import date_field, text_area
from supervision.forms.visits import SenderMixin, SentFilter
from supervision.models import OpinionPoint, SupervisionOpinion, Visit

MOST_POINTS = 10
SHOWN_POINTS = 3  # empty rows at once; the others are folded away
USUAL_DAYS = 7  # what the form proposes; the person sets the date


class OpinionForm(SenderMixin):
    """To whom and about what; the points are a form set beside it."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    basis = text_area(
        gettext_lazy("What it rests on"),
        most=3000,
        required=False,
        help_text=gettext_lazy("What was seen or read, so that the organisation understands why."),
    )
    field_order = ["group", "from_body", "organization", "title", "basis"]

    def __init__(self, user: Any, participation: Participation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(user, participation)

    def data_with(self, points: list[Point], visit: Visit | None) -> OpinionData:
        data = self.cleaned_data
        return OpinionData(
            organization=data["organization"], title=data["title"], basis=data["basis"], points=points, visit=visit
        )


class PointForm(forms.Form):
    """One point with its deadline; a row without text is no point."""

    text = text_area("", rows=2, required=False)
    due_on = date_field(gettext_lazy("To be answered by"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        due = data.get("due_on")
        if data.get("text") and "due_on" not in self.errors:
            if due is None:
                self.add_error("due_on", _("Set a date by which an answer is expected."))
            elif due < clock.today():
                self.add_error("due_on", _("The deadline of a point cannot lie in the past."))
        return data


class BasePoints(forms.BaseFormSet):
    """Up to ten points, at least one."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["text"].label = _("Point %(point)s") % {"point": (index or 0) + 1}

    def clean(self) -> None:
        if not any(self.errors) and not self.points:
            raise forms.ValidationError(_("Write down at least one point."))

    @property
    def points(self) -> list[Point]:
        rows = [form.cleaned_data for form in self.forms if getattr(form, "cleaned_data", None)]
        return [Point(row["text"], row["due_on"]) for row in rows if row.get("text") and row.get("due_on")]

    @property
    def shown(self) -> list[tuple[int, Any]]:
        """Rows with something in them and a few empty ones, numbered."""
        return self._numbered[: self._edge]

    @property
    def folded(self) -> list[tuple[int, Any]]:
        return self._numbered[self._edge :]

    @property
    def _numbered(self) -> list[tuple[int, Any]]:
        return list(enumerate(self.forms, start=1))

    @property
    def _edge(self) -> int:
        filled = [number for number, form in enumerate(self.forms, start=1) if form["text"].value() or form.errors]
        return max(SHOWN_POINTS, max(filled, default=0) + (1 if filled else 0))


def points_of(data: Any = None, lines: list[str] | None = None) -> BasePoints:
    """The form set, bound to what was sent or begun with these lines."""
    due = clock.today() + dt.timedelta(days=USUAL_DAYS)
    given = [{"text": line, "due_on": due} for line in (lines or [])[:MOST_POINTS]]
    initial = given + [{"text": "", "due_on": due}] * (MOST_POINTS - len(given))
    made = forms.formset_factory(PointForm, formset=BasePoints, extra=0, max_num=MOST_POINTS, absolute_max=MOST_POINTS)
    return made(data, initial=initial, prefix="points")  # type: ignore[return-value]


class AnswerForm(forms.Form):
    """What was done about one point, with proof."""

    done_on = date_field(gettext_lazy("Done on"))
    answer = text_area(
        gettext_lazy("What was done"),
        most=3000,
        help_text=gettext_lazy("What, when, by whom; if it cannot be done, why and what instead."),
    )
    files = proof_files()

    def clean_done_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["done_on"]
        if day > clock.today():
            raise forms.ValidationError(_("What has been done cannot lie in the future."))
        return day


RESOLVED, BACK = "resolved", "back"


class CheckForm(forms.Form):
    """Of each answered point: resolved, or back with a note and, if wanted, another deadline."""

    def __init__(self, points: list[OpinionPoint], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = points
        for point in points:
            name = {"point": point.position}
            self.fields[f"result_{point.pk}"] = forms.ChoiceField(
                label=_("Point %(point)s") % name,
                choices=[(RESOLVED, _("Resolved")), (BACK, _("Not resolved: send it back"))],
                widget=forms.RadioSelect,
            )
            self.fields[f"note_{point.pk}"] = text_area(_("Note on point %(point)s") % name, rows=2, required=False)
            self.fields[f"due_{point.pk}"] = date_field(_("New deadline of point %(point)s") % name, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for point in self.points:
            if data.get(f"result_{point.pk}") != BACK:
                continue
            if not data.get(f"note_{point.pk}"):
                self.add_error(f"note_{point.pk}", _("Say why it is sent back."))
            if (data.get(f"due_{point.pk}") or clock.today()) < clock.today():
                self.add_error(f"due_{point.pk}", _("The deadline of a point cannot lie in the past."))
        return data

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Point by point, as the page shows them."""
        return [
            {"point": p, "result": self[f"result_{p.pk}"], "note": self[f"note_{p.pk}"], "due": self[f"due_{p.pk}"]}
            for p in self.points
        ]

    def verdicts(self) -> dict[int, Verdict]:
        data = self.cleaned_data
        return {
            point.pk: Verdict(data[f"result_{point.pk}"] == RESOLVED, data[f"note_{point.pk}"], data[f"due_{point.pk}"])
            for point in self.points
        }


class TakeBackForm(forms.Form):
    """Why an opinion is taken back."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


class OpinionFilter(SentFilter):
    """Opinions; the time is the day on which they were given."""

    states = [("overdue", gettext_lazy("Past the deadline")), *SupervisionOpinion.State.choices]

    def apply(self, rows: QuerySet[SupervisionOpinion]) -> QuerySet[SupervisionOpinion]:
        rows = self.narrow(rows)
        state = self.value("state")
        if state == "overdue":
            rows = rows.overdue(clock.today())  # type: ignore[attr-defined]
        elif state:
            rows = rows.filter(state=state)
        if day := self.value("since"):
            rows = rows.filter(given_at__date__gte=day)
        if day := self.value("until"):
            rows = rows.filter(given_at__date__lte=day)
        return rows

"""The form of a weekly summary workbook: which tables over which days, when, and for whom."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from campaign.models import Batch
from reports.actions.schedule import Plan
from reports.models import SummarySchedule
from reports.queries import schedule as queries
from reports.summary.build import chosen as tables_for
from reports.summary_forms import OrganizationChoice
from units import access
from units.models import Organization
from units.roles import Right, Role


class _People(forms.ModelMultipleChoiceField):
    """Colleagues with the posts through which they may have the workbook."""

    def label_from_instance(self, obj: Any) -> str:
        roles = {str(Role.registry[post.role].name) for post in access.posts_of(obj) if post.role in Role.registry}
        return f"{obj} · {'、'.join(sorted(roles))}" if roles else str(obj)


class WhoseForm(forms.Form):
    """Of which organisation: chosen first, for it decides who may receive the workbook."""

    organization = OrganizationChoice(
        label=gettext_lazy("Organisation"), queryset=Organization.objects.none(), empty_label=None
    )

    def __init__(self, *, organizations: Any, organization: Organization) -> None:
        super().__init__(initial={"organization": organization.pk})
        self.fields["organization"].queryset = organizations


class ScheduleForm(forms.Form):
    """Begins with the day and hour after the units' weekly reports are due, and with whoever sets it as receiver."""

    period = forms.ChoiceField(
        label=pgettext_lazy("weekly workbook", "Period"),
        choices=SummarySchedule.Period.choices,
        help_text=gettext_lazy(
            "Made on the day of the weekly reports or after it, the week is the one that ends; made before, the whole "
            "week before."
        ),
    )
    weekday = forms.TypedChoiceField(label=gettext_lazy("Weekday"), coerce=int, choices=list(WEEKDAYS.items()))
    hour = forms.TypedChoiceField(
        label=gettext_lazy("Hour"), coerce=int, choices=[(hour, f"{hour}:00") for hour in range(24)]
    )
    recipients = _People(
        label=gettext_lazy("Who receives it"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("A notice leads to the file. The file itself goes into no mail: it is confidential."),
    )
    tables = forms.MultipleChoiceField(
        label=gettext_lazy("Tables"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Choose none to have all of them."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, *, organization: Organization, batch: Batch, by: User, schedule: Any = None
    ) -> None:
        super().__init__(data, initial=_kept(schedule) if schedule else _usual(batch, by))
        papers = access.has(by, Right.PAPERS, organization)
        self.fields["tables"].choices = [(table.key, table.label) for table in tables_for((), papers=papers)]
        self.fields["recipients"].queryset = queries.with_posts(queries.may_receive(organization))
        if papers:
            text = _("Confidential tables are in it only if everybody who receives it may count self-analyses.")
            self.fields["tables"].help_text = f"{self.fields['tables'].help_text} {text}"

    def plan(self) -> Plan:
        data = self.cleaned_data
        return Plan(data["tables"], data["period"], data["weekday"], data["hour"], list(data["recipients"]))


def _usual(batch: Batch, by: User) -> dict[str, Any]:
    weekday, hour = queries.usual_moment(batch)
    return {"weekday": weekday, "hour": hour, "recipients": [by.pk]}


def _kept(schedule: SummarySchedule) -> dict[str, Any]:
    kept = {name: getattr(schedule, name) for name in ("period", "weekday", "hour", "tables", "version")}
    return kept | {"recipients": [person.pk for person in schedule.recipients.all()]}

"""Forms of the branch's work: record an activity, take attendance, delete a record, filter the list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from accounts.templatetags.shell import day
from campaign import uploads
from campaign.actions import ActivityData
from campaign.models import Activity, Batch, Participation
from campaign.playbook import Action, Playbook
from campaign.playbook.work import AFTER, ALL
from campaign.rules import is_consolidating, phase_of
from campaign.steps import is_asked_of
from campaign.summaries import why_not_sum_up
from units.models import Member, Organization

OWN = "own"  # an optional action (自选动作), which no playbook names


def date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, each checked by its content."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [super(FilesField, self).clean(one, initial) for one in data or []]
        if len(files) > uploads.MOST_FILES:
            raise forms.ValidationError(
                _("At most %(most)s files at a time; add the rest later.") % {"most": uploads.MOST_FILES}
            )
        faults = []
        for file in files:
            try:
                uploads.check_upload(file)
            except forms.ValidationError as fault:
                faults.append(fault)
        if faults:
            raise forms.ValidationError(faults)
        return files


@dataclass(frozen=True)
class PeopleGroup:
    """The members of one branch, as rows to be tapped."""

    organization: Organization
    members: list[Member]


def people_of(organization: Organization, also: Iterable[int] = ()) -> list[PeopleGroup]:
    """Members of the whole subtree by branch, and those (by id) who are named already although they have left."""
    here = Member.objects.on_roll().within(organization)
    listed = (here | Member.objects.filter(pk__in=list(also))).select_related("organization")
    groups: dict[int, PeopleGroup] = {}
    for member in listed.order_by("organization__path", "pk"):
        group = groups.setdefault(member.organization_id, PeopleGroup(member.organization, []))
        group.members.append(member)
    return list(groups.values())


def action_choices(
    organization: Organization, participation: Participation, present: str = ""
) -> list[tuple[Any, Any]]:
    """The actions of the phase, those asked of this organisation first; `present` is kept although it may be gone."""
    playbook = participation.batch.campaign.playbook
    actions = actions_now(participation)
    ours = [a for a in actions if is_asked_of(a, organization, participation.organization)]
    others = [a for a in actions if a not in ours]
    known = {a.key for a in actions} | {"", OWN}
    groups: list[tuple[Any, Any]] = [("", _("Choose…"))]
    groups += [(_("Asked of us"), [(a.key, str(a.name)) for a in ours])] if ours else []
    groups += [(_("Other actions of this stage"), [(a.key, str(a.name)) for a in others])] if others else []
    if present not in known:
        kept = playbook.action(present)
        groups.append((present, str(kept.name) if kept else present))
    return [*groups, (_("Not required"), [(OWN, _("Our own activity"))])]


def actions_now(participation: Participation) -> list[Action]:
    """Of the phase; after the closing only what goes on then, which the closing does not rest on (H-10, H-13)."""
    playbook = participation.batch.campaign.playbook
    if not is_consolidating(participation):
        return open_actions(playbook, phase_of(participation))
    return [a for a in playbook.actions_for(AFTER) if a.recorded and a.tool not in {"closing", "lookback"}]


def open_actions(playbook: Playbook, phase: str) -> list[Action]:
    """What an activity can be recorded for: all that is recorded or studied, but for marks against single members."""
    found = playbook.actions if phase == ALL else (*playbook.actions_for(phase), *playbook.actions_for(ALL))
    return [a for a in found if (a.recorded or a.evidence == "session") and a.evidence != "member_mark"]


class ActivityForm(forms.Form):
    """One form for a meeting, a lecture and a study session (E-02..E-05); made for a telephone."""

    action = forms.ChoiceField(label=gettext_lazy("What was it"))
    title = forms.CharField(
        label=gettext_lazy("Topic"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("May stay empty for a required action; then its name stands here."),
    )
    held_on = forms.DateField(label=gettext_lazy("Date"), widget=date_input())
    starts_at = forms.TimeField(
        label=gettext_lazy("Begins at"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    place = forms.CharField(label=gettext_lazy("Place"), max_length=80, required=False)
    led_by = forms.CharField(label=gettext_lazy("Led by"), max_length=80, required=False)
    hours = forms.DecimalField(
        label=gettext_lazy("Study hours"),
        min_value=Decimal("0.5"),
        max_value=Decimal(24),
        max_digits=4,
        decimal_places=1,
        required=False,
        widget=forms.NumberInput(attrs={"step": "0.5", "inputmode": "decimal"}),
        help_text=gettext_lazy("Only for study; leave it empty otherwise."),
    )
    concentrated = forms.BooleanField(label=gettext_lazy("Concentrated training"), required=False)
    present = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Who was there"),
        queryset=Member.objects.none(),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("One of those named is not a member here. Choose again from the list."),
            "invalid_pk_value": gettext_lazy("One of those named is not a member here. Choose again from the list."),
        },
    )
    others_present = forms.IntegerField(
        label=gettext_lazy("Others present"), min_value=0, max_value=100_000, required=False, initial=0
    )
    points = forms.MultipleChoiceField(label=gettext_lazy("Points"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Account"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": "5000"}),
    )
    files = FilesField(
        label=gettext_lazy("Photographs and documents"),
        required=False,
        widget=FilesInput(attrs={"accept": uploads.ACCEPT}),
        help_text=gettext_lazy("Photographs, PDF, Word and Excel, up to 20 MB each."),
    )
    confirm = forms.BooleanField(label=gettext_lazy("It is another one; record it"), required=False)

    def __init__(
        self,
        *args: Any,
        organization: Organization,
        participation: Participation,
        activity: Activity | None = None,
        **kwargs: Any,
    ) -> None:
        self.organization, self.activity = organization, activity
        self.participation, self.batch = participation, participation.batch
        self.playbook = participation.batch.campaign.playbook
        self.doubles = False
        super().__init__(*args, **kwargs)
        if activity is not None:
            del self.fields["present"], self.fields["confirm"]
        else:
            self.fields["present"].queryset = Member.objects.on_roll().within(organization)
        choice = self.fields["action"]
        choice.choices = action_choices(organization, participation, activity.action if activity else "")
        choice.widget.attrs["data-reveal"] = "points"
        self.fields["points"].choices = [
            (f"{action.key}.{field.key}", str(field.name)) for action in self.pointed for field in action.fields
        ]
        self.fields["held_on"].widget.attrs |= {
            "max": clock.today().isoformat(),
            "min": self.batch.starts_on.isoformat(),
        }

    @property
    def pointed(self) -> list[Action]:
        """The actions that come with boxes to tick."""
        actions = actions_now(self.participation)
        return [action for action in actions if action.fields]

    @property
    def point_groups(self) -> list[dict[str, Any]]:
        """The boxes of each action, with what is ticked: the script shows those of the chosen action only."""
        ticked = set(self["points"].value() or ())
        return [
            {
                "action": action,
                "rows": [(f"{action.key}.{f.key}", f, f"{action.key}.{f.key}" in ticked) for f in action.fields],
            }
            for action in self.pointed
        ]

    def clean_held_on(self) -> dt.date:
        held_on: dt.date = self.cleaned_data["held_on"]
        if held_on > clock.today():
            raise forms.ValidationError(_("This day is still to come. Record an activity once it has been held."))
        if held_on < self.batch.starts_on:
            text = _("The batch began on %(date)s; what was held before does not belong to it.")
            raise forms.ValidationError(text % {"date": day(self.batch.starts_on)})
        return held_on

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        action = self.playbook.action(data.get("action", ""))
        if action is not None:
            data["title"] = data.get("title") or action.name.zh[:120]
        elif "action" in data and "title" in data and not data["title"]:
            self.add_error("title", _("Say in a few words what it was about."))
        if self.activity is None and (why := why_not_sum_up(action, self.participation, self.organization)):
            self.add_error("action", why)
        if data.get("concentrated") and "hours" in data and not data["hours"]:
            self.add_error("hours", _("Concentrated training is counted in study hours: say how many."))
        if not self.errors and self.activity is None and not data.get("confirm") and self._recorded_already():
            self.doubles = True
            self.add_error(None, _("The same activity is recorded for this day already. Is it another one?"))
        return data

    def _recorded_already(self) -> bool:
        """Sent twice over a bad line? Nothing would tell the two apart, and the hours would count double."""
        data = self.record()
        return Activity.objects.filter(
            organization=self.organization,
            batch=self.batch,
            action=data.action,
            title=data.title,
            held_on=data.held_on,
            starts_at=data.starts_at,
            hours=data.hours,
        ).exists()

    def record(self) -> ActivityData:
        """What the action takes; call it on a valid form."""
        data = self.cleaned_data
        action = "" if data["action"] == OWN else data["action"]
        prefix = f"{action}."
        return ActivityData(
            title=data["title"],
            held_on=data["held_on"],
            action=action,
            starts_at=data["starts_at"],
            place=data["place"],
            led_by=data["led_by"],
            hours=data["hours"],
            concentrated=data["concentrated"],
            others_present=data["others_present"] or 0,
            points=[point.removeprefix(prefix) for point in data["points"] if point.startswith(prefix)],
            text=data["text"],
        )


def initial_of(activity: Activity) -> dict[str, Any]:
    """An activity as the form shows it."""
    names = ActivityData.__dataclass_fields__
    found = {name: getattr(activity, name) for name in names}
    found["action"] = activity.action or OWN
    found["hours"] = f"{activity.hours.normalize():f}" if activity.hours else None
    found["points"] = [f"{activity.action}.{point}" for point in activity.points]
    return found


def differences(form: ActivityForm, theirs: Activity) -> list[dict[str, Any]]:
    """Field by field what somebody else has saved meanwhile and what the person typed; only where they differ."""
    rows = []
    for name, mine in asdict(form.record()).items():
        saved = getattr(theirs, name)
        if mine != saved:
            rows.append(
                {
                    "label": form.fields[name].label,
                    "theirs": _shown(form.playbook, name, saved, theirs.action),
                    "mine": _shown(form.playbook, name, mine, form.record().action),
                }
            )
    return rows


def _shown(playbook: Playbook, name: str, value: Any, key: str) -> str:
    action = playbook.action(key)
    if name == "action":
        return str(action.name) if action else _("Our own activity")
    if name == "points":
        return "、".join(str(f.name) for f in action.fields if f.key in value) if action else ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dt.date):
        return day(value)
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    return "" if value is None else str(value)


def read_day(raw: str) -> dt.date | None:
    """A day as a date field or a sheet gives it, or None if it is none."""
    try:
        return dt.date.fromisoformat(raw.replace("/", "-").replace(".", "-"))
    except ValueError:
        return None


class AttendanceForm:
    """For each member: there, made up later, or absent. Plain radio buttons, read without one form field a member."""

    STATES = ("present", "made_up", "absent")

    def __init__(self, data: Any, groups: list[PeopleGroup], held_on: dt.date | None = None) -> None:
        self.known = {member.pk for group in groups for member in group.members}
        self.names = {str(member.pk): member.name for group in groups for member in group.members}
        self.sent = {key[2:]: data[key] for key in data if key.startswith("m-")}
        self.days = {key[3:]: data[key].strip() for key in data if key.startswith("on-")}
        self.held_on = held_on
        self.faults: list[str] = []

    def is_valid(self) -> bool:
        """Only members of the list, and only the three states: anything else was not sent by the page."""
        return all(pk.isdecimal() and int(pk) in self.known for pk in self.sent) and all(
            state in self.STATES for state in self.sent.values()
        )

    def made_up_on(self) -> dict[int, dt.date]:
        """The days of make-up that were given, by member id; what cannot be one goes into `faults` by name."""
        found = {}
        for pk in self.chosen("made_up"):
            raw = self.days.get(str(pk), "")
            if not raw:
                continue
            day_made_up = read_day(raw)
            if day_made_up is None or day_made_up > clock.today() or (self.held_on and day_made_up < self.held_on):
                self.faults.append(self.names[str(pk)])
            else:
                found[pk] = day_made_up
        return found

    def chosen(self, state: str) -> list[int]:
        return [int(pk) for pk, value in self.sent.items() if value == state]


class DeleteForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("What was wrong with it"), max_length=200)


class ActivityFilter(forms.Form):
    """The filter bar of the list; with something that cannot be read it finds nothing, and says where."""

    q = forms.CharField(label=gettext_lazy("Topic"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    organization = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"),
        queryset=Organization.objects.none(),
        required=False,
        empty_label=gettext_lazy("All"),
    )
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), required=False)
    action = forms.ChoiceField(label=gettext_lazy("Action"), required=False)
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=date_input())
    until = forms.DateField(label=gettext_lazy("Until"), required=False, widget=date_input())

    def __init__(self, *args: Any, organization: Organization, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        playbook = batch.campaign.playbook
        if organization.is_branch:
            del self.fields["organization"]
        else:
            self.fields["organization"].queryset = Organization.objects.active().within(organization)
        stages = [(stage.key, str(stage.name)) for stage in playbook.stages]
        self.fields["stage"].choices = [("", _("All")), *stages]
        actions = [(a.key, str(a.name)) for a in playbook.actions if a.recorded or a.evidence == "session"]
        self.fields["action"].choices = [("", _("All")), (OWN, _("Our own activity")), *actions]

    def narrow(self, activities: Any) -> Any:
        if not self.is_valid():
            return activities.none()
        data = self.cleaned_data
        if data.get("q"):
            activities = activities.filter(title__icontains=data["q"])
        if data.get("organization"):
            activities = activities.within(data["organization"])
        if data["stage"]:
            activities = activities.filter(stage=data["stage"])
        if data["action"]:
            activities = activities.filter(action="" if data["action"] == OWN else data["action"])
        if data["since"]:
            activities = activities.filter(held_on__gte=data["since"])
        if data["until"]:
            activities = activities.filter(held_on__lte=data["until"])
        return activities

"""What is known of one unit's stage, gathered once for its summary (J-08): nothing here is worded or judged."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, Q

from accounts import clock
from campaign.evidence import Evidence
from campaign.findings import Gate, run_gate
from campaign.models import Activity, Opinion, Participation, RectificationItem, StageProgress
from campaign.playbook.work import CLOSING
from campaign.queries import governed
from campaign.steps import Step, checklist
from supervision.models import Filing, MakeUpOrder, Transition, YellowCard

LISTED = 6  # activities of the leading organisation that are named
State = RectificationItem.State


@dataclass(frozen=True)
class Ledger:
    """Opinions gathered and problems in the ledger of the unit, over the batch as they stand now."""

    opinions: int
    answered: int
    items: int
    closed: int
    explained: int
    overdue: int

    @property
    def unclosed(self) -> int:
        return self.items - self.closed - self.explained


class StageFacts:
    """A unit's stage; `progress` None: what follows after the last stage, or a unit that goes through none."""

    def __init__(self, participation: Participation, progress: StageProgress | None) -> None:
        self.participation, self.progress = participation, progress
        self.evidence = Evidence(participation, progress)
        self.playbook = self.evidence.playbook
        self.key = progress.stage if progress else CLOSING

    @property
    def begun(self) -> bool:
        return self.progress is None or self.progress.started_on is not None

    @cached_property
    def attempts(self) -> list[Transition]:
        """The applications at the end of it, the oldest first, without those taken back."""
        rows = Transition.objects.filter(participation=self.participation, stage=self.key)
        return list(rows.exclude(state=Transition.State.WITHDRAWN).order_by("attempt"))

    @cached_property
    def gate(self) -> Gate:
        """As it was when the unit passed, else as it is now; empty where nothing has begun."""
        passed = next((row for row in self.attempts if row.state == Transition.State.COMPLETED), None)
        if passed is not None:
            return passed.gate
        if not self.begun:
            return Gate()
        asked = self.evidence.stage.gate if self.evidence.stage else self.playbook.closing.gate
        return Gate(tuple(run_gate(asked, self.evidence)))

    @cached_property
    def steps(self) -> list[Step]:
        return checklist(self.evidence, required_only=True) if self.begun else []

    @cached_property
    def actions(self) -> dict[str, bool]:
        """Name of each required action, and whether all of it is done."""
        found: dict[str, bool] = {}
        for step in self.steps:
            name = step.action.name.zh
            found[name] = found.get(name, True) and step.done
        return found

    # ------------------------------------------------------------------ figures
    @property
    def roll(self) -> int:
        return len(self.evidence.roll)

    @property
    def branches(self) -> int:
        return len({member.organization_id for member in self.evidence.roll})

    @property
    def arranged(self) -> int:
        return sum(member.arranged for member in self.evidence.roll)

    @property
    def held(self) -> int:
        """Activities on record in it."""
        return len(self.evidence.activities)

    @property
    def sessions(self) -> int:
        return sum(row.hours > 0 for row in self.evidence.activities.values())

    @property
    def hours(self) -> Decimal:
        return sum(self.evidence.hours.values(), Decimal(0))

    @cached_property
    def main_activities(self) -> list[tuple[Activity, int]]:
        """The latest of the leading organisation's own activities that answer a required action, with who was there."""
        asked = [action.key for action in self.evidence.actions]
        rows = Activity.objects.filter(
            organization=self.participation.organization,
            batch=self.participation.batch,
            stage=self.evidence.phase,
            action__in=asked,
        )
        counted = rows.annotate(there=Count("attendances")).order_by("-held_on", "-pk")[:LISTED]
        return [(row, row.there + row.others_present) for row in reversed(counted)]

    @cached_property
    def ledger(self) -> Ledger:
        mine = Q(batch=self.participation.batch)
        opinions = Opinion.objects.standing().filter(mine & governed(self.participation, "concerned"))
        heard = opinions.aggregate(n=Count("pk"), answered=Count("pk", filter=Q(answered_on__isnull=False)))
        items = RectificationItem.objects.filter(mine & governed(self.participation, "organization"))
        counted = items.aggregate(
            items=Count("pk"),
            closed=Count("pk", filter=Q(state=State.CLOSED)),
            explained=Count("pk", filter=Q(state=State.EXPLAINED)),
            overdue=Count("pk", filter=Q(state=State.OPEN, deadline__lt=clock.today())),
        )
        return Ledger(heard["n"], heard["answered"], **counted)

    @cached_property
    def orders(self) -> int:
        return MakeUpOrder.objects.filter(participation=self.participation, stage=self.key).count()

    @cached_property
    def cards(self) -> int:
        return YellowCard.objects.counting().filter(participation=self.participation, stage=self.key).count()

    @property
    def days_over(self) -> int:
        """Days past the planned end, while it lasts and when it ended."""
        if self.progress is None or self.progress.started_on is None:
            return 0
        return max(0, ((self.progress.ended_on or clock.today()) - self.progress.planned_end).days)

    # ------------------------------------------------------------------ what people have written already
    @cached_property
    def filing(self) -> Filing | None:
        """The summary that was sent to the office for filing, the last one (J-10)."""
        rows = Filing.objects.filter(transition__participation=self.participation, transition__stage=self.key)
        return rows.select_related("transition").order_by("-sent_at", "-pk").first()

    @property
    def report(self) -> Transition | None:
        """The application to close with its report (H-05), the last one handed in."""
        written = [row for row in self.attempts if any(text.strip() for text in row.parts.values())]
        return written[-1] if self.key == CLOSING and written else None

"""The demonstration's weekly reports: most on time, some late, some missing, this week's still to come."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import clock
from accounts.models import User
from campaign.models import Activity
from campaign.playbook import ReportRule
from reports import weeks
from reports.actions import bulletins, reports
from reports.demo import script
from reports.demo.play import BEHIND, PREPARING, Play, Unit
from reports.models import Bulletin, Report

BRIEFS = 2  # weeks before this one from which briefs are kept


class Telling:
    """Writes the reports of every past week, and part of this one's."""

    def __init__(self, play: Play, *, office: User, general: User) -> None:
        self.play = play
        self.random = play.random
        self.office = office
        self.general = general
        rules = [rule for rule in play.batch.campaign.playbook.reports if rule.reporter == "unit"]
        self.rule: ReportRule = rules[0]
        self.briefs = [rule for rule in rules[1:] if weeks.takes_more(rule)]

    def reports(self) -> None:
        """Every week's reports up to now: they stand before the applications whose findings count them."""
        this_week = weeks.monday(self.play.today)
        first = min(unit.begun for unit in self.play.units)
        for week in weeks.weeks_between(first, self.play.today):
            self._week(week, current=week == this_week)
            for rule in self.briefs if week >= this_week - BRIEFS * weeks.WEEK else ():
                self._briefs(rule, week)

    def _under_way(self, week: dt.date) -> list[Unit]:
        """The units that had begun by then."""
        return [u for u in self.play.units if u.situation != PREPARING and u.begun <= week + dt.timedelta(days=4)]

    def bulletins(self) -> None:
        """The last weeks' bulletins are issued; the very last is drafted and waits for the editor."""
        last = weeks.monday(self.play.today) - weeks.WEEK
        for week in weeks.weeks_between(max(self.play.start, last - 3 * weeks.WEEK), last):
            self._bulletin(week, last=week == last)

    @transaction.atomic
    def _week(self, week: dt.date, *, current: bool) -> None:
        due = weeks.regular_due(self.rule, week).replace(hour=17, minute=30)
        for unit in self._under_way(week):
            chance = self.random.random()
            if current:
                self._this_week(unit, week, due, chance)
            elif (unit.situation == BEHIND and chance < 0.55) or chance < 0.03:
                continue
            elif chance < 0.09:
                self._send(unit, week, due + dt.timedelta(hours=18), accept=True)
            else:
                sent = due - dt.timedelta(minutes=self.random.randint(5, 1500))
                newest = week >= weeks.monday(self.play.today) - weeks.WEEK
                self._send(unit, week, sent, accept=not newest or chance < 0.8)

    def _this_week(self, unit: Unit, week: dt.date, due: dt.datetime, chance: float) -> None:
        """What can have been sent by now: early ones on the day before, the rest is still to come."""
        now = clock.now()
        early = due - dt.timedelta(days=1, minutes=self.random.randint(0, 300))
        if early < now and chance < 0.35:
            self._send(unit, week, early, accept=False)
        elif due < now and chance < 0.85 and unit.situation != BEHIND:
            self._send(unit, week, due - dt.timedelta(minutes=20), accept=False)

    @transaction.atomic
    def _briefs(self, rule: ReportRule, week: dt.date) -> None:
        """As many a week as the playbook wants from most, fewer from some (K-02: in principle)."""
        for unit in self._under_way(week):
            wanted = weeks.needed(rule) if unit.situation != BEHIND else 1
            for number in range(wanted if self.random.random() < 0.85 else wanted - 1):
                day = dt.datetime.combine(week + dt.timedelta(days=1 + 2 * number), dt.time(16, 0), tzinfo=weeks.ZONE)
                self._send(unit, week, day, accept=True, rule=rule)

    def _send(
        self, unit: Unit, week: dt.date, moment: dt.datetime, *, accept: bool, rule: ReportRule | None = None
    ) -> None:
        if moment > clock.now():
            return
        rule = rule or self.rule
        with clock.freeze(moment):
            report = reports.open_report(by=unit.secretary, reporter=unit.participation, rule=rule, week=week)
            contents = self._contents(unit, week, rule)
            reports.submit(by=unit.secretary, report=report, version=report.version, contents=contents)
        decided = moment + dt.timedelta(hours=16)
        if accept and decided < clock.now():
            with clock.freeze(decided):
                reports.accept_report(by=self.general, report=report, version=report.version)

    def _contents(self, unit: Unit, week: dt.date, rule: ReportRule) -> dict[str, str]:
        last = week + dt.timedelta(days=6)
        inside = Activity.objects.within(unit.participation.organization).filter(held_on__range=(week, last))
        done = dict.fromkeys(script.WHAT[key] for key in inside.values_list("action", flat=True) if key in script.WHAT)
        what = "，".join(list(done)[:3]) or "整理学习笔记，准备下一步工作"
        lines = {
            "progress": self.random.choice(script.PROGRESS).format(what=what),
            "principal": self.random.choice(script.PRINCIPAL),
            "results": self.random.choice(script.RESULTS),
            "experience": self.random.choice(script.EXPERIENCE),
        }
        lines["title"] = f"{unit.participation.label}{what.split('，')[0]}"
        lines["body"] = lines["progress"] + lines["results"] + lines["experience"]
        spare = [lines["progress"], lines["principal"], lines["results"], lines["experience"]]
        return {field.key: lines.get(field.key, spare[index % len(spare)]) for index, field in enumerate(rule.fields)}

    def _bulletin(self, week: dt.date, *, last: bool) -> None:
        monday = dt.datetime.combine(week + weeks.WEEK, dt.time(8, 30), tzinfo=weeks.ZONE)
        if monday > clock.now() or not Report.objects.filter(week=week).exists():
            return
        with clock.freeze(monday):
            bulletin = bulletins.draft_bulletin(by=self.general, batch=self.play.batch, week=week)
        if not last:
            with clock.freeze(monday + dt.timedelta(hours=7)):
                self._issue(bulletin)

    def _issue(self, bulletin: Bulletin) -> None:
        chosen = [item.pk for item in bulletin.items.order_by("pk")[:6]]
        bulletins.choose_items(by=self.general, bulletin=bulletin, items=chosen)
        bulletins.issue(by=self.office, bulletin=bulletin)

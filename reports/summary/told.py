"""What was asked and told: satisfaction surveys with their bands (I-11), weekly reports (K-01)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from accounts import clock
from assessments.models import Survey, SurveyAnswer, SurveyCount
from assessments.results import Result, band_of, result_of
from campaign.models import Participation
from reports import weeks
from reports.models import Report
from reports.queries.weekly import Tally, boards, tally, unit_rules
from reports.summary.page import NAME, NUMBER, SUPERIOR, Page, share
from reports.workbooks.spec import Chart, Column, Ratio, SheetSpec

NO_VALID = "无有效票"
FEW = "票少不显示"
FEW_NOTE = "有效票不足5张的，以及能由合计推算出来的，不显示数字，也不计入合计。"
NO_BANDS = "本地方案未规定满意度档次，只列满意度，不分档。"

SURVEYS = (
    NUMBER,
    NAME,
    SUPERIOR,
    Column("survey", ("测评",), width=24),
    Column("round", ("轮次",), "int"),
    Column("held", ("测评日期",), "date"),
    Column("issued", ("选票", "发出"), "int", "sum"),
    Column("returned", ("选票", "收回"), "int", "sum"),
    Column("valid", ("选票", "有效"), "int", "sum"),
    Column("void", ("选票", "无效"), "int", "sum"),
    Column("satisfied", ("满意", "票数"), "int", "sum"),
    Column("share", ("满意", "满意度"), "percent", Ratio("satisfied", "valid")),
)
BAND = Column("band", ("档次",), width=14)


class Surveys:
    """The last confirmed round of each unit's surveys in the period: the one that decides (decision 15)."""

    def __init__(self, page: Page) -> None:
        self.page, self.playbook = page, page.scope.playbook

    @property
    def rounds(self) -> QuerySet[Survey]:
        scope = self.page.scope
        return Survey.objects.closed().filter(
            scope.of_units("participation"), held_on__gte=scope.first, held_on__lte=scope.last
        )

    @property
    def deciding(self) -> QuerySet[Survey]:
        """The same by the database: no later confirmed round of the same survey."""
        later = self.rounds.filter(
            participation=OuterRef("participation"), instrument=OuterRef("instrument"), round__gt=OuterRef("round")
        )
        return self.rounds.filter(~Exists(later))

    @property
    def told(self) -> QuerySet[Survey]:
        """Of these, the ones whose figures may be shown; totals are made of them alone (promise 5)."""
        return self.deciding.filter(withheld=False)

    @cached_property
    def results(self) -> list[tuple[Survey, Result]]:
        units = {unit.pk: unit for unit in self.page.scope.units}
        last: dict[tuple[int, str], Survey] = {}
        for survey in self.rounds.prefetch_related("counts", "answers").order_by("round"):
            if survey.participation_id in units:
                survey.participation = units[survey.participation_id]
                survey.participation.batch = self.page.scope.batch
                last[survey.participation_id, survey.instrument] = survey
        order = {instrument.key: n for n, instrument in enumerate(self.playbook.instruments)}
        place = {pk: n for n, pk in enumerate(units)}
        found = [survey for survey in last.values() if survey.instrument in order]
        found.sort(key=lambda survey: (order[survey.instrument], place[survey.participation_id]))
        return [(survey, result_of(survey)) for survey in found]

    def band(self, result: Result) -> str:
        if result.withheld:
            return FEW
        if result.satisfaction is None:
            return NO_VALID
        band = band_of(self.playbook, result.satisfaction)
        return band.name.zh if band else ""


def surveys_sheet(page: Page) -> SheetSpec:
    """Issued, returned, valid, void, satisfied; with the band where the playbook has bands."""
    found = Surveys(page)
    banded = bool(page.scope.playbook.bands)

    def rows() -> Iterator[list[Any]]:
        for number, (survey, result) in enumerate(found.results, 1):
            unit, total = survey.participation, result.total
            row = [number, unit.label, page.superior(unit), result.instrument.name.zh, survey.round, survey.held_on]
            if result.withheld:
                row += [None] * 6
            else:
                row += [total.issued, total.returned, total.valid, total.void, result.satisfied]
                row.append(share(result.satisfied, total.valid))
            yield [*row, found.band(result)] if banded else row

    notes = ["同一测评有多轮的，列最后确认的一轮；满意度＝满意票数÷有效票数。"]
    if any(result.withheld for _survey, result in found.results):
        notes.append(FEW_NOTE)
    if not banded:
        notes.append(NO_BANDS)
    columns = (*SURVEYS, BAND) if banded else SURVEYS
    return page.sheet("满意度测评", columns, rows(), _survey_totals(found), unit_text="张、%", notes=notes)


def _survey_totals(found: Surveys) -> dict[str, int]:
    deciding = found.told.filter(instrument__in=[instrument.key for instrument in found.playbook.instruments])
    keys = ("issued", "returned", "valid", "void")
    sums = SurveyCount.objects.filter(survey__in=deciding).aggregate(**{key: Sum(key) for key in keys})
    counts = Q(pk__in=[])
    for instrument in found.playbook.instruments:
        decisive = instrument.decisive
        options = [option.key for option in decisive.options if option.satisfied]
        counts |= Q(survey__instrument=instrument.key, question=decisive.key, option__in=options)
    votes = SurveyAnswer.objects.filter(counts, survey__in=deciding).aggregate(n=Sum("count"))
    return {key: sums[key] or 0 for key in keys} | {"satisfied": votes["n"] or 0}


BANDS = (
    NUMBER,
    Column("survey", ("测评",), width=26),
    Column("band", ("满意度档次",), width=20),
    Column("units", ("单位", "个数"), "int", "sum"),
    Column("share", ("单位", "占比"), "percent"),
    Column("upto", ("累计", "个数"), "int"),
    Column("upto_share", ("累计", "占比"), "percent"),
)


BAND_CHART = Chart("满意度分档", "band", ("units",), measure="单位个数")


def bands_sheet(page: Page) -> SheetSpec | None:
    """Number and share of units in each band, and cumulated from the top (I-11); none without bands."""
    if not page.scope.playbook.bands:
        return None
    found = Surveys(page)
    names = [band.name.zh for band in sorted(page.scope.playbook.bands, key=lambda band: -band.at_least)]

    def rows() -> Iterator[list[Any]]:
        number = 0
        for instrument in page.scope.playbook.instruments:
            counted = Counter(
                found.band(result) for survey, result in found.results if survey.instrument == instrument.key
            )
            whole, run = sum(counted.values()), 0
            others = [name for name in (FEW, NO_VALID) if counted[name]]
            for name in [*names, *others] if whole else []:
                number, run = number + 1, run + counted[name]
                row = [number, instrument.name.zh, name, counted[name], share(counted[name], whole)]
                yield [*row, run, share(run, whole)]

    keys = [instrument.key for instrument in page.scope.playbook.instruments]
    totals = {"units": found.deciding.filter(instrument__in=keys).count()}
    note = "“以上”含本数：满意度正好等于界线的，列入上一档。"
    return page.sheet("满意度分档", BANDS, rows(), totals, unit_text="个、%", notes=[note], chart=BAND_CHART)


# ---------------------------------------------------------------- weekly reports
REPORTS = (
    NUMBER,
    NAME,
    SUPERIOR,
    Column("report", ("报告",), width=16),
    Column("owed", ("应报",), "int", "sum"),
    Column("base", ("已到期", "份数"), "int", "sum"),
    Column("on_time", ("已到期", "按时"), "int", "sum"),
    Column("late", ("已到期", "迟报"), "int", "sum"),
    Column("missing", ("已到期", "未报"), "int", "sum"),
    Column("rate", ("已到期", "按时率"), "percent", Ratio("on_time", "base")),
    Column("early", ("未到期", "已报"), "int", "sum"),
    Column("waiting", ("未到期", "待报"), "int", "sum"),
    Column("excused", ("经同意不报",), "int", "sum", width=12),
    Column("sent", ("实报份数",), "int", "sum", width=10),
)


def _figures(found: Tally, sent: int) -> dict[str, int]:
    keys = ("owed", "base", "on_time", "late", "missing", "early", "waiting", "excused")
    return {key: getattr(found, key) for key in keys} | {"sent": sent}


def reports_sheet(page: Page) -> SheetSpec | None:
    """Each unit's reports in the weeks of the period: on time, late, missing, excused; none where none is asked."""
    scope, rules = page.scope, unit_rules(page.scope.batch)
    if not rules:
        return None
    asked = weeks_asked(page)
    found = page.once("boards", lambda: boards(scope.batch, rules, asked, within=scope.below))

    def rows() -> Iterator[list[Any]]:
        number = 0
        for rule in rules:
            for line in found[rule.key]:
                number += 1
                figures: dict[str, Any] = _figures(line.tally, sum(cell.sent for cell in line.cells))
                known = figures | {
                    "no": number,
                    "name": line.reporter.label,
                    "superior": page.superior(line.reporter),
                    "report": rule.name.zh,
                    "rate": share(figures["on_time"], figures["base"]),
                }
                yield [known[column.key] for column in REPORTS]

    notes = ["按时率＝按时÷已到期份数；经同意不报的不计入应报。"]
    return page.sheet("周报报送", REPORTS, rows(), _report_totals(page, asked), unit_text="份、%", notes=notes)


def weeks_asked(page: Page) -> list[Any]:
    """The weeks that begin in the period, from the one the batch began in to the present one."""
    scope = page.scope
    first, last = max(scope.first, weeks.monday(scope.batch.starts_on)), min(scope.last, clock.today())
    return [week for week in weeks.weeks_between(first, last) if week >= weeks.monday(first)] if first <= last else []


def tallied_anew(page: Page, asked: list[Any]) -> Tally:
    """All reports of the weeks together, read from the database once more."""

    def read() -> Tally:
        again = boards(page.scope.batch, unit_rules(page.scope.batch), asked, within=page.scope.below)
        return tally(cell for lines in again.values() for line in lines for cell in line.cells)

    whole: Tally = page.once("reports anew", read)
    return whole


def _report_totals(page: Page, asked: list[Any]) -> dict[str, int]:
    """Read from the database once more; how many reports stand is counted there."""
    scope, rules = page.scope, unit_rules(page.scope.batch)
    whole = tallied_anew(page, asked)
    sent = Report.objects.submitted().filter(
        scope.of_units("participation"), rule__in=[rule.key for rule in rules], week__in=asked
    )
    begun = sent.exclude(participation__state=Participation.State.PREPARING)
    return _figures(whole, begun.exclude(first_submitted_at=None).count())

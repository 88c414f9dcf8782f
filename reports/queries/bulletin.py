"""What a bulletin is made of: accepted reports of a week, the week's figures, the content of an issue (K-07)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Sum
from django.utils.safestring import mark_safe

from accounts import clock
from assessments.models import Survey
from assessments.results import result_of
from campaign.models import Activity, Attendance, Batch, Participation, StageProgress
from reports import weeks
from reports.distribution import printed
from reports.documents import words
from reports.documents.chart import chart_svg
from reports.documents.content import (
    BulletinContent,
    BulletinItemContent,
    ChartGroup,
    FiguresContent,
    cleaned_bulletin,
)
from reports.documents.text import split_heading
from reports.documents.week import ReportFigures, StageFigures, WeekFigures, figures_content
from reports.models import Bulletin, BulletinItem, Report
from reports.models.telling import issue_name
from reports.queries.bulletin_numbers import SUPPLEMENT, Numbers, next_numbers, weekly
from reports.queries.weekly import boards, tally, unit_rules
from reports.reporter import within_batch
from supervision.models import Transition

TITLE_MAX = 120
TITLE_FIELD = "title"  # a report's field of this key is the title of what its other fields say
LEAST = 6  # characters besides punctuation: less says nothing that could be printed
IDLE = frozenset({"无", "暂无", "没有", "无情况", "同上", "none", "nothing"})
COMPLETED, NOT_BEGUN, UNSTAGED = "各阶段已完成", "尚未启动", "不分阶段"


# ---------------------------------------------------------------- the items to choose from
@dataclass(frozen=True)
class Candidate:
    """One filled field of an accepted report, as an entry of the bulletin could begin."""

    report: Report
    field: str
    title: str
    text: str
    source: str

    @property
    def key(self) -> tuple[int, str]:
        return self.report.pk, self.field


def _says_something(text: str) -> bool:
    bare = "".join(char for char in text if char.isalnum())
    return len(bare) >= LEAST and bare.casefold() not in IDLE


def candidates(batch: Batch, week: dt.date) -> Iterator[Candidate]:
    """Every field of substance of the week's accepted reports: units in tree order, then the groups. One query."""
    rules = {rule.key: rule for rule in batch.campaign.playbook.reports}
    rows = (
        Report.objects.filter(within_batch(batch), week=week, state=Report.State.ACCEPTED)
        .select_related("participation__organization", "participation__work_unit", "group")
        .order_by(F("participation__organization__path").asc(nulls_last=True), "group_id", "rule", "sequence")
    )
    for report in rows:
        rule = rules.get(report.rule)
        unit = report.participation.label if report.participation else str(report.group)
        own_title = str(report.contents.get(TITLE_FIELD, "")).strip()
        for field in rule.fields if rule else ():
            text = str(report.contents.get(field.key, "")).strip()
            if field.key != TITLE_FIELD and _says_something(text):
                title = own_title or f"{unit}：{field.name.zh}"
                yield Candidate(report, field.key, title[:TITLE_MAX], text, unit[:TITLE_MAX])


# ---------------------------------------------------------------- the figures of the week
def week_figures(batch: Batch, week: dt.date) -> WeekFigures:
    """The figures of a week, as things stood at its end: a week that is drafted late gives the same stages."""
    end = week + weeks.WEEK
    activities = Activity.objects.filter(batch=batch, held_on__gte=week, held_on__lt=end)
    sessions = activities.sessions().aggregate(n=Count("pk"), hours=Sum("hours"))
    found = activities.aggregate(n=Count("pk"), others=Sum("others_present"))
    people = Attendance.objects.filter(activity__in=activities).count()
    return WeekFigures(
        week=week,
        stages=tuple(_stages(batch, week)),
        reports=tuple(_reports(batch, week)),
        activities=found["n"],
        sessions=sessions["n"],
        hours=sessions["hours"] or Decimal(0),
        attendances=people + (found["others"] or 0),
        **_surveys(batch, week),
        passed=tuple(_passed(batch, week)),
    )


def _within(week: dt.date, field: str) -> dict[str, dt.datetime]:
    """The moments of a week, local time."""
    start = dt.datetime.combine(week, dt.time(), tzinfo=weeks.ZONE)
    return {f"{field}__gte": start, f"{field}__lt": start + weeks.WEEK}


def _stages(batch: Batch, week: dt.date) -> Iterator[StageFigures]:
    """Where the units stood on the week's last day, from the dates of the stages. Two queries."""
    last = week + dt.timedelta(days=6)
    units = Participation.objects.filter(batch=batch)
    staged = set(units.filter(staged=True).values_list("pk", flat=True))
    rows = StageProgress.objects.filter(participation__batch=batch, started_on__lte=last)
    here: dict[int, tuple[str, bool]] = {}
    entered: dict[str, int] = {}
    past: set[int] = set()
    for unit, stage, begun, ended, planned in rows.values_list(
        "participation_id", "stage", "started_on", "ended_on", "planned_end"
    ):
        if begun >= week:
            entered[stage] = entered.get(stage, 0) + 1
        if ended is None or ended > last:
            here[unit] = (stage, planned < last)
        else:
            past.add(unit)
    for stage in batch.campaign.playbook.stages:
        inside = [over for key, over in here.values() if key == stage.key]
        yield StageFigures(stage.name.zh, len(inside), entered.get(stage.key, 0), sum(inside))
    others = (
        (COMPLETED, len(past - set(here))),
        (NOT_BEGUN, len(staged - set(here) - past)),
        (UNSTAGED, units.filter(staged=False).count()),
    )
    for name, number in others:
        if number:
            yield StageFigures(name, number)


def _reports(batch: Batch, week: dt.date) -> Iterator[ReportFigures]:
    rules = unit_rules(batch)
    lines = boards(batch, rules, [week])
    for rule in rules:
        found = tally(cell for line in lines[rule.key] for cell in line.cells)
        yield ReportFigures(
            name=rule.name.zh,
            owed=found.owed,
            on_time=found.on_time + found.early,
            late=found.late,
            missing=found.missing,
            waiting=found.waiting,
            excused=found.excused,
        )


def _surveys(batch: Batch, week: dt.date) -> dict[str, int]:
    """Rounds confirmed in the week, over all instruments. Three queries."""
    rows = (
        Survey.objects.closed()
        .filter(participation__batch=batch, **_within(week, "confirmed_at"))
        .select_related("participation")
        .prefetch_related("counts", "answers")
    )
    totals = {"surveys": 0, "withheld": 0, "issued": 0, "valid": 0, "satisfied": 0}
    for survey in rows:
        survey.participation.batch = batch
        result = result_of(survey)
        totals["surveys"] += 1
        if result.withheld:  # in no total: it could be taken from it (anonymity, promise 5)
            totals["withheld"] += 1
            continue
        totals["issued"] += result.total.issued
        totals["valid"] += result.total.valid
        totals["satisfied"] += result.satisfied
    return totals


def _passed(batch: Batch, week: dt.date) -> list[str]:
    rows = Transition.objects.filter(
        participation__batch=batch, state=Transition.State.COMPLETED, **_within(week, "completed_at")
    ).select_related("participation__organization", "participation__work_unit")
    return [row.participation.label for row in rows.order_by("participation__organization__path", "pk")]


def drafted_figures(batch: Batch, week: dt.date) -> dict[str, Any]:
    """The figures as `Bulletin.figures` keeps them: switched on, with the sentences to be edited."""
    return {"on": True, **_figures_json(figures_content(week_figures(batch, week)))}


# ---------------------------------------------------------------- which weeks
def drafting_moment(batch: Batch, week: dt.date) -> dt.datetime | None:
    """When a week's bulletin is drafted: in the week after it, on the playbook's day. None without a bulletin."""
    rule = batch.campaign.playbook.bulletin
    if rule is None:
        return None
    day = week + weeks.WEEK + dt.timedelta(days=rule.weekday)
    return dt.datetime.combine(day, rule.time, tzinfo=weeks.ZONE)


def weeks_due(batch: Batch, now: dt.datetime) -> list[dt.date]:
    """Weeks whose drafting moment has passed and that have no bulletin: those with accepted reports, and the last.

    So a beat that was away catches up on every week that has something to print, and on no empty one.
    """
    past = [
        week
        for week in weeks.weeks_between(batch.starts_on, now.astimezone(weeks.ZONE).date())
        if (moment := drafting_moment(batch, week)) is not None and moment <= now
    ]
    if not past:
        return []
    there = set(weekly(Bulletin.objects.filter(batch=batch)).values_list("week", flat=True))
    told = set(
        Report.objects.filter(within_batch(batch), state=Report.State.ACCEPTED, week__in=past)
        .order_by()
        .values_list("week", flat=True)
        .distinct()
    )
    return [week for week in past if week not in there and (week in told or week == past[-1])]


# ---------------------------------------------------------------- the content of an issue
def content_of(bulletin: Bulletin) -> BulletinContent:
    """What is printed: the frozen content of an issue, or a draft as it would be issued today."""
    if bulletin.state == Bulletin.State.ISSUED:
        return from_json(bulletin.content)
    today = clock.today()
    numbers = next_numbers(bulletin.campaign, bulletin.kind, today)
    return draft_content(bulletin, numbers=numbers, on=today, draft=True)


def draft_content(bulletin: Bulletin, *, numbers: Numbers, on: dt.date, draft: bool = False) -> BulletinContent:
    """The content that the chosen items give, in their order."""
    campaign, rule = bulletin.campaign, bulletin.campaign.playbook.bulletin
    figures = bulletin.figures if bulletin.figures.get("on") else None
    return BulletinContent(
        masthead=campaign.bulletin_name or (rule.masthead.zh if rule else campaign.short_name),
        issue_number=numbers.number,
        total_number=numbers.total,
        supplement=bulletin.kind == SUPPLEMENT,
        special=bulletin.kind == Bulletin.Kind.SPECIAL,
        corrects=_corrects(bulletin.corrects),
        office=campaign.office_name,
        issued_on=on,
        items=tuple(_item(item) for item in chosen(bulletin)),
        editor_note=bulletin.editor_note or None,
        figures=_figures(figures) if figures else None,
        report_to=printed(bulletin.report_to) or None,
        copy_to=printed(bulletin.copy_to) or None,
        distribute_to=printed(bulletin.distribute_to) or None,
        copies=bulletin.copies,
        draft=draft,
    )


def _corrects(corrected: Bulletin | None) -> str | None:
    """The sentence that names the corrected issue, as it is numbered there."""
    if corrected is None:
        return None
    printed = content_of(corrected)
    return words.correction_line(printed.issue_line, printed.issued_on)


def chosen(bulletin: Bulletin) -> list[BulletinItem]:
    """The items that go in, in the order in which they are printed."""
    return sorted((item for item in bulletin.items.all() if item.chosen), key=lambda item: (item.position, item.pk))


def left_out(bulletin: Bulletin) -> list[BulletinItem]:
    """The items that could go in, in the order in which they came."""
    return sorted((item for item in bulletin.items.all() if not item.chosen), key=lambda item: item.pk)


def _item(item: BulletinItem) -> BulletinItemContent:
    return BulletinItemContent(item.title, tuple(item.text.splitlines()), item.source_name or None)


def _figures(data: Mapping[str, Any]) -> FiguresContent:
    return FiguresContent(
        title=data["title"],
        sentences=tuple(data["sentences"]),
        headers=tuple(data["headers"]),
        rows=tuple(tuple(row) for row in data["rows"]),
        chart=tuple(
            ChartGroup(group["title"], tuple((label, value) for label, value in group["bars"]))
            for group in data.get("chart", ())  # none in what was drafted before there were charts
        ),
    )


def _figures_json(figures: FiguresContent) -> dict[str, Any]:
    return {
        "title": figures.title,
        "sentences": list(figures.sentences),
        "headers": list(figures.headers),
        "rows": [list(row) for row in figures.rows],
        "chart": [{"title": group.title, "bars": [list(bar) for bar in group.bars]} for group in figures.chart],
    }


def to_json(content: BulletinContent) -> dict[str, Any]:
    """A content as plain data for a JSON column; `from_json` gives an equal one."""
    data = asdict(content)
    data["issued_on"] = content.issued_on.isoformat()
    data["items"] = [{**asdict(item), "paragraphs": list(item.paragraphs)} for item in content.items]
    data["figures"] = _figures_json(content.figures) if content.figures else None
    return data


def from_json(data: Mapping[str, Any]) -> BulletinContent:
    items = tuple(
        BulletinItemContent(item["title"], tuple(item["paragraphs"]), item["source"]) for item in data["items"]
    )
    kept = {**data, "items": items, "issued_on": dt.date.fromisoformat(data["issued_on"])}
    kept["figures"] = _figures(data["figures"]) if data["figures"] else None
    return BulletinContent(**kept)


def file_name(content: BulletinContent, ending: str) -> str:
    """先进性教育活动简报第3期.docx."""
    issue = words.issue_line(content.issue_number, None, content.supplement, special=content.special).strip("（）")
    return f"{content.masthead}{issue.replace('　', '')}.{ending}"


def authors(items: Iterable[BulletinItem]) -> list[Any]:
    """Who wrote the reports that the items come from."""
    found = Report.objects.filter(used_in__in=list(items), author__is_active=True).select_related("author")
    return [report.author for report in found.distinct()]


# ---------------------------------------------------------------- what the pages show
@dataclass(frozen=True)
class Group:
    """The items of one field of the reports that are not printed."""

    name: str
    items: list[BulletinItem]


def by_field(bulletin: Bulletin, items: Iterable[BulletinItem]) -> list[Group]:
    """Items under the field that they come from, in the playbook's order; the office's own last."""
    names: dict[tuple[str, str], str] = {}
    for rule in bulletin.campaign.playbook.reports:
        names |= {(rule.key, field.key): str(field.name) for field in rule.fields}
    found: dict[str, list[BulletinItem]] = {name: [] for name in names.values()}
    for item in items:
        key = (item.report.rule, item.source_field) if item.report else ("", "")
        found.setdefault(names.get(key, ""), []).append(item)
    return [Group(name, listed) for name, listed in found.items() if listed]


def sheet(bulletin: Bulletin) -> dict[str, Any]:
    """The page as it is printed, in the fixed words of the document."""
    content, _removed = cleaned_bulletin(content_of(bulletin))
    figures = content.figures
    return {
        "masthead": content.masthead,
        "issue": content.issue_line,
        "issue_name": issue_name(bulletin.kind, content.issue_number),
        "office": content.office,
        "date": words.long_date(content.issued_on),
        "draft": words.DRAFT if content.draft else "",
        "corrects": content.corrects,
        "note_label": words.EDITOR_NOTE,
        "note": content.editor_note.split("\n") if content.editor_note else [],
        "items": [
            {
                "title": item.title,
                "paragraphs": [split_heading(text) for text in item.paragraphs],
                "source": words.source_line(item.source) if item.source else "",
            }
            for item in content.items
        ],
        "figures": figures,
        "chart": mark_safe(chart_svg(figures.chart)) if figures and figures.chart else "",
        "distribution": words.distribution(content.report_to, content.copy_to, content.distribute_to),
        "copies": words.copies_line(content.copies) if content.copies is not None else "",
    }

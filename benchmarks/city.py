"""A whole city in the database: 90 committees, 81 general branches, 1,046 branches, 16,436 members, 771 units (U-10).

Nine weeks into the batch the first stage is behind the units: study with attendance, reports, a survey, papers,
problems, census. The rows are inserted in bulk, for it is what is read from them that the benchmarks measure.
"""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

COMMITTEES, GENERAL, BRANCHES, MEMBERS, UNITS = 90, 81, 1_046, 16_436, 771
START = dt.date(2026, 3, 16)  # a Monday
NOW = dt.datetime(2026, 5, 15, 18, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Friday, in the ninth week
SESSIONS = 8


def use(database: Path) -> None:
    """Django on a SQLite database, without the log of queries that it keeps while developing."""
    os.environ.update(
        DATABASE_URL=f"sqlite:///{database}", MEDIA_ROOT=str(database.parent / "media"), LOG_LEVEL="ERROR"
    )
    os.environ.pop("REDIS_URL", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
    import django

    django.setup()
    from django.conf import settings

    settings.DEBUG = False


def prepare(folder: Path) -> None:
    """Django on a new database of its own."""
    use(folder / "city.sqlite3")
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


@dataclass
class City:
    """What was built. `share`: 1 for the whole city, 4 for a quarter of it; `everyone`: each organisation a unit."""

    share: int = 1
    everyone: bool = False
    chance: random.Random = field(default_factory=lambda: random.Random(2005))
    host: Any = None
    batch: Any = None
    office: Any = None
    organizations: list[Any] = field(default_factory=list)
    units: list[Any] = field(default_factory=list)
    members: list[Any] = field(default_factory=list)

    @property
    def branches(self) -> list[Any]:
        return [one for one in self.organizations if one.kind == "branch"]


def build(*, share: int = 1, everyone: bool = False) -> City:
    """Build the city as of NOW; the clock must be held there."""
    from django.db import transaction

    city = City(share, everyone)
    with transaction.atomic():
        for step in (_tree, _campaign, _units, _members, _study, _reports, _survey, _papers, _problems, _census):
            step(city)
    return city


def _store(rows: Iterator[Any]) -> None:
    """Insert rows of one model."""
    found = list(rows)
    type(found[0]).objects.bulk_create(found, batch_size=1000)


def _tree(city: City) -> None:
    from accounts.models import User
    from units.models import Organization, Post

    city.host = Organization.objects.add_root({"name": "中共宜安市委员会", "kind": "city_committee", "code": "A"})
    rows = list(_places(city))
    Organization.objects.bulk_create(rows, batch_size=500)
    by_path = {one.path: one for one in Organization.objects.all()}
    for one in by_path.values():
        one.parent = by_path.get(one.path[: -one.steplen])
        one.numchild = sum(1 for path in by_path if path[: -one.steplen] == one.path) if one.kind != "branch" else 0
    Organization.objects.bulk_update(by_path.values(), ["parent", "numchild"], batch_size=500)
    city.host = by_path[city.host.path]
    city.organizations = [one for one in by_path.values() if one.pk != city.host.pk]
    city.office = User.objects.create_user(username="office", password="Bench-2026", name="邓春梅")
    Post.objects.create(user=city.office, organization=city.host, role="office_head", from_date=START)


def _places(city: City) -> Iterator[Any]:
    """Committees under the city, general branches under committees; two branches of three under the city itself."""
    from units.models import Organization

    committees, general, branches = (number // city.share for number in (COMMITTEES, GENERAL, BRANCHES))
    below, alone = branches - (UNITS - COMMITTEES) // city.share, (UNITS - COMMITTEES) // city.share

    def place(above: str, number: int, kind: str, name: str) -> Any:
        path = Organization._get_path(above, len(above) // Organization.steplen + 1, number)
        depth = len(path) // Organization.steplen
        return Organization(path=path, depth=depth, kind=kind, name=name, code=path[Organization.steplen :])

    leading = [place(city.host.path, n + 1, "committee", f"市第{n + 1}局党委") for n in range(committees)]
    totals = [place(leading[n % committees].path, 1, "general_branch", f"第{n + 1}党总支") for n in range(general)]
    yield from (*leading, *totals)
    above = [*totals, *leading]
    for n in range(below):
        yield place(above[n % len(above)].path, 10 + n // len(above), "branch", f"第{n + 1}支部")
    for n in range(alone):
        yield place(city.host.path, committees + 1 + n, "branch", f"市直第{n + 1}单位党支部")


def _campaign(city: City) -> None:
    from campaign import actions
    from campaign.models import Batch
    from campaign.playbook import load_file

    book = load_file("yibin-city")
    names = {"name": "宜安市保持共产党员先进性教育活动", "short_name": "宜安市先教活动", "office_name": "市委先教办"}
    campaign = actions.create_campaign(
        by=city.office, host=city.host, playbook=book, **names, office_short_name="市委先教办", bulletin_name="简报"
    )
    campaign.snapshot = campaign.snapshot | {
        "bands": [
            {"key": "good", "name": {"zh": "95%以上", "en": "95% and above"}, "at_least": "95%"},
            {"key": "poor", "name": {"zh": "95%以下", "en": "below 95%"}, "at_least": "0%", "below": "95%"},
        ]
    }
    campaign.save()
    days = [START + dt.timedelta(days=45 * n) for n in range(len(book.stages) + 1)]
    windows = [
        actions.StageWindow(stage.key, begin, end - dt.timedelta(days=1))
        for stage, begin, end in zip(book.stages, days, days[1:], strict=False)
    ]
    batch = actions.add_batch(by=city.office, campaign=campaign, number=1, name="第一批", windows=windows)
    city.batch = Batch.objects.select_related("campaign__host").get(pk=batch.pk)


def _units(city: City) -> None:
    """Each unit through its first stage, and in the second."""
    from campaign.models import Participation, StageProgress
    from units.models import WorkUnit

    depth = city.host.depth + 1
    leading = [one for one in city.organizations if city.everyone or one.depth == depth]
    WorkUnit.objects.bulk_create(
        WorkUnit(code=f"U{n:05d}", name=f"市第{n}单位", type=("党政机关", "事业单位", "企业")[n % 3])
        for n, _one in enumerate(leading)
    )
    homes = WorkUnit.objects.order_by("code")
    Participation.objects.bulk_create(
        Participation(batch=city.batch, organization=one, work_unit=home, state="active")
        for one, home in zip(leading, homes, strict=True)
    )
    city.units = list(Participation.objects.select_related("organization", "work_unit"))
    states, rows = ("done", "current", "ahead"), []
    for unit in city.units:
        for n, window in enumerate(city.batch.stages.all()):
            dates = {"started_on": window.starts_on} if n < 2 else {}
            dates |= {"ended_on": window.ends_on} if n == 0 else {}
            rows.append(
                StageProgress(
                    participation=unit,
                    stage=window.stage,
                    position=n + 1,
                    state=states[min(n, 2)],
                    planned_start=window.starts_on,
                    planned_end=window.ends_on,
                    **dates,
                )
            )
    StageProgress.objects.bulk_create(rows, batch_size=500)


def _members(city: City) -> None:
    from accounts import crypto
    from campaign.models import RollEntry, StageProgress
    from units.models import Member

    pick, branches = city.chance.choice, city.branches
    rows = []
    for n in range(MEMBERS // city.share):
        birth = dt.date(1940 + n % 45, 1 + n % 12, 1 + n % 28)
        rows.append(
            Member(
                organization=branches[n % len(branches)],
                name=f"党员{n}",
                id_number=(number := f"999000{birth:%Y%m%d}{n % 1000:04d}"),
                id_digest=crypto.digest(f"{number}{n}"),
                sex=pick(("male", "male", "female")),
                birth_date=birth,
                schooling=pick(("college", "secondary", "junior")),
                post_level=pick(("leader", "staff", "worker", "")),
                category=pick(("full",) * 30 + ("probationary",)),
                retired=n % 4 == 0,
                joined_on=dt.date(1995, 7, 1),
            )
        )
    Member.objects.bulk_create(rows, batch_size=500)
    city.members = list(Member.objects.order_by("pk").only("pk", "organization_id"))
    first = {one.participation_id: one for one in StageProgress.objects.filter(position=1)}
    lead = _governed(city)
    _store(
        RollEntry(progress=first[lead[one.organization_id]], member=one, organization_id=one.organization_id)
        for one in city.members
    )


def _governed(city: City) -> dict[int, int]:
    """Organisation to the unit nearest above it."""
    tops = {unit.organization.path: unit.pk for unit in city.units}
    step = city.host.steplen
    return {
        one.pk: next(tops[one.path[:end]] for end in range(len(one.path), 0, -step) if one.path[:end] in tops)
        for one in city.organizations
    }


def _study(city: City) -> None:
    """Eight days of concentrated training in each branch, attended by nine of ten."""
    from campaign.models import Activity, Attendance

    stage = city.batch.stages.first().stage
    study = city.batch.campaign.playbook.study.coverages
    actions = [a.key for a in city.batch.campaign.playbook.actions if a.coverage in {one.key for one in study}]
    _store(
        Activity(
            batch=city.batch,
            organization=branch,
            stage=stage,
            action=actions[n % len(actions)],
            title="集中学习",
            held_on=START + dt.timedelta(days=5 * n),
            hours=Decimal(6),
            concentrated=True,
        )
        for branch in city.branches
        for n in range(SESSIONS)
    )
    people: dict[int, list[int]] = {}
    for member in city.members:
        people.setdefault(member.organization_id, []).append(member.pk)
    held = Activity.objects.values_list("pk", "organization_id")
    _store(
        Attendance(activity_id=activity, member_id=member)
        for activity, branch in held
        for member in people.get(branch, ())
        if city.chance.random() < 0.9
    )


def _reports(city: City) -> None:
    """Every unit's weekly report of eight weeks and a brief or two, most of them accepted."""
    from reports import weeks
    from reports.models import Report
    from reports.queries.weekly import unit_rules

    rules, rows = unit_rules(city.batch), []
    for unit in city.units:
        for rule in rules:
            for n in range(SESSIONS):
                week = START + n * weeks.WEEK
                due = weeks.regular_due(rule, week)
                sent = due - dt.timedelta(hours=city.chance.randint(-20, 40))
                texts = {f.key: f"本周{f.name.zh}：组织学习两次，走访群众十二户，解决问题三件。" for f in rule.fields}
                rows.append(
                    Report(
                        participation=unit,
                        rule=rule.key,
                        week=week,
                        due_at=due,
                        state=city.chance.choice(("accepted", "accepted", "submitted")),
                        contents=texts,
                        first_submitted_at=sent,
                        submitted_at=sent,
                        late=sent > due,
                    )
                )
    Report.objects.bulk_create(rows, batch_size=500)


def _survey(city: City) -> None:
    from assessments.models import Survey, SurveyAnswer, SurveyCount

    paper, stage = city.batch.campaign.playbook.instruments[0], city.batch.stages.first().stage
    confirmed = dt.datetime.combine(NOW.date(), dt.time(9), tzinfo=dt.UTC)
    _store(
        Survey(
            participation=unit,
            instrument=paper.key,
            stage=stage,
            held_on=START + dt.timedelta(days=40),
            state="confirmed",
            confirmed_at=confirmed,
            entered_at=confirmed,
        )
        for unit in city.units
    )
    counts, answers = [], []
    for survey in Survey.objects.only("pk"):
        for group in paper.groups:
            counts.append(SurveyCount(survey=survey, group=group.key, issued=30, returned=28, valid=27, void=1))
            for question in paper.questions:
                against = city.chance.randint(0, 4)
                for option, number in zip(question.options, (27 - against, against), strict=False):
                    answers.append(
                        SurveyAnswer(
                            survey=survey, group=group.key, question=question.key, option=option.key, count=number
                        )
                    )
    SurveyCount.objects.bulk_create(counts, batch_size=500)
    SurveyAnswer.objects.bulk_create(answers, batch_size=500)


def _papers(city: City) -> None:
    from assessments.models import AnalysisVersion, SelfAnalysis

    states = ("draft", "submitted", "passed", "passed", "returned")
    _store(
        SelfAnalysis(
            batch=city.batch,
            member=one,
            organization_id=one.organization_id,
            state=states[n % 5],
            last_number=int(n % 5 > 0),
        )
        for n, one in enumerate(city.members)
    )
    _store(
        AnalysisVersion(analysis=one, number=1, characters=1200 + pk % 1500, source="typed")
        for pk, one in enumerate(SelfAnalysis.objects.filter(last_number=1).only("pk"))
    )


def _problems(city: City) -> None:
    """Two problems and an application of each unit."""
    from campaign.models import RectificationItem
    from supervision.models import Transition

    stage = city.batch.stages.first().stage
    now = dt.datetime.combine(NOW.date(), dt.time(1), tzinfo=dt.UTC)
    common = {"batch": city.batch, "stage": stage, "problem": "窗口排队长", "kind": "at_once"}
    _store(
        RectificationItem(
            **common,
            organization=unit.organization,
            state=state,
            registered_at=now - dt.timedelta(days=city.chance.randint(0, 50)),
        )
        for unit in city.units
        for state in ("open", "closed")
    )
    _store(
        Transition(
            participation=unit,
            stage=stage,
            attempt=1,
            state="completed",
            applied_at=now - dt.timedelta(days=20),
            decided_at=now - dt.timedelta(days=18),
            completed_at=now - dt.timedelta(days=17),
        )
        for unit in city.units
    )


def _census(city: City) -> None:
    from campaign.models import CensusSheet, MemberCensus

    _store(
        CensusSheet(batch=city.batch, organization=one, condition=("sound", "sound", "weak")[n % 3], secretary_fit=True)
        for n, one in enumerate(city.organizations)
    )
    _store(
        MemberCensus(batch=city.batch, member=one, floating=True, reachable=n % 3 > 0)
        for n, one in enumerate(city.members[::20])
    )

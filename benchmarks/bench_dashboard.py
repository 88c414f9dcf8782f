"""The dashboard of a city against that of one of its counties, in one process and on one database.

The city is the demonstration county eleven times over (55 units, 117 organisations, 1,359 members and six weeks of
records each) under a city committee that hosts the campaign; its rows are copied inside the database. Each reader holds
the same role at his own level. Both pages go through every middleware with a signed-in session.

Two figures each: `kept`, the page as an office meets it (what grows with the tree is counted once in five minutes for
all who look, and the page says as of when), median CPU of ROUNDS requests; and `anew`, with everything counted for this
one request, median of FEW, once more against the county before it was put into the city. The aim is of `kept`. CPU time
is the process's, SQLite's work included.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.bench_home import prepare

COUNTIES = 11
ROUNDS, FEW = 40, 10
APART = 10_000_000  # between the keys of one county and the next
AIM = 2.0
ROOT = "0001"  # tree path of the city


def tables() -> list[Any]:
    """What is copied: organisations and people, and the records that a dashboard counts."""
    from assessments import models as assessed
    from campaign import models as done
    from reports import models as told
    from supervision import models as supervised
    from units import models as there

    return [
        there.Organization,
        there.WorkUnit,
        there.WorkUnit.organizations.through,
        there.Member,
        done.Participation,
        done.StageProgress,
        done.RollEntry,
        done.Arrangement,
        done.Activity,
        done.Attendance,
        done.RectificationItem,
        assessed.Survey,
        assessed.SurveyCount,
        assessed.SurveyAnswer,
        supervised.Transition,
        supervised.MakeUpOrder,
        supervised.YellowCard,
        told.Report,
        told.ReportException,
    ]


def column_of(field: Any, number: int, copied: Sequence[Any]) -> str:
    """What stands in a column of the county's copy: other keys, other codes, another place in the tree."""
    from units.models import Member, Organization

    name = f'"{field.column}"'
    if field.primary_key or (field.is_relation and field.related_model in copied):
        return f"{name} + {number * APART}"
    if field.model is Member and field.one_to_one:
        return "NULL"  # an account belongs to one member
    if field.model is Organization and field.name == "path":
        return f"'{ROOT}{number + 1:04d}' || substr({name}, 9)"
    if field.unique or (field.name == "number" and field.get_internal_type() == "CharField"):
        return f"CASE WHEN {name} = '' THEN '' ELSE {name} || '-{number}' END"
    return name


def grow(host: Any) -> Any:
    """The city above the county, and the county again and again beside it."""
    from django.db import connection, transaction
    from django.db.models import F, Value
    from django.db.models.functions import Concat, Substr

    from campaign.models import Campaign
    from units.models import Organization

    copied = tables()
    with transaction.atomic(), connection.cursor() as cursor:
        # In two steps: a new path may be what another row still has.
        Organization.objects.update(path=Concat(Value(f"#{ROOT}0001"), Substr("path", 5)), depth=F("depth") + 1)
        Organization.objects.update(path=Substr("path", 2))
        city = Organization.objects.create(
            path=ROOT, depth=1, numchild=COUNTIES, code="CITY", name="中共某市委员会", kind="city_committee"
        )
        Organization.objects.filter(pk=host.pk).update(parent=city)
        Campaign.objects.update(host=city)
        for model in copied:
            keep = f" WHERE id <> {city.pk}" if model is Organization else ""
            if any(field.name == "group" and field.is_relation for field in model._meta.local_concrete_fields):
                keep = " WHERE participation_id IS NOT NULL"  # groups belong to the campaign, not to a county
            columns = ", ".join(f'"{field.column}"' for field in model._meta.local_concrete_fields)
            cursor.execute(f"CREATE TEMP TABLE county AS SELECT * FROM {model._meta.db_table}{keep}")
            for number in range(1, COUNTIES):
                values = ", ".join(column_of(field, number, copied) for field in model._meta.local_concrete_fields)
                cursor.execute(f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {values} FROM county")
            cursor.execute("DROP TABLE county")
        counties = [host.pk + number * APART for number in range(1, COUNTIES)]
        Organization.objects.filter(pk__in=counties).update(parent=city)
    return city


class Dashboard:
    """A page and its reader."""

    def __init__(self, username: str, place: Any) -> None:
        from django.test import Client
        from django.urls import reverse

        from accounts.models import User

        self.client, self.place = Client(HTTP_HOST="127.0.0.1"), place
        self.url = reverse("reports:dashboard_of", args=[place.pk])
        self.client.force_login(User.objects.get(username=username))
        self.client.get(self.url)
        self.taken: list[float] = []

    def look(self) -> Any:
        answer = self.client.get(self.url)
        if answer.status_code != 200 or b"h-stages" not in answer.content:
            raise SystemExit(f"{self.url} answered {answer.status_code}")
        return answer

    def forget(self) -> None:
        """Its figures are counted anew."""
        from campaign.models import Batch
        from reports.queries.dashboard import counting

        counting.forget(Batch.objects.get(), self.place)

    def queries(self) -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            self.look()
        return len(asked)

    def timed(self) -> None:
        start = time.process_time()
        self.look()
        self.taken.append((time.process_time() - start) * 1000)

    def median(self) -> float:
        """Milliseconds of CPU; begins anew."""
        found, self.taken = statistics.median(self.taken), []
        return round(found, 1)


def compare(city: Dashboard, county: Dashboard, rounds: int, *, anew: bool) -> dict[str, Any]:
    """Turn and turn about, so that whatever else the machine does falls on both."""
    asked = []
    for one in (city, county):
        if anew:
            one.forget()
        asked.append(one.queries())
    for _ in range(rounds):
        for one in (city, county):
            if anew:
                one.forget()
            one.timed()
    times = (city.median(), county.median())
    return {"queries": asked, "cpu_ms": times, "ratio": round(times[0] / times[1], 2)}


def by_itself(county: Dashboard) -> float:
    """The county counted anew while nothing else is in the database, milliseconds of CPU."""
    for _ in range(FEW):
        county.forget()
        county.timed()
    return county.median()


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name))
        from accounts.models import User
        from campaign.models import Batch
        from units.models import Member, Organization
        from units.tests.factories import give_post

        host = Batch.objects.select_related("campaign__host").get().campaign.host
        alone = by_itself(Dashboard("office", host))
        city = grow(host)
        chief = User.objects.create(username="city", name="市先教办", must_change_password=False)
        give_post(chief, city, "office_head")
        county = Organization.objects.get(pk=host.pk)
        pages = (Dashboard("city", city), Dashboard("office", county))
        kept, anew = compare(*pages, ROUNDS, anew=False), compare(*pages, FEW, anew=True)
        found = {
            "benchmark": "dashboard",
            "organisations": Organization.objects.count(),
            "organisations_of_the_county": Organization.objects.within(county).count(),
            "members": Member.objects.count(),
            "same_queries": all(len(set(one["queries"])) == 1 for one in (kept, anew)),
            "ratio": kept["ratio"],
            "ratio_anew": anew["ratio"],
            "ratio_anew_to_a_county_alone": round(anew["cpu_ms"][0] / alone, 2),
            "aim_ratio": AIM,
            "kept": kept,
            "anew": anew,
            "method": f"median CPU of {ROUNDS} GETs with kept figures, of {FEW} that count anew; city, county; SQLite",
        }
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()

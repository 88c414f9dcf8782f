"""What visits and supervision opinions are to each person, with a planned visit and an opinion that waits."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile

from accounts import clock
from supervision.actions import opinions, visits
from supervision.models import PointFile, VisitFile
from tests.access.entries import Matrix
from tests.access.people import OUTSIDER, READERS, RECORDERS, SET_UP, SUPERVISOR
from units.tests.factories import user_with

KEEPERS = SET_UP | SUPERVISOR


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    page, deed = matrix.page, matrix.deed
    page("supervision:visits()", ok=READERS, hidden=OUTSIDER)
    page("supervision:opinions()", ok=READERS, hidden=OUTSIDER)
    for name in ("visit_new", "visit_held", "opinion_new"):
        page(f"supervision:{name}(pk)", ok=KEEPERS, refused=READERS, of=lambda p: p.participation)
    page("supervision:gate_short(pk)", ok=READERS, of=lambda p: p.participation)
    page("supervision:visit(pk)", ok=READERS, of=lambda p: p.visit)
    for name in ("visit_edit", "visit_log"):
        page(f"supervision:{name}(pk)", ok=SUPERVISOR, refused=READERS, of=lambda p: p.visit)
    deed("supervision:visit_call_off(pk)", ok=SUPERVISOR, refused=READERS, of=lambda p: p.visit)
    page("supervision:visit_file(pk)", ok=READERS, of=lambda p: p.visit_file)
    page("supervision:opinion(pk)", ok=READERS, of=lambda p: p.supervision_opinion)
    page("supervision:opinion_paper(pk)", ok=READERS, of=lambda p: p.supervision_opinion)
    point = {"refused": READERS, "of": lambda p: (p.supervision_opinion, p.opinion_point)}
    deed("supervision:opinion_point(pk, point)", ok=RECORDERS, **point)
    deed("supervision:opinion_answer(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.supervision_opinion)
    for name in ("opinion_check", "opinion_take_back"):
        deed(f"supervision:{name}(pk)", ok=SUPERVISOR, refused=READERS, of=lambda p: p.supervision_opinion)
    page("supervision:opinion_file(pk)", ok=READERS, of=lambda p: p.opinion_file)


def furnish_visits(w: Any, p: SimpleNamespace) -> None:
    """Of the branch of a unit, made by somebody who guides the whole county and is none of those who ask."""
    guide = user_with("supervisor", w.t.county)
    day = clock.today() + dt.timedelta(days=3)
    plan = visits.VisitPlan(organization=p.branch, planned_on=day, purpose="看笔记", goers="某同志")
    p.visit = visits.plan_visit(by=guide, participation=p.participation, plan=plan)
    kept = {"name": "minutes.txt", "size": 7, "added_by": guide}
    p.visit_file = VisitFile.objects.create(visit=p.visit, file=ContentFile(b"minutes", "visit.txt"), **kept)
    data = opinions.OpinionData(organization=p.branch, title="做实讨论", points=[opinions.Point("补两次讨论", day)])
    p.supervision_opinion = opinions.give_opinion(by=guide, participation=p.participation, data=data)
    p.opinion_point = p.supervision_opinion.points.get()
    proof = ContentFile(b"minutes", "answer.txt")
    p.opinion_file = PointFile.objects.create(point=p.opinion_point, file=proof, **kept)

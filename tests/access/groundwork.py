"""What preparation, census, special arrangements and talks are to each person, and a piece of each in a place."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile

from accounts import clock
from campaign.actions import arrangements, census, preparation, talks
from campaign.models import CensusCase, Talk
from tests.access.entries import Matrix
from tests.access.people import (
    BRANCH,
    COMMITTEE,
    EVERYONE,
    LEADER,
    LECTURE,
    MEMBER,
    OUTSIDER,
    READERS,
    RECORDERS,
    SECRETARY,
    SET_UP,
    UNIT_BRANCH,
)
from units.models import Member

NOBODY: frozenset[str] = frozenset()
WORKERS = RECORDERS | SET_UP
PROPOSERS = SECRETARY | UNIT_BRANCH | BRANCH
DECIDERS = SET_UP | LEADER


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    page, deed = matrix.page, matrix.deed
    page("campaign:preparation(pk)", ok=READERS, of=lambda p: p.branch)
    deed("campaign:preparation_tick(pk, item)", ok=NOBODY, refused=READERS, of=lambda p: (p.branch, "plan"))
    page("campaign:preparation_file(pk)", ok=READERS, of=lambda p: p.tick)
    page("campaign:unit_plan(pk)", ok=READERS, of=lambda p: p.participation)
    deed("campaign:unit_plan_decide(pk)", ok=SET_UP, refused=READERS, of=lambda p: p.participation)
    page("campaign:training_new(pk)", ok=WORKERS, refused=READERS, of=lambda p: p.branch)
    deed("campaign:training_delete(pk)", ok=WORKERS, refused=READERS, of=lambda p: p.training)
    page("campaign:arrangements_waiting()", ok=DECIDERS, hidden=OUTSIDER)
    page("campaign:arrangements(pk)", ok=READERS, of=lambda p: p.branch)
    page("campaign:arrangement_new(pk)", ok=PROPOSERS, refused=READERS, of=lambda p: p.branch)
    page("campaign:arrangement(pk)", ok=READERS, of=lambda p: p.proposal)
    page("reports:arrangement_docx(pk)", ok=READERS, of=lambda p: p.proposal)
    deed("campaign:arrangement_decide(pk)", ok=DECIDERS, refused=READERS, of=lambda p: p.proposal)
    deed("campaign:arrangement_withdraw(pk)", ok=PROPOSERS, refused=READERS, of=lambda p: p.proposal)
    page("campaign:talks(pk)", ok=READERS, of=lambda p: p.branch)
    deed("campaign:talks(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.branch)
    page("campaign:team_talk_new(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.branch)
    page("campaign:my_talks()", ok=MEMBER, hidden=EVERYONE - MEMBER)
    deed("campaign:talk_answer(pk)", ok=NOBODY, refused=READERS, of=lambda p: p.talk)
    deed("campaign:talk_remove(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.talk)
    deed("campaign:team_talk_remove(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.team_talk)
    page("campaign:team(pk)", ok=READERS, of=lambda p: p.branch)
    deed("campaign:team(pk)", ok=WORKERS, refused=READERS, of=lambda p: p.branch)
    deed("campaign:team_leave(pk)", ok=WORKERS, refused=READERS, of=lambda p: p.team_row)
    page("campaign:census()", ok=READERS, hidden=OUTSIDER)
    page("campaign:census_export()", ok=READERS - LECTURE - COMMITTEE, hidden=OUTSIDER)
    page("campaign:census_import()", ok=WORKERS, hidden=OUTSIDER)
    page("campaign:census_organization(pk)", ok=READERS, of=lambda p: p.branch)
    page("campaign:census_sheet(pk)", ok=WORKERS, refused=READERS, of=lambda p: p.branch)
    page("campaign:census_member(pk)", ok=WORKERS, refused=READERS, of=lambda p: p.member)
    page("campaign:census_case(pk)", ok=READERS, of=lambda p: p.case)
    deed("campaign:census_case(pk)", ok=WORKERS, refused=READERS, of=lambda p: p.case)
    deed("campaign:census_case_close(pk)", ok=WORKERS, refused=READERS, of=lambda p: p.case)


def furnish(w: Any, p: SimpleNamespace) -> None:
    """A tick with a paper, a plan that waits, a training, a proposal, a talk, a team and a case."""
    given = {"by": w.hand, "batch": w.batch, "organization": p.branch}
    today = clock.today()
    p.tick = p.participation.preparation.create(
        item="plan", done_on=today, file=ContentFile(b"plan", "plan.txt"), file_name="plan.txt", ticked_by=w.hand
    )
    plan = preparation.write_plan(by=w.hand, participation=p.participation, contents={}, version=0)
    preparation.submit_plan(by=w.hand, plan=plan, required=[])
    p.training = preparation.record_training(
        **given, title="骨干培训", held_on=today, level="organization", trainees={"secretary": 3}
    )
    one, *_rest = people = list(Member.objects.filter(organization=p.branch).order_by("pk"))
    p.proposal = arrangements.propose_arrangement(**given, members=[one], reason="年老体弱", arrangement="送学上门")
    talks.tick_talks(**given, pairs=[(one, people[-1])], held_on=today)
    p.talk = Talk.objects.get(first=one)
    p.team_talk = talks.record_team_talk(**given, held_on=today)
    p.team_row = talks.set_team_member(by=w.hand, organization=p.branch, member=one, duty="principal")
    census.fill_sheet(**given, data=census.SheetData(condition="weak"), version=0)
    p.case = CensusCase.objects.get(organization=p.branch)

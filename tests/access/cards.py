"""What cards, admonitions, spot checks and their papers are to each person, and one of each in every unit."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile

from accounts import clock
from supervision.actions import spot_checks
from supervision.models import Admonition, MakeUpFile, SpotFile, YellowCard
from tests.access.entries import Matrix
from tests.access.people import (
    LEADER,
    ORDERERS,
    OUTSIDER,
    READERS,
    SECRETARY,
    SET_UP,
    UNIT,
    UNIT_BRANCH,
    UPPER,
)

SECRETARIES = SECRETARY | UNIT_BRANCH


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    page, deed = matrix.page, matrix.deed
    page("supervision:cards()", ok=READERS, hidden=OUTSIDER)
    page("supervision:card(pk)", ok=UPPER, of=lambda p: p.card)
    deed("supervision:card_issue(pk)", ok=SET_UP, refused=UPPER, of=lambda p: p.card)
    deed("supervision:card_revoke(pk)", ok=SET_UP, refused=UPPER, of=lambda p: p.card)
    deed("supervision:card_acknowledge(pk)", ok=SECRETARIES, refused=UPPER, of=lambda p: p.card)
    page("supervision:admonition(pk)", ok=UPPER, of=lambda p: p.admonition)
    deed("supervision:admonition(pk)", ok=SET_UP | LEADER, refused=UPPER, of=lambda p: p.admonition)
    page("supervision:spot_checks()", ok=READERS, hidden=OUTSIDER)
    page("supervision:spot_check_new()", ok=ORDERERS | SECRETARY, hidden=OUTSIDER)
    page("supervision:spot_check(pk)", ok=UPPER, of=lambda p: p.spot_check)
    page("supervision:spot_check_record(pk)", ok=UPPER, of=lambda p: p.spot_check)
    for name in ("spot_check_draw", "spot_check_close", "spot_check_cancel"):
        deed(f"supervision:{name}(pk)", ok=SET_UP, refused=UPPER, of=lambda p: p.spot_check)
    page("supervision:spot_result(pk)", ok=UPPER, of=lambda p: p.spot_result)
    deed("supervision:spot_result(pk)", ok=SET_UP, refused=UPPER, of=lambda p: p.spot_result)
    page("supervision:spot_file(pk)", ok=UPPER, of=lambda p: p.spot_file)
    deed("supervision:spot_file_remove(pk)", ok=SET_UP, refused=UPPER, of=lambda p: p.spot_file)
    page("supervision:makeup_file(pk)", ok=UPPER, of=lambda p: p.makeup_file)
    deed("supervision:makeup_file_remove(pk)", ok=UNIT, refused=UPPER, of=lambda p: p.makeup_file)
    page("reports:makeup_docx(pk)", ok=UPPER, of=lambda p: p.makeup)
    page("reports:card_docx(pk)", ok=UPPER, of=lambda p: p.card)
    page("reports:admonition_docx(pk)", ok=UPPER, of=lambda p: p.admonition)


def furnish_cards(w: Any, p: SimpleNamespace) -> None:
    """Made by somebody who is none of those who ask. The playbook knows no card, so they are written as they stand."""
    common = {"batch": w.batch, "participation": p.participation}
    p.card = YellowCard.objects.create(
        **common,
        organization=p.unit,
        stage=w.playbook.stages[0].key,
        trigger=YellowCard.Trigger.MAKEUP,
        event_key=f"makeup:{p.makeup.pk}",
        makeup=p.makeup,
        cause="work_not_solid",
        cause_words={"zh": "工作不扎实", "en": "Work not solid"},
        rule_words={"zh": "黄牌警示", "en": "Yellow card"},
        state=YellowCard.State.ISSUED,
        number=f"{p.unit.pk}号",
        issued_on=clock.today(),
        issued_at=clock.now(),
    )
    p.admonition = Admonition.objects.create(
        **common, work_unit=p.work_unit, number_needed=2, rule_words={"zh": "集体诫勉", "en": "Admonition"}
    )
    p.admonition.cards.add(p.card)
    p.makeup_file = MakeUpFile.objects.create(
        item=p.item, file=ContentFile(b"proof", "proof.txt"), name="proof.txt", size=5, added_by=w.hand
    )
    _spot_check(w, p)


def _spot_check(w: Any, p: SimpleNamespace) -> None:
    """Over the unit; where it has nothing below it, written as it stands."""
    p.spot_check = spot_checks.SpotCheck.objects.create(
        batch=w.batch,
        organization=p.unit,
        kind="roving",
        subject="学习笔记",
        wanted=1,
        state="drawn",
        population=[[p.branch.pk, p.branch.code, p.branch.name]],
        seed="0" * 32,
        algorithm="sha256-smallest-1",
        drawn_at=clock.now(),
        opened_by=w.hand,
    )
    p.spot_result = spot_checks.SpotResult.objects.create(check_of=p.spot_check, position=1, organization=p.branch)
    p.spot_file = SpotFile.objects.create(
        row=p.spot_result, file=ContentFile(b"seen", "seen.txt"), name="seen.txt", size=4, added_by=w.hand
    )

"""What a dossier tells of yellow cards, admonitions and spot checks (J-14..J-16, M-07)."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.dossier import Event, Fold, Line, Subject, chapter
from supervision.models import Admonition, SpotResult, YellowCard
from units import access

CARDS, ADMONITIONS, CHECKS = "cards", "admonitions", "spot_checks"


@chapter(CARDS, gettext_lazy("Yellow cards"))
def cards(subject: Subject) -> Iterator[Event]:
    """Issued and revoked; what is only proposed is not history yet. One query."""
    rows = YellowCard.objects.visible_to(subject.reader).filter(
        access.below(subject.organization.path, "organization"), batch=subject.participation.batch
    )
    for card in rows.select_related("organization", "issued_by", "acknowledged_by", "revoked_by"):
        yield from _card(card)


def _card(card: YellowCard) -> Iterator[Event]:
    common = {
        "kind": CARDS,
        "stage": card.stage,
        "organization": card.organization.name,
        "url": reverse("supervision:card", args=[card.pk]),
    }
    if card.issued_at:
        title = _("Yellow card issued: %(number)s") % {"number": card.number}
        detail = "\n".join(filter(None, (f"{card.get_trigger_display()}：{card.cause_name}", card.reason)))
        mark = "card" if card.state == YellowCard.State.ISSUED else ""
        yield Event(
            card.issued_at, title=title, detail=detail, who=str(card.issued_by or ""), tone="bad", mark=mark, **common
        )
    if card.acknowledged_at:
        title = _("Yellow card acknowledged")
        yield Event(card.acknowledged_at, title=title, who=str(card.acknowledged_by or ""), tone="info", **common)
    if card.revoked_at:
        title = _("Yellow card revoked") if card.issued_at else _("Proposed yellow card not issued")
        detail, who = card.revoked_reason, str(card.revoked_by or "")
        yield Event(card.revoked_at, title=title, detail=detail, who=who, tone="info", **common)


@chapter(ADMONITIONS, gettext_lazy("Collective admonitions"))
def admonitions(subject: Subject) -> Iterator[Event]:
    """Opened, held or cancelled. Two queries."""
    rows = Admonition.objects.visible_to(subject.reader).filter(
        access.below(subject.organization.path, "participation__organization"), batch=subject.participation.batch
    )
    related = rows.select_related("work_unit", "participation__organization", "recorded_by")
    for row in related.prefetch_related("team"):
        url = reverse("supervision:admonition", args=[row.pk])
        common = {"kind": ADMONITIONS, "organization": row.participation.organization.name, "url": url}
        yield Event(row.opened_at, title=_("Collective admonition opened"), detail=row.rule, tone="bad", **common)
        if row.held_on:
            yield _held(row, common)
        if row.cancelled_at:
            title, detail = _("Collective admonition cancelled"), row.cancelled_reason
            yield Event(row.cancelled_at, title=title, detail=detail, tone="info", **common)


def _held(row: Admonition, common: dict[str, str]) -> Event:
    lines = tuple(Line(f"{one.name} {one.position}".strip(), "ok" if one.present else "late") for one in row.team.all())
    words = {"place": row.place, "who": row.admonisher}
    return Event(
        row.held_on or row.opened_at,
        title=_("Leadership team admonished together"),
        detail=_("%(place)s, by %(who)s") % words,
        who=str(row.recorded_by or ""),
        tone="bad",
        folds=(Fold(_("Leadership team"), lines),),
        **common,
    )


_TONES = {SpotResult.Result.GOOD: "ok", SpotResult.Result.PROBLEMS: "late", SpotResult.Result.BAD: "bad"}


@chapter(CHECKS, gettext_lazy("Spot checks"))
def spot_checks(subject: Subject) -> Iterator[Event]:
    """Results recorded. One query."""
    rows = SpotResult.objects.visible_to(subject.reader).filter(
        access.below(subject.organization.path, "organization"), check_of__batch=subject.participation.batch
    )
    for row in rows.exclude(result="").select_related("organization", "check_of", "checked_by"):
        words = {"subject": row.check_of.subject, "result": row.get_result_display()}
        yield Event(
            row.checked_on or row.check_of.opened_at,
            kind=CHECKS,
            title=_("Spot check “%(subject)s”: %(result)s") % words,
            detail=row.findings,
            who=str(row.checked_by or ""),
            tone=_TONES[SpotResult.Result(row.result)],
            organization=row.organization.name,
            stage=row.check_of.stage,
            url=reverse("supervision:spot_result", args=[row.pk]),
        )

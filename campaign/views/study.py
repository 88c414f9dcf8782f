"""Study hours and coverages: each member's figures, and the names of those not yet reached."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from campaign import rules
from campaign.evidence import Evidence
from campaign.models import Activity, Participation
from campaign.study import CoverageRow, MemberStudy, coverage_rows, is_short, leader_rows, member_rows, stage_for
from campaign.views.activities import absent
from campaign.views.places import Place, crumbs, find_place, tabs

PER_PAGE = 50
SHORT_SHOWN = 20


def _evidence(request: HttpRequest, place: Place, participation: Participation, checks: tuple[str, ...]) -> Evidence:
    if not rules.can_see_members(request.user, place.organization):
        raise PermissionDenied
    chosen = stage_for(participation, checks, request.GET.get("stage", ""))
    return Evidence(participation, chosen, place.organization)


def _context(request: HttpRequest, place: Place, evidence: Evidence, page: str, title: str) -> dict[str, Any]:
    progress = evidence.progress
    return {
        "place": place,
        "organization": place.organization,
        "evidence": evidence,
        "rules": evidence.playbook.study,
        "stage": evidence.stage,
        "progress": progress,
        "crumbs": crumbs(request.user, place.organization, title),
        "tabs": tabs(place, page),
    }


def study(request: HttpRequest, pk: int) -> HttpResponse:
    """Hours and days of each member, who is furthest behind first (E-02, E-03)."""
    place = find_place(request, pk)
    if place.participation is None or not place.active:
        return absent(request, place)
    evidence = _evidence(request, place, place.participation, ("study_hours", "concentrated_days"))
    rows = member_rows(evidence)
    counted = [row for row in rows if not row.member.arranged]
    branch = request.GET.get("branch", "")
    shown = [row for row in counted if str(row.member.organization_id) == branch] if branch else counted
    if request.GET.get("short"):
        shown = [row for row in shown if not row.enough]
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    context = _context(request, place, evidence, "study", _("Study hours")) | {
        "page": page,
        "scale": _scale(evidence, rows),
        "counted": len(counted),
        "enough": sum(row.enough for row in counted),
        "arranged": [row for row in rows if row.member.arranged],
        "branch": branch,
        "only_short": bool(request.GET.get("short")),
        "short_sessions": _short_sessions(evidence),
        "leaders": leader_rows(evidence),
        "may_name": rules.can_set_up(request.user, evidence.batch.campaign.host),
    }
    return render(request, "campaign/study/hours.html", context)


def _scale(evidence: Evidence, rows: list[MemberStudy]) -> float:
    """What the full width of a bar stands for, in study hours."""
    longest = max((row.hours for row in rows), default=0)
    return float(max(longest, evidence.playbook.study.hours or 0, 1))


def _short_sessions(evidence: Evidence) -> list[Activity]:
    """The latest sessions that are recorded but count nothing (decision 7)."""
    rules_of_study = evidence.playbook.study
    short = [row.id for row in evidence.activities.values() if is_short(rules_of_study, row.hours, row.concentrated)]
    return list(Activity.objects.filter(pk__in=short).select_related("organization")[:SHORT_SHOWN])


def coverage(request: HttpRequest, pk: int) -> HttpResponse:
    """The five coverages: how far each has got, and the names not yet reached by branch (E-26)."""
    place = find_place(request, pk)
    if place.participation is None or not place.active:
        return absent(request, place)
    evidence = _evidence(request, place, place.participation, ("coverage",))
    rows = coverage_rows(evidence)
    context = _context(request, place, evidence, "coverage", _("Coverage")) | {
        "rows": rows,
        "actions": {c.key: _actions_of(evidence, c.key) for c in evidence.playbook.study.coverages},
        "branches": [] if place.organization.is_branch else _by_branch(evidence),
    }
    return render(request, "campaign/coverage/detail.html", context)


def _actions_of(evidence: Evidence, coverage_key: str) -> list[Any]:
    return [action for action in evidence.playbook.actions if action.coverage == coverage_key]


def _by_branch(evidence: Evidence) -> list[tuple[Any, list[CoverageRow]]]:
    return [(branch, coverage_rows(evidence.part(branch))) for branch in evidence.branches]

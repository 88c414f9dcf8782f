"""How units rank by the reports they sent and had adopted, as offices publish it (通报)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from campaign.models import Batch
from campaign.playbook import ReportRule
from campaign.queries import batch_for
from reports import chain_rules
from reports.adoption_forms import RankingFilter
from reports.queries import adoption as queries
from reports.queries.weekly import unit_rules, weeks_of
from reports.ranking_workbook import ranking_workbook
from reports.reporter import UNIT
from reports.views.place import rule_or_404
from units.guards import need_somewhere
from units.roles import Right

PER_PAGE = 50


def _rule(request: HttpRequest, batch: Batch) -> ReportRule | None:
    """The report that is named, else the information briefs, else the first that units owe."""
    if wanted := request.GET.get("rule"):
        return rule_or_404(batch, wanted, UNIT)
    asked = unit_rules(batch)
    briefs = [rule for rule in asked if rule.key == queries.BRIEF]
    return next(iter([*briefs, *asked]), None)


def _asked(request: HttpRequest, batch: Batch, rule: ReportRule) -> tuple[queries.Asked, RankingFilter]:
    shown = weeks_of(batch)
    form = RankingFilter(request.GET, batch=batch, shown=shown)
    week = form.week_shown
    return queries.Asked(request.user, batch, rule, [week] if week else shown, form.told("kind")), form


def asked_of(request: HttpRequest, *, kinds: bool = True) -> queries.Asked | None:
    """What the address asks for, without `kinds` of all kinds of units; None where no unit owes a report."""
    batch = batch_for(request.user)
    rule = _rule(request, batch) if batch else None
    if batch is None or rule is None:
        return None
    asked, _form = _asked(request, batch, rule)
    return asked if kinds else dataclasses.replace(asked, kind="")


def ranking(request: HttpRequest) -> HttpResponse:
    """Units by points and by reports sent and adopted, of one week or of all (K-01, K-02)."""
    need_somewhere(request.user, Right.VIEW)
    batch = batch_for(request.user)
    rule = _rule(request, batch) if batch else None
    if batch is None or rule is None:
        return render(request, "reports/report/ranking.html", {"batch": batch})
    asked, form = _asked(request, batch, rule)
    page = Paginator(queries.ranked(asked), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "rule": rule,
        "rules": unit_rules(batch),
        "form": form,
        "page": page,
        "rows": queries.with_tally(asked, page),
        "total": queries.totals(asked),
        "period": _period(asked),
        "may_tell": chain_rules.keeps(request.user, batch.campaign),
        "now": clock.now(),
        "crumbs": [(_("Weekly reports"), reverse("reports:weekly")), (_("Ranking"), "")],
    }
    return render(request, "reports/report/ranking.html", context)


def _period(asked: queries.Asked) -> tuple[dt.date, dt.date] | None:
    """First and last day of the weeks shown, the last never after today."""
    if not asked.weeks:
        return None
    return max(asked.weeks[0], asked.batch.starts_on), min(asked.weeks[-1] + dt.timedelta(days=6), clock.today())


def ranking_xlsx(request: HttpRequest) -> HttpResponse | FileResponse:
    """The ranking as filtered, as a workbook ready to be printed."""
    need_somewhere(request.user, Right.VIEW)
    asked = asked_of(request)
    if asked is None:
        raise Http404
    content = ranking_workbook(asked, _period(asked))
    name = f"{asked.rule.name.zh}报送采用通报{clock.today():%Y%m%d}.xlsx"
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name)

"""What the office's report to its superior, passing on, and the notices of the ranking are to each person."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from campaign.models import Campaign
from campaign.playbook import ReportRule, load_file
from reports import chain_rules, weeks
from reports.actions import chain, notices
from reports.models import RankingNotice, UpwardReport
from reports.queries.adoption import Asked
from reports.tests.factories import unit_rule
from tests.access.entries import Matrix
from tests.access.people import CHASERS, OUTSIDER, POSTED, READERS, TOP, UPPER
from units.tests.factories import user_with


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    page, deed = matrix.page, matrix.deed
    page("reports:upward()", ok=TOP, hidden=OUTSIDER)
    page("reports:upward_report(pk)", ok=TOP, of=lambda p: p.upward, wide=True)
    page("reports:upward_docx(pk)", ok=TOP, of=lambda p: p.upward, wide=True)
    page("reports:upward_edit(pk)", ok=CHASERS, of=lambda p: p.upward_draft, wide=True)
    begun = {"of": lambda p: (p.batch, "upward_report", p.week), "wide": True}
    deed("reports:upward_open(pk, rule, week)", ok=CHASERS, refused=POSTED, **begun)
    deed("reports:upward_withdraw(pk)", ok=CHASERS, refused=TOP, of=lambda p: p.upward, wide=True)
    deed("reports:upward_answer(pk)", ok=CHASERS, refused=TOP, of=lambda p: p.upward, wide=True)
    deed("reports:report_forward(pk)", ok=CHASERS, refused=UPPER, of=lambda p: p.accepted)
    page("reports:ranking_notices()", ok=READERS, hidden=OUTSIDER)
    page("reports:ranking_notice_new()", ok=CHASERS, hidden=OUTSIDER)
    deed("reports:ranking_notice_new()", ok=CHASERS, hidden=OUTSIDER)
    page("reports:ranking_notice(pk)", ok=POSTED, of=lambda p: p.ranking_notice, wide=True)
    page("reports:ranking_notice_docx(pk)", ok=POSTED, of=lambda p: p.ranking_notice, wide=True)


def furnish_chain(w: Any, p: SimpleNamespace) -> None:
    """A report sent up and one in hand, and a notice, one of each a campaign; by nobody of those who ask."""
    if not chain_rules.upward_rules(p.campaign):
        _let_report(p.campaign)
    rule = chain_rules.upward_rules(p.campaign)[0]
    p.upward_draft, p.upward = (_written(w, p, rule, back) for back in (0, 1))
    if p.upward.state == UpwardReport.State.DRAFT:
        contents = {field.key: "本周工作正常。" for field in rule.fields}
        chain.submit(by=w.hand, upward=p.upward, version=p.upward.version, contents=contents)
    there = RankingNotice.objects.filter(batch=p.batch).first()
    p.ranking_notice = there or _published(w, p)


def _let_report(campaign: Campaign) -> None:
    """The rule of the county's playbook, which the city's leaves out."""
    shipped = load_file("xingwen-county").snapshot["reports"]
    office = [rule for rule in shipped if rule["reporter"] == chain_rules.OFFICE]
    campaign.snapshot = {**campaign.snapshot, "reports": [*campaign.snapshot["reports"], *office]}
    campaign.save()


def _written(w: Any, p: SimpleNamespace, rule: ReportRule, back: int) -> UpwardReport:
    return chain.open_upward(by=w.hand, batch=p.batch, rule=rule, week=p.week - back * weeks.WEEK)


def _published(w: Any, p: SimpleNamespace) -> RankingNotice:
    asked = Asked(user_with("office_head", p.campaign.host), p.batch, unit_rule(w), [p.week - weeks.WEEK])
    return notices.issue_notice(by=w.hand, asked=asked, title="关于报送采用情况的通报", texts={"opening": "通报如下。"})

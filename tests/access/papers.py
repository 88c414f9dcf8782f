"""Self-analyses at one place: one that waits for its reviewer, one that has passed, a deputy, an organisation's own."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from accounts import clock
from assessments.actions import accountability, analyses, analyses_after
from assessments.models import AnalysisVersion, SelfAnalysis
from assessments.tests.factories import handed_in
from campaign import actions as campaign_actions
from units.models import Member
from units.tests.factories import user_with


def furnish_papers(w: Any, p: SimpleNamespace) -> None:
    """Made by somebody who is none of those who ask."""
    last = Member.objects.filter(organization=p.branch).order_by("pk").last()
    p.paper = handed_in(w, p.member, by=w.hand, participation=p.participation)
    p.passed_paper = handed_in(w, last, by=w.hand, participation=p.participation)
    analyses.review(by=w.hand, paper=p.passed_paper, number=1, verdict="pass")
    p.paper_file = analyses.keep_file(by=w.hand, paper=p.paper, name="材料.docx", content=b"word")
    AnalysisVersion.objects.filter(analysis=p.paper).update(original=p.paper_file)
    shown = {"kind": "self_analysis", "title": "材料公示", "scope": "branch", "days": 7}
    notice = campaign_actions.give_notice(by=w.hand, batch=w.batch, organization=p.branch, **shown)
    SelfAnalysis.objects.filter(pk=p.paper.pk).update(notice=notice)
    today = clock.today()
    p.deputy = analyses_after.set_deputy(
        by=w.hand,
        principal=user_with("branch_committee", p.branch),
        deputy=p.account,
        from_date=today,
        to_date=today + dt.timedelta(days=2),
        reason="外出学习",
    )
    held = {"member": p.member, "name": "", "duty": "主任", "cause": "推诿", "result": "诫勉", "decided_on": today}
    p.accountability = accountability.enter_accountability(
        by=w.hand, batch=w.batch, organization=p.branch, entry=accountability.entry_of(**held)
    )
    own = analyses_after.organization_paper_for(p.unit, w.batch)
    analyses_after.save_organization_draft(by=w.hand, paper=own, text="存在的问题", revision=0)
    analyses_after.finish_organization_paper(by=w.hand, paper=own)

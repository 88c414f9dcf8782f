"""The office's report to its superior as a Word document, which is Chinese in every language of the pages (K-01)."""

from __future__ import annotations

from django.utils import timezone, translation

from accounts import clock
from reports.actions.chain import rule_behind
from reports.documents.content import Block, LetterContent
from reports.documents.words import long_date
from reports.models import UpwardReport


def upward_letter(upward: UpwardReport) -> LetterContent:
    """Its fields under counted headings; a draft until it is sent."""
    with translation.override("zh-hans"):
        rule, campaign = rule_behind(upward), upward.batch.campaign
        body = []
        for field in rule.fields:
            lines = str(upward.contents.get(field.key, "")).splitlines()
            kept = [line for line in lines if line.strip()]
            if kept:
                body += [Block(field.name.zh, 1), *(Block(line) for line in kept)]
        sent = upward.submitted_at
        return LetterContent(
            title=f"{campaign.short_name}{rule.name.zh}（{long_date(upward.week)}起一周）",
            addressee=rule.to.zh if rule.to else campaign.superior_name or None,
            body=tuple(body),
            signature=campaign.office_name,
            signed_on=timezone.localtime(sent).date() if sent else clock.today(),
            draft=upward.state in UpwardReport.OPEN,
        )

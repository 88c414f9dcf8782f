"""Who drafts, edits and issues the bulletin: those with the right at the campaign's host, while it is a draft."""

from __future__ import annotations

from typing import Any

from campaign.models import Batch, Campaign
from reports.models import Bulletin
from units import access
from units.roles import Right


def can_draft(user: Any, batch: Batch) -> bool:
    """Draft one now: where the playbook asks for a bulletin, while the batch is open."""
    asked = batch.campaign.playbook.bulletin is not None and batch.closed_on is None
    return asked and access.has(user, Right.EDIT_BULLETIN, batch.campaign.host)


def can_edit(user: Any, bulletin: Bulletin) -> bool:
    draft = bulletin.state == Bulletin.State.DRAFT
    return draft and access.has(user, Right.EDIT_BULLETIN, bulletin.campaign.host)


def can_correct(user: Any, bulletin: Bulletin) -> bool:
    """Draft the issue that corrects an issued one."""
    return bulletin.state == Bulletin.State.ISSUED and access.has(user, Right.EDIT_BULLETIN, bulletin.campaign.host)


def can_keep_lists(user: Any, campaign: Campaign) -> bool:
    """Keep the presets of for whom issues are printed."""
    return access.has(user, Right.EDIT_BULLETIN, campaign.host)


def can_issue(user: Any, bulletin: Bulletin) -> bool:
    draft = bulletin.state == Bulletin.State.DRAFT
    return draft and access.has(user, Right.ISSUE_BULLETIN, bulletin.campaign.host)


def can_make_files(user: Any, bulletin: Bulletin) -> bool:
    """Have the files of an issue made again where the first attempt failed."""
    lacking = bulletin.state == Bulletin.State.ISSUED and not (bulletin.docx and bulletin.pdf)
    return lacking and access.has(user, Right.EDIT_BULLETIN, bulletin.campaign.host)

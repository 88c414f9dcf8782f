"""The steps of the set-up: where each leads, and which can be reached. Supervision adds the step of its groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.models import Batch, Campaign
from campaign.playbook import Playbook, PlaybookInvalid, from_snapshot, load_file

PLAYBOOK, NAMES, BATCH, UNITS, GROUPS, START = range(1, 7)
SESSION_KEY = "setup_playbook"  # the choice of the first step, until the second creates the campaign


@dataclass(frozen=True)
class WizardStep:
    """One step; without a URL it cannot be reached yet."""

    number: int
    name: str
    url: str
    status: str  # done, here or ""


def steps(at: int, campaign: Campaign | None = None, batch: Batch | None = None) -> list[WizardStep]:
    """All six steps as links, as far as they exist."""
    campaign = campaign or (batch.campaign if batch else None)
    named = [
        _("Playbook"),
        _("Names"),
        _("Batch and dates"),
        _("Units taking part"),
        _("Supervision groups"),
        _("Check and begin"),
    ]
    urls = [_url("campaign:setup_playbook", campaign), _url("campaign:setup_names", campaign, only=at >= NAMES)]
    if batch is not None:
        urls.append(_url("campaign:setup_batch_edit", batch))
    else:
        urls.append(_url("campaign:setup_batch", campaign) if campaign else "")
    later = ("campaign:setup_units", "supervision:setup_groups", "campaign:setup_start")
    urls += [_url(name, batch) if batch else "" for name in later]
    return [
        WizardStep(number, name, url, "here" if number == at else "done" if number < at else "")
        for number, (name, url) in enumerate(zip(named, urls, strict=True), start=1)
    ]


def _url(name: str, obj: Any, *, only: bool = True) -> str:
    if not only and obj is None:
        return ""
    return reverse(name, args=[obj.pk] if obj is not None else [])


def keep_playbook(session: Any, playbook: Playbook, *, shipped: bool) -> None:
    """Remember the choice of the first step: a key, or the whole of an uploaded playbook."""
    session[SESSION_KEY] = {"key": playbook.key} if shipped else {"snapshot": playbook.snapshot}


def kept_playbook(session: Any) -> Playbook | None:
    """The choice of the first step; None when there is none, or it can no longer be used."""
    kept = session.get(SESSION_KEY)
    if not kept:
        return None
    try:
        return load_file(kept["key"]) if "key" in kept else from_snapshot(kept["snapshot"])
    except PlaybookInvalid:
        return None

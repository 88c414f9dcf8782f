"""The chain of consent of an application: at the end of a stage, or at the end of the whole campaign (J-06, H-06).

An application to close is a transition like any other, at the stage CLOSING and without a target: it has attempts,
frozen findings, decisions and a meeting; and in the end the participation is closed instead of moved.
"""

from __future__ import annotations

from campaign.models import Participation, StageProgress
from campaign.playbook import Playbook, Text, TransitionRule
from campaign.playbook.work import CLOSING

CLOSING_NAME = Text("集中学习教育活动结束", "End of the campaign")


def rule_at(playbook: Playbook, stage: str) -> TransitionRule | None:
    """Who must consent at the end of a stage; at CLOSING the addressees of the closing application, in any order."""
    if stage != CLOSING:
        return playbook.transition
    closing = playbook.closing
    return TransitionRule(
        mode="parallel",
        steps=closing.steps,
        parts=closing.parts,
        parts_default=True,
        meeting=closing.meeting,
        meeting_rule=None,
        filing=None,
        subordinate=None,
    )


def name_at(playbook: Playbook, stage: str) -> Text:
    """The stage's name as people read it."""
    return CLOSING_NAME if stage == CLOSING else playbook.stage(stage).name


def stage_now(participation: Participation, progress: StageProgress | None) -> str:
    """What an application handed in now would be about: the stage under way, or CLOSING after the last one."""
    return progress.stage if progress else CLOSING


def target_after(playbook: Playbook, stage: str) -> str:
    """Key of the stage that follows; empty after the last one and at the closing."""
    following = playbook.next_stage(stage) if stage != CLOSING else None
    return following.key if following else ""

"""Every write of the core room. Split by topic; this is the one door."""

from campaign.actions.activities import (
    ActivityChanged,
    ActivityData,
    change_activity,
    delete_activity,
    mark_members,
    record_activity,
    remove_file,
    set_attendance,
    unmark_members,
)
from campaign.actions.set_up import (
    CampaignExists,
    StageWindow,
    add_batch,
    add_participation,
    create_campaign,
    reschedule,
    withdraw_participation,
)
from campaign.actions.stages import StageMoved, StageSkipped, freeze_roll, move_stage, start

__all__ = [
    "ActivityChanged",
    "ActivityData",
    "CampaignExists",
    "StageMoved",
    "StageSkipped",
    "StageWindow",
    "add_batch",
    "add_participation",
    "change_activity",
    "create_campaign",
    "delete_activity",
    "freeze_roll",
    "mark_members",
    "move_stage",
    "record_activity",
    "remove_file",
    "reschedule",
    "set_attendance",
    "start",
    "unmark_members",
    "withdraw_participation",
]

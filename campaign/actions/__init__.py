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
from campaign.actions.changes import (
    Entry,
    HasBegun,
    TakesPartElsewhere,
    begin,
    begin_all,
    change_batch,
    change_campaign,
    change_entries,
    replace_playbook,
    waiting_to_begin,
)
from campaign.actions.closing import UnitsOpen, close_batch, close_participation
from campaign.actions.copying import CopiedMeanwhile, copy_activity, take_back_copies
from campaign.actions.documents import hand_in
from campaign.actions.notices import give_notice, withdraw_notice
from campaign.actions.reading import TitleInUse, TitleListed, add_title, remove_title, set_reading
from campaign.actions.playbook import PlaybookChanged, PlaybookInUse, change_playbook
from campaign.actions.set_up import (
    AlreadyStarted,
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
    "AlreadyStarted",
    "CampaignExists",
    "CopiedMeanwhile",
    "Entry",
    "HasBegun",
    "PlaybookChanged",
    "PlaybookInUse",
    "StageMoved",
    "StageSkipped",
    "StageWindow",
    "TakesPartElsewhere",
    "TitleInUse",
    "TitleListed",
    "UnitsOpen",
    "add_batch",
    "add_participation",
    "add_title",
    "begin",
    "begin_all",
    "change_activity",
    "change_batch",
    "change_campaign",
    "change_entries",
    "change_playbook",
    "close_batch",
    "close_participation",
    "copy_activity",
    "create_campaign",
    "delete_activity",
    "freeze_roll",
    "give_notice",
    "hand_in",
    "mark_members",
    "move_stage",
    "record_activity",
    "remove_file",
    "remove_title",
    "replace_playbook",
    "reschedule",
    "set_attendance",
    "set_reading",
    "start",
    "take_back_copies",
    "unmark_members",
    "waiting_to_begin",
    "withdraw_notice",
    "withdraw_participation",
]

"""Every write of this room. Split by topic; this is the one door."""

from units.actions.accounts import Slip, Wanted, create_account, create_secretary_accounts, secretary_role
from units.actions.members import (
    Revealed,
    change_member,
    create_member,
    leave_member,
    return_member,
    reveal_member,
    transfer_member,
)
from units.actions.organizations import (
    PLACES,
    WorkUnitData,
    change_organization,
    close_organization,
    create_organization,
    kinds_below,
    move_organization,
    reopen_organization,
    save_work_unit,
)
from units.actions.posts import end_post, grant_post

__all__ = [
    "PLACES",
    "Revealed",
    "Slip",
    "Wanted",
    "WorkUnitData",
    "change_member",
    "change_organization",
    "close_organization",
    "create_account",
    "create_member",
    "create_organization",
    "create_secretary_accounts",
    "end_post",
    "grant_post",
    "kinds_below",
    "leave_member",
    "move_organization",
    "reopen_organization",
    "return_member",
    "reveal_member",
    "save_work_unit",
    "secretary_role",
    "transfer_member",
]

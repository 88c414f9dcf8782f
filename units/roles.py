"""Roles as readable classes: what a post lets its holder do within the post's organisation and all below it.

Rights are few and named for the deed. A rule (rules.py of a room) combines a right with the state of a record.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _


class Right(StrEnum):
    VIEW = "view"  # organisations, progress, reports, results in scope
    VIEW_MEMBERS = "view_members"  # names and the campaign's data of members, masked
    REVEAL = "reveal"  # see an ID number or telephone in full; audited
    EDIT_ROSTER = "edit_roster"  # import, edit, transfer, export the roster
    SET_UP = "set_up"  # campaigns, batches, participation, groups
    RECORD = "record"  # activities, attendance, marks
    ENTER_SURVEY = "enter_survey"  # paper counts: first person
    CONFIRM_SURVEY = "confirm_survey"  # paper counts: second person
    APPLY = "apply"  # transition applications
    REVIEW = "review"  # the supervision group's word on an application
    APPROVE = "approve"  # the office's word on an application
    LEAD = "lead"  # the leading group's word on an application
    ORDER_MAKEUP = "order_makeup"
    REPORT = "report"  # write and submit weekly reports
    ACCEPT_REPORT = "accept_report"  # accept or return them
    EDIT_BULLETIN = "edit_bulletin"
    ISSUE_BULLETIN = "issue_bulletin"
    EXPORT = "export"  # summary workbooks
    MANAGE_ACCOUNTS = "manage_accounts"  # accounts and their passwords
    GRANT_POSTS = "grant_posts"  # who holds which post
    PAPERS = "papers"  # self-analyses, opinions on members, handling: confidential (decision 20)
    AUDIT = "audit"  # read the history


class Role:
    """Base of all roles; subclasses register themselves under their key."""

    key: ClassVar[str]
    name: ClassVar[Any]
    rights: ClassVar[frozenset[Right]] = frozenset()
    home: ClassVar[str] = "branch"  # which home page the role starts on: office, branch, supervision, admin, member
    order: ClassVar[int] = 50  # the lowest decides the home page of a person with several posts

    registry: ClassVar[dict[str, type[Role]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "key" in cls.__dict__:
            Role.registry[cls.key] = cls


_READ = frozenset({Right.VIEW, Right.VIEW_MEMBERS})
_OFFICE = _READ | {Right.EXPORT, Right.ACCEPT_REPORT, Right.EDIT_BULLETIN}


class OfficeHead(Role):
    """Head of the campaign office: all that the office does."""

    key, name, home, order = "office_head", _("Head of the campaign office"), "office", 10
    rights = _OFFICE | {
        Right.REVEAL,
        Right.EDIT_ROSTER,
        Right.SET_UP,
        Right.APPROVE,
        Right.ORDER_MAKEUP,
        Right.ENTER_SURVEY,
        Right.CONFIRM_SURVEY,
        Right.ISSUE_BULLETIN,
        Right.GRANT_POSTS,
        Right.MANAGE_ACCOUNTS,
        Right.PAPERS,
    }


class OfficeGeneral(Role):
    """General group (综合组, D-04): plans, bulletin, coordination, documents."""

    key, name, home, order = "office_general", _("Campaign office, general group"), "office", 11
    rights = OfficeHead.rights - {Right.ISSUE_BULLETIN, Right.GRANT_POSTS, Right.MANAGE_ACCOUNTS, Right.PAPERS}


class OfficePublicity(Role):
    """Publicity group (宣传组, D-05)."""

    key, name, home, order = "office_publicity", _("Campaign office, publicity group"), "office", 12
    rights = _OFFICE


class OfficeSupervision(Role):
    """Supervision group of the office (督导组, D-06): coordinates the sub-groups."""

    key, name, home, order = "office_supervision", _("Campaign office, supervision group"), "office", 13
    rights = _READ | {Right.EXPORT, Right.ORDER_MAKEUP, Right.CONFIRM_SURVEY, Right.ENTER_SURVEY}


class OfficeLecture(Role):
    """Lecture group (宣讲组, D-07)."""

    key, name, home, order = "office_lecture", _("Campaign office, lecture group"), "office", 14
    rights = _READ


class LeadingGroupHead(Role):
    """Head of the leading group (D-01): sees all of the jurisdiction, decides where the playbook asks for it."""

    key, name, home, order = "leading_group_head", _("Head of the leading group"), "office", 15
    rights = _READ | {Right.EXPORT, Right.LEAD}


class Supervisor(Role):
    """Member of a supervision or guidance group (D-09, D-10): guides, reviews, does not decide for others."""

    key, name, home, order = "supervisor", _("Supervision group member"), "supervision", 20
    rights = _READ | {
        Right.REVIEW,
        Right.ORDER_MAKEUP,
        Right.ENTER_SURVEY,
        Right.CONFIRM_SURVEY,
        Right.EXPORT,
    }


class OrganizationSecretary(Role):
    """Secretary of a committee, party group or general branch (B-12)."""

    key, name, home, order = "organization_secretary", _("Organisation secretary"), "branch", 30
    rights = _READ | {
        Right.RECORD,
        Right.APPLY,
        Right.REPORT,
        Right.ENTER_SURVEY,
        Right.EXPORT,
        Right.REVEAL,
        Right.PAPERS,
    }


class PartyAffairsLeader(Role):
    """Leader in charge of party work (分管党务工作的领导, B-12)."""

    key, name, home, order = "party_affairs_leader", _("Leader in charge of party work"), "branch", 31
    rights = _READ | {Right.RECORD, Right.REPORT, Right.ENTER_SURVEY, Right.EXPORT, Right.PAPERS}


class BranchSecretary(Role):
    """Branch secretary (支部书记, D-12): records, reports, applies."""

    key, name, home, order = "branch_secretary", _("Branch secretary"), "branch", 32
    rights = OrganizationSecretary.rights


class BranchCommittee(Role):
    """Branch committee member (支委): records for the secretary."""

    key, name, home, order = "branch_committee", _("Branch committee member"), "branch", 33
    rights = _READ | {Right.RECORD, Right.REPORT, Right.ENTER_SURVEY, Right.PAPERS}


class SystemAdministrator(Role):
    """Runs the accounts; sees no member and no paper (conventions: separate roles)."""

    key, name, home, order = "system_administrator", _("System administrator"), "admin", 60
    rights = frozenset({Right.MANAGE_ACCOUNTS})


class SecurityAdministrator(Role):
    """Grants and ends posts."""

    key, name, home, order = "security_administrator", _("Security administrator"), "admin", 61
    rights = frozenset({Right.GRANT_POSTS})


class Auditor(Role):
    """Reads the history and changes nothing."""

    key, name, home, order = "auditor", _("Auditor"), "admin", 62
    rights = frozenset({Right.AUDIT})


class PlainMember(Role):
    """A member: own data, own papers."""

    key, name, home, order = "member", _("Member"), "member", 90
    rights = frozenset()


def choices() -> list[tuple[str, Any]]:
    return [(key, role.name) for key, role in sorted(Role.registry.items(), key=lambda item: item[1].order)]


def with_right(right: Right) -> list[str]:
    """Keys of the roles that carry a right."""
    return [key for key, role in Role.registry.items() if right in role.rights]

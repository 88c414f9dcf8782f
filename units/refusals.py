"""Why a write to the tree, the roster or the posts was refused: each names what happened and can be shown as it is."""

from __future__ import annotations

from typing import Any

from accounts.messages import Message


class UnitsRefusal(Exception):
    """A refusal with a sentence for whoever asked: a message id (gettext_noop where it is raised) and parameters."""

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.message = Message(message, params)

    def __str__(self) -> str:
        return str(self.message)


class CannotSitThere(UnitsRefusal):
    """An organisation of this kind has no place under that one."""


class WouldCycle(UnitsRefusal):
    """An organisation cannot stand below itself."""


class StillInUse(UnitsRefusal):
    """An organisation with members or organisations below it cannot be closed."""


class OrganizationClosed(UnitsRefusal):
    """A closed organisation takes nothing in."""


class CodeTaken(UnitsRefusal):
    """Another organisation or work unit has this code."""


class WrongDate(UnitsRefusal):
    """A date that lies in the future, or before what it must follow."""


class DuplicateMember(UnitsRefusal):
    """Somebody with this ID number stands on the roster already; the message says where."""


class NotABranch(UnitsRefusal):
    """Members belong to branches."""


class MemberMoved(UnitsRefusal):
    """Somebody else transferred, removed or changed the member meanwhile."""


class PostRefused(UnitsRefusal):
    """A post that cannot be given or ended this way."""


class UsernameTaken(UnitsRefusal):
    """The user name belongs to somebody already."""


class ImportRefused(UnitsRefusal):
    """An uploaded roster that cannot be written or discarded as things stand."""

"""The presets of for whom an issue of the bulletin is printed (K-07)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from campaign.models import Campaign
from reports.actions import bulletins
from reports.distribution import WAYS
from reports.models import Bulletin, DistributionList

KEPT = audit.action("distribution_list.kept", _("Kept a distribution list"))
REMOVED = audit.action("distribution_list.removed", _("Removed a distribution list"))


class NameTaken(Exception):
    """The campaign has a list of this name already."""


class ListChanged(Exception):
    """Somebody else has changed or removed the list meanwhile."""


@transaction.atomic
def add_list(*, by: User, campaign: Campaign, fields: Mapping[str, str]) -> DistributionList:
    """A new list: `name` and the three ways. Raises NameTaken."""
    try:
        with transaction.atomic():
            made = DistributionList.objects.create(campaign=campaign, **_known(fields))
    except IntegrityError as error:
        raise NameTaken from error
    _record(KEPT, by, made)
    return made


@transaction.atomic
def change_list(*, by: User, found: DistributionList, version: int, fields: Mapping[str, str]) -> DistributionList:
    """Change the list as the person saw it. Issues and drafts that used it stay. Raises NameTaken or ListChanged."""
    changes = _known(fields) | {"version": version + 1}
    try:
        with transaction.atomic():
            rows = DistributionList.objects.filter(pk=found.pk, version=version).update(**changes)
    except IntegrityError as error:
        raise NameTaken from error
    if not rows:
        raise ListChanged
    found.refresh_from_db()
    _record(KEPT, by, found)
    return found


@transaction.atomic
def remove_list(*, by: User, found: DistributionList) -> None:
    """Remove a list; drafts and issues that used it keep their addressees."""
    _record(REMOVED, by, found)
    found.delete()


@transaction.atomic
def use_list(*, by: User, bulletin: Bulletin, found: DistributionList) -> Bulletin:
    """Put the addressees of a list into a draft; its copies are their sum. Raises as `bulletins.edit` does."""
    if found.campaign_id != bulletin.campaign_id:
        raise ValueError(found.pk)
    return bulletins.edit(by=by, bulletin=bulletin, fields={way: getattr(found, way) for way in WAYS})


def _known(fields: Mapping[str, str]) -> dict[str, object]:
    return {name: fields[name].strip() for name in ("name", *WAYS)}


def _record(action: str, by: User, found: DistributionList) -> None:
    audit.record(action, by=by, obj=found, organization=found.campaign.host, data={"name": found.name})

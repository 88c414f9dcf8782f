"""Opening a unit's ledger again after a poor closing survey (H-04, O-10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, notify
from accounts.models import User
from assessments import after_surveys
from assessments.models import Survey
from campaign import rectification
from campaign.actions.rectification import reopen_for_survey
from campaign.models import RectificationItem

ORDERED = audit.action("survey.rectify_again", _("Had a unit rectify again under supervision"))


class NotCalledFor(Exception):
    """The round does not call for it, a newer one decides, or the person has no post above the unit."""


@transaction.atomic
def rectify_again(
    *, by: User, survey: Survey, items: Collection[RectificationItem], deadline: dt.date, reason: str
) -> int:
    """Open the chosen items again, by a new deadline; the unit is told. Raises NotCalledFor, ItemMoved."""
    if not after_surveys.can_reopen(by, survey) or not items:
        raise NotCalledFor
    count = reopen_for_survey(by=by, items=items, deadline=deadline, reason=reason.strip())
    unit = survey.participation.organization
    data = {"items": count, "reason": reason.strip(), "deadline": deadline.isoformat(), "round": survey.round}
    audit.record(ORDERED, by=by, obj=survey, organization=unit, data=data)
    text = gettext_noop("%(unit)s rectifies %(count)s items again under supervision by %(day)s: %(reason)s")
    params = {"unit": unit.name, "count": count, "day": deadline.isoformat(), "reason": reason.strip()[:200]}
    url = f"{reverse('campaign:rectification', args=[unit.pk])}?state=again"
    notify.send([user for user in rectification.recorders(unit) if user != by], text, url=url, params=params)
    return count

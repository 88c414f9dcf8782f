"""What the page of a unit leads to: its cards, counted, and a spot check of what stands below it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.models import Participation
from campaign.unit_links import Link, unit_link
from supervision import spot_rules
from supervision.models import YellowCard

State = YellowCard.State


@unit_link
def cards_of_unit(user: Any, participation: Participation) -> Link | None:
    """How many cards a unit has; only where the playbook knows cards. One query."""
    if participation.batch.campaign.playbook.sanctions.yellow_card is None:
        return None
    cards = YellowCard.objects.visible_to(user).filter(batch=participation.batch_id)
    units = [participation.work_unit_id] if participation.work_unit_id else []
    mine = cards.filter(Q(participation=participation) | Q(work_units__in=units))
    states = [state for _pk, state in mine.order_by().values_list("pk", "state").distinct()]
    url = f"{reverse('supervision:cards')}?{urlencode({'q': participation.label})}"
    return Link(gettext_lazy("Cards and admonitions"), _said(states), url, "cards")


def _said(states: list[str]) -> str:
    issued, proposed = states.count(State.ISSUED), states.count(State.PROPOSED)
    if not issued and not proposed:
        return _("no yellow card")
    text = ngettext("%(count)d yellow card", "%(count)d yellow cards", issued) % {"count": issued}
    return _("%(cards)s, %(proposed)s proposed") % {"cards": text, "proposed": proposed} if proposed else text


@unit_link
def check_below(user: Any, participation: Participation) -> Link | None:
    """To a spot check of what stands below the unit, for those who may make one. No query."""
    place = participation.organization
    if place.is_branch or not spot_rules.kinds_for(user, place):
        return None
    url = f"{reverse('supervision:spot_check_new')}?{urlencode({'under': place.pk})}"
    return Link(gettext_lazy("Open a spot check"), gettext_lazy("Of its branches, drawn by lot"), url, "search")

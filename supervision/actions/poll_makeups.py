"""Make-up orders after a counted survey: one for each unit whose result calls for it, each only once (I-06, J-13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.models import Survey
from assessments.results import result_of
from campaign.models import Participation
from campaign.playbook import Text
from supervision.actions.makeups import MakeUpTerms, order_makeup
from supervision.models import MakeUpOrder

CONSEQUENCE = "makeup"


def reached(survey: Survey) -> list[Text]:
    """The rules of a make-up that the round has reached, in the playbook's words."""
    return [one.threshold.rule for one in result_of(survey).failing if one.threshold.consequence == CONSEQUENCE]


def words_of(rules: Sequence[Text]) -> dict[str, str]:
    """Several rules as one text in both languages; empty where there is none."""
    return {"zh": "；".join(one.zh for one in rules), "en": "; ".join(one.en for one in rules)} if rules else {}


def reason_for(survey: Survey) -> str:
    """The rule that was reached, with the round; no figure, for the round may show none."""
    rule = "；".join(map(str, reached(survey)))
    words = {"survey": survey.instrument_of().name, "round": survey.round, "rule": rule}
    return _("%(survey)s, round %(round)s: %(rule)s.") % words


def usual_items() -> list[str]:
    """What a make-up after a survey asks for, unless the person who orders it writes something else."""
    return [
        _("Find out with members and the masses what they are not satisfied with, and why."),
        _("Do again what was not done well, and tell the masses what has become of it."),
    ]


def ordered_after(survey: Survey) -> MakeUpOrder | None:
    """The order that this round has led to, if there is one."""
    found = MakeUpOrder.objects.filter(
        participation=survey.participation_id, trigger=MakeUpOrder.Trigger.SURVEY, ordered_at__gte=survey.confirmed_at
    )
    return found.order_by("ordered_at").first()


@transaction.atomic
def order_after_surveys(*, by: User, surveys: Sequence[Survey], due_on: dt.date) -> list[MakeUpOrder]:
    """Order a make-up of each unit that has none after its round; all or none. Raises MakeUpRefused."""
    units = [survey.participation_id for survey in surveys]
    # Who orders for the same units waits here, and then finds them ordered.
    list(Participation.objects.select_for_update().filter(pk__in=units).order_by("pk").values_list("pk", flat=True))
    made = []
    for survey in surveys:
        if ordered_after(survey) is not None:
            continue
        participation = survey.participation
        terms = MakeUpTerms(
            organization=participation.organization, items=usual_items(), due_on=due_on, survey_again=True
        )
        made.append(
            order_makeup(
                by=by,
                participation=participation,
                terms=terms,
                reason=reason_for(survey),
                trigger=MakeUpOrder.Trigger.SURVEY,
                rule_words=words_of(reached(survey)),
            )
        )
    return made

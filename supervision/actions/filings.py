"""Filing the stage summary with the office beside the approval (J-08, J-10): sent in, then acknowledged there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.messages import Message
from accounts.models import User
from campaign.evidence import Evidence
from campaign.findings import both
from campaign.playbook import Item, Playbook, Text
from campaign.summaries import missing_below
from supervision import rules
from supervision.actions.refusals import NotYours, Refused
from supervision.actions.transitions import rule_of, stage_params
from supervision.models import Decision, Filing, Transition

SENT = audit.action("filing.sent", _("Sent in a stage summary for filing"))
RECEIVED = audit.action("filing.received", _("Put a stage summary on file"))
WHOLE = Item("summary", Text("阶段工作总结", "Stage summary"))


class FilingRefused(Refused):
    """The summary cannot be filed like this."""


def headings(playbook: Playbook) -> tuple[Item, ...]:
    """What a stage summary says, heading by heading (J-08); one text where the playbook names none."""
    return playbook.items("summary") or (WHOLE,)


def why_not_file(transition: Transition) -> Message | None:
    """Why the summary cannot be sent in now; None where it can. The supervision group's opinion comes first (J-10)."""
    rule = rule_of(transition.participation.batch.campaign.playbook, transition.stage)
    if rule.filing is None:
        return Message(gettext_noop("The playbook of this campaign asks for no filing of the summary."))
    if transition.state not in {"submitted", "approved", "completed"}:
        return Message(gettext_noop("This application is closed; the summary goes with the one that is under way."))
    if Filing.objects.filter(transition=transition).exists():
        return Message(gettext_noop("The summary has been sent in already."))
    for step in rule.steps:
        agreed = transition.decisions.filter(body=step.body, verdict=Decision.Verdict.AGREE)
        if step.verb == "review" and not agreed.exists():
            return Message(
                gettext_noop("First comes: %(name)s. The summary is filed after it."), {"name": both(step.name)}
            )
    return _missing(transition)


def _missing(transition: Transition) -> Message | None:
    """From below upwards: who has not summed up yet, while the stage lasts (J-09)."""
    progress = next((p for p in transition.participation.progress.all() if p.stage == transition.stage), None)
    if progress is None or transition.state == Transition.State.COMPLETED:
        return None
    missing = [name for level in missing_below(Evidence(transition.participation, progress)) for name in level.missing]
    if not missing:
        return None
    text = gettext_noop("%(count)s have not summed the stage up yet: %(names)s.")
    return Message(text, {"count": len(missing), "names": missing[:12]})


@transaction.atomic
def file_summary(*, by: User, transition: Transition, parts: Mapping[str, str]) -> Filing:
    """Send the summary with the survey result to the office. Raises NotYours, FilingRefused."""
    if not rules.can_apply(by, transition.participation):
        raise NotYours(Message(gettext_noop("Only the organisation's own secretary can file its summary.")))
    refusal = why_not_file(transition)
    if refusal:
        raise FilingRefused(refusal)
    asked = headings(transition.participation.batch.campaign.playbook)
    for one in asked:
        if not parts.get(one.key, "").strip():
            text = gettext_noop("The part “%(name)s” is still empty.")
            raise FilingRefused(Message(text, {"name": both(one.name)}))
    try:
        with transaction.atomic():
            made = Filing.objects.create(
                transition=transition,
                parts={one.key: parts[one.key].strip() for one in asked},
                survey=[finding.to_json() for finding in transition.gate if finding.check == "survey"],
                sent_by=by,
                sent_at=clock.now(),
            )
    except IntegrityError:
        raise FilingRefused(Message(gettext_noop("The summary has been sent in already.")))
    audit.record(SENT, by=by, obj=made, organization=transition.participation.organization)
    _tell(made, rules.registrars(transition), gettext_noop("%(unit)s sent in its summary of “%(stage)s” for filing."))
    return made


@transaction.atomic
def acknowledge(*, by: User, filing: Filing, received_on: dt.date, remark: str = "") -> None:
    """Put the summary on file: received when and by whom. Raises NotYours, FilingRefused."""
    if not rules.can_acknowledge(by, filing):
        raise NotYours(Message(gettext_noop("Only the campaign office acknowledges what is filed with it.")))
    if not timely(filing, received_on):
        raise FilingRefused(Message(gettext_noop("The day of receipt lies between the sending and today.")))
    swapped = Filing.objects.filter(pk=filing.pk, state=Filing.State.SENT).update(
        state=Filing.State.RECEIVED, received_on=received_on, received_by=by, remark=remark.strip()
    )
    if not swapped:
        raise FilingRefused(Message(gettext_noop("Somebody else has put this summary on file already.")))
    filing.refresh_from_db()
    organization = filing.transition.participation.organization
    audit.record(RECEIVED, by=by, obj=filing, organization=organization, data={"on": received_on.isoformat()})
    people = rules.applicants(filing.transition.participation)
    _tell(filing, people, gettext_noop("The summary of %(unit)s of “%(stage)s” is on file with the office."))


def timely(filing: Filing, day: dt.date) -> bool:
    """Can it have been received on this day?"""
    return timezone.localtime(filing.sent_at).date() <= day <= clock.today()


def _tell(filing: Filing, people: list[User], message: str) -> None:
    transition = filing.transition
    params = stage_params(transition.participation.batch.campaign.playbook, transition)
    notify.send(people, message, params=params, url=reverse("supervision:filing", args=[filing.pk]))

"""Cards issued, admonitions held, and a playbook changed, on supervision.tests.factories.make_supervised_world()."""

from accounts import clock
from campaign.models import Campaign
from supervision.actions import admonitions, cards
from supervision.models import YellowCard
from supervision.tests.factories import ordered


def issue(w, card, number=None, by=None):
    cards.issue_card(
        by=by or w.c.office, card=card, number=number or f"黄牌〔2026〕{card.pk}号", issued_on=clock.today()
    )
    card.refresh_from_db()
    return card


def carded(w, organization, **kwargs):
    """A make-up of an organisation for work that was not solid, and the card that came of it, issued."""
    ordered(w, organization, unsolid_work=True, **kwargs)
    return issue(w, YellowCard.objects.get(organization=organization, state="proposed"))


def talk(w, **kwargs):
    team = [admonitions.Attendee(name="李局长", position="局长"), admonitions.Attendee(name="张副局长", present=False)]
    given = {
        "held_on": clock.today(),
        "place": "县委会议室",
        "admonisher": "罗晓岚，组长",
        "content": "两次受黄牌警示，要认真反思。",
        "undertaking": "一周内拿出整改措施。",
        "team": team,
        "absent_note": "张副局长在外学习，返回后补谈。",
        **kwargs,
    }
    return admonitions.AdmonitionTalk(**given)


def snapshot_with(w, change):
    campaign = Campaign.objects.get(pk=w.batch.campaign_id)
    change(campaign.snapshot)
    Campaign.objects.filter(pk=campaign.pk).update(snapshot=campaign.snapshot)

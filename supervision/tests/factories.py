"""Applications and make-ups on campaign.tests.factories.make_world()."""

import copy
import datetime as dt

from accounts import clock
from campaign.models import Batch, Campaign, Participation
from campaign.tests.factories import make_world
from supervision import actions
from units.tests.factories import user_with

PARTS = {"situation": "本单位全部参加。", "satisfaction": "群众满意。", "next_stage": "下一阶段先抓三件事。"}
OPEN_GATE = [{"check": "open_makeups"}]


def set_gate(w, gate, **transition):
    """Give every stage of the campaign this gate, and the chain of consent other values."""
    campaign = Campaign.objects.get(pk=w.batch.campaign_id)
    snapshot = copy.deepcopy(campaign.snapshot)
    for stage in snapshot["stages"]:
        stage["gate"] = gate
    snapshot["transition"].update(transition)
    Campaign.objects.filter(pk=campaign.pk).update(snapshot=snapshot)
    w.batch = Batch.objects.select_related("campaign__host").get(pk=w.batch.pk)
    w.playbook = w.batch.campaign.playbook
    for name in vars(w.p):
        setattr(w.p, name, fresh(getattr(w.p, name)))


def fresh(participation):
    return (
        Participation.objects.select_related("organization", "work_unit", "batch__campaign__host")
        .prefetch_related("progress")
        .get(pk=participation.pk)
    )


def make_supervised_world(*, gate=OPEN_GATE, playbook="yibin-city", transition=None):
    """A county whose three units are covered by one group of two, and whose gate asks for no open make-up only.

    w.c.guide and w.c.guide_2 are the group's members, w.c.archives and w.c.secretary apply for archives and health.
    """
    w = make_world(playbook=playbook)
    set_gate(w, gate, **(transition or {}))
    w.group = actions.create_group(by=w.c.office, campaign=w.batch.campaign, name="第三督导组")
    w.c.guide = user_with("member", w.t.county, "guide", "梁志远")
    w.c.guide_2 = user_with("member", w.t.county, "guide2", "宋玉兰")
    for unit in (w.t.archives, w.t.court, w.t.health):
        actions.assign(by=w.c.office, group=w.group, organization=unit)
    actions.add_member(by=w.c.office, group=w.group, user=w.c.guide, head=True)
    actions.add_member(by=w.c.office, group=w.group, user=w.c.guide_2)
    w.c.court = user_with("organization_secretary", w.t.court, "court", "高文斌")
    return w


def applied(w, name="health", by=None):
    """An application of one of the participations."""
    applicants = {"health": w.c.secretary, "archives": w.c.archives, "court": w.c.court}
    participation = fresh(getattr(w.p, name))
    return actions.apply(by=by or applicants[name], participation=participation, parts=PARTS)


def agree(w, transition, by, body, **kwargs):
    return actions.decide(by=by, transition=transition, body=body, ruling=actions.Ruling(verdict="agree", **kwargs))


def send_back(w, transition, by, body, **kwargs):
    kwargs.setdefault("parts", {"situation": "缺两个支部的情况。"})
    return actions.decide(by=by, transition=transition, body=body, ruling=actions.Ruling(verdict="return", **kwargs))


def approved(w, name="health"):
    transition = applied(w, name)
    agree(w, transition, w.c.guide, "supervision")
    agree(w, transition, w.c.office, "office")
    return transition


def meeting(**kwargs):
    given = {"held_on": clock.today(), "place": "三楼会议室", "speaker": "李文静", "present": 6, **kwargs}
    return actions.Meeting(**given)


def terms(organization, **kwargs):
    given = {"items": ["补开动员会", "补记学习笔记"], "due_on": clock.today() + dt.timedelta(days=7), **kwargs}
    return actions.MakeUpTerms(organization=organization, **given)


def ordered(w, organization=None, name="health", by=None, **kwargs):
    """A make-up ordered after a spot check."""
    participation = fresh(getattr(w.p, name))
    return actions.order_makeup(
        by=by or w.c.guide,
        participation=participation,
        terms=terms(organization or participation.organization, **kwargs),
        reason="抽查发现学习走了过场。",
        trigger="spot_check",
    )

"""A campaign under way on units.tests.factories.make_tree()."""

import datetime as dt
from types import SimpleNamespace

from accounts import clock
from campaign import actions
from campaign.evidence import Evidence
from campaign.models import Batch
from campaign.playbook import load_file
from units.tests.factories import make_cast, make_tree


def make_campaign(t, by, *, playbook="yibin-city", start=None, days=45):
    """A campaign with one batch whose stages run one after another from `start` (default: 20 days ago)."""
    book = load_file(playbook)
    first = start or clock.today() - dt.timedelta(days=20)
    campaign = actions.create_campaign(
        by=by,
        host=t.county,
        playbook=book,
        name="青岚县保持共产党员先进性教育活动",
        short_name="青岚县先教活动",
        office_name="中共青岚县委先进性教育活动领导小组办公室",
        office_short_name="县先教办",
        bulletin_name="先进性教育活动简报",
    )
    windows = []
    for stage in book.stages:
        windows.append(actions.StageWindow(stage.key, first, first + dt.timedelta(days=days - 1)))
        first += dt.timedelta(days=days)
    batch = actions.add_batch(by=by, campaign=campaign, number=1, name="第一批", windows=windows)
    return Batch.objects.select_related("campaign__host").get(pk=batch.pk)


def make_world(*, playbook="yibin-city", started=True, members_per_branch=3, **kwargs):
    """Tree, cast, campaign and three participations (archives, court, health), begun unless told otherwise."""
    w = SimpleNamespace()
    w.t = make_tree(members_per_branch)
    w.c = make_cast(w.t)
    w.batch = make_campaign(w.t, w.c.office, playbook=playbook, **kwargs)
    w.playbook = w.batch.campaign.playbook
    w.p = SimpleNamespace()
    for name in ("archives", "court", "health"):
        participation = actions.add_participation(
            by=w.c.office,
            batch=w.batch,
            organization=getattr(w.t, name),
            work_unit=getattr(w.t, f"{name}_unit"),
        )
        if started:
            actions.start(by=w.c.office, participation=participation, on=w.batch.starts_on)
        setattr(w.p, name, type(participation).objects.get(pk=participation.pk))
    return w


def record(w, organization, *, by=None, days_ago=1, people=(), stage=None, **data):
    """An activity of an organisation some days ago, with those present."""
    given = {"title": "支部活动", "held_on": clock.today() - dt.timedelta(days=days_ago), **data}
    return actions.record_activity(
        by=by or w.c.office,
        organization=organization,
        batch=w.batch,
        stage=stage or w.playbook.stages[0].key,
        data=actions.ActivityData(**given),
        present=people,
    )


def evidence_of(participation, organization=None):
    """Fresh evidence of the stage under way."""
    fresh = type(participation).objects.select_related("batch__campaign", "organization").get(pk=participation.pk)
    return Evidence(fresh, fresh.current(), organization)

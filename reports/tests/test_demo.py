"""The demonstration: built by the pages' actions, it shows what the issue of the day needs."""

import datetime as dt

import pytest

from accounts.models import User
from campaign.models import Participation, StageProgress
from campaign.playbook import load_file
from reports.demo import cast
from reports.demo.adapted import county_playbook
from reports.demo.build import Demo
from reports.models import Bulletin, Report
from supervision.models import MakeUpOrder, Transition


def test_the_county_keeps_the_citys_rules_and_names_itself():
    city, county = load_file("yibin-city"), county_playbook("yibin-city")
    assert county.study == city.study
    assert [a.key for a in county.actions] == [a.key for a in city.actions]
    assert county.transition.steps[0].name.zh == "县委先教办同意"
    assert "市委" not in county.words["office"].zh
    assert county.bulletin.report_to.zh == "市委先教办，县委领导"


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("today", [dt.date(2026, 11, 18), dt.date(2026, 11, 21)], ids=["wednesday", "saturday"])
def test_the_county_stands_in_mid_campaign(today, clock, django_capture_on_commit_callbacks):
    clock.hold(dt.datetime.combine(today, dt.time(10, 0)))
    said = []
    with django_capture_on_commit_callbacks(execute=True):
        Demo(today=today, playbook="yibin-city", seed=2005, say=said.append).build()
    current = StageProgress.objects.filter(state="current")
    assert Participation.objects.count() == 55
    assert set(current.values_list("stage", flat=True)) == {"study", "analysis"}
    assert current.filter(planned_end__lt=today).exists(), "an overrun is to be seen"
    assert Transition.objects.under_review().exists(), "an application waits for the supervision group"
    assert Transition.objects.filter(state="returned").exists()
    order = MakeUpOrder.objects.open().get()
    assert order.due_on >= today
    reports = Report.objects.filter(rule="weekly_report")
    assert reports.filter(late=True).exists()
    assert reports.values("participation", "week").distinct().count() < 55 * 6, "some are missing"
    week = today - dt.timedelta(days=today.weekday())
    owing = Participation.objects.exclude(pk__in=reports.filter(week=week).values("participation"))
    assert owing.exists(), "a report is still to come this week"
    assert Bulletin.objects.filter(state="issued").exists()
    issued = Bulletin.objects.filter(state="issued").first()
    assert issued.docx and issued.pdf
    names = {line.split()[0] for line in cast.sign_ins()[:-1]}
    assert names <= set(User.objects.filter(is_active=True).values_list("username", flat=True))

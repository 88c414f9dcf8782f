"""Two who register at once get one number each, and none is left out."""

import pytest

from accounts.models import User
from campaign.models import Campaign
from campaign.tests.factories import make_world
from reports.actions import register
from reports.models import RegisterEntry
from tests.together import on_a_file, run_together  # noqa: F401  a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_a_file")]
TIMES = 4


def test_numbers_are_given_once_and_without_a_gap():
    w = make_world()

    def entering(title):
        def job():
            by, campaign = User.objects.get(pk=w.c.general.pk), Campaign.objects.get(pk=w.batch.campaign.pk)
            data = register.EntryData(title=title)
            return register.enter(by=by, campaign=campaign, kind="incoming", data=data).number

        return job

    for time in range(TIMES):
        results = run_together(*(entering(f"第{time}次第{one}件") for one in range(3)))
        assert sorted(results) == [3 * time + 1, 3 * time + 2, 3 * time + 3], results
    assert RegisterEntry.objects.count() == 3 * TIMES


def test_of_two_who_finish_and_void_one_document_one_does():
    w = make_world()
    for time in range(TIMES):
        data = register.EntryData(title=f"第{time}件")
        entry = register.enter(by=w.c.general, campaign=w.batch.campaign, kind="incoming", data=data)

        def job(deed, entry=entry, **said):
            by = User.objects.get(pk=w.c.general.pk)
            return lambda: deed(by=by, entry=RegisterEntry.objects.get(pk=entry.pk), **said)

        results = run_together(job(register.finish, result="已办"), job(register.declare_void, reason="误登"))
        assert sorted(isinstance(result, register.EntryChanged) for result in results) == [False, True], results

"""Two members of a group at once, in real transactions: one report, sent once, and the slower one is told (K-04)."""

import pytest

from accounts.models import AuditEntry, User
from reports.actions import reports as actions
from reports.models import Report
from reports.tests.factories import fill
from reports.tests.test_group_reports import W2, world
from tests.together import on_a_file, run_together  # noqa: F401  a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_a_file")]
TIMES = 5


def test_two_members_who_begin_and_send_at_once(clock):
    w = world(clock, "xingwen-county")
    rule = w.reports[0]

    def sender(user):
        def job():
            by = User.objects.get(pk=user.pk)
            report = actions.open_report(by=by, reporter=w.us, rule=rule, week=W2)
            return actions.submit(by=by, report=report, version=1, contents=fill(rule, f"{user}写的一周情况。"))

        return job

    for _time in range(TIMES):
        results = run_together(sender(w.c.guide), sender(w.c.guide_2))
        won = [result for result in results if isinstance(result, Report)]
        lost = [result for result in results if isinstance(result, actions.ReportChanged | actions.AlreadyReported)]
        assert (len(won), len(lost)) == (1, 1), results
        kept = Report.objects.get()
        assert kept.author == won[0].author
        assert str(won[0].author) in kept.contents["progress"]
        entries = AuditEntry.objects.filter(object_id=str(kept.pk), action=actions.SUBMITTED)
        assert entries.count() == 1
        kept.delete()

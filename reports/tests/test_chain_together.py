"""Of two who answer, pass on or publish at the same moment, one does, and the other is told."""

import pytest

from accounts.models import User
from campaign.models import Batch
from campaign.tests.factories import make_world
from reports import chain_rules, weeks
from reports.actions import chain, notices
from reports.actions import reports as actions
from reports.models import Forwarding, RankingNotice, RegisterEntry, Report, UpwardReport
from reports.queries.adoption import Asked
from reports.tests.factories import send, this_week, unit_rule
from tests.together import on_a_file, run_together  # noqa: F401  a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_a_file")]


def test_one_of_two_is_first(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    w = make_world(playbook="xingwen-county", members_per_branch=1)
    rule, week = unit_rule(w), this_week() - weeks.WEEK
    people = [w.c.office.pk, w.c.general.pk]
    sent = send(w.p.health, rule, w.c.secretary, week=week)
    actions.accept_report(by=w.c.general, report=sent, version=sent.version)
    upward_rule = chain_rules.upward_rules(w.batch.campaign)[0]
    up = chain.open_upward(by=w.c.general, batch=w.batch, rule=upward_rule, week=week)
    contents = {field.key: "正常。" for field in upward_rule.fields}
    chain.submit(by=w.c.general, upward=up, version=up.version, contents=contents)

    def publish(pk):
        user = User.objects.get(pk=pk)
        asked = Asked(user, Batch.objects.select_related("campaign__host").get(pk=w.batch.pk), rule, [week])
        return notices.issue_notice(by=user, asked=asked, title="通报", texts={"opening": "通报如下。"})

    def pass_on(pk):
        return chain.forward(by=User.objects.get(pk=pk), report=Report.objects.get(pk=sent.pk), to="市委先教办")

    def answer(pk):
        found = UpwardReport.objects.get(pk=up.pk)
        told = {"by": User.objects.get(pk=pk), "upward": found, "version": up.version, "entered": True}
        return chain.accept_upward(**told) if pk == people[0] else chain.return_upward(**told, reason="补充数据")

    refusals = {publish: notices.AlreadyIssued, pass_on: chain.AlreadyForwarded, answer: chain.ReportChanged}
    for deed, refusal in refusals.items():
        results = run_together(*(lambda pk=pk, deed=deed: deed(pk) for pk in people))
        assert sorted(isinstance(result, refusal) for result in results) == [False, True], results
    assert (RankingNotice.objects.count(), RegisterEntry.objects.count(), Forwarding.objects.count()) == (1, 1, 1)

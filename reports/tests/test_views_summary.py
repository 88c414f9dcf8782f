"""The page of summary workbooks: which organisations one may export, what was made before."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaign.tests.factories import make_world
from jobs.models import Job
from reports.actions import summary as actions

pytestmark = pytest.mark.django_db
START, TODAY = dt.date(2026, 3, 16), dt.date(2026, 4, 20)
PAGE, NEW = reverse("reports:summary"), reverse("reports:summary_new")


@pytest.fixture
def w(clock):
    clock.hold(2026, 4, 20, 9)
    return make_world(start=START)


def asked(organization, first=START, last=TODAY):
    return {"organization": organization.pk, "first": first.isoformat(), "last": last.isoformat()}


def choices(answer):
    return [organization.name for organization in answer.context["form"].fields["organization"].queryset]


def test_the_form_offers_ones_own_subtree_only(w, client):
    client.force_login(w.c.office)
    everything = ["中共青岚县委员会", "县直机关工委", "县法院党总支", "县卫生局党委"]
    assert choices(client.get(PAGE)) == everything
    client.force_login(w.c.secretary)
    assert choices(client.get(PAGE)) == ["县卫生局党委"]
    assert choices(client.get(PAGE, {"organization": w.t.health_2.pk})) == ["县卫生局党委", "县卫生局第二党支部"]
    client.force_login(w.c.branch)
    assert choices(client.get(PAGE, {"organization": w.t.health_2.pk})) == ["县卫生局第一党支部"]


def test_a_branch_secretary_exports_the_own_branch_and_nothing_else(w, client, django_capture_on_commit_callbacks):
    client.force_login(w.c.branch)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(NEW, asked(w.t.health_1))
    job = Job.objects.get()
    assert answer.url == reverse("jobs:detail", args=[job.pk])
    assert job.state == Job.State.DONE
    assert client.get(reverse("jobs:download", args=[job.pk])).status_code == 200
    for organization in (w.t.health, w.t.health_2, w.t.county, w.t.archives):
        assert client.post(NEW, asked(organization)).status_code == 404
    assert Job.objects.count() == 1


def test_whoever_may_see_but_not_export_is_refused(w, client):
    for name in ("committee", "member", "sysadmin", "auditor", "outsider"):
        client.force_login(getattr(w.c, name))
        assert client.get(PAGE).status_code == 403
        assert client.post(NEW, asked(w.t.health_1)).status_code == 403
    assert not Job.objects.exists()


def test_a_workbook_is_its_makers(w, client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = actions.start_summary(by=w.c.office, batch=w.batch, organization=w.t.county, first=START, last=TODAY)
    link = reverse("jobs:download", args=[job.pk])
    client.force_login(w.c.office)
    assert link in client.get(PAGE).content.decode()
    client.force_login(w.c.general)
    assert link not in client.get(PAGE).content.decode()
    assert client.get(link).status_code == 404


def test_one_or_several_tables_may_be_chosen(w, client, django_capture_on_commit_callbacks):
    client.force_login(w.c.office)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(NEW, asked(w.t.county) | {"tables": ["ledger"]})
    job = Job.objects.get()
    assert job.args["tables"] == ["ledger"]
    assert (job.state, job.result_name) == (Job.State.DONE, "中共青岚县委员会整改台账汇总表20260420.xlsx")


def test_a_table_that_is_not_there_is_refused(w, client):
    client.force_login(w.c.office)
    answer = client.post(NEW, asked(w.t.county) | {"tables": ["salaries"]})
    assert "tables" in answer.context["form"].errors
    assert not Job.objects.exists()


def test_confidential_tables_are_offered_to_those_who_may_count_papers(w, client):
    offered = {}
    for name in ("office", "general"):
        client.force_login(getattr(w.c, name))
        offered[name] = {key for key, _label in client.get(PAGE).context["form"].fields["tables"].choices}
    assert offered["office"] - offered["general"] == {"analyses", "handling"}
    answer = client.post(NEW, asked(w.t.county) | {"tables": ["handling"]})
    assert "tables" in answer.context["form"].errors


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (TODAY, START, "last"),
        (START, TODAY + dt.timedelta(days=1), "last"),
    ],
)
def test_a_period_that_cannot_be_is_refused_at_its_field(w, client, first, last, field):
    client.force_login(w.c.office)
    answer = client.post(NEW, asked(w.t.county, first, last))
    assert field in answer.context["form"].errors
    assert answer.context["form"]["first"].value() == first.isoformat(), "what was typed is still there"
    assert not Job.objects.exists()


def test_what_is_no_date_or_no_organisation_is_refused(w, client):
    client.force_login(w.c.office)
    answer = client.post(NEW, {"organization": "x", "first": "gestern", "last": ""})
    assert set(answer.context["form"].errors) == {"organization", "first", "last"}


def test_without_a_batch_the_page_says_what_is_missing(w, client):
    w.batch.closed_on = TODAY
    w.batch.save()
    client.force_login(w.c.office)
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert answer.context["form"] is None
    assert client.post(NEW, asked(w.t.county)).status_code == 404


def test_the_list_costs_the_same_queries_for_one_and_for_three(w, client):
    def counted():
        client.get(PAGE)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PAGE).status_code == 200
        return len(captured)

    client.force_login(w.c.office)
    start = {"by": w.c.office, "batch": w.batch, "first": START, "last": TODAY}
    actions.start_summary(organization=w.t.county, **start)
    one = counted()
    for organization in (w.t.health, w.t.health_1):
        actions.start_summary(organization=organization, **start)
    assert counted() == one

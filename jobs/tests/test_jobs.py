"""The row is the record: one worker at a time, failures told in words, nothing lost when a worker dies."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Notification
from accounts.tests.factories import UserFactory
from jobs import actions, registry
from jobs.models import Job
from jobs.registry import JobFailed, JobTakenOver, Run, job_kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(monkeypatch):
    """Register a kind of work for one test."""
    monkeypatch.setattr(registry, "KINDS", dict(registry.KINDS))
    monkeypatch.setattr(actions, "KINDS", registry.KINDS)

    def register(function, name="test.work"):
        job_kind(name, _("Members"))(function)
        return name

    return register


def start(kind_name, capture, by=None, **args):
    by = by or UserFactory()
    with capture(execute=True):
        job = actions.enqueue(kind_name, by=by, args=args)
    job.refresh_from_db()
    return job


def test_a_job_runs_and_leaves_its_file(kind, django_capture_on_commit_callbacks, client):
    def work(run):
        run.progress(1, 2, "%(count)d days", count=1)
        run.result("结果.txt", b"done")

    job = start(kind(work), django_capture_on_commit_callbacks)
    assert (job.state, job.result_name) == ("done", "结果.txt")
    client.force_login(job.owner)
    answer = client.get(reverse("jobs:download", args=[job.pk]))
    assert b"".join(answer.streaming_content) == b"done"


def test_the_owner_is_told(kind, django_capture_on_commit_callbacks):
    job = start(kind(lambda run: None), django_capture_on_commit_callbacks)
    assert Notification.objects.filter(user=job.owner).exists()


def test_a_refusal_is_told_in_its_own_words(kind, django_capture_on_commit_callbacks, client):
    def work(run):
        raise JobFailed("%(n)s characters", n=7)

    job = start(kind(work), django_capture_on_commit_callbacks)
    assert job.state == "failed" and job.error == {"id": "%(n)s characters", "params": {"n": 7}}
    client.force_login(job.owner)
    page = client.get(reverse("jobs:detail", args=[job.pk])).content.decode()
    assert "7 字" in page and reverse("jobs:retry", args=[job.pk]) in page


def test_an_unexpected_error_fails_the_job_and_names_it(kind, django_capture_on_commit_callbacks):
    job = start(kind(lambda run: 1 / 0), django_capture_on_commit_callbacks)
    assert job.state == "failed" and job.error["params"] == {"error": "ZeroDivisionError"}


def test_two_deliveries_do_the_work_once(kind, django_capture_on_commit_callbacks):
    done = []
    job = start(kind(lambda run: done.append(run.job.pk)), django_capture_on_commit_callbacks)
    actions.run(job.pk)
    assert done == [job.pk]


def test_a_worker_that_was_given_up_cannot_report(kind):
    name = kind(lambda run: None)
    job = Job.objects.create(kind=name, state="running", attempts=1, owner=UserFactory())
    run = Run(job)
    Job.objects.filter(pk=job.pk).update(attempts=2)
    with pytest.raises(JobTakenOver):
        run.progress(1, 1)


def test_the_sweep_runs_again_what_a_dead_worker_left(kind, django_capture_on_commit_callbacks):
    long_ago = timezone.now() - timedelta(hours=1)
    job = Job.objects.create(kind=kind(lambda run: None), state="running", attempts=1, heartbeat=long_ago)
    assert actions.sweep() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)


def test_the_sweep_leaves_a_living_worker_alone(kind):
    Job.objects.create(kind=kind(lambda run: None), state="running", attempts=1, heartbeat=timezone.now())
    assert actions.sweep() == 0


def test_the_sweep_gives_up_a_job_that_kills_its_workers(kind):
    long_ago = timezone.now() - timedelta(hours=1)
    job = Job.objects.create(
        kind=kind(lambda run: None), state="running", attempts=actions.MAX_ATTEMPTS, heartbeat=long_ago
    )
    assert actions.sweep() == 0
    job.refresh_from_db()
    assert job.state == "failed"


def test_retry_is_for_failed_jobs_of_ones_own(kind, client, django_capture_on_commit_callbacks):
    fails = [True, False]

    def work(run):
        if fails.pop(0):
            raise JobFailed("Yes")

    job = start(kind(work), django_capture_on_commit_callbacks)
    client.force_login(UserFactory())
    assert client.post(reverse("jobs:retry", args=[job.pk])).status_code == 404
    client.force_login(job.owner)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("jobs:retry", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == "done"
    with pytest.raises(actions.NotRetriable):
        actions.retry(by=job.owner, job=job)


def test_a_job_is_its_owners(kind, client, django_capture_on_commit_callbacks):
    job = start(kind(lambda run: run.result("a.txt", b"x")), django_capture_on_commit_callbacks)
    client.force_login(UserFactory())
    for name in ("jobs:detail", "jobs:download"):
        assert client.get(reverse(name, args=[job.pk])).status_code == 404
    assert job.label not in client.get(reverse("jobs:list")).content.decode().split("<main")[1]


def test_the_live_part_is_a_fragment_that_asks_again_until_done(kind, client):
    job = Job.objects.create(kind=kind(lambda run: None), state="running", done=1, total=4, owner=UserFactory())
    client.force_login(job.owner)
    page = client.get(reverse("jobs:detail", args=[job.pk]), headers={"hx-request": "true"}).content.decode()
    assert "<html" not in page and "every 1s" in page
    Job.objects.update(state="done")
    page = client.get(reverse("jobs:detail", args=[job.pk]), headers={"hx-request": "true"}).content.decode()
    assert "every 1s" not in page


def test_an_empty_list_says_what_comes_here(client):
    client.force_login(UserFactory())
    assert "后台任务" in client.get(reverse("jobs:list")).content.decode()


def test_the_list_does_no_query_a_row(kind, client):
    owner, name = UserFactory(), kind(lambda run: None)
    client.force_login(owner)
    counts = []
    for _n in (1, 2):
        Job.objects.create(kind=name, state="done", owner=owner)
        client.get(reverse("jobs:list"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("jobs:list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_unknown_kind_is_a_mistake_of_the_programmer():
    with pytest.raises(ValueError, match="nonsense"):
        actions.enqueue("nonsense", by=UserFactory(), args={})

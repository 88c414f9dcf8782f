"""The look-back: rolling, complete only with every question answered, counted at the gate (F-40, H-02)."""

import copy

import pytest

from accounts.models import AuditEntry
from assessments.actions.lookbacks import Answer, LookBackRefused, reopen_lookback, save_lookback
from assessments.models import LookBackRecord
from campaign.findings import run_gate
from campaign.models import Campaign
from campaign.playbook import Check
from campaign.tests.factories import evidence_of, make_world

pytestmark = pytest.mark.django_db
LOOKS = {
    "key": "stage_looks",
    "phase": "study",
    "name": {"zh": "两查", "en": "Two looks"},
    "checks": [
        {
            "key": "thought",
            "name": {"zh": "认识高不高", "en": "Understanding"},
            "items": [
                {"key": "task", "name": {"zh": "当作政治任务", "en": "Taken as a task"}},
                {"key": "duty", "name": {"zh": "责任感增强", "en": "Stronger duty"}},
            ],
        },
        {"key": "problems", "name": {"zh": "问题准不准", "en": "Problems"}},
    ],
}
GOOD = Answer(verdict="good")


@pytest.fixture
def w():
    w = make_world()
    snapshot = copy.deepcopy(Campaign.objects.get().snapshot)
    snapshot["lookbacks"] = [LOOKS]
    Campaign.objects.update(snapshot=snapshot)
    w.batch = type(w.batch).objects.select_related("campaign__host").get(pk=w.batch.pk)
    w.lookback = w.batch.campaign.playbook.lookback("stage_looks")
    return w


def save(w, version, answers, **kwargs):
    return save_lookback(
        by=w.c.secretary,
        batch=w.batch,
        organization=w.t.health,
        lookback=w.lookback,
        version=version,
        answers=answers,
        **kwargs,
    )


def finding(w):
    return next(iter(run_gate([Check("lookback")], evidence_of(w.p.health))))


def test_it_grows_question_by_question_and_completes_with_the_last(w):
    assert not finding(w).passed
    record = save(w, 0, {"task": GOOD})
    assert str(finding(w).measured.params) == "{'done': 1, 'all': 3}"
    with pytest.raises(LookBackRefused, match="责任感增强"):
        save(w, record.version, {"task": GOOD}, complete=True)
    record.refresh_from_db()
    assert record.state == LookBackRecord.State.OPEN and record.answers.count() == 1
    record = save(w, record.version, {"task": GOOD, "duty": GOOD, "problems": GOOD}, complete=True)
    assert record.state == LookBackRecord.State.COMPLETED and finding(w).passed
    assert AuditEntry.objects.filter(action="lookback.completed").count() == 1


def test_what_is_short_says_what_is_done_about_it(w):
    answers = {"task": GOOD, "duty": GOOD, "problems": Answer(verdict="not", finding="意见没有梳理")}
    with pytest.raises(LookBackRefused, match="问题准不准"):
        save(w, 0, answers, complete=True)
    assert not LookBackRecord.objects.exists()
    answers["problems"] = Answer(verdict="not", finding="意见没有梳理", remedy="一周内分类")
    save(w, 0, answers, complete=True)
    assert finding(w).passed and finding(w).remark.params == {"short": 1}


def test_the_slower_of_two_is_told_and_nothing_is_lost(w, client):
    save(w, 0, {"task": GOOD})
    client.force_login(w.c.secretary)
    url = f"/assessments/lookbacks/{w.t.health.pk}/stage_looks/"
    answer = client.post(url, {"version": "0", "duty-verdict": "good", "duty-finding": "写了很多"})
    assert answer.status_code == 422
    assert "写了很多" in answer.content.decode()
    assert [a.question for a in LookBackRecord.objects.get().answers.all()] == ["task"]


def test_a_row_with_words_and_no_verdict_is_a_fault(w, client):
    client.force_login(w.c.secretary)
    url = f"/assessments/lookbacks/{w.t.health.pk}/stage_looks/"
    answer = client.post(url, {"version": "0", "duty-finding": "写了", "task-verdict": "good"})
    assert answer.status_code == 422 and not LookBackRecord.objects.exists()


def test_pages_for_the_secretary_and_for_those_above(w, client):
    client.force_login(w.c.secretary)
    url = f"/assessments/lookbacks/{w.t.health.pk}/stage_looks/"
    assert "两查" in client.get(f"/assessments/lookbacks/{w.t.health.pk}/").content.decode()
    assert 'name="task-verdict"' in client.get(url).content.decode()
    done = {f"{key}-verdict": "good" for key in ("task", "duty", "problems")}
    assert client.post(url, {"version": "0", "complete": "1", **done}).status_code == 302
    page = client.get(url).content.decode()
    assert 'name="task-verdict"' not in page and "认识高不高" in page
    client.force_login(w.c.leader)
    assert client.get(url).status_code == 200
    assert client.post(url, {"version": "1", **done}).status_code == 403
    assert client.post(url + "reopen/").status_code == 403


def test_taken_up_again_it_does_not_count(w):
    answers = dict.fromkeys(("task", "duty", "problems"), GOOD)
    record = save(w, 0, answers, complete=True)
    reopen_lookback(by=w.c.secretary, record=record)
    assert not finding(w).passed and record.completed_on is None
    save(w, record.version, answers, complete=True)
    assert finding(w).passed

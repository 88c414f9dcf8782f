"""Make-ups by each trigger of the playbook (J-13), proofs of what was done, and the new survey round (decision 15)."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry
from assessments.tests.factories import survey_round
from supervision import actions
from supervision.actions.makeups import remove_file, triggers_at
from supervision.forms import OrderForm
from supervision.models import MakeUpFile, MakeUpOrder
from supervision.tests.factories import applied, fresh, make_supervised_world, ordered, terms

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
def w():
    return make_supervised_world()


def at_stage(w, participation, stage):
    """The unit as if it had come to a stage."""
    participation.progress.filter(state="current").update(state="done")
    participation.progress.filter(stage=stage).update(state="current")
    return fresh(participation)


def do_all(w, order, by):
    for item in order.items.all():
        actions.record_item(by=by, item=item, done_on=clock.today(), evidence="已补。")
    actions.report_makeup(by=by, order=order)
    order.refresh_from_db()


# ---------------------------------------------------------------- the triggers of the playbook
@pytest.mark.parametrize(
    ("playbook", "stage", "keys"),
    [
        ("yibin-city", "study", ["perfunctory_study"]),
        ("yibin-city", "analysis", ["survey_threshold"]),
        ("yibin-city", "rectification", []),
        ("xingwen-county", "study", ["not_up_to_standard", "majority_dissatisfied"]),
        ("cuiping-district", "analysis", ["perfunctory_work", "survey_threshold"]),
    ],
)
def test_the_form_offers_what_the_playbook_names_in_the_stage(playbook, stage, keys):
    w = make_supervised_world(playbook=playbook)
    participation = at_stage(w, w.p.health, stage)
    form = OrderForm(participation)
    offered = [key for key, _name in form.fields["rule"].choices if key] if "rule" in form.fields else []
    assert offered == keys == [one.key for one in triggers_at(w.playbook, stage)]
    assert ("trigger" in form.fields) == (not keys)


def test_the_order_keeps_the_words_of_the_playbook(client):
    w = make_supervised_world(playbook="xingwen-county")
    client.force_login(w.c.guide)
    url = reverse("supervision:makeup_new", args=[w.p.health.pk])
    until = (clock.today() + dt.timedelta(days=5)).isoformat()
    sent = {"organization": w.t.health.pk, "reason": "群众来访反映强烈。", "items": "走访群众", "due_on": until}
    assert "rule" in client.post(url, sent).context["form"].errors
    client.post(url, {**sent, "rule": "majority_dissatisfied"})
    order = MakeUpOrder.objects.get()
    assert (order.trigger, order.rule, order.rule_words["zh"]) == ("rule", "majority_dissatisfied", "多数群众不满意")
    assert order.occasion == "多数群众不满意"
    page = client.get(reverse("supervision:makeup", args=[order.pk])).content.decode()
    assert "多数群众不满意" in page and reverse("reports:makeup_docx", args=[order.pk]) in page


def test_a_rule_of_another_stage_is_refused(w):
    with pytest.raises(actions.MakeUpRefused):
        ordered(w, w.t.health_1, rule="survey_threshold")
    assert not MakeUpOrder.objects.exists()


def test_a_decision_quotes_the_rule(client):
    w = make_supervised_world(playbook="xingwen-county")
    transition = applied(w)
    client.force_login(w.c.guide)
    until = (clock.today() + dt.timedelta(days=5)).isoformat()
    sent = {"body": "supervision", "verdict": "make_up", "reason": "走过场。", "items": "补课", "due_on": until}
    url = reverse("supervision:decide", args=[transition.pk])
    client.post(url, {**sent, "organization": w.t.health.pk, "rule": "not_up_to_standard"})
    order = MakeUpOrder.objects.get()
    assert (order.trigger, order.rule_words["zh"]) == ("transition", "阶段工作没有达到要求")


# ---------------------------------------------------------------- proofs
def test_photographs_prove_an_item_and_stay_with_it(client, w, django_capture_on_commit_callbacks):
    order = ordered(w, w.t.health_1)
    item = order.items.first()
    url = reverse("supervision:makeup_item", args=[order.pk, item.pk])
    client.force_login(w.c.branch)
    sent = {"done_on": clock.today().isoformat(), "evidence": "补开了动员会。"}
    wrong = client.post(url, {**sent, "files": [SimpleUploadedFile("不是.pdf", b"text")]})
    assert wrong.status_code == 422 and "补开了动员会。" in wrong.content.decode()
    assert not MakeUpFile.objects.exists()
    assert client.post(url, {**sent, "files": [SimpleUploadedFile("签到.png", PNG, "image/png")]}).status_code == 302
    file = item.files.get()
    assert "签到.png" in AuditEntry.objects.get(action="makeup.item_done").data["files"]
    client.force_login(w.c.guide)
    assert client.get(reverse("supervision:makeup_file", args=[file.pk]))["Content-Type"] == "image/png"
    assert client.post(reverse("supervision:makeup_file_remove", args=[file.pk])).status_code == 403
    client.force_login(w.c.archives)
    assert client.get(reverse("supervision:makeup_file", args=[file.pk])).status_code == 404
    path = Path(file.file.path)
    client.force_login(w.c.branch)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("supervision:makeup_file_remove", args=[file.pk])).status_code == 302
    assert not item.files.exists() and not path.exists()


def test_what_was_reported_keeps_its_files(w):
    order = ordered(w, w.t.health_1)
    photo = SimpleUploadedFile("签到.png", PNG, "image/png")
    actions.record_item(
        by=w.c.branch, item=order.items.first(), done_on=clock.today(), evidence="已补。", files=[photo]
    )
    do_all(w, order, w.c.branch)
    file = MakeUpFile.objects.get()
    for person in (w.c.branch, w.c.guide):
        with pytest.raises(actions.MakeUpRefused):
            remove_file(by=person, file=file)
    assert MakeUpFile.objects.exists()


# ---------------------------------------------------------------- a new round
def test_a_round_that_fell_short_is_made_up_with_a_new_one_and_the_last_decides(client, w):
    participation = at_stage(w, w.p.health, "analysis")
    instrument = w.playbook.instrument("stage2")
    given = {"by": w.c.supervisor, "confirmed_by": w.c.office}
    with clock.freeze(clock.now() - dt.timedelta(days=1)):
        poor = survey_round(w, participation, instrument, adverse=40, **given)
    client.force_login(w.c.guide)
    url = f"{reverse('supervision:makeup_new', args=[participation.pk])}?survey={poor.pk}"
    form = client.get(url).context["form"]
    assert form.initial["survey_again"] and "trigger" not in form.fields
    until = (clock.today() + dt.timedelta(days=5)).isoformat()
    sent = {"organization": w.t.health.pk, "items": "走访群众", "due_on": until, "survey_again": "on"}
    client.post(url, {**sent, "reason": form.initial["reason"], "rule": "survey_threshold"})
    order = MakeUpOrder.objects.get()
    assert (order.trigger, order.occasion, order.survey_again) == ("survey", "满意度测评未达到要求", True)
    do_all(w, order, w.c.secretary)
    with pytest.raises(actions.MakeUpRefused):
        actions.recheck(by=w.c.guide, order=order, close=True, note="看过。")
    again = survey_round(w, participation, instrument, adverse=0, **given)
    assert again.round == poor.round + 1 and not actions.survey_outstanding(order)
    actions.recheck(by=w.c.guide, order=order, close=True, note="看过。")
    order.refresh_from_db()
    assert order.state == "closed"


def test_a_survey_order_quotes_the_threshold_where_no_trigger_is_chosen(w):
    from supervision.actions import poll_makeups

    participation = at_stage(w, w.p.health, "analysis")
    instrument = w.playbook.instrument("stage2")
    poor = survey_round(w, participation, instrument, adverse=40, by=w.c.supervisor, confirmed_by=w.c.office)
    due = clock.today() + dt.timedelta(days=7)
    (order,) = poll_makeups.order_after_surveys(by=w.c.guide, surveys=[poor], due_on=due)
    assert "重新补课" in order.rule_words["zh"] and order.occasion == order.rule_words["zh"]


def test_terms_without_a_rule_quote_none(w):
    order = actions.order_makeup(
        by=w.c.guide,
        participation=fresh(w.p.health),
        terms=terms(w.t.health_1),
        reason="抽查不合格。",
        trigger="spot_check",
    )
    assert order.rule_words == {} and order.occasion == "抽查"

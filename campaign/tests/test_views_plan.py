"""The campaign plan as a page."""

import pytest
from django.test import Client
from django.urls import reverse

from campaign import plan
from campaign.models import Campaign
from campaign.playbook import load_file
from campaign.tests.factories import make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["yibin-city", "xingwen-county"])
def w(request):
    return make_world(playbook=request.param)


def page(user, query=""):
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(reverse("campaign:plan") + query)


def test_the_plan_shows_every_parameter_and_says_where_there_is_no_rule(w):
    answer = page(w.c.branch)
    shown = [parameter for _group, parameters in answer.context["groups"] for parameter in parameters]
    assert [p.key for p in shown] == [p.key for p in w.playbook.parameters]
    assert len(shown) >= 100
    text = answer.content.decode()
    assert text.count("no such rule") >= sum(p.value is None for p in shown)
    assert "Version 1, made by 周明远" in text


def test_the_plan_shows_every_action_once(w):
    rows = [row.action.key for phase in plan.phases(w.playbook) for row in phase.rows]
    assert sorted(rows) == sorted(action.key for action in w.playbook.actions)


def test_words_are_there_for_all_that_the_shipped_playbooks_name():
    for key in ("yibin-city", "xingwen-county"):
        book = load_file(key)
        named = [check["name"] for row in plan.stage_rows(book, []) for check in row.checks]
        assert not {check.check for stage in book.stages for check in stage.gate} & set(named)
        assert "_" not in "".join(label for label, _text in plan.document_words(book))


@pytest.mark.parametrize("who", ["office", "leader", "secretary", "branch", "supervisor"])
def test_who_works_on_the_campaign_reads_the_plan(w, who):
    assert page(getattr(w.c, who)).status_code == 200


@pytest.mark.parametrize("who", ["member", "sysadmin", "auditor", "outsider"])
def test_others_do_not(w, who):
    assert page(getattr(w.c, who)).status_code == 403


def test_a_campaign_out_of_reach_is_not_there(w):
    assert page(w.c.office, "?campaign=999999").status_code == 404
    assert page(w.c.office, f"?campaign={w.batch.campaign_id}").status_code == 200


def test_without_a_campaign_the_page_says_what_comes_next(w):
    Campaign.objects.all().delete()
    assert reverse("campaign:setup") in page(w.c.office).content.decode()
    assert reverse("campaign:setup") not in page(w.c.branch).content.decode()

"""The pages that edit a campaign's playbook."""

import copy

import pytest
from django.test import Client
from django.urls import reverse

from campaign import actions
from campaign.editing.sections import SECTIONS
from campaign.models import Campaign, PlaybookVersion
from campaign.playbook import loads
from campaign.setup import propose_windows
from campaign.tests.factories import make_world, record
from campaign.tests.test_playbook_editing import bound

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    world = make_world()
    world.campaign = Campaign.objects.get()
    world.client = Client()
    world.client.cookies["django_language"] = "en"
    world.client.force_login(world.c.office, backend="django.contrib.auth.backends.ModelBackend")
    return world


def at(w, section, place=""):
    if place:
        return reverse("campaign:playbook_part", args=[w.campaign.pk, section, place])
    return reverse("campaign:playbook_section", args=[w.campaign.pk, section])


def shown(w, url):
    """The page's form as the browser would send it unchanged."""
    page = w.client.get(url)
    assert page.status_code == 200
    return bound(page.context["form"]) | {"number": page.context["number"], "base": page.context["base"]}


def now(w):
    return Campaign.objects.get().playbook


def elsewhere(w, **study):
    """A colleague saves another version."""
    campaign = Campaign.objects.get()
    snapshot = copy.deepcopy(campaign.snapshot)
    snapshot["study"].update(study)
    number = campaign.versions.first().number
    told = {"number": number, "reason": "同事修改", "propose": propose_windows}
    return actions.change_playbook(by=w.c.leader, campaign=campaign, snapshot=snapshot, **told)


def test_every_part_leads_to_a_page(w):
    index = w.client.get(reverse("campaign:playbook_edit", args=[w.campaign.pk]))
    assert [part["section"] for part in index.context["parts"]] == list(SECTIONS)
    for part in index.context["parts"]:
        page = w.client.get(part["url"])
        assert page.status_code == 200, part["url"]
        lines = page.context.get("lines") or []
        for url, *_line in lines[:2]:
            assert w.client.get(url).status_code == 200, url


def test_the_plan_leads_to_the_editing_only_for_who_may(w):
    edit = reverse("campaign:playbook_edit", args=[w.campaign.pk])
    assert edit in w.client.get(reverse("campaign:plan")).content.decode()
    w.client.force_login(w.c.secretary, backend="django.contrib.auth.backends.ModelBackend")
    assert edit not in w.client.get(reverse("campaign:plan")).content.decode()
    assert w.client.get(edit).status_code == 403


def test_a_table_is_saved_with_its_reason(w):
    url = at(w, "study")
    answer = w.client.post(url, shown(w, url) | {"hours": "50", "reason": "上级要求"})
    assert answer.status_code == 302
    assert now(w).study.hours == 50
    assert PlaybookVersion.objects.first().note == "上级要求"


def test_without_a_reason_nothing_is_saved_and_nothing_lost(w):
    url = at(w, "study")
    page = w.client.post(url, shown(w, url) | {"hours": "50", "reason": ""})
    assert page.context["form"].errors.keys() == {"reason"}
    assert page.context["form"]["hours"].value() == "50"
    assert now(w).study.hours == 45


def test_a_fault_is_shown_at_its_field_and_what_was_typed_stays(w):
    url = at(w, "study")
    page = w.client.post(url, shown(w, url) | {"hours": "99999"})
    assert "hours" in page.context["form"].errors
    assert page.context["form"]["hours"].value() == "99999"
    page = w.client.post(url, shown(w, url) | {"share": "many"})
    assert "share" in page.context["form"].errors


def test_a_reference_that_leads_nowhere_is_told_with_its_place(w):
    url = at(w, "study")
    page = w.client.post(url, shown(w, url) | {"coverages-0-remove": "on"})
    (error,) = page.context["form"].non_field_errors()
    assert "[actions.mobilisation] coverage" in error


def test_an_action_is_added_changed_and_removed(w):
    url = at(w, "actions", "add-new")
    sent = shown(w, url) | {
        "name_zh": "补充动作",
        "name_en": "One more step",
        "phase": "study",
        "weight": "soft",
        "per": ["branch"],
        "evidence": "record",
    }
    assert w.client.post(url, sent).status_code == 302
    added = now(w).action("one_more_step")
    assert added.soft and added.pers == ("branch",)
    url = at(w, "actions", "one_more_step")
    assert w.client.post(url, shown(w, url) | {"name_en": "Renamed"}).status_code == 302
    assert now(w).action("one_more_step").name.en == "Renamed"
    url = at(w, "actions")
    last = len(now(w).actions) - 1
    assert w.client.post(url, shown(w, url) | {f"remove-{last}": "on"}).status_code == 302
    assert now(w).action("one_more_step") is None


def test_actions_are_put_in_another_order(w):
    before = [action.key for action in now(w).actions]
    url = at(w, "actions")
    assert w.client.post(url, shown(w, url) | {"place-2": "1"}).status_code == 302
    after = [action.key for action in now(w).actions]
    assert after[:3] == [before[2], before[0], before[1]]
    assert after[3:] == before[3:]


def test_an_action_with_records_is_not_removed(w):
    record(w, w.t.archives, action="mobilisation")
    url = at(w, "actions")
    place = [action.key for action in now(w).actions].index("mobilisation")
    page = w.client.post(url, shown(w, url) | {f"remove-{place}": "on"})
    (error,) = page.context["form"].non_field_errors()
    assert "has records" in error
    assert now(w).action("mobilisation")


def test_a_check_is_added_to_a_gate(w):
    url = at(w, "stages", "rectification")
    free = len(now(w).stage("rectification").gate)
    sent = shown(w, url) | {f"gate-{free}-check": "study_hours", f"gate-{free}-soft": "on"}
    assert w.client.post(url, sent).status_code == 302
    added = now(w).stage("rectification").gate[-1]
    assert (added.check, added.soft) == ("study_hours", True)


def test_a_check_of_a_gate_is_made_soft_or_taken_out(w):
    url = at(w, "stages", "analysis")
    names = [check.check for check in now(w).stage("analysis").gate]
    tests, opinions = names.index("member_tests"), names.index("appraisals")
    sent = shown(w, url) | {f"gate-{tests}-soft": "on", f"gate-{opinions}-remove": "on"}
    assert w.client.post(url, sent).status_code == 302
    gate = {check.check: check.soft for check in now(w).stage("analysis").gate}
    assert gate["member_tests"] is True and "appraisals" not in gate


def test_a_look_back_begins_with_what_is_looked_at(w):
    url = at(w, "lookbacks", "add-new")
    sent = shown(w, url) | {
        "name_zh": "三查",
        "name_en": "Three checks",
        "phase": "rectification",
        "checks-0-name_zh": "查措施",
        "checks-0-name_en": "Measures",
        "steps-0-key": "self_check",
        "steps-0-name_zh": "自查",
    }
    assert w.client.post(url, sent).status_code == 302
    added = now(w).lookback("three_checks")
    assert ([check.key for check in added.checks], [step.key for step in added.steps]) == (["measures"], ["self_check"])
    url = at(w, "lookbacks", "three_checks/checks/measures")
    sent = shown(w, url) | {"items-0-name_zh": "措施落实没有", "items-1-name_zh": "问题解决没有"}
    assert w.client.post(url, sent).status_code == 302
    assert len(now(w).lookback("three_checks").questions) == 2


def test_a_look_back_at_nothing_is_refused_at_its_list(w):
    url = at(w, "lookbacks", "add-new")
    page = w.client.post(url, shown(w, url) | {"name_zh": "空", "name_en": "Empty", "phase": "after"})
    assert list(page.context["form"].errors) == ["checks-0-place"]


def test_a_new_survey_begins_with_a_question_and_the_usual_answers(w):
    url = at(w, "surveys", "add-new")
    sent = shown(w, url) | {
        "name_zh": "中期测评",
        "name_en": "Half way",
        "when": "any",
        "questions-0-text_zh": "满意不满意",
        "questions-0-text_en": "Satisfied",
        "questions-0-decisive": "on",
    }
    said_twice = w.client.post(url, sent).context["form"].non_field_errors()
    assert ["[parameters] survey_scale" in error for error in said_twice] == [True]  # a rule stands in one place
    sent["questions-0-default"] = "on"
    assert w.client.post(url, sent).status_code == 302
    survey = now(w).instrument("half_way")
    assert [option.key for option in survey.decisive.options] == ["satisfied", "basically", "dissatisfied"]


def test_a_type_of_units_says_whether_it_runs_in_stages_and_how_rosters_call_it(w):
    url = at(w, "unit-types", "add-new")
    sent = shown(w, url) | {"name_zh": "社会团体", "name_en": "Associations", "known_as": " 协会 \r\n\r\n学会"}
    sent.pop("staged", None)
    assert w.client.post(url, sent).status_code == 302
    (kind,) = now(w).unit_types
    assert (kind.staged, kind.known_as) == (False, ("协会", "学会"))
    url = at(w, "unit-types", "associations")
    assert w.client.post(url, shown(w, url) | {"staged": "on"}).status_code == 302
    assert now(w).unit_types[0].staged


def test_a_table_is_left_out_again_when_all_of_it_is_emptied(w):
    url = at(w, "ledger")
    assert w.client.post(url, shown(w, url) | {"escalation_days": "7"}).status_code == 302
    assert now(w).ledger.escalation_days == 7
    assert w.client.post(url, shown(w, url) | {"escalation_days": ""}).status_code == 302
    assert "ledger" not in Campaign.objects.get().snapshot
    difference = reverse("campaign:playbook_difference", args=[w.campaign.pk, 2]) + "?with=1"
    (row,) = w.client.get(difference).context["rows"]
    assert (row.part, row.after) == ("Rectification ledger", "7")


def test_somebody_elses_version_is_told_and_mine_goes_on_top(w):
    url = at(w, "study")
    sent = shown(w, url) | {"hours": "50"}
    elsewhere(w, concentrated_days=5)
    words = at(w, "words")
    page = w.client.post(url, sent)
    assert page.context["conflict"].number == 2
    assert page.context["form"]["hours"].value() == "50"
    assert now(w).study.hours == 45
    again = sent | {"number": page.context["number"], "base": page.context["base"]}
    assert w.client.post(url, again).status_code == 302
    assert (now(w).study.hours, now(w).study.concentrated_days) == (50, 3)  # this part is mine
    assert PlaybookVersion.objects.first().number == 3
    assert w.client.get(words).status_code == 200


def test_a_conflict_in_another_part_keeps_both(w):
    url = at(w, "words")
    sent = shown(w, url) | {"goal_zh": "新目标", "goal_en": "New goal"}
    elsewhere(w, hours=60)
    page = w.client.post(url, sent)
    w.client.post(url, sent | {"number": page.context["number"]})
    assert (now(w).words["goal"].en, now(w).study.hours) == ("New goal", 60)


@pytest.mark.parametrize(
    "place", ["nothing/", "actions/nothing/", "study/mobilisation/", "actions/mobilisation/fields/"]
)
def test_an_address_that_leads_nowhere_is_not_there(w, place):
    assert w.client.get(reverse("campaign:playbook_edit", args=[w.campaign.pk]) + place).status_code == 404


def test_versions_are_listed_with_what_changed_in_the_same_number_of_queries(w, django_assert_max_num_queries):
    url = reverse("campaign:playbook_versions", args=[w.campaign.pk])
    elsewhere(w, hours=60)
    page = w.client.get(url)
    assert [row["version"].number for row in page.context["rows"]] == [2, 1]
    assert page.context["rows"][0]["changes"][0].after == "60"
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as few:
        w.client.get(url)
    elsewhere(w, hours=61)
    elsewhere(w, hours=62)
    with CaptureQueriesContext(connection) as many:
        w.client.get(url)
    assert len(many) == len(few)


def test_the_difference_of_two_versions_stands_in_words(w):
    elsewhere(w, hours=60)
    elsewhere(w, hours=61)
    page = w.client.get(reverse("campaign:playbook_difference", args=[w.campaign.pk, 3]) + "?with=1")
    (row,) = page.context["rows"]
    assert (row.before, row.after) == ("45", "61")
    missing = reverse("campaign:playbook_difference", args=[w.campaign.pk, 9])
    assert w.client.get(missing).status_code == 404


def test_an_earlier_version_is_taken_again_as_a_new_one(w):
    elsewhere(w, hours=60)
    url = reverse("campaign:playbook_restore", args=[w.campaign.pk, 1])
    page = w.client.get(url)
    assert len(page.context["rows"]) == 1
    assert w.client.post(url, {"reason": "改回", "number": "1"}).context["form"].errors  # seen before version 2
    assert w.client.post(url, {"reason": "改回", "number": "2"}).status_code == 302
    assert (now(w).study.hours, PlaybookVersion.objects.first().number) == (45, 3)


def test_what_records_stand_on_is_not_restored_away(w):
    w.client.post(
        at(w, "actions", "add-new"),
        shown(w, at(w, "actions", "add-new"))
        | {
            "name_zh": "补充",
            "name_en": "More",
            "phase": "study",
            "weight": "gate",
            "per": ["branch"],
            "evidence": "record",
        },
    )
    w.playbook = now(w)
    record(w, w.t.archives, action="more")
    url = reverse("campaign:playbook_restore", args=[w.campaign.pk, 1])
    page = w.client.post(url, {"reason": "改回", "number": "2"})
    assert "has records" in page.context["form"].non_field_errors()[0]
    assert now(w).action("more")


def test_the_file_starts_the_next_campaign(w):
    elsewhere(w, hours=60)
    answer = w.client.get(reverse("campaign:playbook_download", args=[w.campaign.pk]))
    assert 'filename="yibin-city-v2.toml"' in answer["Content-Disposition"]
    assert loads(answer.content.decode()) == now(w)
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("next.toml", answer.content)
    taken = w.client.post(reverse("campaign:setup_playbook"), {"choice": "upload", "file": file})
    assert taken.status_code == 302
    faulty = SimpleUploadedFile("next.toml", answer.content.replace(b"hours = 60", b"hours = 0"))
    page = w.client.post(reverse("campaign:setup_playbook"), {"choice": "upload", "file": faulty})
    assert [(fault.table, fault.key) for fault in page.context["form"].faults] == [("study", "hours")]

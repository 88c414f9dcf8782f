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

"""The set-up by its pages: end to end, refusals, rights."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry
from campaign import actions
from campaign.models import Batch, Campaign, Participation
from campaign.playbook.files import FOLDER
from campaign.tests.factories import make_campaign, make_world
from jobs.models import Job
from units.tests.factories import WorkUnitFactory, make_cast, make_organization, make_tree

pytestmark = pytest.mark.django_db
NAMES = {
    "name": "青岚县保持共产党员先进性教育活动",
    "short_name": "青岚县",
    "office_name": "县委先进性教育活动领导小组办公室",
    "office_short_name": "县先教办",
    "bulletin_name": "简报",
}


@pytest.fixture
def w():
    """Tree and cast, and the office signed in; no campaign yet."""
    world = type("World", (), {})()
    world.t = make_tree()
    world.c = make_cast(world.t)
    world.client = signed_in(world.c.office)
    return world


@pytest.fixture
def prepared():
    """A campaign with three units that have not begun."""
    world = make_world(started=False)
    world.client = signed_in(world.c.office)
    return world


def signed_in(user):
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(name, *args):
    return reverse(f"campaign:{name}", args=args)


def windows(first=None, days=30):
    """Posted dates of three stages, one after another."""
    first, data = first or clock.today(), {}
    for key in ("study", "analysis", "rectification"):
        last = first + dt.timedelta(days=days - 1)
        data |= {f"{key}_from": first.isoformat(), f"{key}_to": last.isoformat()}
        first = last + dt.timedelta(days=1)
    return data | {"ends_on": first.isoformat()}


def test_the_whole_set_up(w):
    """Playbook, names, batch, units and beginning, each page leading to the next."""
    assert "No campaign has been set up yet" in w.client.get(url("setup")).content.decode()
    page = w.client.get(url("setup_playbook"))
    assert "no such rule" in page.content.decode()
    answer = w.client.post(url("setup_playbook"), {"choice": "yibin-city"})
    assert answer.url == url("setup_names")
    assert "宜宾市" in w.client.get(answer.url).content.decode() or "Yibin" in w.client.get(answer.url).content.decode()
    answer = w.client.post(url("setup_names"), NAMES | {"host": w.t.county.pk})
    campaign = Campaign.objects.get()
    assert answer.url == url("setup_batch", campaign.pk)
    assert w.client.get(answer.url).context["form"]["number"].value() == 1
    answer = w.client.post(answer.url, {"number": 1, "name": "第一批"} | windows())
    batch = Batch.objects.get()
    assert answer.url == url("setup_units", batch.pk)
    page = w.client.get(answer.url)
    groups = page.context["groups"]
    assert [group.ticked for group in groups] == [2, 1]
    ticks = {group.key: [row.organization.pk for row in group.rows] for group in groups}
    answer = w.client.post(answer.url, ticks | {"save": "1"})
    assert answer.url == reverse("supervision:setup_groups", args=[batch.pk])
    assert batch.participations.count() == 3
    assert w.client.get(url("setup_start", batch.pk)).context["overview"].members == 12
    answer = w.client.post(url("setup_start", batch.pk), {"how": "now", "on": clock.today().isoformat()})
    assert answer.url == url("participations")
    assert set(batch.participations.values_list("state", flat=True)) == {"active"}
    told = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"campaign.created", "batch.added", "participation.added", "participation.started"} <= told


def test_every_step_can_be_gone_back_to(prepared):
    batch = prepared.batch
    for name, pk in (
        ("setup_playbook", batch.campaign.pk),
        ("setup_names", batch.campaign.pk),
        ("setup_batch_edit", batch.pk),
        ("setup_units", batch.pk),
        ("setup_start", batch.pk),
    ):
        page = prepared.client.get(url(name, pk))
        assert page.status_code == 200
        assert all(step.url for step in page.context["steps"]), name


# ---------------------------------------------------------------- step 1
def upload(text, name="ours.toml"):
    return {"choice": "upload", "file": SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())}


def test_an_uploaded_playbook_is_kept_until_the_names_are_saved(w):
    text = (FOLDER / "yibin-city.toml").read_text("utf-8").replace('key = "yibin-city"', 'key = "ours"', 1)
    assert w.client.post(url("setup_playbook"), upload("\ufeff" + text)).url == url("setup_names")
    w.client.post(url("setup_names"), NAMES | {"host": w.t.county.pk})
    assert Campaign.objects.get().playbook_key == "ours"


def test_all_faults_of_an_uploaded_playbook_are_shown(w):
    text = (FOLDER / "yibin-city.toml").read_text("utf-8")
    text = text.replace("hours = 45", 'hours = "many"').replace('level = "city"', 'level = "moon"')
    page = w.client.post(url("setup_playbook"), upload(text))
    assert page.status_code == 200
    assert {fault.place for fault in page.context["form"].faults} == {"level", "[study] hours"}
    assert "[study] hours" in page.content.decode()
    assert "setup_playbook" not in w.client.session


def test_a_check_that_nobody_knows_is_a_fault(w):
    text = (FOLDER / "yibin-city.toml").read_text("utf-8").replace('check = "study_hours"', 'check = "magic"', 1)
    assert w.client.post(url("setup_playbook"), upload(text)).context["form"].faults


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"choice": "upload"}, "Choose the file"),
        (upload(b"\xff\xfe\x00"), "UTF-8"),
        (upload(b"# " + b"x" * 1_000_001), "1 MB"),
        (upload("key = "), "faults"),
    ],
)
def test_what_is_no_playbook_is_refused(w, data, says):
    page = w.client.post(url("setup_playbook"), data)
    assert page.status_code == 200
    assert says in page.content.decode()


def test_another_playbook_before_the_beginning_and_not_after(prepared):
    campaign = prepared.batch.campaign
    address = url("setup_playbook", campaign.pk)
    assert prepared.client.post(address, {"choice": "keep"}).url == url("setup_names", campaign.pk)
    assert campaign.versions.count() == 1
    prepared.client.post(address, {"choice": "xingwen-county"})
    campaign.refresh_from_db()
    assert campaign.playbook_key == "xingwen-county"
    actions.begin_all(by=prepared.c.office, batch=prepared.batch, on=clock.today())
    page = prepared.client.post(address, {"choice": "yibin-city"})
    assert "has begun under the present playbook" in page.content.decode()
    campaign.refresh_from_db()
    assert campaign.playbook_key == "xingwen-county"


# ---------------------------------------------------------------- step 2
def test_names_without_a_playbook_lead_back(w):
    assert w.client.get(url("setup_names")).url == url("setup_playbook")


def test_names_are_checked_and_what_was_typed_stays(w):
    w.client.post(url("setup_playbook"), {"choice": "yibin-city"})
    page = w.client.post(url("setup_names"), NAMES | {"host": w.t.county.pk, "short_name": ""})
    assert "short_name" in page.context["form"].errors
    assert NAMES["name"] in page.content.decode()
    assert not Campaign.objects.exists()


def test_only_ones_own_organisation_can_host(w):
    w.client.post(url("setup_playbook"), {"choice": "yibin-city"})
    page = w.client.post(url("setup_names"), NAMES | {"host": w.t.health.pk})
    assert "host" in page.context["form"].errors


def test_a_name_is_taken_once(prepared):
    prepared.client.post(url("setup_playbook"), {"choice": "yibin-city"})
    data = NAMES | {"host": prepared.t.county.pk, "name": prepared.batch.campaign.name}
    assert "name" in prepared.client.post(url("setup_names"), data).context["form"].errors


def test_changing_names_keeps_the_host(prepared):
    campaign = prepared.batch.campaign
    answer = prepared.client.post(url("setup_names", campaign.pk), NAMES | {"host": prepared.t.health.pk})
    assert answer.url == url("setup_batch_edit", prepared.batch.pk)
    campaign.refresh_from_db()
    assert (campaign.short_name, campaign.host) == ("青岚县", prepared.t.county)
    assert AuditEntry.objects.filter(action="campaign.changed").count() == 1


# ---------------------------------------------------------------- step 3
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": 1}, "number"),
        ({"study_to": "2020-01-01"}, "study_to"),
        ({"analysis_from": "2020-01-01"}, "analysis_from"),
        ({"ends_on": "2020-01-01"}, "ends_on"),
        ({"study_from": "nonsense"}, "study_from"),
    ],
)
def test_dates_and_numbers_that_cannot_be(prepared, change, field):
    data = {"number": 2, "name": "第二批"} | windows() | change
    page = prepared.client.post(url("setup_batch", prepared.batch.campaign.pk), data)
    assert field in page.context["form"].errors
    assert Batch.objects.count() == 1


def test_the_next_batch_takes_name_and_number_from_the_playbook(prepared):
    form = prepared.client.get(url("setup_batch", prepared.batch.campaign.pk)).context["form"]
    assert form["number"].value() == 2
    assert form["name"].value().startswith("Batch 2 (")


def test_a_batch_changes_until_a_unit_begins(prepared):
    address = url("setup_batch_edit", prepared.batch.pk)
    data = {"number": 1, "name": "第一批（党政机关）"} | windows()
    assert prepared.client.post(address, data).url == url("setup_units", prepared.batch.pk)
    prepared.batch.refresh_from_db()
    assert prepared.batch.name == "第一批（党政机关）"
    actions.begin_all(by=prepared.c.office, batch=prepared.batch, on=clock.today())
    assert "A unit has begun" in prepared.client.post(address, data | {"name": "x"}).content.decode()


# ---------------------------------------------------------------- step 4
def test_what_is_not_ticked_leaves(prepared):
    w = prepared
    data = {f"take-{w.t.work.pk}": [w.t.court.pk], "save": "1"}
    w.client.post(url("setup_units", w.batch.pk), data)
    assert [p.organization for p in w.batch.participations.all()] == [w.t.court]


def test_a_part_of_the_tree_leaves_the_rest_alone(prepared):
    w = prepared
    data = {"within": w.t.work.pk, f"take-{w.t.work.pk}": [w.t.archives.pk], "save": "1"}
    w.client.post(url("setup_units", w.batch.pk), data)
    assert set(w.batch.participations.values_list("organization__code", flat=True)) == {"Z001", "C01"}


def test_bulk_choice_saves_nothing(prepared):
    w = prepared
    page = w.client.post(url("setup_units", w.batch.pk), {"choose": "none"})
    assert page.context["ticked"] == 0
    page = w.client.post(url("setup_units", w.batch.pk), {"choose": "proposed"})
    assert page.context["ticked"] == 3
    assert w.batch.participations.count() == 3


def test_nobody_at_all_is_refused(prepared):
    page = prepared.client.post(url("setup_units", prepared.batch.pk), {"save": "1"})
    assert "Nobody would take part" in page.content.decode()
    assert prepared.batch.participations.count() == 3


def test_another_organisation_is_found_added_and_counted_once(prepared):
    w = prepared
    address = url("setup_units", w.batch.pk)
    ticks = {f"take-{w.t.work.pk}": [w.t.archives.pk, w.t.court.pk], f"take-{w.t.county.pk}": [w.t.health.pk]}
    page = w.client.post(address, ticks | {"nested": w.t.health_1.name, "find": "1"})
    assert (page.context["ticked"], page.context["members"]) == (4, 12)
    more = {f"take-{w.t.county.pk}": [w.t.health.pk, w.t.health_1.pk], "added": [w.t.health_1.pk], "save": "1"}
    w.client.post(address, ticks | more)
    nested = w.batch.participations.get(organization=w.t.health_1)
    assert nested.label == w.t.health_1.name  # not the unit's name, which its committee carries


def test_several_matches_are_shown_unticked(prepared):
    page = prepared.client.post(url("setup_units", prepared.batch.pk), {"nested": "卫生局第", "find": "1"})
    added = [row for group in page.context["groups"] for row in group.rows if row.added]
    assert [row.checked for row in added] == [False, False]
    assert "tick the one that is meant" in page.content.decode()


def test_an_unknown_name_is_told_and_stays_in_its_field(prepared):
    page = prepared.client.post(url("setup_units", prepared.batch.pk), {"nested": "无此组织", "find": "1"})
    assert page.context["nested"] == "无此组织"
    assert "is called “无此组织”" in page.content.decode()


def test_forged_ticks_enter_nobody(prepared):
    w = prepared
    stranger = make_organization(
        "外县党支部", "branch", make_organization("外县县委", "county_committee", code="F00"), "F01"
    )
    data = {f"take-{w.t.work.pk}": [w.t.archives.pk, stranger.pk, 999_999], "added": [stranger.pk], "save": "1"}
    w.client.post(url("setup_units", w.batch.pk), data)
    assert [p.organization for p in w.batch.participations.all()] == [w.t.archives]


def test_special_units_go_without_stages(prepared):
    w = prepared
    type(w.t.archives_unit).objects.filter(pk=w.t.archives_unit.pk).update(special_type="关停并破转企业")
    ticks = {f"take-{w.t.work.pk}": [w.t.archives.pk], "save": "1"}
    w.client.post(url("setup_units", w.batch.pk), ticks | {"unstaged": [w.t.archives.pk]})
    unit = w.batch.participations.get()
    assert not unit.staged
    assert not unit.progress.exists()
    w.client.post(url("setup_units", w.batch.pk), ticks)
    assert w.batch.participations.get().staged


def test_a_unit_under_way_stays_ticked(prepared):
    w = prepared
    actions.begin(by=w.c.office, participation=w.p.court, on=clock.today())
    w.client.post(url("setup_units", w.batch.pk), {f"take-{w.t.county.pk}": [w.t.health.pk], "save": "1"})
    assert set(w.batch.participations.values_list("organization__code", flat=True)) == {"G01", "C01"}


def test_the_page_takes_the_same_queries_for_more_units(prepared, django_assert_max_num_queries):
    w = prepared
    w.client.get(url("setup_units", w.batch.pk))
    with django_assert_max_num_queries(40) as few:
        w.client.get(url("setup_units", w.batch.pk))
    for n in range(5):
        branch = make_organization(f"第{n}党支部", "branch", w.t.work)
        WorkUnitFactory().organizations.set([branch])
    with django_assert_max_num_queries(len(few.captured_queries)):
        w.client.get(url("setup_units", w.batch.pk))


# ---------------------------------------------------------------- step 6
def test_units_can_wait_for_their_own_beginning(prepared):
    prepared.client.post(url("setup_start", prepared.batch.pk), {"how": "each"})
    assert set(prepared.batch.participations.values_list("state", flat=True)) == {"preparing"}


def test_nothing_begins_in_the_future(prepared):
    w = prepared
    tomorrow = (clock.today() + dt.timedelta(days=1)).isoformat()
    page = w.client.post(url("setup_start", w.batch.pk), {"how": "now", "on": tomorrow})
    assert "on" in page.context["form"].errors
    Batch.objects.filter(pk=w.batch.pk).update(starts_on=clock.today() + dt.timedelta(days=3))
    page = w.client.post(url("setup_start", w.batch.pk), {"how": "now", "on": clock.today().isoformat()})
    assert "how" in page.context["form"].errors
    assert not Participation.objects.exclude(state="preparing").exists()


def test_many_units_begin_in_a_job(prepared, monkeypatch, django_capture_on_commit_callbacks):
    w = prepared
    monkeypatch.setattr("campaign.views.setup.INLINE_MOST", 1)
    with django_capture_on_commit_callbacks(execute=True):
        answer = w.client.post(url("setup_start", w.batch.pk), {"how": "now", "on": clock.today().isoformat()})
    job = Job.objects.get()
    assert answer.url == reverse("jobs:detail", args=[job.pk])
    assert (job.state, job.done, job.total) == ("done", 3, 3)
    assert set(w.batch.participations.values_list("state", flat=True)) == {"active"}


def test_the_overview_names_what_is_missing(prepared):
    w = prepared
    seen = w.client.get(url("setup_start", w.batch.pk)).context["overview"]
    assert [p.organization for p in seen.unsupervised] == [w.t.archives, w.t.court]
    assert [p.organization for p in seen.cannot_apply] == [w.t.court]
    actions.change_entries(by=w.c.office, batch=w.batch, leave=[w.p.archives])
    seen = w.client.get(url("setup_start", w.batch.pk)).context["overview"]
    assert seen.nobody_leads == [w.t.archives]


# ---------------------------------------------------------------- rights
@pytest.mark.parametrize("who", ["secretary", "branch", "supervisor", "leader", "sysadmin", "auditor", "member"])
def test_who_may_not_set_up_is_refused(prepared, who):
    client = signed_in(getattr(prepared.c, who))
    campaign, batch = prepared.batch.campaign.pk, prepared.batch.pk
    assert client.get(url("setup")).status_code == 403
    assert client.get(url("setup_playbook")).status_code == 403
    for name, pk in (("setup_playbook", campaign), ("setup_names", campaign), ("setup_batch", campaign)):
        assert client.post(url(name, pk), {"choice": "yibin-city"}).status_code == 403
    for name in ("setup_batch_edit", "setup_units", "setup_start"):
        assert client.post(url(name, batch), {"save": "1"}).status_code == 403


def test_another_countys_campaign_is_not_there(prepared):
    foreign = make_tree_of_another_county()
    client = prepared.client
    for name, pk in (
        ("setup_names", foreign.campaign_id),
        ("setup_batch_edit", foreign.pk),
        ("setup_units", foreign.pk),
    ):
        assert client.get(url(name, pk)).status_code == 404


def make_tree_of_another_county():
    county = make_organization("外县县委", "county_committee", code="F00")
    from units.tests.factories import user_with

    return make_campaign(type("T", (), {"county": county}), user_with("office_head", county))

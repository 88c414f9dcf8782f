"""For whom an issue is printed: addressees with copies, presets of the campaign; and items split by headings (K-07)."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from reports.actions import bulletins
from reports.actions import distribution as actions
from reports.distribution import Addressee, addressees, copies, printed
from reports.documents.text import by_headings
from reports.models import Bulletin, DistributionList
from reports.queries import bulletin as queries
from reports.tests.bulletin_world import W2, make_told_world
from reports.tests.test_views_bulletins import typed

pytestmark = pytest.mark.django_db
FIELDS = {
    "name": "正常发送",
    "report_to": "市委先教办 5\n县委领导 12",
    "copy_to": "县委各督导组，8份",
    "distribute_to": "各乡镇党委 40\n县级各部门党组织",
}


@pytest.fixture
def w(clock):
    return make_told_world(clock)


@pytest.fixture
def draft(w):
    return bulletins.draft_bulletin(by=w.c.general, batch=w.batch, week=W2)


@pytest.fixture
def preset(w):
    return actions.add_list(by=w.c.general, campaign=w.batch.campaign, fields=FIELDS)


def fresh(bulletin):
    return Bulletin.objects.select_related("campaign__host", "batch__campaign").get(pk=bulletin.pk)


# ---------------------------------------------------------------- addressees and copies
@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("市委先教办 5", Addressee("市委先教办", 5)),
        ("市委先教办，５份", Addressee("市委先教办", 5)),
        ("市委先教办：12", Addressee("市委先教办", 12)),
        ("第三督导组", Addressee("第三督导组")),
        ("督导组3", Addressee("督导组3")),
        ("省委先教办，市委领导", Addressee("省委先教办，市委领导")),
    ],
)
def test_a_line_is_an_addressee_and_the_number_behind_it_its_copies(line, read):
    assert list(addressees(f"\n　{line}；\n")) == [read]


def test_copies_are_added_up_and_the_numbers_are_not_printed():
    assert copies(FIELDS["report_to"], FIELDS["copy_to"], FIELDS["distribute_to"]) == 65
    assert copies("市委先教办", "") is None
    assert printed(FIELDS["report_to"]) == "市委先教办，县委领导"


def test_the_sum_is_printed_and_not_what_was_typed_beside_it(w, draft):
    bulletins.edit(by=w.c.general, bulletin=draft, fields={"report_to": "市委先教办 5", "copies": 90})
    content = queries.content_of(fresh(draft))
    assert (content.report_to, content.copies) == ("市委先教办", 5)
    bulletins.edit(by=w.c.general, bulletin=draft, fields={"report_to": "市委先教办", "copies": 90})
    assert queries.content_of(fresh(draft)).copies == 90


# ---------------------------------------------------------------- presets
def test_a_list_put_in_gives_the_foot_and_the_copies(w, draft, preset):
    actions.use_list(by=w.c.general, bulletin=draft, found=preset)
    sheet = queries.sheet(fresh(draft))
    assert sheet["distribution"] == (
        ("报：", "市委先教办，县委领导"),
        ("送：", "县委各督导组"),
        ("发：", "各乡镇党委，县级各部门党组织"),
    )
    assert sheet["copies"] == "共印65份"


def test_a_list_changed_later_leaves_the_draft_as_it_is(w, draft, preset):
    actions.use_list(by=w.c.general, bulletin=draft, found=preset)
    actions.change_list(by=w.c.office, found=preset, version=1, fields=FIELDS | {"report_to": "省委先教办 1"})
    assert fresh(draft).report_to == FIELDS["report_to"]
    assert preset.copies == 49


def test_whoever_changes_an_older_list_is_refused(w, preset):
    actions.change_list(by=w.c.office, found=preset, version=1, fields=FIELDS | {"name": "扩大发送"})
    with pytest.raises(actions.ListChanged):
        actions.change_list(by=w.c.general, found=preset, version=1, fields=FIELDS)
    assert DistributionList.objects.get().name == "扩大发送"


def test_a_name_stands_once(w, preset):
    with pytest.raises(actions.NameTaken):
        actions.add_list(by=w.c.general, campaign=w.batch.campaign, fields=FIELDS)
    other = actions.add_list(by=w.c.general, campaign=w.batch.campaign, fields=FIELDS | {"name": "扩大发送"})
    with pytest.raises(actions.NameTaken):
        actions.change_list(by=w.c.general, found=other, version=1, fields=FIELDS)


def test_each_write_is_in_the_history(w, preset):
    actions.remove_list(by=w.c.office, found=preset)
    assert not DistributionList.objects.exists()
    assert [AuditEntry.objects.filter(action=code).count() for code in (actions.KEPT, actions.REMOVED)] == [1, 1]


# ---------------------------------------------------------------- the pages
def test_lists_are_kept_by_the_editors_only(w, preset, client):
    page = reverse("reports:distribution_list_edit", args=[preset.pk])
    client.force_login(w.c.secretary)
    assert client.get(reverse("reports:distribution_lists")).status_code == 403
    assert client.get(page).status_code == 404
    client.force_login(w.c.general)
    assert "65" in client.get(reverse("reports:distribution_lists")).content.decode()
    client.post(page, FIELDS | {"version": 1, "copy_to": ""})
    assert DistributionList.objects.get().copies == 57
    answer = client.post(page, FIELDS | {"version": 1, "copy_to": "我写的 3"})
    assert "我写的 3" in answer.content.decode()
    again = {"version": answer.context["form"]["version"].value(), "copy_to": "我写的 3"}
    assert client.post(page, FIELDS | again).status_code == 302
    assert client.post(reverse("reports:distribution_list_remove", args=[preset.pk])).status_code == 302
    assert not DistributionList.objects.exists()


def test_a_new_list_begins_with_the_playbooks_addressees_and_needs_one(w, client):
    client.force_login(w.c.general)
    page = reverse("reports:distribution_list_new")
    begun = client.get(page).context["form"].initial
    assert begun["report_to"].replace("\n", "，") == w.playbook.bulletin.report_to.zh
    answer = client.post(page, {"name": "空的", "version": 1})
    assert answer.context["form"].non_field_errors()
    assert client.post(page, FIELDS | {"version": 1}).status_code == 302
    assert set(client.post(page, FIELDS | {"version": 1}).context["form"].errors) == {"name"}


def test_the_button_keeps_what_was_typed_and_puts_the_list_in(w, draft, preset, client):
    client.force_login(w.c.general)
    client.post(
        reverse("reports:bulletin_edit", args=[draft.pk]),
        typed(draft, do="use_list", list=preset.pk, editor_note="按语一"),
    )
    kept = fresh(draft)
    assert (kept.editor_note, kept.copies, kept.report_to) == ("按语一", 65, FIELDS["report_to"])


# ---------------------------------------------------------------- splitting an item
TEXT = "全县动员情况如下。\n一、加强领导。成立班子。\n分工到人。\n二、广泛宣传\n三、严格督查。\n每周一查。"


def test_a_text_falls_into_the_parts_under_its_headings():
    assert by_headings(TEXT) == [
        ("", "全县动员情况如下。"),
        ("加强领导", "成立班子。\n分工到人。"),
        ("广泛宣传", "广泛宣传"),
        ("严格督查", "每周一查。"),
    ]
    assert by_headings("没有标题。\n（一）只有二级标题") == [("", "没有标题。\n（一）只有二级标题")]


def test_an_item_is_split_in_its_place_and_keeps_whose_it_is(w, draft):
    first, second = draft.items.order_by("pk")[:2]
    bulletins.choose_items(by=w.c.general, bulletin=draft, items=[first.pk, second.pk])
    bulletins.edit(by=w.c.general, bulletin=draft, items={first.pk: bulletins.ItemText("动员", TEXT)})
    assert bulletins.split(by=w.c.general, bulletin=draft, item=first.pk) == 4
    found = queries.chosen(fresh(draft))
    assert [item.title for item in found] == ["动员", "加强领导", "广泛宣传", "严格督查", second.title]
    assert [item.position for item in found] == [1, 2, 3, 4, 5]
    assert {(item.report_id, item.source_name) for item in found[:4]} == {(first.report_id, first.source_name)}
    before = fresh(draft).version
    with pytest.raises(bulletins.NothingToSplit):
        bulletins.split(by=w.c.general, bulletin=fresh(draft), item=first.pk)
    assert fresh(draft).version == before


def test_the_button_splits_what_was_just_typed(w, draft, client):
    item = draft.items.order_by("pk").first()
    bulletins.choose_items(by=w.c.general, bulletin=draft, items=[item.pk])
    client.force_login(w.c.general)
    page = reverse("reports:bulletin_edit", args=[draft.pk])
    client.post(page, typed(draft, do=f"split-{item.pk}", **{f"text-{item.pk}": TEXT}))
    assert len(queries.chosen(fresh(draft))) == 4
    assert client.post(page, typed(draft, do="split-999999")).status_code == 404

"""The import as a person goes through it: upload, preview, confirmation, and who may."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory
from jobs.models import Job
from units.actions import transfer_member, uploads
from units.actions.roster import import_workbook
from units.models import Member, Organization, RosterImport
from units.refusals import ImportRefused
from units.tests.factories import make_cast, make_tree, user_with
from units.tests.roster_books import TODAY, id_number, member, write_book

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(tmp_path):
    """A committee with two branches and three members, an office and a secretary of one branch."""
    boss = UserFactory(username="boss", is_superuser=True)
    people = [member(1), member(2, 姓名="刘芳"), member(3, 姓名="苏小兰", 所在党支部="县第二中学党支部")]
    import_workbook(by=boss, path=write_book(tmp_path / "first.xlsx", people), today=dt.date(2026, 1, 5))
    boss.folder = tmp_path
    return boss


def book(world, *people, **options):
    return write_book(world.folder / "next.xlsx", people, **options)


def upload(client, path, **data):
    if "organization" not in data and Organization.objects.exists():
        data["organization"] = Organization.objects.get(depth=1).pk
    with path.open("rb") as file:
        answer = client.post(reverse("units:roster_import"), {"file": file, **data}, follow=True)
    return answer, RosterImport.objects.order_by("-pk").first()


def confirm(client, sent, **data):
    return client.post(reverse("units:roster_confirm", args=[sent.pk]), data, follow=True)


@pytest.fixture
def mixed(world):
    """One changed, one faulty, one new; one is missing."""
    return book(
        world,
        member(1, 手机号="13911112222", 家庭住址="南街9号"),
        member(2, 姓名="刘芳", 出生日期="1975.13.2"),
        member(4, 姓名="周全"),
    )


def test_preview_then_the_faultless_rows(client, world, mixed):
    client.force_login(world)
    page, sent = upload(client, mixed)

    assert sent.state == "previewed" and sent.job.state == Job.State.DONE
    text = page.content.decode()
    assert "1975.13.2" in text and "G5" in text and "苏小兰" in text and "南街" not in text
    for number in (id_number(serial=1), id_number(serial=2), "13911112222"):
        assert number not in text and number not in str(sent.report)
    assert Member.objects.count() == 3 and Member.objects.get(name="郝建军").phone == "13800000001"
    counts = sent.report["counts"]
    assert [counts[key] for key in ("new", "changed", "unchanged", "faulty", "missing")] == [1, 1, 0, 1, 1]

    refused = confirm(client, sent)
    assert "请选择有错的行怎么办" in refused.content.decode()
    confirm(client, sent, mode="nothing")
    assert Member.objects.count() == 3
    done = confirm(client, sent, mode="faultless")

    sent.refresh_from_db()
    assert sent.state == "applied" and "花名册已写入" in done.content.decode()
    assert Member.objects.get(name="郝建军").phone == "13911112222"
    assert set(Member.objects.on_roll().values_list("name", flat=True)) == {"郝建军", "刘芳", "苏小兰", "周全"}
    assert AuditEntry.objects.filter(action="roster.imported").count() == 2
    assert not default_storage.exists(sent.file.name)  # the workbook with all the numbers does not lie about


def test_the_marked_workbook_for_the_clerk(client, world, mixed):
    client.force_login(world)
    _page, sent = upload(client, mixed)

    answer = client.get(reverse("units:roster_marked", args=[sent.pk]))

    marked = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    assert marked.sheetnames[0] == "错误清单" and marked.worksheets[0]["B2"].value == "G5"
    assert "没有 13 月" in marked["党员基本信息汇总表"]["G5"].comment.text
    assert AuditEntry.objects.filter(action="roster.marked_downloaded", actor_id=world.pk).exists()


def test_leavers_leave_only_when_ticked_and_with_date_and_reason(client, world):
    client.force_login(world)
    missing = Member.objects.get(name="苏小兰")
    _page, sent = upload(client, book(world, member(1), member(2, 姓名="刘芳")))

    answer = confirm(client, sent, leavers=[missing.pk], left_on="", left_reason="")
    assert "请填写勾选的党员为什么离册" in answer.content.decode()
    assert f'value="{missing.pk}" id="leaver-{missing.pk}" checked' in answer.content.decode()
    other = Member.objects.get(name="刘芳")
    answer = confirm(client, sent, leavers=[other.pk], left_on="2026-02-01", left_reason="转出")
    assert other.pk not in RosterImport.objects.get().report.get("leaving", {}).get("members", [])
    confirm(client, sent, leavers=[missing.pk], left_on="2026-02-01", left_reason="转往省外")

    missing.refresh_from_db()
    assert (missing.left_on, missing.left_reason) == (dt.date(2026, 2, 1), "转往省外")
    assert missing.moves.first().kind == "left"
    assert Member.objects.on_roll().count() == 2


def test_a_change_since_the_preview_gives_a_new_preview(client, world):
    client.force_login(world)
    _page, sent = upload(client, book(world, member(1, 备注="新"), member(2, 姓名="刘芳"), member(3, 姓名="苏小兰")))
    seen = sent.report
    second = Organization.objects.get(code="Z02")
    transfer_member(by=world, member=Member.objects.get(name="刘芳"), to=second, on=dt.date(2026, 2, 1))

    confirm(client, sent)

    sent.refresh_from_db()
    assert sent.state == "previewed" and sent.job.state == Job.State.FAILED
    assert "预览之后别人改过数据" in sent.job.error_text
    assert sent.report["renewed"] and sent.report["counts"]["changed"] == seen["counts"]["changed"] + 1
    assert not Member.objects.filter(note="新").exists()
    confirm(client, sent)
    assert Member.objects.filter(note="新").count() == 1


def test_two_confirmations_at_once_write_once(world):
    sent = uploads.upload_roster(
        by=world,
        file=ContentFile(book(world, member(9, 姓名="周全")).read_bytes(), name="a.xlsx"),
        organization=Organization.objects.get(depth=1),
    )
    first, second = (RosterImport.objects.get(pk=sent.pk) for _each in range(2))
    assert first.state == "previewed"

    uploads.confirm_upload(by=world, upload=first, faultless_only=False)
    with pytest.raises(ImportRefused):
        uploads.confirm_upload(by=world, upload=second, faultless_only=False)

    assert Member.objects.filter(name="周全").count() == 1
    written = RosterImport.objects.get(pk=sent.pk)
    assert written.state == "applied"
    # A second delivery of the job finds the work done.
    assert uploads.apply_upload(by=world, upload=written) is None
    assert AuditEntry.objects.filter(action="roster.imported").count() == 2
    with pytest.raises(ImportRefused):
        uploads.discard_upload(by=world, upload=written)


def test_an_unexpected_error_leaves_the_preview_to_confirm_again(client, world, monkeypatch):
    client.force_login(world)
    _page, sent = upload(client, book(world, member(9, 姓名="周全")))

    def fail(**kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(uploads, "write_plan", fail)
    confirm(client, sent)
    sent.refresh_from_db()
    assert sent.state == "previewed" and sent.job.state == Job.State.FAILED
    assert not Member.objects.filter(name="周全").exists()

    monkeypatch.undo()
    confirm(client, sent)
    assert Member.objects.filter(name="周全").exists()


def test_a_file_that_was_swapped_is_not_written(client, world):
    client.force_login(world)
    _page, sent = upload(client, book(world, member(9, 姓名="周全")))
    with default_storage.open(sent.file.name, "wb") as stored:
        stored.write(book(world, member(8, 姓名="别人")).read_bytes())

    confirm(client, sent)

    assert not Member.objects.filter(name__in=["周全", "别人"]).exists()
    assert "不是核对过的那一个" in RosterImport.objects.get(pk=sent.pk).job.error_text


def test_an_unreadable_file_says_why_and_a_new_upload_replaces_the_old(client, world):
    client.force_login(world)
    path = world.folder / "bad.xlsx"
    path.write_text("no workbook")

    page, bad = upload(client, path)

    assert bad.state == "unreadable" and "这个文件不是 Excel 工作簿" in page.content.decode()
    _page, good = upload(client, book(world, member(1)))
    bad.refresh_from_db()
    assert bad.state == "discarded" and not default_storage.exists(bad.file.name)
    client.post(reverse("units:roster_discard", args=[good.pk]))
    good.refresh_from_db()
    assert good.state == "discarded"
    assert client.get(reverse("units:roster_preview", args=[good.pk])).status_code == 200
    assert client.get(reverse("units:roster_marked", args=[good.pk])).status_code == 404


def test_nothing_to_write_is_said(client, world):
    client.force_login(world)
    people = [member(1), member(2, 姓名="刘芳"), member(3, 姓名="苏小兰", 所在党支部="县第二中学党支部")]

    page, sent = upload(client, book(world, *people))

    assert sent.report["writes_nothing"]
    assert "没有要写入的" in page.content.decode()
    assert reverse("units:roster_confirm", args=[sent.pk]) in page.content.decode()


def test_the_first_roster_makes_tree_and_post(client, tmp_path):
    boss = UserFactory(is_superuser=True)
    client.force_login(boss)
    assert client.get(reverse("units:roster_import")).status_code == 200
    _page, sent = upload(client, write_book(tmp_path / "a.xlsx", [member(1)]))

    confirm(client, sent)

    root = Organization.objects.get(depth=1)
    assert boss.posts.get().organization == root
    sent.refresh_from_db()
    assert sent.organization == root
    assert client.get(reverse("units:roster_preview", args=[sent.pk])).status_code == 200


def test_who_may(client, tmp_path):
    t = make_tree()
    c = make_cast(t)
    other = user_with("office_general", t.health, "health_office")
    client.force_login(c.office)
    path = write_book(
        tmp_path / "a.xlsx", [member(1, 所在党支部="县档案局党支部", 所在单位="")], organizations=None, units=None
    )
    _page, sent = upload(client, path)
    pages = [
        reverse("units:roster_preview", args=[sent.pk]),
        reverse("units:roster_import"),
        reverse("units:roster_export"),
        reverse("units:roster_sample"),
    ]
    for user, expected in [
        (c.general, [200, 200, 200, 200]),
        (other, [404, 200, 200, 200]),
        (c.supervisor, [403, 403, 403, 403]),
        (c.branch, [403, 403, 403, 403]),
        (c.sysadmin, [403, 403, 403, 403]),
        (c.outsider, [404, 404, 404, 404]),
    ]:
        client.force_login(user)
        assert [client.get(page).status_code for page in pages] == expected, user
        for verb in ("confirm", "discard"):
            answer = client.post(reverse(f"units:roster_{verb}", args=[sent.pk]))
            assert answer.status_code == {200: 302}.get(expected[0], expected[0])
            RosterImport.objects.filter(pk=sent.pk).update(state="previewed")
    # An import for what lies outside one's reach is no choice of the form.
    client.force_login(other)
    _page, after = upload(client, path, organization=t.county.pk)
    assert after.pk == sent.pk


def test_the_preview_takes_the_same_queries_for_one_row_and_three(client, world):
    client.force_login(world)
    counted = []
    for serials in ((1,), (1, 7, 8)):
        rows = [member(n, 备注=f"{len(serials)}") for n in serials]
        _page, sent = upload(client, book(world, *rows))
        assert sent.report["counts"]["missing"] == 2
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("units:roster_preview", args=[sent.pk]))
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_the_day_of_the_writing_is_the_day_of_the_moves(client, world, clock):
    clock.hold(TODAY)
    client.force_login(world)
    _page, sent = upload(client, book(world, member(9, 姓名="周全")))
    confirm(client, sent)
    assert Member.objects.get(name="周全").moves.get().moved_on == TODAY

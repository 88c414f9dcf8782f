"""`manage.py import_roster`: the outcome as JSON, the exit code, all or nothing."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory
from units.models import Member, Organization
from units.tests.roster_books import member, write_book

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
pytestmark = pytest.mark.django_db


def run(*args):
    """(exit code, standard output, error output)."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_roster", *map(str, args), stdout=out, stderr=err)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_three_workbooks_as_json():
    code, out, _err = run(SAMPLES / "county-roster.xlsx", "--json")
    assert code == 0
    assert json.loads(out) == {
        "accepted": True,
        "created": 1359,
        "updated": 0,
        "unchanged": 0,
        "normalised": 0,
        "errors": [],
    }

    code, out, _err = run(SAMPLES / "county-roster-messy.xlsx", "--json")
    assert code == 0
    messy = json.loads(out)
    assert (messy["accepted"], messy["created"], messy["updated"], messy["unchanged"]) == (True, 0, 0, 1359)
    assert (messy["normalised"], messy["errors"]) == (123, [])

    code, out, _err = run(SAMPLES / "county-roster-faulty.xlsx", "--json", "--today", "2005-01-25")
    assert code == 1
    faulty = json.loads(out)
    assert not faulty["accepted"] and (faulty["created"], faulty["updated"]) == (0, 0)
    expected = json.loads((SAMPLES / "county-roster-faulty.expected.json").read_text("utf-8"))
    names = ("sheet", "row", "column", "cell", "value")
    wanted = sorted([*(e[name] for name in names), e["kind"]] for e in expected)
    assert sorted([*(e[name] for name in names), e["code"]] for e in faulty["errors"]) == wanted
    assert {tuple(e) for e in faulty["errors"]} == {("sheet", "row", "column", "cell", "code", "value", "message")}
    assert all(e["message"] for e in faulty["errors"])
    assert Member.objects.count() == 1359


def test_check_writes_nothing(tmp_path):
    path = write_book(tmp_path / "a.xlsx", [member(1)])

    code, out, _err = run(path, "--check", "--json")

    assert code == 0 and json.loads(out)["created"] == 1
    assert not Organization.objects.exists() and not AuditEntry.objects.exists()


def test_in_words_numbers_are_masked_and_the_remedy_is_told(tmp_path):
    path = write_book(tmp_path / "a.xlsx", [member(1, 公民身份证号="999001197503010011")])

    code, out, err = run(path)

    assert code == 1 and not Organization.objects.exists()
    assert "D4" in err and "id_checksum" in err
    assert "999001197503010011" not in err and "9990**********0011" in err
    assert "什么也没有写入" in out


def test_a_file_that_is_no_workbook_or_not_there(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_text("not a workbook")

    code, out, _err = run(path, "--json")
    told = json.loads(out)
    assert code == 1 and not told["accepted"] and told["errors"][0]["code"] == "not_a_workbook"

    code, _out, err = run(tmp_path / "b.xlsx")
    assert code == 1 and "没有这个文件" in err


def test_in_the_name_of_an_account_and_as_of_a_day(tmp_path):
    clerk = UserFactory(username="clerk")
    path = write_book(tmp_path / "a.xlsx", [member(1, 加入党组织日期="2004-06-01", 转为正式党员日期="2005-06-01")])

    code, out, _err = run(path, "--json", "--today", "2005-01-25", "--as", "clerk")
    assert code == 1 and [e["code"] for e in json.loads(out)["errors"]] == ["future_date"]

    code, _out, _err = run(path, "--today", "2006-01-25", "--as", "clerk")
    assert code == 0
    assert AuditEntry.objects.get(action="roster.imported").actor_id == clerk.pk
    assert Member.objects.get().moves.get().moved_on == dt.date(2006, 1, 25)
    with pytest.raises(CommandError):
        run(path, "--as", "nobody")

"""Strangers' files: what is refused before it is opened, and what the reading process does not survive."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from units.roster import container, sandbox
from units.roster.read import read_roster
from units.roster.records import Known, RosterUnreadable
from units.tests.roster_books import TODAY, member, write_book

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def refusal(path: Path, **limits: int) -> str:
    with pytest.raises(RosterUnreadable) as refused:
        sandbox.read_in_subprocess(path, today=TODAY, **limits)
    assert refused.value.message
    assert refused.value.remedy
    return refused.value.code


def repacked(source: Path, target: Path, changes: dict[str, bytes]) -> Path:
    """A copy of a workbook with some parts replaced or added."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in [*old.namelist(), *changes]:
            if name not in new.namelist():
                new.writestr(name, changes.get(name) or old.read(name))
    return target


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_book(tmp_path / "good.xlsx", [member(1), member(2, 姓名="")])


def test_the_reading_of_the_child_is_that_of_the_reader() -> None:
    path = SAMPLES / "county-roster-faulty.xlsx"

    assert sandbox.read_in_subprocess(path, today=TODAY) == read_roster(path, today=TODAY)


def test_known_names_reach_the_child(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", [member()], organizations=None, units=None)
    known = Known(branches=frozenset({"县第一小学党支部"}), units=frozenset({"县教育局"}))

    assert sandbox.read_in_subprocess(path, today=TODAY, known=known).accepted
    assert not sandbox.read_in_subprocess(path, today=TODAY).accepted


def test_the_child_gets_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "do not tell")

    assert "SECRET_KEY" not in sandbox._environment()


def test_the_child_needs_no_settings_and_no_database(book: Path) -> None:
    """It must start fast: neither Django's settings nor the slow libraries are loaded."""
    code = (
        "import sys, units.roster.child, units.roster.read, units.roster.records;"
        "print([m for m in ('campaign.settings','django.db','openpyxl','puremagic') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=sandbox._ROOT,
        check=True,
        env={k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"},
    )

    assert done.stdout.strip() == "[]"


def test_a_text_file_renamed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("姓名,性别\n郝建军,男\n" * 50, "utf-8")

    assert refusal(tmp_path / "a.xlsx") == "not_a_workbook"


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").touch()

    assert refusal(tmp_path / "a.xlsx") == "not_a_workbook"


def test_another_office_document_is_refused(book: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("word/document.xml", "<document/>")

    assert refusal(tmp_path / "a.xlsx") == "not_a_workbook"


def test_the_old_format_and_a_protected_workbook_are_told_apart(tmp_path: Path) -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
    (tmp_path / "old.xls").write_bytes(old + "Workbook".encode("utf-16-le"))
    (tmp_path / "locked.xlsx").write_bytes(old + "EncryptedPackage".encode("utf-16-le"))

    assert refusal(tmp_path / "old.xls") == "old_format"
    assert refusal(tmp_path / "locked.xlsx") == "encrypted"


def test_a_packed_file_with_a_password_is_refused(book: Path, tmp_path: Path) -> None:
    data = bytearray(book.read_bytes())
    at = data.find(b"PK\x01\x02")
    struct.pack_into("<H", data, at + 8, struct.unpack_from("<H", data, at + 8)[0] | 1)
    (tmp_path / "a.xlsx").write_bytes(data)

    assert refusal(tmp_path / "a.xlsx") == "encrypted"


def test_a_truncated_workbook_is_refused(book: Path, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(book.read_bytes()[:-400])

    assert refusal(tmp_path / "a.xlsx") == "damaged"


def test_a_workbook_with_broken_contents_is_refused(book: Path, tmp_path: Path) -> None:
    path = repacked(book, tmp_path / "a.xlsx", {SHEET: b"<worksheet><sheetData><row"})

    assert refusal(path) == "damaged"


def test_a_zip_bomb_is_refused_unopened(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = repacked(book, tmp_path / "a.xlsx", {"xl/media/image1.png": bytes(30 * 1024 * 1024)})
    monkeypatch.setattr(sandbox, "_run", lambda *_args: pytest.fail("was opened"))

    assert refusal(path) == "suspicious"


def test_too_many_parts_are_refused(book: Path, tmp_path: Path) -> None:
    path = repacked(book, tmp_path / "a.xlsx", {f"xl/media/{n}.txt": b"x" for n in range(2_001)})

    assert refusal(path) == "suspicious"


def test_too_much_is_refused(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "LARGEST_UNPACKED", 10_000)
    assert refusal(book) == "too_large"

    monkeypatch.setattr(container, "LARGEST_FILE", 1_000)
    assert refusal(book) == "too_large"


def sparse_sheet(far: str) -> bytes:
    row = "".join(char for char in far if char.isdigit())
    return (
        f'<worksheet xmlns="{NAMESPACE}"><dimension ref="A1:A1"/><sheetData>'
        f'<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
        f'<row r="{row}"><c r="{far}" t="inlineStr"><is><t>b</t></is></c></row></sheetData></worksheet>'
    ).encode()


def test_a_stray_cell_in_the_last_corner_does_not_take_the_server_down(book: Path, tmp_path: Path) -> None:
    """The dense reader would need hundreds of gigabytes for these two cells."""
    path = repacked(book, tmp_path / "a.xlsx", {SHEET: sparse_sheet("XFD1048576")})

    assert refusal(path) == "too_much_memory"


def test_a_sheet_of_too_many_empty_cells_is_told_by_name(book: Path, tmp_path: Path) -> None:
    path = repacked(book, tmp_path / "a.xlsx", {SHEET: sparse_sheet("CV150000")})

    with pytest.raises(RosterUnreadable) as refused:
        sandbox.read_in_subprocess(path, today=TODAY, megabytes=2048)

    assert refused.value.code == "too_large"
    assert "150000" in refused.value.params["size"]


def test_a_false_dimension_is_not_believed(book: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(book) as packed:
        names = [name for name in packed.namelist() if name.startswith("xl/worksheets/")]
        last = packed.read(names[-1])
    start, end = last.index(b"<dimension"), last.index(b"/>", last.index(b"<dimension")) + 2
    for claim in (b'<dimension ref="A1:XFD1048576"/>', b'<dimension ref="A1"/>'):
        path = repacked(book, tmp_path / "a.xlsx", {names[-1]: last[:start] + claim + last[end:]})
        reading = sandbox.read_in_subprocess(path, today=TODAY)
        assert len(reading.members) == 1
        assert [fault.code for fault in reading.faults] == ["missing_name"]


def test_a_reader_that_runs_out_of_memory_is_told(book: Path, tmp_path: Path) -> None:
    path = repacked(book, tmp_path / "a.xlsx", {SHEET: sparse_sheet("CV90000")})

    assert refusal(path, megabytes=128) == "too_much_memory"


def test_a_reader_that_takes_too_long_is_stopped(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never_ends(*_args: object, **options: object) -> None:
        raise subprocess.TimeoutExpired("child", 7)

    monkeypatch.setattr(sandbox.subprocess, "run", never_ends)

    assert refusal(book, seconds=7) == "too_slow"


@pytest.mark.parametrize(
    ("code", "out", "told"),
    [
        (-6, b"", "too_much_memory"),
        (-11, b"", "too_much_memory"),
        (3, b"", "too_much_memory"),
        (-24, b"", "too_slow"),
        (-9, b"", "too_slow"),
        (1, b"", "crashed"),
        (0, b"{", "crashed"),
        (0, b"[]", "crashed"),
        (0, b'{"reading": "{}"}', "crashed"),
    ],
)
def test_whatever_becomes_of_the_child_is_told(
    book: Path, monkeypatch: pytest.MonkeyPatch, code: int, out: bytes, told: str
) -> None:
    done = subprocess.CompletedProcess([], code, out, b"Traceback")
    monkeypatch.setattr(sandbox.subprocess, "run", lambda *_args, **_options: done)

    assert refusal(book) == told


def test_a_failed_formula_is_a_fault_and_not_an_empty_cell(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", [member(手机号="#DIV/0!"), member(2)])

    reading = sandbox.read_in_subprocess(path, today=TODAY)

    assert [(fault.code, fault.reason, fault.cell) for fault in reading.faults] == [("bad_value", "formula", "M4")]

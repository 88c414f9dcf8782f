"""Counting, differences, reading Word files, and the routing table: all without a database."""

import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from docx import Document

from assessments.papers import Change, by_headings, characters_of, count_characters, pack_sources, paragraphs
from assessments.papers import changes as diff
from assessments.reading import MOST_BYTES, Unreadable, read_docx
from assessments.routing import AuthorFacts, Route, Seat, kinds_of, route
from campaign.playbook import load_file

CASES = json.loads((Path(__file__).parent / "counting_cases.json").read_text())
SCRIPT = Path(__file__).parents[2] / "static/js/count.js"


class Paper:
    def __init__(self, text, views="", measures="", sources=""):
        self.text, self.views, self.measures, self.sources = text, views, measures, sources


# ---------------------------------------------------------------- sources of the problems (F-04)
def test_sources_stand_before_the_text_and_count_with_it():
    paper = Paper("正文", sources=pack_sources({"own": "学习不够", "masses": "  "}))
    assert [(part.section, part.text) for part in paragraphs(paper)] == [("source_own", "学习不够"), ("text", "正文")]
    assert characters_of(paper) == 6
    assert pack_sources({"masses": " "}) == ""


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("开头\n一、自己查摆\n学习不够\n二、群众意见：\n下去少", {"": "开头", "own": "学习不够", "masses": "下去少"}),
        ("（一）自己查摆\n学习不够\n（二）原因分析\n放松学习", {"": "（二）原因分析\n放松学习", "own": "学习不够"}),
        ("一、自己查摆\n1. 学习不够。\n2. 下去少。", {"": "", "own": "1. 学习不够。\n2. 下去少。"}),
        ("没有标题的一篇", {"": "没有标题的一篇"}),
    ],
)
def test_a_word_file_is_parted_by_the_names_of_the_sources(text, parts):
    assert by_headings(text, {"own": "自己查摆", "masses": "群众意见"}) == parts


# ---------------------------------------------------------------- counting (F-11)
@pytest.mark.parametrize(("text", "count"), CASES)
def test_characters_are_counted_without_spaces(text, count):
    assert count_characters(text) == count


@pytest.mark.skipif(not shutil.which("node"), reason="needs Node.js")
def test_the_page_counts_as_the_server_does():
    program = (
        "require(process.argv[1]);"
        "const cases = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        "console.log(JSON.stringify(cases.map(([text]) => globalThis.countCharacters(text))));"
    )
    texts = [[text] for text, _count in CASES] + [[chr(n)] for n in range(0x3100) if not 0xD800 <= n < 0xE000]
    done = subprocess.run(
        ["node", "-e", program, str(SCRIPT)], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [count_characters(text) for (text,) in texts]


# ---------------------------------------------------------------- paragraphs and differences (F-14)
def test_paragraphs_are_numbered_through_all_sections():
    found = paragraphs(Paper("一\r\n\n二", "三"))
    assert [(p.number, p.section, p.text) for p in found] == [(0, "text", "一"), (1, "text", "二"), (2, "views", "三")]


def test_a_version_shows_what_went_and_what_came():
    found = diff(paragraphs(Paper("甲\n乙\n丙")), paragraphs(Paper("甲\n乙改\n丙\n丁")))
    assert found == [
        Change("same", "text", "甲"),
        Change("del", "text", "乙"),
        Change("ins", "text", "乙改"),
        Change("same", "text", "丙"),
        Change("ins", "text", "丁"),
    ]


# ---------------------------------------------------------------- Word files
def docx(*lines, table=()):
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    if table:
        made = document.add_table(rows=1, cols=len(table))
        for cell, text in zip(made.rows[0].cells, table, strict=True):
            cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_a_word_file_is_read_paragraph_by_paragraph():
    assert read_docx(docx("一、问题", "", " 二、原因 ", table=("甲", "乙")), "a.docx") == "一、问题\n二、原因\n甲 乙"


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.4", b"PK\x03\x04 broken", b"x" * (MOST_BYTES + 1), docx(), docx("x")[:-60]],
    ids=["empty", "pdf", "broken", "large", "no text", "cut off"],
)
def test_what_cannot_be_read_is_named_with_a_remedy(content):
    with pytest.raises(Unreadable, match=r"a\.docx"):
        read_docx(content, "a.docx")


# ---------------------------------------------------------------- routing (F-13, decision 8)
COUNTY, UNIT, BRANCH = "0001", "00010001", "000100010001"
LEAD, SUP = Seat(1, "leading_group_head", COUNTY), Seat(2, "supervisor", UNIT)
SECRETARY, PARTY = Seat(3, "organization_secretary", UNIT), Seat(4, "party_affairs_leader", UNIT)
BRANCH_SECRETARY, TOP = Seat(5, "branch_secretary", BRANCH), Seat(6, "organization_secretary", COUNTY)
SEATS = (LEAD, SUP, SECRETARY, PARTY, BRANCH_SECRETARY, TOP)


def who(user=None, path=BRANCH, leading=UNIT, **facts):
    return AuthorFacts(path=path, user=user, leading_path=leading, **facts)


def rules(book="yibin-city"):
    return load_file(book).routing


TABLE = {
    "principal to the supervision group": (who(3, leader=True), SEATS, (SUP.role, UNIT)),
    "other leader to the head of the leading group": (who(9, leader=True), SEATS, (LEAD.role, COUNTY)),
    "retired leader as one in post": (who(leader=True, retired=True), SEATS, (LEAD.role, COUNTY)),
    "head of an organ's organisation": (who(3), SEATS, (PARTY.role, UNIT)),
    "branch secretary to the secretary above": (who(5), SEATS, (SECRETARY.role, UNIT)),
    "member to the secretary": (who(), SEATS, (SECRETARY.role, UNIT)),
    "member with an account": (who(8), SEATS, (SECRETARY.role, UNIT)),
    "member of a branch that leads itself": (
        who(path=BRANCH, leading=BRANCH),
        SEATS,
        (BRANCH_SECRETARY.role, BRANCH),
    ),
    "a vacant post is looked for further up": (who(), (TOP, LEAD), (TOP.role, COUNTY)),
    "the party leader who heads it himself goes one step up": (
        who(3),
        (SECRETARY, Seat(3, "party_affairs_leader", UNIT), TOP),
        (TOP.role, COUNTY),
    ),
    "the head of the leading group goes to the supervisors": (
        who(1, leader=True),
        (LEAD, SUP),
        (SUP.role, UNIT),
    ),
    "another holder of the same post may review": (
        who(1, leader=True),
        (LEAD, Seat(7, "leading_group_head", COUNTY)),
        (LEAD.role, COUNTY),
    ),
    "nobody found": (who(), (LEAD, SUP), None),
    "nobody but himself": (who(1, leader=True), (LEAD,), None),
}


@pytest.mark.parametrize(("author", "seats", "expected"), TABLE.values(), ids=TABLE)
def test_who_reviews_in_yibin(author, seats, expected):
    found = route(rules(), author, seats)
    assert (found and (found.role, found.path)) == expected


@pytest.mark.parametrize("author", [case[0] for case in TABLE.values()], ids=TABLE)
@pytest.mark.parametrize("book", ["yibin-city", "xingwen-county"])
def test_nobody_reviews_his_own_paper(author, book):
    found = route(rules(book), author, SEATS)
    if found is not None and author.user is not None:
        others = [s for s in SEATS if (s.role, s.path) == (found.role, found.path) and s.user != author.user]
        assert others


def test_in_xingwen_the_branch_secretary_reviews_his_members():
    assert route(rules("xingwen-county"), who(), SEATS) == Route(
        "member", "branch_secretary", "branch_secretary", BRANCH
    )


def test_without_rules_nobody_is_found():
    assert route((), who(), SEATS) is None


def test_a_retired_leader_follows_the_leaders_unless_a_rule_names_him():
    author = who(leader=True, retired=True)
    assert "leader" in kinds_of(rules("xingwen-county"), author, SEATS)
    assert "leader" not in kinds_of(rules("yibin-city"), author, SEATS)

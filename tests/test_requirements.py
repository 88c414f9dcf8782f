"""The table of requirements: every id once with a state, and nothing named that is not there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "requirements.md"
LAST = {
    "A": 23,
    "B": 15,
    "C": 15,
    "D": 25,
    "E": 44,
    "F": 49,
    "G": 12,
    "H": 13,
    "I": 18,
    "J": 20,
    "K": 13,
    "L": 11,
    "M": 12,
    "N": 12,
    "O": 13,
    "P": 12,
    "Q": 5,
    "R": 9,
    "S": 10,
    "T": 12,
    "U": 16,
}
NEVER_USED = {"F-37", "F-38", "F-39"}
IDS = [f"{group}-{n:02d}" for group, last in LAST.items() for n in range(1, last + 1)]
ASKED = [one for one in IDS if one not in NEVER_USED]
STATES = re.compile(r"done\b|partly: \S|left out: \S")


def rows() -> list[list[str]]:
    """The cells of every line of the tables, without headings."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if re.match(r"\| [A-Z]-\d\d ", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def named(pattern: str) -> list[str]:
    """What stands between backquotes on the page and fits wholly."""
    return [one for one in re.findall(r"`([^`]+)`", PAGE.read_text("utf-8")) if re.fullmatch(pattern, one)]


def test_every_requirement_stands_once_in_order():
    assert [row[0] for row in rows()] == ASKED


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_each_says_what_where_by_which_test_and_how_far(row):
    assert len(row) == 5 and all(row)
    _id, _asked, where, test, state = row
    assert STATES.match(state)
    if not state.startswith("left out"):
        assert "`" in where and ".py" in test


def test_every_path_is_there_and_holds_the_test_named():
    paths = named(r"[\w./-]+/[\w.-]*(::\w+)?")
    assert paths
    for one in paths:
        path, _colons, function = one.partition("::")
        assert (ROOT / path).exists(), one
        if function:
            assert re.search(rf"^\s*def {function}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE), one


def test_every_action_and_parameter_is_one():
    books = [tomllib.loads(path.read_text("utf-8")) for path in (ROOT / "campaign" / "playbooks").glob("*.toml")]
    actions = {f"action:{action['key']}" for book in books for action in book["actions"]}
    groups = tomllib.loads((ROOT / "campaign" / "playbook" / "parameters.toml").read_text("utf-8"))["groups"]
    parameters = {f"parameter:{one['key']}" for group in groups for one in group["parameters"]}
    used = set(named(r"(action|parameter):\w+"))
    assert used and used <= actions | parameters

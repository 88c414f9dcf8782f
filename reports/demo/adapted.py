"""The demonstration's playbook: a county takes over its city's plan, in its own words (A-01).

Numbers and rules stay the city's; only who is named changes, as an office would do it in a copy of the file. The county
adds what the city leaves to it: what a unit prepares before it starts, a review of style by representatives, and, from
its own playbook, its bodies and their duties, rules for its staff, what its groups report, and its sanctions.
"""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import Any

from campaign.playbook import Playbook, from_snapshot, load_file
from campaign.playbook.files import FOLDER

_COUNTY, _TABLES = "xingwen-county", ("bodies", "liaison", "pairing", "sanctions")

# In this order: longer phrases first, and the superior before the city's own name is taken.
_COUNTY_WORDS = (
    ("省委先教办，市委领导", "<superior>，县委领导"),
    ("各县（区）委，市级各部门党组（党委）", "县级各部门党委（党组），各党总支、党支部"),
    ("各县（区）委、市级各部门", "县级各部门"),
    ("县（区）委、市级部门", "县级部门"),
    ("市级各部门、各县（区）委", "县级各部门"),
    ("市、县（区）先教办", "县先教办"),
    ("宜宾市", "兴文县"),
    ("市委", "县委"),
    ("市级", "县级"),
    ("市先教办", "县先教办"),
    ("<superior>", "市委先教办"),
    ("Provincial campaign office, city leaders", "<superior>, county leaders"),
    ("Yibin city", "Xingwen county"),
    ("CPC Yibin City", "CPC Xingwen County"),
    ("City campaign", "County campaign"),
    ("City leading", "County leading"),
    ("City supervision", "County supervision"),
    ("City committee", "County committee"),
    ("<superior>", "City campaign office"),
)

_OWN = """
[preparation]
items = [
  { key = "census", name = { zh = "调查摸底，理顺组织关系", en = "Census; affiliations set right" } },
  { key = "bodies", name = { zh = "成立领导小组，明确联络员", en = "Leading group set up, liaison named" } },
  { key = "meeting", name = { zh = "拟定动员大会方案", en = "Mobilisation meeting planned" } },
  { key = "training", name = { zh = "培训支部书记和工作骨干", en = "Branch secretaries and backbone trained" } },
]
plan = [
  { key = "problems", name = { zh = "重点解决的突出问题", en = "Outstanding problems to be solved" } },
  { key = "work", name = { zh = "各阶段工作安排", en = "Work of each stage" } },
  { key = "measures", name = { zh = "保障措施", en = "Measures" } },
]

[style_review]
name = { zh = "万人评风", en = "Style review" }
phase = "analysis"
minimum = 20
representatives = [
  { key = "congress_deputies", name = { zh = "人大代表", en = "Deputies of the people's congress" } },
  { key = "consultative_members", name = { zh = "政协委员", en = "Members of the consultative conference" } },
  { key = "masses", name = { zh = "群众代表", en = "Representatives of the masses" } },
]
items = [
  { key = "members", name = { zh = "党员作风", en = "Members' style" } },
  { key = "government", name = { zh = "政风", en = "Government style" } },
]
"""


def county_playbook(key: str) -> Playbook:
    """A shipped playbook; the city's in the county's words, with what the county adds."""
    if key != "yibin-city":
        return load_file(key)
    text = (FOLDER / f"{key}.toml").read_text(encoding="utf-8")
    for before, after in _COUNTY_WORDS:
        text = text.replace(before, after)
    # The review stands as a rule below and no longer as a remark among the parameters.
    kept = [line for line in text.splitlines() if not line.startswith("style_items")]
    document, county = _read("\n".join(kept) + _OWN), _read((FOLDER / f"{_COUNTY}.toml").read_text(encoding="utf-8"))
    document.update({table: county[table] for table in _TABLES})
    document["staffing"] = {**document["staffing"], **county["staffing"]}
    reports = [report for report in document["reports"] if report["reporter"] == "unit"]
    document["reports"] = reports + [report for report in county["reports"] if report["reporter"] != "unit"]
    return from_snapshot(document)


def _read(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)

"""The demonstration's playbook: a county takes over its city's plan, in its own words (A-01).

Numbers and rules stay the city's; only who is named changes, as an office would do it in a copy of the file.
"""

from __future__ import annotations

from campaign.playbook import Playbook, load_file, loads
from campaign.playbook.files import FOLDER

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


def county_playbook(key: str) -> Playbook:
    """A shipped playbook; the city's in the county's words."""
    if key != "yibin-city":
        return load_file(key)
    text = (FOLDER / f"{key}.toml").read_text(encoding="utf-8")
    for before, after in _COUNTY_WORDS:
        text = text.replace(before, after)
    return loads(text, file=f"{key}.toml")

"""How far the units have got, as one figure of the strip: the furthest stage that any has reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from campaign.queries import Picture


@dataclass(frozen=True)
class Reached:
    """`count` of `base` units are at `name`, those under review among them; `rest` says where the others are."""

    name: Any
    count: int
    base: int
    rest: list[tuple[str, int]]


def reached(picture: Picture) -> Reached:
    """The furthest place first, the others in order of the stages; places where nobody is are left out."""
    total = picture.total
    places: list[tuple[str, int]] = [(_("Not begun"), total.ahead)]
    for stage, going, review in zip(picture.stages, total.stages, total.reviewed, strict=True):
        places.append((str(stage.name), going + review))
    places.append((_("All stages done"), total.after))
    found = [place for place in places if place[1]]
    name, count = found.pop() if found else (_("Without stages"), total.unstaged)
    rest = [(_("Under review"), total.review)] if total.review else []
    rest += found[::-1]
    if total.unstaged and name != _("Without stages"):
        rest.append((_("Without stages"), total.unstaged))
    return Reached(name, count, total.units, rest)

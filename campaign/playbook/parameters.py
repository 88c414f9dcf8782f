"""The catalogue of parameters, and a playbook's answers to it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from campaign.playbook.book import Parameter, Playbook
from campaign.playbook.derive import DERIVED
from campaign.playbook.node import Node
from campaign.playbook.text import Text

CATALOGUE = Path(__file__).with_name("parameters.toml")


@dataclass(frozen=True, slots=True)
class Entry:
    """A parameter that every playbook answers, or leaves open."""

    key: str
    name: Text
    catalogue_id: str
    group: Text


@cache
def catalogue() -> tuple[Entry, ...]:
    """Every parameter, in the order of the pages."""
    document = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    return tuple(
        Entry(row["key"], Text(row["zh"], row["en"]), row["id"], Text(group["name"]["zh"], group["name"]["en"]))
        for group in document["groups"]
        for row in group["parameters"]
    )


def read_parameter_texts(root: Node) -> tuple[Node, dict[str, Text]]:
    """The values that stand as words in `[parameters]`."""
    node = root.table_at("parameters") or Node({}, "parameters", root.faults)
    texts = {entry.key: node.text(entry.key) for entry in catalogue()}
    node.close()
    return node, {key: text for key, text in texts.items() if text is not None}


def answers(book: Playbook, node: Node, texts: dict[str, Text]) -> tuple[Parameter, ...]:
    """Every parameter with its value; said twice, in words and in a table, is a fault."""
    parameters = []
    for entry in catalogue():
        place, derive = DERIVED.get(entry.key, ("", None))
        value, default = derive(book) if derive else (None, None)
        words = texts.get(entry.key)
        if value is not None and words is not None:
            message = _("This is said already by %(place)s.") % {"place": place}
            node.fault(entry.key, message, _("Leave it out here, so that the two cannot differ."))
        parameters.append(Parameter(entry.key, entry.name, entry.catalogue_id, entry.group, value or words, default))
    return tuple(parameters)

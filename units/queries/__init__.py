"""Reads over several models, returned as rows. Split by topic; this is the one door."""

from units.queries.accounts import accounts_visible_to, with_standing_posts, without_secretary
from units.queries.composition import Composition, composition, members_of
from units.queries.history import entries_visible_to, under
from units.queries.search import members_matching, organizations_matching
from units.queries.tree import Figures, Node, figures, visible_tree

__all__ = [
    "Composition",
    "Figures",
    "Node",
    "accounts_visible_to",
    "composition",
    "entries_visible_to",
    "figures",
    "members_matching",
    "members_of",
    "organizations_matching",
    "under",
    "visible_tree",
    "with_standing_posts",
    "without_secretary",
]

"""The words in which the matrix is written: a page or a deed, whom it lets in, whom it refuses, from whom it is hidden.

    page("units:organization_edit(pk)", ok=SET_UP, refused=READERS, of=lambda p: p.branch)

reads: GET that page of a branch opens for SET_UP; other READERS are told that they may not (403); for everybody else
there is no such page (404). `of` picks the object from a place: the person's own place must answer as declared, a
place out of scope as if the object did not exist. Where `hidden` is given instead, the others are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.people import ANONYMOUS, COUNTY, EVERYONE, Who

Of = Callable[[SimpleNamespace], Any]

OK, REFUSED, HIDDEN, SIGN_IN = "let in", "refused (403)", "hidden (404)", "to sign-in"
DEVELOPMENT_ONLY = {"styleguide()"}  # routed only while DEBUG is on; its view asks again
NOTHING = 10**9  # the key of no object


@dataclass(frozen=True)
class Entry:
    """What is declared of one route and method."""

    route: str
    method: str
    ok: Who
    refused: Who
    hidden: Who
    of: Of | None = None
    sent: Of | None = None  # form data or query, from the place
    wide: bool = False  # belongs to the campaign: the same in every unit of the county
    personal: bool = False  # belongs to one person, whatever the post
    signed_out: bool = False  # open without signing in
    note: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, [self.method, self.route, self.note]))

    @property
    def name(self) -> str:
        return self.route.partition("(")[0]

    def expected(self, name: str) -> str:
        if name in ANONYMOUS:
            return OK if self.signed_out else SIGN_IN
        return OK if name in self.ok else REFUSED if name in self.refused else HIDDEN

    def url(self, thing: SimpleNamespace) -> str:
        picked = self.of(thing) if self.of else ()
        parts = picked if isinstance(picked, tuple) else (picked,)
        return reverse(self.name, args=[getattr(part, "pk", part) for part in parts])

    def data(self, thing: SimpleNamespace) -> dict[str, Any]:
        found = self.sent(thing) if self.sent else {}
        return {key: getattr(value, "pk", value) for key, value in found.items()}

    @property
    def about_a_place(self) -> bool:
        """Does the answer depend on which object is asked for? What is open to the public is open everywhere."""
        return not (self.personal or self.signed_out) and (self.of is not None or self.sent is not None)

    def out_of_scope(self, name: str, world: Any) -> SimpleNamespace:
        """The nearest place whose objects must not exist for the person."""
        if self.personal:
            return world.others
        return world.abroad if self.wide or name in COUNTY else world.far


@dataclass
class Matrix:
    """All declarations, as the rooms give them."""

    entries: list[Entry] = field(default_factory=list)

    def page(self, route: str, **told: Any) -> None:
        self._add(route, "GET", **told)

    def deed(self, route: str, **told: Any) -> None:
        self._add(route, "POST", **told)

    def _add(
        self, route: str, method: str, *, ok: Who, refused: Who = frozenset(), hidden: Who | None = None, **more: Any
    ) -> None:
        refused = refused - ok if hidden is None else EVERYONE - ok - hidden
        hidden = EVERYONE - ok - refused
        self.entries.append(Entry(route, method, ok, refused, hidden, **more))


def routes(patterns: Any = None, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """Every route of the URLconf as `room:name(argument, …)`."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from routes(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            taken = ", ".join(re.findall(r"<(?:\w+:)?(\w+)>", str(pattern.pattern)))
            yield f"{':'.join([*spaces, pattern.name or str(pattern.pattern)])}({taken})"

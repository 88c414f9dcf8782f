"""Addresses of pages, with a query where one is wanted."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse


def link(name: str, *args: Any, **query: Any) -> str:
    """`link("reports:weekly", superior=3)`: /reports/weekly/?superior=3."""
    found = reverse(name, args=args)
    return f"{found}?{urlencode(query)}" if query else found

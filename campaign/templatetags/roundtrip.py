"""The two links on the page of a list that can be edited in Excel."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from campaign.roundtrip.description import ledger_named

register = template.Library()


@register.inclusion_tag("campaign/roundtrip/_links.html", takes_context=True)
def excel_links(context: Context, key: str, at: Any = None) -> dict[str, Any]:
    """Download with the page's filter, send back; nothing for who may not.

    `at`: what the list belongs to; left out where the user's posts tell.
    """
    request, ledger = context["request"], ledger_named(key)
    where = at or ledger.home(request.user)
    allowed = where is not None and ledger.allowed(request.user, where)
    return {"request": request, "list": key, "at": where, "allowed": allowed}

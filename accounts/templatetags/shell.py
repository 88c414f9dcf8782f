"""Dates, figures, icons and small pieces as every page shows them, in the reader's language.

A built-in library (settings.TEMPLATES): templates need no {% load %}. Spaces inside a date or a share are
no-break spaces, so that a number never parts from its unit; wrap a Chinese date in `nowrap` in running text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, Select
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils import dateformat, timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from accounts import bars, clock

register = template.Library()

NBSP = "\u00a0"
NOTHING = "–"
TONE_ICONS = {
    "ok": "circle-check",
    "late": "clock",
    "bad": "alert-triangle",
    "info": "info-circle",
    "mute": "circle-dashed",
}


# ---------------------------------------------------------------- dates
def _local(value: dt.date | dt.datetime) -> dt.date | dt.datetime:
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _date_of(value: dt.date | dt.datetime) -> dt.date:
    local = _local(value)
    return local.date() if isinstance(local, dt.datetime) else local


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """4月3日, 3 April; with the year where it is not this one."""
    if not value:
        return NOTHING
    date = _date_of(value)
    same_year = date.year == clock.today().year
    pattern = pgettext("date format", "j F") if same_year else pgettext("date format", "j F Y")
    return dateformat.format(date, pattern).replace(" ", NBSP)


@register.filter
def full_day(value: dt.date | dt.datetime | None) -> str:
    """2026年4月2日 星期四, Thursday 2 April 2026."""
    if not value:
        return NOTHING
    return dateformat.format(_date_of(value), pgettext("date format", "l j F Y")).replace(" ", NBSP)


@register.filter
def clock_time(value: dt.datetime | dt.time | None) -> str:
    """18:00, in local time."""
    if value is None or value == "":
        return NOTHING
    local = _local(value) if isinstance(value, dt.datetime) else value
    return local.strftime("%H:%M")


@register.filter
def when(value: dt.datetime | None) -> str:
    """4月3日 18:00, 3 April 18:00. A plain date comes without a time."""
    if not value:
        return NOTHING
    if not isinstance(value, dt.datetime):
        return day(value)
    return f"{day(value)}{NBSP}{clock_time(value)}"


@register.simple_tag
def moment(value: dt.datetime | dt.date | None) -> SafeString | str:
    """The same inside <time>, kept on one line."""
    if not value:
        return NOTHING
    return format_html('<time class="nowrap" datetime="{}">{}</time>', _local(value).isoformat(), when(value))


@register.filter
def days_left(value: dt.date | dt.datetime | None) -> int | None:
    """Whole local days from today until `value`; below zero when it is past."""
    return (_date_of(value) - clock.today()).days if value else None


@register.filter
def since(value: dt.datetime | dt.date | None) -> str:
    """How long it has been: 2 days, 3 hours, 5 minutes. A whole word for less than a minute."""
    if not value:
        return NOTHING
    if not isinstance(value, dt.datetime):
        days = (clock.today() - value).days
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    minutes = max(0, int((clock.now() - value).total_seconds() // 60))
    if minutes < 1:
        return _("less than a minute")
    if minutes < 60:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = minutes // 60
    if hours < 24:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    days = (clock.today() - _date_of(value)).days
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


@register.filter
def ago(value: dt.datetime | None) -> str:
    """Just now, 5 minutes ago, 3 hours ago, 2 days ago; the date after a week."""
    if not value:
        return NOTHING
    seconds = (clock.now() - value).total_seconds()
    if seconds < 60:
        return _("just now")
    if seconds > 7 * 24 * 3600:
        return when(value)
    return _("%(time)s ago") % {"time": since(value)}


# ---------------------------------------------------------------- figures
@register.filter
def count(value: int | Decimal | float | str | None) -> str:
    """1,359; 4.5 without idle zeros; a dash where there is nothing."""
    if value is None or value == "":
        return NOTHING
    number = value if isinstance(value, int) else Decimal(str(value))
    if isinstance(number, Decimal):
        number = number.normalize()
        decimals = max(0, -int(number.as_tuple().exponent))
        return f"{number:,.{decimals}f}"
    return f"{number:,}"


@register.filter
def zero(value: int | Decimal | None) -> str:
    """A figure in a dense table: nothing and 0 stand as a dash."""
    return count(value) if value else NOTHING


@register.filter
def percent(part: int | Decimal | None, base: int | Decimal | None) -> str:
    """4.3%, rounded half up for the eye only: rules compare the exact fraction (decision 1)."""
    if part is None or not base:
        return NOTHING
    share_of = (Decimal(part) * 100 / Decimal(base)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{share_of}%"


@register.filter
def share(part: int | Decimal | None, base: int | Decimal | None) -> str:
    """5 / 116，4.3%: the part, what it is a share of, and the rate."""
    if part is None or base is None:
        return NOTHING
    figures = f"{count(part)}{NBSP}/{NBSP}{count(base)}"
    if not base:
        return figures
    return pgettext("share", "%(figures)s, %(rate)s") % {"figures": figures, "rate": percent(part, base)}


@register.filter
def names(people: Iterable[Any], limit: int = 0) -> SafeString:
    """Names in one row, none of them broken. With a limit: the first ones, and how many in all."""
    everyone = [str(person) for person in people]
    shown = everyone[:limit] if limit else everyone
    separator = pgettext("between names", ", ")
    row = format_html_join(separator, '<span class="nowrap">{}</span>', ((name,) for name in shown))
    if len(shown) == len(everyone):
        return row
    sentence = _("%(names)s and others (%(all)d in all)")
    return mark_safe(sentence % {"names": row, "all": len(everyone)})


@register.filter
def nbsp(value: Any) -> str:
    """No line break at the spaces of this text."""
    return str(value).replace(" ", NBSP)


@register.filter
def nowrap(value: Any) -> SafeString:
    """No line break anywhere in this text (a Chinese name or date breaks between any two characters)."""
    return format_html('<span class="nowrap">{}</span>', value)


# ---------------------------------------------------------------- pieces
@register.simple_tag
def gap() -> str:
    """The space between two sentences: Chinese has none."""
    return " " if (get_language() or "").startswith("en") else ""


@register.simple_tag
def icon(name: str, tone: str = "") -> SafeString:
    """A decorative icon, named as in static/vendor/icons.txt; a word must stand beside it."""
    return format_html('<i class="ti ti-{}{}" aria-hidden="true"></i>', name, f" t-{tone}" if tone else "")


@register.inclusion_tag("_components/_state.html")
def state(tone: str, label: str, icon: str = "") -> dict[str, str]:
    """A chip: icon and word on a tint. `tone` is ok, late, bad, info or mute."""
    return {"tone": tone, "label": label, "icon": icon or TONE_ICONS.get(tone, "circle")}


@register.simple_tag
def stage_bar(segments: Iterable[Any], width: int = 100) -> SafeString:
    """An SVG bar of segments {stage: 1.., count, review}; the figures must stand beside it."""
    return bars.stage_bar(segments, width=width)


@register.inclusion_tag("_components/_th_sort.html", takes_context=True)
def th_sort(context: Context, field: str, label: str, css: str = "") -> dict[str, Any]:
    """A heading that sorts by `field` (?sort=field, ?sort=-field), keeping the filters."""
    query = context["request"].GET.copy()
    current = query.get("sort", context.get("default_sort", ""))
    direction = {field: "ascending", f"-{field}": "descending"}.get(current, "")
    query["sort"] = f"-{field}" if direction == "ascending" else field
    query.pop("page", None)
    return {"label": label, "css": css, "direction": direction, "url": f"?{query.urlencode()}"}


@register.simple_tag(takes_context=True)
def hidden_query(context: Context, *drop: str) -> SafeString:
    """The present query as hidden fields, but for the named ones and the page: for a second GET form."""
    query = context["request"].GET
    pairs = ((k, v) for k in query if k not in {*drop, "page"} for v in query.getlist(k))
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.filter
def get(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """The value of a mapping under a variable key; nothing when it is missing."""
    return mapping.get(key) if mapping else None


@register.filter
def absolute(value: int | None) -> int | None:
    """The number without its sign: an overrun is counted in days over, not in days left."""
    return abs(value) if value is not None else None


@register.filter
def page_numbers(page: Page) -> list[int]:
    """Numbers for the pager; 0 stands for a gap."""
    elided = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return [n if isinstance(n, int) else 0 for n in elided]


@register.filter
def small(field: BoundField) -> SafeString:
    """The widget of a field as a filter bar shows it: small, with the class of its kind."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        css = "form-check-input"
    elif isinstance(widget, Select):
        css = "form-select form-select-sm"
    else:
        css = "form-control form-control-sm"
    return field.as_widget(attrs={**widget.attrs, "class": css})


class TableNode(template.Node):
    """{% table caption=… css=… %}…{% endtable %}: scrolls where it is narrow, reachable by keyboard."""

    def __init__(self, body: NodeList, options: dict[str, FilterExpression]) -> None:
        self.nodelist = body
        self.options = options

    def render(self, context: Context) -> str:
        values = {key: conditional_escape(value.resolve(context)) for key, value in self.options.items()}
        caption = values.get("caption", "")
        css = f" {values['css']}" if values.get("css") else ""
        return (
            f'<div class="tbl-wrap" tabindex="0" role="region" aria-label="{caption}">'
            f'<table class="dense{css}"><caption class="visually-hidden">{caption}</caption>'
            f"{self.nodelist.render(context)}</table></div>"
        )


@register.tag
def table(parser: Parser, token: Token) -> TableNode:
    """{% table caption=_("Members") css="narrow" %} rows {% endtable %}."""
    bits = token.split_contents()[1:]
    options = template.base.token_kwargs(bits, parser)
    if bits or set(options) - {"caption", "css"} or "caption" not in options:
        raise template.TemplateSyntaxError("{% table %} takes caption=… and, if wanted, css=…")
    body = parser.parse(("endtable",))
    parser.delete_first_token()
    return TableNode(body, options)

"""A preview as a page shows it: codes turned into words of the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from units.models import Member, Organization, WorkUnit
from units.roster import messages, vocabulary

_LABELS: dict[str, Any] = {
    "organization": gettext_lazy("Branch"),
    "work_unit": gettext_lazy("Work unit"),
    "unit_names": gettext_lazy("Work units"),
    "parent": gettext_lazy("Superior organisation"),
}
_EDUCATIONS = {term.code: term.name for term in vocabulary.EDUCATIONS}


def faults(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every fault with what is wrong and what to do."""
    return [_fault(each) for each in report["faults"]]


def _fault(fault: Mapping[str, Any]) -> dict[str, Any]:
    params = {**fault["params"], "column": fault["column"]}
    return {
        **fault,
        "message": messages.fault_message(fault["code"], fault["reason"], params),
        "remedy": messages.fault_remedy(fault["code"], fault["reason"], params),
    }


def normalised(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Kinds of normalisation with an example each."""
    return [{**each, "label": messages.normalisation_name(each["kind"])} for each in report["normalised"]]


def member_changes(report: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One row a changed field; the first of a member carries the name."""
    for each in report["changed"]:
        rows = list(_fields(each["fields"], Member))
        for at, row in enumerate(rows):
            first = {"span": len(rows), "url": reverse("units:member", args=[each["pk"]])} if at == 0 else {}
            yield {**row, **first, "name": each["name"], "branch": each["branch"]}


def tree_changes(report: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Organisations and work units that are new or would change."""
    for each in report["tree"]:
        model = Organization if each["kind"] == "organization" else WorkUnit
        yield {**each, "label": capfirst(model._meta.verbose_name), "fields": list(_fields(each["fields"], model))}


def _fields(changes: list[dict[str, Any]], model: Any) -> Iterator[dict[str, Any]]:
    for change in changes:
        name = change["field"]
        if name == "left_on":
            yield {"label": _("Roll"), "before": _("off the roll"), "after": _("back on the roll")}
            continue
        label = _LABELS.get(name) or capfirst(model._meta.get_field(name).verbose_name)
        before, after = (_value(model, name, change[key]) for key in ("before", "after"))
        if before == after == "***":
            before, after = _("(not shown)"), _("(changed)")
        yield {"label": label, "before": before, "after": after}


def _value(model: Any, field: str, value: Any) -> str:
    if value is None or value == "":
        return _("(empty)")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if field == "education":
        return str(_EDUCATIONS.get(value, value))
    if field in _LABELS:
        return str(value)
    choices = dict(model._meta.get_field(field).flatchoices)
    return str(choices.get(value, value))


def missing(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Who stands on the roll and not in the workbook, with the name of the branch."""
    keys = {each["organization"] for each in report["missing"]}
    names = dict(Organization.objects.filter(pk__in=keys).values_list("pk", "name"))
    return [{**each, "branch": names.get(each["organization"], "")} for each in report["missing"]]


def as_of(report: Mapping[str, Any]) -> dt.date | None:
    """The day that the workbook says it was filled in."""
    return dt.date.fromisoformat(report["as_of"]) if report.get("as_of") else None

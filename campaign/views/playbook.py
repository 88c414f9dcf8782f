"""Pages on which the office edits a campaign's playbook, part by part (house idea 1)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign import actions
from campaign.editing.difference import title_of
from campaign.editing.place import NEW, NoSuchPlace, Place, locate, new_prefix
from campaign.editing.schema import Document, Rows, Section, Table, address
from campaign.editing.sections import BY_SLUG, SECTIONS
from campaign.forms.playbook import OrderForm, PartForm, add_keys
from campaign.models import Campaign, PlaybookVersion
from campaign.playbook import Playbook, PlaybookInvalid
from campaign.setup import propose_windows
from campaign.views.setup import campaign_or_404


def last_number(campaign: Campaign) -> int:
    """The number of the present version; 0 where none was kept."""
    return campaign.versions.values_list("number", flat=True).first() or 0


def playbook_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """All parts of the playbook, with how much stands in each."""
    campaign = campaign_or_404(request, pk)
    snapshot = campaign.snapshot
    parts = [
        {
            "section": section,
            "count": len(locate(section, "", snapshot).listed) if section.rows else None,
            "url": reverse("campaign:playbook_section", args=[pk, section.slug]),
        }
        for section in SECTIONS
    ]
    version = campaign.versions.select_related("by").first()
    context = {"campaign": campaign, "playbook": campaign.playbook, "parts": parts, "version": version}
    return render(request, "campaign/playbook/index.html", context)


def playbook_part(request: HttpRequest, pk: int, section: str, place: str = "") -> HttpResponse:
    """One part: a form of its table, or its list with the order."""
    campaign = campaign_or_404(request, pk)
    if section not in BY_SLUG:
        raise Http404
    edit = Edit(request, campaign, BY_SLUG[section], place)
    if edit.place.table is not None:
        return edit.table_page(edit.place.table)
    if edit.place.rows is None:
        raise Http404
    return edit.list_page(edit.place.rows)


def _number(request: HttpRequest, name: str, otherwise: int) -> int:
    sent = request.POST.get(name, "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else otherwise


class Edit:
    """One request to edit one place. `base`: the version that the page was made from; `number`: the last one seen."""

    def __init__(self, request: HttpRequest, campaign: Campaign, section: Section, at: str) -> None:
        self.request, self.campaign, self.section, self.at = request, campaign, section, at
        self.last = last_number(campaign)
        self.number, self.base = _number(request, "number", self.last), _number(request, "base", self.last)
        self.conflict: PlaybookVersion | None = None
        try:
            self.place = locate(section, at, self._base_snapshot())
        except NoSuchPlace as error:
            raise Http404 from error

    def _base_snapshot(self) -> Document:
        if self.base == self.last:
            return dict(self.campaign.snapshot)
        kept = self.campaign.versions.filter(number=self.base).first()
        return dict(kept.snapshot if kept else self.campaign.snapshot)

    # ---- pages

    def table_page(self, table: Table) -> HttpResponse:
        place = self.place
        form = PartForm(
            self.request.POST or None,
            table=table,
            value=place.value,
            document=self.campaign.snapshot,
            new=place.new,
            skip=self._said_elsewhere(),
        )
        if self.request.method == "POST" and form.is_valid() and self._save_table(form):
            return redirect(self._after())
        context = self._context(form) | {"below": self._below(), "remove_url": self._list_url()}
        return render(self.request, "campaign/playbook/part.html", context)

    def list_page(self, rows: Rows) -> HttpResponse:
        names = [title_of(rows, row, self.campaign.snapshot) for row in self.place.listed]
        form = OrderForm(self.request.POST or None, names=names)
        if self.request.method == "POST" and form.is_valid():
            listed = [self.place.listed[index] for index in form.order()]
            if self._save(form, self._target().put(self.campaign.snapshot, listed)):
                return redirect(self.request.path)
        urls = [self._url(address(rows, row, n)) for n, row in enumerate(self.place.listed, start=1)]
        lines = [(url, *line) for url, line in zip(urls, form.lines, strict=True)]
        context = self._context(form) | {"rows": rows, "lines": lines, "add_url": self._url(NEW)}
        return render(self.request, "campaign/playbook/list.html", context)

    def _said_elsewhere(self) -> frozenset[str]:
        """Parameters that follow from a table: they cannot be said here a second time."""
        if self.section.slug != "parameters":
            return frozenset()
        book, said = self.campaign.playbook, self.place.value
        return frozenset(one.key for one in book.parameters if one.value is not None and one.key not in said)

    def _below(self) -> list[dict[str, Any]]:
        """Lists of this table that have pages of their own."""
        place = self.place
        if place.new or place.table is None:
            return []
        inner = [rows for rows in place.table.rows if rows.paged]
        return [
            {"rows": rows, "count": len(place.value.get(rows.key, [])), "url": self._url(rows.key)} for rows in inner
        ]

    def _context(self, form: Any) -> dict[str, Any]:
        return {
            "campaign": self.campaign,
            "section": self.section,
            "place": self.place,
            "heading": self._heading(self.place),
            "form": form,
            "number": self.number,
            "base": self.base,
            "conflict": self.conflict,
            "back": self._list_url() or reverse("campaign:playbook_edit", args=[self.campaign.pk]),
        }

    def _heading(self, place: Place) -> str:
        if place.new and place.rows is not None:
            return _("%(one)s, new") % {"one": place.rows.one}
        if place.table is not None and place.rows is not None:
            return title_of(place.rows, place.value, self.campaign.snapshot)
        return str(place.rows.label) if place.rows is not None and self.at else str(self.section.label)

    # ---- addresses

    def _url(self, *more: str) -> str:
        steps = [step for step in (*self.at.split("/"), *more) if step]
        return self._address(steps)

    def _address(self, steps: list[str]) -> str:
        if not steps:
            return reverse("campaign:playbook_section", args=[self.campaign.pk, self.section.slug])
        return reverse("campaign:playbook_part", args=[self.campaign.pk, self.section.slug, "/".join(steps)])

    def _list_url(self) -> str:
        """The page one step up; "" at the top of a section."""
        steps = [step for step in self.at.split("/") if step]
        return self._address(steps[:-1]) if steps else ""

    def _after(self) -> str:
        return self._list_url() or reverse("campaign:playbook_edit", args=[self.campaign.pk])

    # ---- saving

    def _target(self) -> Place:
        """The same place in the playbook as it stands now, which somebody else may have changed."""
        if self.base == self.last:
            return self.place
        return locate(self.section, self.at, self.campaign.snapshot, like=self.place.value or None)

    def _save_table(self, form: PartForm) -> bool:
        value = form.result()
        try:
            target = self._target()
        except NoSuchPlace:
            form.add_error(None, _("Somebody else has removed this meanwhile. What you typed stands below."))
            return False
        if target.new and target.rows is not None and target.rows.keyed:
            add_keys([*target.listed, value], stem=target.rows.key)
        return self._save(form, target.put(self.campaign.snapshot, value), new_prefix(target, value), value)

    def _save(self, form: Any, snapshot: Document, prefix: str = "", value: Document | None = None) -> bool:
        try:
            version = actions.change_playbook(
                by=self.request.user,
                campaign=self.campaign,
                number=self.number,
                snapshot=snapshot,
                reason=form.cleaned_data["reason"],
                propose=propose,
            )
        except PlaybookInvalid as invalid:
            show_faults(form, invalid, prefix, value)
        except actions.PlaybookInUse as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        except actions.PlaybookChanged as changed:
            self.conflict = changed.version
            self.number = changed.version.number if changed.version else self.last
        else:
            tell(self.request, version)
            return True
        return False


def propose(playbook: Playbook, first: Any) -> list[actions.StageWindow]:
    """Dates of the stages where the stages themselves have changed."""
    return propose_windows(playbook, first)


def show_faults(form: Any, invalid: PlaybookInvalid, prefix: str, value: Document | None) -> None:
    """The loader's faults at the fields they speak of, or above the form with their place."""
    if isinstance(form, PartForm) and value is not None:
        form.place_faults(invalid.faults, prefix, value)
        return
    for fault in invalid.faults:
        form.add_error(None, " ".join(part for part in (fault.place, fault.message, fault.remedy) if part))


def tell(request: HttpRequest, version: PlaybookVersion | None) -> None:
    """Say what has been saved."""
    if version is None:
        messages.info(request, _("Nothing was changed, so no version has been kept."))
    else:
        messages.success(request, _("Saved as version %(n)s of the campaign's playbook.") % {"n": version.number})

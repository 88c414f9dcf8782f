"""Editing a notice of the ranking before it is issued: its words, never its figures."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.queries.notices import TEXTS


def _text(label: str, help_text: str = "", rows: int = 3, *, required: bool = False) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, "data-count": "0"})
    return forms.CharField(label=label, help_text=help_text, max_length=2000, required=required, widget=area)


class NoticeForm(forms.Form):
    """Title and texts; what is left empty is left out of the document."""

    title = forms.CharField(label=_("Title"), max_length=120)
    opening = _text(_("Opening"), required=True, rows=4)
    praise = _text(
        _("Who is praised"), _("Drafted: the first three ranks, unless more than a third of all units share them.")
    )
    criticism = _text(_("Who is criticised"), _("Drafted: units that sent none although the deadline has passed."))
    closing = _text(_("What is asked for"))

    @property
    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in TEXTS}

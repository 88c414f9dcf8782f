"""Taking in the workbook whose totals are to be checked; it is read and thrown away."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from python_calamine import CalamineError, CalamineWorkbook

from reports.crossfoot import Finding, Rows, examine
from units.roster.container import check_container
from units.roster.messages import unreadable_message, unreadable_remedy
from units.roster.records import RosterUnreadable

MOST_BYTES, MOST_SHEETS, MOST_AREA = 5 * 1024 * 1024, 40, 200_000


class CrossfootForm(forms.Form):
    """One .xlsx with totals in it. After validation `finding` holds what they say."""

    file = forms.FileField(
        label=gettext_lazy("Workbook (.xlsx)"),
        widget=forms.ClearableFileInput({"accept": ".xlsx"}),
        help_text=gettext_lazy("Rows and columns called 合计, 总计, 共计 or 小计 are added up again. Nothing is kept."),
    )
    finding: Finding | None = None

    def clean_file(self) -> Any:
        """Read it at once: faults belong to this field."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("The workbook is larger than 5 MB. Keep the sheets with the totals only."))
        try:
            self.finding = examine(_sheets(file.read()))
        except RosterUnreadable as fault:
            raise ValidationError([tell(fault.code, fault.params) for tell in (unreadable_message, unreadable_remedy)])
        if not self.finding.checks and not self.finding.unclear:
            raise ValidationError(
                _("No total was found. Call the row or column 合计, 总计, 共计 or 小计, and write numbers as numbers.")
            )
        return file


def _sheets(content: bytes) -> list[tuple[str, Rows]]:
    with NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(content)
        file.flush()
        check_container(Path(file.name))
        try:
            with CalamineWorkbook.from_path(file.name) as book:
                names, found, area = book.sheet_names[:MOST_SHEETS], [], 0
                for name in names:
                    sheet = book.get_sheet_by_name(name)
                    last_row, last_column = sheet.end or (0, 0)
                    area += (last_row + 1) * (last_column + 1)
                    if area > MOST_AREA:
                        raise RosterUnreadable("too_large", size=f"{last_row + 1} × {last_column + 1}")
                    found.append((name, sheet.to_python(skip_empty_area=False)))
                return found
        except (CalamineError, OSError, ValueError) as error:
            raise RosterUnreadable("damaged") from error

"""What can be wrong with the rows of a summary, each with the place and the remedy."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext


class WorkbookRefused(Exception):
    """A workbook that must not be handed out; nothing of it is kept."""


class NoTables(WorkbookRefused):
    """None of the tables asked for is kept under this playbook, or may be had by whoever asks."""

    def __str__(self) -> str:
        return gettext("The playbook has nothing for the chosen tables, or you may not have them. Choose others.")


class TotalsDiffer(WorkbookRefused):
    """A column does not add up to what the database says (decision 19)."""

    def __init__(self, sheet: str, column: str, written: Decimal, database: Decimal) -> None:
        super().__init__(sheet, column, written, database)
        self.sheet, self.column, self.written, self.database = sheet, column, written, database

    def __str__(self) -> str:
        said = gettext(
            "Sheet %(sheet)s, column %(column)s: the rows add up to %(written)s, the database says %(database)s. "
            "The figures changed while the workbook was being made; make it again."
        )
        return str(
            said
            % {
                "sheet": self.sheet,
                "column": self.column,
                "written": f"{self.written:f}",
                "database": f"{self.database:f}",
            }
        )


class CellRefused(WorkbookRefused):
    """A value that does not fit its column: the wrong kind, or more than Excel can hold."""

    def __init__(self, sheet: str, column: str, row: int, value: object) -> None:
        super().__init__(sheet, column, row, value)
        self.sheet, self.column, self.row, self.value = sheet, column, row, value

    def __str__(self) -> str:
        said = gettext("Sheet %(sheet)s, column %(column)s, row %(row)d: %(value)s cannot stand in this column.")
        shown = str(self.value)
        return str(
            said
            % {
                "sheet": self.sheet,
                "column": self.column,
                "row": self.row,
                "value": shown if len(shown) <= 40 else f"{shown[:40]}…",
            }
        )

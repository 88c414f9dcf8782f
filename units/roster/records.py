"""What reading a roster yields: typed rows, faults, and what was normalised. Crosses processes as JSON."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self, TypeVar

from units.roster import messages
from units.roster.identity import mask_id, mask_phone
from units.roster.layout import ID_NUMBER, PHONE_LABELS

Row = TypeVar("Row")


class RosterUnreadable(Exception):
    """The file as a whole cannot be read. Its texts are made when asked for."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    @property
    def message(self) -> str:
        """What is wrong with the file."""
        return messages.unreadable_message(self.code, self.params)

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return messages.unreadable_remedy(self.code, self.params)

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}"


@dataclass(frozen=True, slots=True)
class Known:
    """Names that rows may refer to although they stand in no sheet of the workbook."""

    branches: frozenset[str] = frozenset()
    organizations: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    sheet: str
    row: int
    code: str
    name: str
    kind: str
    parent_name: str  # empty for the top of the tree
    unit_names: tuple[str, ...]  # an organisation can cover several work units

    @property
    def unit_name(self) -> str:
        """The covered work units as one text, as the sheet has them."""
        return "、".join(self.unit_names)


@dataclass(frozen=True, slots=True)
class WorkUnitRow:
    sheet: str
    row: int
    code: str
    name: str
    type: str
    rank: str
    staff_count: int | None


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as the sheet has him. None or an empty text means: not stated."""

    sheet: str
    row: int
    name: str
    branch_name: str
    id_number: str
    sex: str
    ethnicity: str
    birth_date: datetime.date
    education: str
    category: str
    joined_on: datetime.date
    full_on: datetime.date | None
    position: str
    phone: str
    landline: str
    address: str
    membership_state: str
    lost_contact: bool | None
    lost_since: datetime.date | None
    floating: bool | None
    floating_to: str
    post_level: str
    retired: bool | None
    unit_name: str
    can_write: bool | None
    note: str


@dataclass(frozen=True, slots=True)
class RowRef:
    """A row that is not to be written: `key` is its ID number or code as far as it could be read."""

    kind: str  # "organization", "unit" or "member"
    sheet: str
    row: int
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one cell. Its texts are made when asked for, in the language of whoever reads."""

    sheet: str
    row: int
    column: str
    cell: str
    code: str
    value: str = ""
    reason: str = ""
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """What is wrong."""
        return messages.fault_message(self.code, self.reason, {**self.params, "column": self.column})

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return messages.fault_remedy(self.code, self.reason, {**self.params, "column": self.column})

    @property
    def shown_value(self) -> str:
        """The value as a screen may show it: ID and phone numbers masked."""
        return _masked(self.column, self.value)

    def as_dict(self) -> dict[str, Any]:
        """The form in which `import_roster --json` prints a fault, its value in full."""
        names = ("sheet", "row", "column", "cell", "code", "value", "message", "remedy")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Normalisation:
    """One cell that was spelled in another way. `kind`: date_spelling, full_width, spaces or small_x."""

    sheet: str
    row: int
    column: str
    cell: str
    kind: str
    before: str
    after: str

    @property
    def kind_name(self) -> str:
        return messages.normalisation_name(self.kind)

    @property
    def shown_before(self) -> str:
        return _clipped(self.column, self.before)

    @property
    def shown_after(self) -> str:
        return _clipped(self.column, self.after)


@dataclass(frozen=True, slots=True)
class PrintedTotal:
    """A total that the sheet prints, beside what its rows come to (decision 19)."""

    sheet: str
    row: int
    printed: int
    counted: int


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """A column that is reported and kept out."""

    sheet: str
    column: str
    cell: str


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A sheet that was recognised. `fields` are the columns that it has, `letters` where they stand; others are
    not stated."""

    name: str
    kind: str  # "organization", "unit" or "member"
    header_row: int
    rows: int
    fields: tuple[str, ...]
    letters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterReading:
    """A roster read and checked.

    `organizations`, `units` and `members` can all be written: they have no fault (that would put them into
    `faulty_rows`) and refer to no row that has one (`held_rows`).
    """

    organizations: tuple[OrganizationRow, ...] = ()
    units: tuple[WorkUnitRow, ...] = ()
    members: tuple[MemberRow, ...] = ()
    faults: tuple[Fault, ...] = ()
    faulty_rows: tuple[RowRef, ...] = ()
    held_rows: tuple[RowRef, ...] = ()
    normalised: tuple[Normalisation, ...] = ()
    sheets: tuple[SheetRead, ...] = ()
    unknown_columns: tuple[UnknownColumn, ...] = ()
    ignored_sheets: tuple[str, ...] = ()
    totals: tuple[PrintedTotal, ...] = ()
    as_of: datetime.date | None = None

    @property
    def accepted(self) -> bool:
        """Whether every row can be written."""
        return not self.faults

    @property
    def normalised_counts(self) -> dict[str, int]:
        """Cells normalised, by kind, most frequent first."""
        return dict(Counter(each.kind for each in self.normalised).most_common())

    def fields_of(self, kind: str) -> frozenset[str]:
        """Fields that every sheet of a kind states. Leave the others of a stored record as they are."""
        stated = [frozenset(sheet.fields) for sheet in self.sheets if sheet.kind == kind]
        return frozenset.intersection(*stated) if stated else frozenset()

    def to_json(self) -> str:
        """The reading as one JSON text; from_json gives an equal one. Holds personal data in clear."""
        return json.dumps(
            {each.name: _packed(getattr(self, each.name)) for each in fields(self)},
            ensure_ascii=False,
            separators=(",", ":"),
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Raises ValueError, KeyError or TypeError when the text is not what to_json wrote."""
        data = json.loads(text)
        as_of = data.pop("as_of")
        return cls(
            ignored_sheets=tuple(data.pop("ignored_sheets")),
            as_of=datetime.date.fromisoformat(as_of) if as_of else None,
            **{name: tuple(_unpacked(_ROW_TYPES[name], rows)) for name, rows in data.items()},
        )


_ROW_TYPES: dict[str, type[Any]] = {
    "organizations": OrganizationRow,
    "units": WorkUnitRow,
    "members": MemberRow,
    "faults": Fault,
    "faulty_rows": RowRef,
    "held_rows": RowRef,
    "normalised": Normalisation,
    "sheets": SheetRead,
    "unknown_columns": UnknownColumn,
    "totals": PrintedTotal,
}


def _packed(value: Any) -> Any:
    """Rows as plain lists: 16,000 members as dictionaries would be three times the text."""
    if not isinstance(value, tuple):
        return value.isoformat() if isinstance(value, datetime.date) else value
    if not value or isinstance(value[0], str):
        return list(value)
    names = [each.name for each in fields(value[0])]
    return [[_packed_field(getattr(row, name)) for name in names] for row in value]


def _packed_field(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    return value


def _unpacked(row_type: type[Row], rows: Iterable[list[Any]]) -> Iterable[Row]:
    declared = fields(row_type)  # type: ignore[arg-type]
    dates = [at for at, each in enumerate(declared) if "date" in str(each.type)]
    tuples = [at for at, each in enumerate(declared) if str(each.type).startswith("tuple")]
    for row in rows:
        for at in dates:
            row[at] = datetime.date.fromisoformat(row[at]) if row[at] else None
        for at in tuples:
            row[at] = tuple(row[at])
        yield row_type(*row)


def _masked(column: str, value: str) -> str:
    if column == ID_NUMBER:
        return value if "E+" in value else mask_id(value)
    return mask_phone(value) if column in PHONE_LABELS else value


def _clipped(column: str, value: str) -> str:
    """Examples show only the end of an ID number and the start of a phone number."""
    if column == ID_NUMBER:
        return "…" + value.strip()[-4:]
    return value.strip()[:3] + "…" if column in PHONE_LABELS else value

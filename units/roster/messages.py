"""The sentences for faults, refusals and normalisations. Codes cross processes; sentences are made here."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

RETYPE_ID = _("Compare with the ID card and type all 18 characters again.")
WRITE_DATE = _("Write it like 1975-03-02.")
FILL_IN = _("Fill in “%(column)s”.")

# Code, or code and reason, to (what is wrong, what to do).
_FAULTS: dict[str, tuple[object, object]] = {
    "missing_header": (
        _("The sheet has no column “%(column)s”."),
        _("Add a column with exactly this heading, as in the sample workbook."),
    ),
    "missing_header.sheet": (
        _("No header row was found on this sheet."),
        _("Put the headings of the sample workbook above the rows: %(allowed)s."),
    ),
    "missing_header.workbook": (
        _("No sheet of this workbook has the headings of a roster."),
        _("Put the headings of the sample workbook above the rows: %(allowed)s."),
    ),
    "duplicate_header": (
        _("The heading “%(column)s” stands above two columns."),
        _("Keep one of the two columns, or rename the other."),
    ),
    "id_number_as_number": (
        _("Stored as a number, so its last digits are lost."),
        _("Set the cell to text, then type all 18 characters again."),
    ),
    "id_length": (_("Has %(count)s characters instead of 18."), RETYPE_ID),
    "id_length.empty": (_("The ID number is not filled in."), _("Type the 18 characters of the ID card.")),
    "id_checksum": (_("The check digit does not fit: at least one digit is wrong."), RETYPE_ID),
    "id_checksum.characters": (_("Holds characters other than digits and a final X."), RETYPE_ID),
    "id_birth_mismatch": (
        _("The ID number in %(other)s says %(date)s."),
        _("Compare with the ID card and correct this cell or %(other)s."),
    ),
    "id_birth_mismatch.impossible": (
        _("The birth date inside the ID number in %(other)s does not exist."),
        _("Compare with the ID card and correct %(other)s."),
    ),
    "id_sex_mismatch": (
        _("The ID number in %(other)s says %(sex)s."),
        _("Compare with the ID card and correct this cell or %(other)s."),
    ),
    "duplicate_id": (
        _("The same ID number stands in %(other)s of sheet “%(sheet)s”."),
        _("Keep one of the two rows and delete the other."),
    ),
    "unknown_branch": (
        _("There is no branch of this name."),
        _("Check the name, or add the branch to the sheet 党组织信息."),
    ),
    "unknown_branch.similar": (
        _("There is no branch of this name."),
        _("Write “%(similar)s”, if that is meant."),
    ),
    "unknown_branch.empty": (_("The branch is not filled in."), FILL_IN),
    "unknown_branch.kind": (
        _("This organisation is not a branch; members belong to a branch."),
        _("Write the branch that the member belongs to."),
    ),
    "unknown_organization": (
        _("There is no organisation of this name."),
        _("Check the name, or add the organisation to the sheet 党组织信息."),
    ),
    "unknown_organization.similar": (
        _("There is no organisation of this name."),
        _("Write “%(similar)s”, if that is meant."),
    ),
    "unknown_unit": (
        _("There is no work unit of this name."),
        _("Check the name, or add the work unit to the sheet 单位信息."),
    ),
    "unknown_unit.similar": (
        _("There is no work unit of this name."),
        _("Write “%(similar)s”, if that is meant."),
    ),
    "cycle": (
        _("The organisations are above one another in a circle: %(loop)s."),
        _("Correct “%(column)s” of one of them."),
    ),
    "duplicate_code": (
        _("The same code stands in %(other)s of sheet “%(sheet)s”."),
        _("Give each row a code of its own, or delete one of the two rows."),
    ),
    "duplicate_name": (
        _("The same name stands in %(other)s of sheet “%(sheet)s”; references by name would be ambiguous."),
        _("Write the full name of each, or delete one of the two rows."),
    ),
    "missing_name": (_("The name is not filled in."), FILL_IN),
    "missing_value": (_("“%(column)s” is not filled in."), FILL_IN),
    "bad_date": (_("Cannot be read as a date."), WRITE_DATE),
    "bad_date.empty": (_("The date is not filled in."), _("Fill it in, like 1975-03-02.")),
    "bad_date.year_only": (_("The month is not given."), WRITE_DATE),
    "bad_date.year": (_("The year %(part)s cannot be right."), WRITE_DATE),
    "bad_date.month": (_("There is no month %(part)s."), WRITE_DATE),
    "bad_date.day": (_("The month has no day %(part)s."), WRITE_DATE),
    "bad_date.ambiguous": (
        _("Stored as a number, this can mean January or October."),
        _("Set the cell to text, then write it like 1975-10."),
    ),
    "future_date": (_("Later than today, %(today)s."), _("Check the year.")),
    "joined_before_18": (
        _("Under 18 on the day of joining."),
        _("Check the date of joining and the birth date in %(other)s."),
    ),
    "full_before_joined": (
        _("Earlier than the date of joining in %(other)s."),
        _("Check the two dates."),
    ),
    "unknown_education": (_("Not in the list of schooling."), _("Write one of these: %(allowed)s.")),
    "unknown_education.similar": (
        _("Not in the list of schooling."),
        _("Write “%(similar)s”, if that is meant."),
    ),
    "unknown_education.empty": (_("The schooling is not filled in."), FILL_IN),
    "bad_sex": (_("Neither 男 nor 女."), _("Write 男 or 女.")),
    "bad_phone": (
        _("A mobile number has 11 digits and begins with 1."),
        _("Type the number again, or leave the cell empty."),
    ),
    "bad_phone.landline": (
        _("Not a telephone number."),
        _("Type the number again, like 0831-8822000, or leave the cell empty."),
    ),
    "bad_value": (_("Not one of the values allowed here."), _("Write one of these: %(allowed)s.")),
    "bad_value.similar": (
        _("Not one of the values allowed here."),
        _("Write “%(similar)s”, if that is meant."),
    ),
    "bad_value.count": (_("Not a whole number."), _("Type a whole number, or leave the cell empty.")),
    "bad_value.formula": (
        _("The formula in this cell has failed."),
        _("Type the value itself in place of the formula."),
    ),
    "missing_value.superior": (
        _("A new organisation needs a superior; only the top of the tree has none."),
        FILL_IN,
    ),
    "duplicate_name.stored": (
        _("The system keeps this name under the code %(other)s already."),
        _("Write that code in this row, or give the two different names."),
    ),
    "ambiguous_name": (
        _("The system knows %(count)s of this name."),
        _("Add the sheet with the codes, so that it is clear which one is meant."),
    ),
    "outside_scope": (
        _("This organisation does not stand under %(top)s."),
        _("Take the row out, or import the workbook for the organisation above both."),
    ),
    "outside_scope.parent": (
        _("This import may not place an organisation outside %(top)s."),
        _("Write a superior that stands under %(top)s, or import for the organisation above both."),
    ),
    "outside_scope.unit": (
        _("This work unit belongs to organisations outside %(top)s as well."),
        _("Leave the row as it is in the system, or ask who keeps the roster above."),
    ),
    "outside_scope.member": (
        _("This person stands on the roll of an organisation outside %(top)s."),
        _("Ask who keeps the roster above to transfer the member, then import again."),
    ),
    "closed_organization": (
        _("This organisation was closed on %(date)s."),
        _("Reopen it on its page first, or take the row out."),
    ),
    "cannot_sit": (
        _("An organisation of this kind cannot stand under “%(parent)s”."),
        _("Correct the kind or the superior."),
    ),
    "cannot_sit.below": (
        _("“%(child)s”, which stands below it, cannot stand under an organisation of this kind."),
        _("Correct the kind, or move the organisations below it first."),
    ),
    "kind_in_use": (
        _("%(count)s members belong to it, so it must stay a branch."),
        _("Transfer the members to a branch first, or leave the kind as it was."),
    ),
    "too_long": (_("Longer than %(limit)s characters."), _("Shorten it to %(limit)s characters.")),
}

_UNREADABLE: dict[str, tuple[object, object]] = {
    "not_a_workbook": (
        _("This file is not an Excel workbook, whatever its name says."),
        _("Open the roster in Excel or WPS and save it as .xlsx."),
    ),
    "old_format": (
        _("This is a workbook of the old .xls format."),
        _("Open it in Excel or WPS and save it as .xlsx."),
    ),
    "encrypted": (
        _("The workbook is protected by a password."),
        _("Remove the password in Excel or WPS and upload it again."),
    ),
    "damaged": (
        _("The workbook is damaged or incomplete."),
        _("Open it in Excel or WPS, save it again as .xlsx, and upload that."),
    ),
    "too_large": (
        _("The workbook is too large to be read: %(size)s."),
        _("Remove pictures and empty rows beyond the data, or divide the roster into several files."),
    ),
    "suspicious": (
        _("The workbook is packed in a way that no office program does, and was not opened."),
        _("Copy the rows into a new workbook, and upload that."),
    ),
    "too_slow": (
        _("Reading was broken off after %(seconds)s seconds."),
        _("Remove empty rows and columns beyond the data, or divide the roster into several files."),
    ),
    "too_much_memory": (
        _("Reading was broken off, because the workbook needs too much memory."),
        _("Remove empty rows and columns beyond the data, or divide the roster into several files."),
    ),
    "crashed": (
        _("The workbook could not be read."),
        _("Copy the rows into a new workbook, and upload that."),
    ),
}

_NORMALISATIONS: dict[str, object] = {
    "date_spelling": _("Spelling of dates"),
    "spaces": _("Superfluous spaces"),
    "full_width": _("Full-width characters"),
    "small_x": _("Small x"),
}

_MARKED: dict[str, object] = {
    "title": _("List of faults"),
    "sheet": _("Sheet"),
    "cell": _("Cell"),
    "column": _("Column"),
    "value": _("Present value"),
    "message": _("What is wrong"),
    "remedy": _("What to do"),
}

FAULT_CODES: frozenset[str] = frozenset(key.partition(".")[0] for key in _FAULTS)
UNREADABLE_CODES: frozenset[str] = frozenset(_UNREADABLE)


def fault_message(code: str, reason: str, params: Mapping[str, str]) -> str:
    """What is wrong, in the active language."""
    return str(_FAULTS[f"{code}.{reason}" if reason else code][0]) % _named(params)


def fault_remedy(code: str, reason: str, params: Mapping[str, str]) -> str:
    """What to do about it, in the active language."""
    return str(_FAULTS[f"{code}.{reason}" if reason else code][1]) % _named(params)


def unreadable_message(code: str, params: Mapping[str, str]) -> str:
    return str(_UNREADABLE[code][0]) % params


def unreadable_remedy(code: str, params: Mapping[str, str]) -> str:
    return str(_UNREADABLE[code][1]) % params


def normalisation_name(kind: str) -> str:
    return str(_NORMALISATIONS[kind])


def marked_text(key: str) -> str:
    """A word of the sheet of faults in the marked workbook."""
    return str(_MARKED[key])


def _named(params: Mapping[str, str]) -> Mapping[str, str]:
    """The sexes travel as codes and are written as the workbook writes them."""
    if "sex" not in params:
        return params
    return {**params, "sex": "男" if params["sex"] == "male" else "女"}

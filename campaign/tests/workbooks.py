"""Editing a downloaded list in a test as people do in Excel."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from campaign.actions import roundtrip as actions
from campaign.roundtrip.book import download
from campaign.roundtrip.comparing import compare
from campaign.roundtrip.reading import read_sent

HEADER = 3


class Book:
    """A downloaded list: cells by heading and row; rows count from 1 below the headings."""

    def __init__(self, content):
        self.content, self.touched = content, False
        self.book = load_workbook(BytesIO(content))
        self.sheet = self.book.worksheets[1]
        self.places = {cell.value: cell.column for cell in self.sheet[HEADER]}

    def cell(self, heading, row=1):
        return self.sheet.cell(HEADER + row, 1 if heading == "key" else self.places[heading])

    def write(self, heading, value, row=1):
        """Write a value; a text stays a text. Returns the name of the cell."""
        cell = self.cell(heading, row)
        cell.value, self.touched = value, True
        return cell.coordinate

    def file(self, name="edited.xlsx"):
        """As it was downloaded, or as it was edited."""
        if not self.touched:
            return SimpleUploadedFile(name, self.content)
        stream = BytesIO()
        self.book.save(stream)
        return SimpleUploadedFile(name, stream.getvalue())


def take(ledger, rows=None):
    """The list as the ledger's user downloads it."""
    from django.http import QueryDict

    return Book(download(by=ledger.user, ledger=ledger, rows=ledger.rows(QueryDict("")) if rows is None else rows))


def look(ledger, book):
    """What the workbook would change, the rehearsal included."""
    reading = compare(ledger, read_sent(book.file(), ledger))
    actions.rehearse(by=ledger.user, ledger=ledger, reading=reading)
    return reading


def apply(ledger, book):
    """Send back and apply; returns how many cells changed."""
    reading = look(ledger, book)
    assert not reading.faults, [(fault.cell, fault.message) for fault in reading.faults]
    sent = actions.send_back(by=ledger.user, ledger=ledger, file_name="edited.xlsx", reading=reading)
    return actions.apply_workbook(by=ledger.user, sent=sent, ledger=ledger)


def told(reading):
    """Each fault as (cell, sentence)."""
    return {fault.place: fault.message for fault in reading.faults}

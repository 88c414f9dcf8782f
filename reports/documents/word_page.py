"""The empty sheet on which every Word file begins."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from docx import Document

from .word_parts import define_styles, set_modern_layout, set_page, set_page_numbers

if TYPE_CHECKING:
    from docx.document import Document as DocumentObject


def new_document(title: str, author: str, day: dt.date) -> DocumentObject:
    """A4 to the measures of the form, with its styles, page numbers and properties."""
    document = Document()
    set_page(document)
    set_modern_layout(document)
    define_styles(document)
    set_page_numbers(document)
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = title[:255], author[:255], author[:255]
    properties.comments, properties.language = "", "zh-CN"
    properties.created = properties.modified = dt.datetime.combine(day, dt.time())
    return document

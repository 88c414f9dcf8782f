"""What the logs say of an error: where it happened, and none of the values that were in hand."""

import logging
import sys

from campaign.logs import build_formatter


def test_a_traceback_names_the_place_and_no_values():
    id_number = "999000197001010018"
    try:
        raise PermissionError(f"refused, {len(id_number)} digits in hand")
    except PermissionError:
        record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, "Forbidden", (), sys.exc_info())
    line = build_formatter().format(record)
    assert "PermissionError" in line and "test_a_traceback_names_the_place_and_no_values" in line
    assert id_number not in line

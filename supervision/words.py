"""Small bilingual parameters for sentences that are stored and read later in another language."""

from __future__ import annotations

import calendar
import datetime as dt


def day_words(day: dt.date) -> dict[str, str]:
    """A date as a message parameter: each reader gets it as his language writes it."""
    return {"zh": f"{day.month}月{day.day}日", "en": f"{day.day} {calendar.month_name[day.month]}"}

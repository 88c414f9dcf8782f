"""A campaign in its third week of which two units were heard in the second, for the tests of the bulletin."""

import datetime as dt

from campaign.tests.factories import make_world
from reports import weeks
from reports.actions import reports as report_actions
from reports.tests.factories import send, unit_rule

START = dt.date(2026, 3, 16)  # a Monday
W1, W2, W3 = START, START + weeks.WEEK, START + 2 * weeks.WEEK
WRITERS = {"health": "secretary", "archives": "archives"}


def accepted(w, clock, week, *names, text="召开动员会1次，到会46人，印发学习资料60份。"):
    """Reports of a week sent on its Wednesday and accepted the day after."""
    found = []
    for name in names:
        with clock.at(week + dt.timedelta(days=2)):
            report = send(getattr(w.p, name), unit_rule(w), getattr(w.c, WRITERS[name]), week=week, text=text)
        with clock.at(week + dt.timedelta(days=3)):
            found.append(report_actions.accept_report(by=w.c.general, report=report, version=report.version))
    return found


def make_told_world(clock):
    """The third week has begun; the health bureau and the archives were heard of in the second."""
    clock.hold(2026, 3, 30, 9)
    world = make_world(start=START)
    world.reports = accepted(world, clock, W2, "health", "archives")
    return world

"""Weekly reports for tests, on campaign.tests.factories.make_world()."""

from accounts import clock
from reports import weeks
from reports.actions import reports as actions

TEXT = "本周召开动员会议1次，到会46人。"


def unit_rule(world, key=None):
    """The playbook's first report of units, or the one named."""
    found = [rule for rule in world.playbook.reports if rule.reporter == "unit"]
    return next(rule for rule in found if key in (None, rule.key))


def this_week():
    return weeks.week_of(clock.now())


def fill(rule, text=TEXT):
    return {field.key: f"{field.name}：{text}" for field in rule.fields}


def send(participation, rule, by, week=None, text=TEXT):
    """A report that has been submitted now."""
    report = actions.open_report(by=by, reporter=participation, rule=rule, week=week or this_week())
    return actions.submit(by=by, report=report, version=report.version, contents=fill(rule, text))

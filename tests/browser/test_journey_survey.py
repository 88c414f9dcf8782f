"""A survey counted on paper: one enters, another confirms; figures that do not reconcile are refused in their place."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts import clock
from assessments.models import Survey
from campaign.tests.factories import make_world
from tests.browser.conftest import DESKTOP, sound
from tests.browser.support import button, fill, ok, press

pytestmark = pytest.mark.django_db(transaction=True)


def test_is_entered_by_one_and_confirmed_by_another(new_page):
    w = make_world()
    page = new_page(DESKTOP, user=w.c.general)
    page.goto(reverse("assessments:survey_new", args=[w.p.health.pk]))
    sound(page)
    fill(page, held_on=clock.today().isoformat(), place="县卫生局会议室")
    press(page, "Go on to the counts")
    ok(page)
    survey = Survey.objects.get()
    page.goto(reverse("assessments:survey_enter", args=[survey.pk]))
    sound(page)
    instrument = survey.instrument_of()
    figures = {"issued": 20, "returned": 20, "valid": 19, "void": 1}
    for group in instrument.groups:
        fill(page, **{f"{group.key}-{name}": value for name, value in figures.items()})
        for question in instrument.questions:
            votes = {f"{group.key}-{question.key}-{option.key}": 0 for option in question.options}
            votes[next(iter(votes))] = 17  # two short
            fill(page, **votes)
    press(page, "Enter these counts")
    expect(page.locator(".invalid-feedback:visible").first).to_contain_text("19")
    sound(page)
    for group in instrument.groups:
        for question in instrument.questions:
            fill(page, **{f"{group.key}-{question.key}-{question.options[0].key}": 19})
    press(page, "Enter these counts")
    ok(page)
    page.goto(reverse("assessments:survey", args=[survey.pk]))
    expect(button(page, "Confirm the counts")).to_have_count(0)  # not by the one who entered them

    other = new_page(DESKTOP, user=w.c.office)
    other.goto(reverse("assessments:survey", args=[survey.pk]))
    sound(other)
    press(other, "Confirm the counts")
    sound(other)
    survey.refresh_from_db()
    assert (survey.state, survey.confirmed_by) == ("confirmed", w.c.office)

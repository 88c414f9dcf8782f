"""The style review: every department on every item, nothing shown below five forms, sheets sent (N-02..N-04)."""

import pytest
from django.urls import reverse

from accounts.models import Notification
from campaign.actions import style_review as deeds
from campaign.forms.style_review import RatingForm
from campaign.models import Opinion, ReviewForm, StyleReview
from campaign.opinions_counting import style_review as counted
from campaign.style_figures import result
from campaign.tests.factories import evidence_of, make_world

pytestmark = pytest.mark.django_db
LEAST = 20


@pytest.fixture
def w():
    w = make_world()
    w.review = deeds.open_review(
        by=w.c.office,
        batch=w.batch,
        organization=w.t.county,
        title="万人评风",
        departments=[(w.t.health, "县卫生局"), (w.t.court, "县法院")],
        kinds=[["deputy", "人大代表", "Deputies"], ["masses", "群众代表", "Masses"]],
        items=[["party", "党员作风", "Members"], ["government", "政风", "Government"]],
        grades=[["good", "好", "Good"], ["poor", "差", "Poor"]],
        least_asked=LEAST,
    )
    w.departments = list(w.review.departments.all())
    return w


def cells(w, grade="good"):
    return {f"r-{one.pk}-{item[0]}": grade for one in w.departments for item in w.review.items}


def enter(w, number, grade="good", asked=LEAST, said=None):
    ratings = {(one.pk, item[0]): grade for one in w.departments for item in w.review.items}
    given = {"number": number, "kind": "deputy", "asked": asked, "ratings": ratings, "said": said or {}}
    return deeds.enter_form(by=w.c.office, review=w.review, **given)


def url(name, thing):
    return reverse(f"campaign:{name}", args=[thing.pk])


def test_the_office_opens_a_review_of_the_units_by_the_playbooks_rule(w, client):
    client.force_login(w.c.office)
    assert client.get(url("style_reviews", w.t.county)).status_code == 200
    page = client.get(url("style_review_new", w.t.county))
    rule = w.playbook.style_review
    if rule is None:
        assert page.status_code == 302
        return
    units = [one.pk for one in page.context["form"].fields["departments"].queryset]
    client.post(url("style_review_new", w.t.county), {"title": "评风", "departments": units[:2]})
    made = StyleReview.objects.get(title="评风")
    assert (made.least_asked, made.departments.count()) == (rule.minimum, 2)
    assert [line[0] for line in made.kinds] == [item.key for item in rule.representatives]
    assert [line[0] for line in made.items] == [item.key for item in rule.items]


def test_a_form_is_entered_as_a_matrix_and_its_opinions_go_into_the_register(w, client):
    client.force_login(w.c.office)
    assert client.get(url("style_review_form", w.review)).status_code == 200
    data = {"number": 1, "kind": "masses", "asked": 25, f"o-{w.departments[0].pk}": "排队久\n态度好"} | cells(w)
    assert client.post(url("style_review_form", w.review), data).status_code == 302
    assert ReviewForm.objects.get().ratings.count() == 4
    one = Opinion.objects.get(text="排队久")
    assert (one.channel, one.source, one.source_kind, one.concerned) == (
        "review",
        "representative",
        "masses",
        w.departments[0].organization,
    )


def test_a_missing_cell_is_named_and_nothing_is_kept(w, client):
    client.force_login(w.c.office)
    data = {"number": 1, "kind": "masses", "asked": 25} | cells(w)
    del data[f"r-{w.departments[1].pk}-government"]
    answer = client.post(url("style_review_form", w.review), data)
    fault = answer.context["form"].non_field_errors()[0]
    assert answer.status_code == 422 and not ReviewForm.objects.exists()
    assert w.departments[1].name in fault and "政风" in fault and "党员作风" not in fault


def test_too_few_asked_warns_and_may_be_entered_all_the_same(w):
    data = {"number": 1, "kind": "masses", "asked": LEAST - 1} | cells(w)
    form = RatingForm(data, review=w.review, departments=w.departments)
    assert not form.is_valid() and form.too_few and set(form.errors) == {"asked"}
    assert RatingForm(data | {"confirm": "on"}, review=w.review, departments=w.departments).is_valid()
    assert RatingForm(data | {"asked": LEAST}, review=w.review, departments=w.departments).is_valid()


def test_a_number_is_entered_once_and_nothing_after_the_end(w):
    enter(w, 1)
    with pytest.raises(deeds.NumberTaken):
        enter(w, 1)
    deeds.close_review(by=w.c.office, review=w.review)
    with pytest.raises(deeds.ReviewClosed):
        enter(w, 2)
    with pytest.raises(deeds.ReviewClosed):
        deeds.remove_form(by=w.c.office, form=ReviewForm.objects.get(), reason="错")
    assert ReviewForm.objects.count() == 1


def test_totals_are_kept_back_below_five_forms(w, client):
    for number in range(4):
        enter(w, number + 1, said={w.departments[0]: ["只有一人这么说"]} if number == 0 else None)
    client.force_login(w.c.office)
    assert not result(w.review).shown and result(w.review).rows == []
    assert "只有一人这么说" not in client.get(url("style_review_sheet", w.departments[0])).content.decode()
    client.post(url("style_review_send", w.review))
    assert not w.review.departments.exclude(sent_at=None).exists()
    enter(w, 5, "poor", asked=3)
    found = result(w.review)
    assert found.shown and found.short == 1 and found.rows[0].cells[0].counts == (4, 1)
    assert "4 / 1" in client.get(url("style_review", w.review)).content.decode()


def test_a_department_sees_its_own_sheet_once_it_is_sent(w, client, django_capture_on_commit_callbacks):
    for number in range(5):
        enter(w, number + 1)
    health = next(one for one in w.departments if one.organization_id == w.t.health.pk)
    court = next(one for one in w.departments if one.organization_id == w.t.court.pk)
    client.force_login(w.c.secretary)
    assert client.get(url("style_review_sheet", health)).status_code == 404
    assert client.get(url("style_review", w.review)).status_code == 404
    assert client.post(url("style_review_send", w.review)).status_code == 404
    client.force_login(w.c.office)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("style_review_send", w.review))
    told = set(Notification.objects.values_list("user", flat=True))
    assert w.c.secretary.pk in told and w.c.branch.pk not in told
    client.force_login(w.c.secretary)
    assert client.get(url("style_review_sheet", health)).status_code == 200
    assert client.get(url("style_review_sheet", court)).status_code == 404
    assert dict(counted(evidence_of(w.p.health), None).organizations) == {w.t.health.pk: 1}
    with django_capture_on_commit_callbacks(execute=True):
        assert deeds.send_sheets(by=w.c.office, review=w.review, departments=list(w.review.departments.all())) == 0


def test_who_may_only_look_neither_enters_nor_closes(w, client):
    entered = enter(w, 1)
    client.force_login(w.c.leader)
    assert client.get(url("style_review", w.review)).status_code == 200
    assert client.get(url("style_review_form", w.review)).status_code == 403
    assert client.post(url("style_review_close", w.review)).status_code == 403
    assert client.get(url("style_review_form_remove", entered)).status_code == 403


def test_a_wrong_form_is_removed_with_its_reason_and_its_opinions_stay(w, client):
    entered = enter(w, 1, said={w.departments[0]: ["排队久"]})
    client.force_login(w.c.office)
    client.post(url("style_review_form_remove", entered), {"reason": "录错"})
    assert not ReviewForm.objects.exists() and Opinion.objects.filter(text="排队久").exists()

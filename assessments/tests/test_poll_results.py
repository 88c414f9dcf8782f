"""Results of anonymous surveys: who sees which figure, comments, publication, signs, and what follows."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from accounts import clock as now
from accounts.models import AuditEntry
from assessments import member_tests, poll_comment_todos, poll_results, signs
from assessments.actions import analyses, poll_after, polls
from assessments.ballots.questionnaire import style_instrument
from assessments.models import MemberTest, Poll, PollComment, PollUnit, Survey, SurveyCount, TurnoutDay
from assessments.results import result_of
from assessments.tests.factories import PASSPHRASE, counted, drafted_poll, handed_in, opened_poll, survey_round, vote
from campaign.actions import style_review
from campaign.evidence import Evidence
from campaign.findings import run_gate
from campaign.models import PublicNotice
from campaign.playbook import Check
from campaign.tests.factories import make_world
from reports.queries.bulletin import week_figures
from reports.queries.summary import Scope
from reports.review import batch_review
from reports.summary.page import Page
from reports.summary.told import surveys_sheet
from supervision.models import MakeUpOrder
from units.tests.factories import user_with

pytestmark = pytest.mark.django_db
REMARKS = {"zh": "意见和建议", "en": "Remarks"}
FEW = {"archives": (2, 0), "court": (12, 0), "health": (20, 8)}  # unit: ballots, of them dissatisfied


@pytest.fixture
def w():
    return make_world()


@pytest.fixture
def held(w, django_capture_on_commit_callbacks):
    """A survey of three units held and counted: ballots and adverse ones of each, by name."""

    def hold(ballots=FEW, *, comment="", **more):
        poll, slips = opened_poll(w, [w.p.archives, w.p.court, w.p.health], by=w.c.office, comment=REMARKS, **more)
        for name, (number, bad) in ballots.items():
            place = getattr(w.p, name).pk
            mine = [slip for slip in slips if slip.unit.participation_id == place]
            # In turn from both groups, so that each has its share.
            mine.sort(key=lambda slip: slip.group)
            mine = [slip for pair in zip(mine[:12], mine[12:], strict=True) for slip in pair]
            for n, slip in enumerate(mine[:number]):
                vote(slip, bad=n < bad, **({"comment": f"{comment}{n}"} if comment else {}))
        with django_capture_on_commit_callbacks(execute=True):
            counted(poll, by=w.c.office)
        poll.refresh_from_db()
        assert poll.state == Poll.State.CLOSED
        return poll

    return hold


def page(client, name, poll, query="", status=200):
    response = client.get(reverse(f"assessments:{name}", args=[poll.pk]) + query)
    assert response.status_code == status
    return response


def lines_of(poll):
    instrument, playbook = poll.questionnaire().instrument, poll.batch.campaign.playbook
    units = poll_results.figures(PollUnit.objects.filter(poll=poll).select_related("survey"), instrument)
    return {unit.name: poll_results.line(unit, instrument, playbook) for unit in units.order_by("pk")}


# ---------------------------------------------------------------- what is withheld
def test_two_ballots_are_in_no_figure_anywhere(w, held, client):
    """The two of the archives are withheld, and the court with them, else they were the total less the others."""
    poll = held()
    assert list(Survey.objects.order_by("participation").values_list("withheld", flat=True)).count(True) == 2
    health = Survey.objects.get(participation=w.p.health)
    total = poll_results.total(lines_of(poll).values())
    assert (total.units, total.shown, total.valid, total.satisfied) == (3, 1, 20, 12)
    figures = week_figures(w.batch, now.today() - dt.timedelta(days=now.today().weekday()))
    assert (figures.surveys, figures.withheld, figures.valid, figures.satisfied) == (3, 2, 20, 12)
    said = "".join(str(block.text) for block in batch_review(w.batch).body if hasattr(block, "text"))
    assert "测评1个单位" in said and "另有2个单位票数较少" in said
    assert not health.withheld
    for name in ("archives", "court"):
        gate = (Check("survey", params=(("instrument", "stage2"),)),)
        participation = getattr(w.p, name)
        [found] = run_gate(gate, Evidence(participation, participation.current()))
        assert found.passed and found.remark is None
        with translation.override("en"):
            assert str(found.measured) == "figures not shown: too few ballots"
    client.force_login(w.c.office)
    few = Survey.objects.get(participation=w.p.archives)
    text = client.get(reverse("assessments:survey", args=[few.pk])).content.decode().split("<main")[1]
    assert "<progress" not in text and "不显示" in text
    listed = client.get(reverse("assessments:surveys")).content.decode()
    assert listed.count("不显示") >= 4 and "60.0%" in listed


def test_a_small_group_hides_its_votes_and_a_second_groups(w, held, client):
    held({"health": (20, 8)})
    health = Survey.objects.get(participation=w.p.health)
    SurveyCount.objects.filter(survey=health).update(withheld=True)
    result = result_of(Survey.objects.get(pk=health.pk))
    assert {votes for row in result.questions[0].rows for votes in row.by_group} == {None}
    assert sum(row.votes for row in result.questions[0].rows) == 20
    client.force_login(w.c.office)
    assert client.get(reverse("assessments:survey", args=[health.pk])).content.decode().count("不显示") >= 2
    units = PollUnit.objects.filter(survey=health)
    found = poll_results.distribution(units, health.instrument_of())
    assert found.groups == () and found.valid == 20


def test_figures_are_nobodys_before_the_survey_is_closed(w, client):
    """What paper gave while phones are open could later be taken from the total."""
    survey = survey_round(w, w.p.health, w.batch.campaign.playbook.instrument("stage2"), by=w.c.office, valid=37)
    address = reverse("assessments:survey", args=[survey.pk])
    client.force_login(w.c.secretary)
    assert "37" not in client.get(address).content.decode().split("<main")[1]
    client.force_login(w.c.supervisor)
    assert "37" in client.get(address).content.decode()
    Survey.objects.filter(pk=survey.pk).update(state=Survey.State.PAPER)
    for user in (w.c.office, w.c.supervisor, w.c.secretary):
        client.force_login(user)
        assert "<progress max" not in client.get(address).content.decode().split("<main")[1]


# ---------------------------------------------------------------- the pages
def test_the_page_of_results(w, held, client):
    poll = held({"archives": (20, 0), "court": (20, 1), "health": (20, 8)})
    client.force_login(w.c.office)
    response = page(client, "poll_results", poll)
    assert response.context["total"].satisfied == 51 and response.context["total"].failing == 1
    order = [row["line"].unit.name for row in page(client, "poll_results", poll, "?sort=-rate").context["rows"]]
    assert order == [w.p.archives.label, w.p.court.label, w.p.health.label]
    failing = page(client, "poll_results", poll, "?verdict=failing").context["rows"]
    assert [row["line"].unit.participation_id for row in failing] == [w.p.health.pk]
    assert len(page(client, "poll_results", poll, "?verdict=passed").context["rows"]) == 2
    for name in ("poll_answers", "poll_compare", "poll_comments", "poll_publish"):
        page(client, name, poll)
    found = page(client, "poll_answers", poll).context["found"]
    assert (found.units, found.valid) == (3, 60) and [column.valid for column in found.groups] == [30, 30]
    assert next(row.votes for row in found.questions[0][1]) == 51


def test_bands_are_exact_and_cumulated(w, held, settings):
    from fractions import Fraction
    from types import SimpleNamespace

    from campaign.playbook import Band, Text

    poll = held({"archives": (20, 1), "court": (20, 2), "health": (20, 8)})
    bands = (
        Band("upper", Text("95%以上", "95% and above"), Fraction(95, 100), None),
        Band("middle", Text("90%–95%", "90% to 95%"), Fraction(90, 100), Fraction(95, 100)),
        Band("low", Text("90%以下", "below 90%"), Fraction(0), Fraction(90, 100)),
    )
    instrument = poll.questionnaire().instrument
    units = poll_results.figures(PollUnit.objects.filter(poll=poll).select_related("survey"), instrument)
    lines = [poll_results.line(unit, instrument, SimpleNamespace(bands=bands)) for unit in units]
    rows = poll_results.bands(lines, SimpleNamespace(bands=bands))
    assert [(row.key, row.units, row.upto) for row in rows] == [("upper", 1, 1), ("middle", 1, 2), ("low", 1, 3)]
    assert [(row.share, row.upto_share) for row in rows] == [
        ("33.33%", "33.33%"), ("33.33%", "66.67%"), ("33.33%", "100.00%"),
    ]  # fmt: skip
    for band in bands:
        assert poll_results.in_band(units, band).count() == 1


def test_a_secretary_is_led_to_his_own_unit_and_a_stranger_finds_nothing(w, held, client):
    poll = held()
    client.force_login(w.c.secretary)
    own = PollUnit.objects.visible_to(w.c.secretary).filter(poll=poll)
    assert own.count() == 1
    response = page(client, "poll_results", poll, status=302)
    assert response["Location"] == reverse("assessments:survey", args=[own.get().survey_id])
    page(client, "poll_publish", poll, status=403)
    client.force_login(w.c.outsider)
    for name in ("poll_results", "poll_answers", "poll_compare", "poll_comments", "poll_publish"):
        assert page_status(client, name, poll) in (403, 404)


def page_status(client, name, poll):
    return client.get(reverse(f"assessments:{name}", args=[poll.pk])).status_code


def test_results_are_read_after_the_count_alone(w, client):
    poll, _slips = opened_poll(w, [w.p.health], by=w.c.office)
    client.force_login(w.c.office)
    assert page(client, "poll_results", poll, status=302)["Location"] == reverse("assessments:poll", args=[poll.pk])


def test_no_query_for_each_unit(w, client, django_capture_on_commit_callbacks):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    numbers = {}
    client.force_login(w.c.office)
    for places in ([w.p.health], [w.p.archives, w.p.court, w.p.health]):
        poll = drafted_poll(w, places, by=w.c.office)
        polls.open_poll(by=w.c.office, poll=poll, closes_at=now.now() + dt.timedelta(days=3), passphrases=[PASSPHRASE])
        with django_capture_on_commit_callbacks(execute=True):
            counted(poll, by=w.c.office, passphrases=(PASSPHRASE,))
        poll.refresh_from_db()
        for name in ("poll_results", "poll_answers", "poll_compare"):
            page(client, name, poll)
            with CaptureQueriesContext(
                connection,
            ) as seen:
                page(client, name, poll)
            numbers.setdefault(name, []).append(len(seen))
    one, three = numbers.pop("poll_compare")
    assert three == one + 2  # units asked more than once, and their rounds: none the first time
    assert all(len(set(found)) == 1 for found in numbers.values()), numbers


def test_the_rounds_of_a_unit_beside_each_other(w, held, client, django_capture_on_commit_callbacks):
    held()
    poll, slips = opened_poll(w, [w.p.health], by=w.c.office)
    for slip in slips[:20]:
        vote(slip)
    with django_capture_on_commit_callbacks(execute=True):
        counted(poll, by=w.c.office)
    client.force_login(w.c.office)
    [(unit, rounds)] = page(client, "poll_compare", poll).context["rows"]
    assert unit.participation_id == w.p.health.pk
    assert [(one.number, one.satisfied, one.valid, one.failing) for one in rounds] == [
        (1, 12, 20, True), (2, 20, 20, False),
    ]  # fmt: skip


def test_the_workbook_holds_what_the_page_holds(w, held, client):
    poll = held()
    client.force_login(w.c.office)
    response = client.get(reverse("reports:poll_workbook", args=[poll.pk]))
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    sheet = next(one for one in book.worksheets if "各单位" in one.title)
    rows = {row[1]: row for row in sheet.iter_rows(values_only=True) if row[1]}
    assert rows[w.p.health.label][7] == 20 and rows[w.p.health.label][9] == 12
    assert rows[w.p.archives.label][3:11] == (None,) * 8
    assert rows[w.p.health.label][11] == "须补课" and rows[w.p.archives.label][11:13] == ("未达补课标准", "票少不显示")


# ---------------------------------------------------------------- comments
def test_the_holder_reads_comments_first_and_nobody_above_what_he_withholds(w, held, client):
    poll = held({"health": (12, 0)}, comment="食堂要开晚一点")
    assert PollComment.objects.count() == 12
    client.force_login(w.c.office)
    assert len(page(client, "poll_comments", poll).context["page"]) == 12
    shown, kept_back = PollComment.objects.order_by("pk")[:2]
    for comment, show in ((shown, "1"), (kept_back, "0")):
        response = client.post(reverse("assessments:poll_comment", args=[poll.pk, comment.pk]), {"show": show})
        assert response.status_code == 302
    told = AuditEntry.objects.filter(action="poll.comments_read").values_list("data", flat=True)
    assert sorted(told, key=str) == [{"shown": 0, "withheld": 1}, {"shown": 1, "withheld": 0}]
    client.force_login(w.c.supervisor)
    text = page(client, "poll_comments", poll, "?state=withheld").content.decode()
    assert shown.text in text and kept_back.text not in text
    deed = reverse("assessments:poll_comment", args=[poll.pk, kept_back.pk])
    assert client.post(deed, {"show": "1", "undo": "1"}).status_code == 403
    client.force_login(w.c.secretary)
    text = client.get(reverse("assessments:survey", args=[shown.unit.survey_id])).content.decode()
    assert shown.text in text and kept_back.text not in text
    with pytest.raises(poll_after.CommentDecided):
        poll_after.decide_comment(by=w.c.office, comment=kept_back, show=True)
    poll_after.decide_comment(by=w.c.office, comment=kept_back, show=True, undo=True)


def test_who_sets_up_above_the_holder_reads_no_raw_comment(w, held, client):
    poll = held({"health": (12, 0)}, comment="食堂要开晚一点")
    Poll.objects.filter(pk=poll.pk).update(organization=w.t.health, created_by=w.c.supervisor)
    client.force_login(w.c.office)
    assert "食堂" not in page(client, "poll_comments", poll, "?state=withheld").content.decode()
    assert not list(poll_comment_todos.comments(w.c.office))
    deed = reverse("assessments:poll_comment", args=[poll.pk, PollComment.objects.first().pk])
    assert client.post(deed, {"show": "1"}).status_code == 403


# ---------------------------------------------------------------- publication
def test_published_results_are_read_without_signing_in_until_they_are_taken_back(w, held, client):
    poll = held()
    client.force_login(w.c.office)
    address = reverse("assessments:poll_publish", args=[poll.pk])
    assert client.post(address, {"days": 7, "text": "请党员群众监督。"}).status_code == 302
    poll.refresh_from_db()
    notice = PublicNotice.objects.get(kind="survey")
    assert poll.public_token in notice.text and notice.scope == "public"
    client.logout()
    url = reverse("poll_public:results", args=[poll.public_token])
    response = client.get(url)
    text = response.content.decode()
    assert response.status_code == 200 and "60.0%" in text and text.count("不显示") >= 2
    assert not response.cookies
    client.force_login(w.c.office)
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "数字有误"}).status_code == 302
    notice.refresh_from_db()
    assert notice.withdrawn_at is not None
    assert (
        client.get(url).status_code == 404 and client.get(reverse("poll_public:results", args=["x"])).status_code == 404
    )
    actions = AuditEntry.objects.filter(action__startswith="poll.").values_list("action", flat=True)
    assert {"poll.published", "poll.taken_back"} <= set(actions)
    with pytest.raises(poll_after.NotPublished):
        poll_after.take_back(by=w.c.office, poll=Poll.objects.get(pk=poll.pk), reason="x")


def test_an_open_survey_is_not_published(w):
    poll, _slips = opened_poll(w, [w.p.health], by=w.c.office)
    with pytest.raises(poll_after.NotClosed):
        poll_after.publish(by=w.c.office, poll=poll, days=7, text="", address="-token-")


# ---------------------------------------------------------------- signs
def seen(**more):
    usual = {"shown": True, "valid": 30, "returned": 30, "asked": 30, "satisfied": 28, "alike": False, "course": ()}
    return signs.Seen(**{**usual, **more})


@pytest.mark.parametrize(
    ("more", "number"),
    [
        ({}, 0),
        ({"satisfied": 30}, 1),
        ({"satisfied": 30, "shown": False}, 0),
        ({"valid": 19, "satisfied": 19}, 0),
        ({"alike": True}, 1),
        ({"returned": 31}, 1),
        ({"returned": 31, "asked": 0}, 0),
        ({"course": (0, 0, 30)}, 1),
        ({"course": (0, 30, 30)}, 1),
        ({"course": (0, 30)}, 0),
        ({"course": (0, 10, 30)}, 0),
        ({"course": (0, 0, 0)}, 0),
    ],
)
def test_signs(more, number):
    assert len(signs.signs_of(seen(**more))) == number


def test_signs_are_for_supervisors_alone(w, held, client, clock):
    poll = held({"archives": (20, 0), "court": (20, 3), "health": (20, 8)})
    unit = PollUnit.objects.get(poll=poll, participation=w.p.archives)
    for ago, tens in ((3, 0), (2, 0)):
        TurnoutDay.objects.create(unit=unit, day=now.today() - dt.timedelta(days=ago), tens=tens)
    found = signs.signs(PollUnit.objects.filter(poll=poll).select_related("survey", "poll"))
    assert set(found) == {unit.pk} and len(found[unit.pk]) == 2
    client.force_login(w.c.office)
    assert "值得核实" in page(client, "poll_results", poll).content.decode()
    assert len(page(client, "poll_results", poll, "?verdict=signs").context["rows"]) == 1
    address = reverse("assessments:survey", args=[unit.survey_id])
    assert "值得核实" in client.get(address).content.decode()
    client.force_login(w.c.leader)
    assert "值得核实" not in page(client, "poll_results", poll).content.decode()
    assert "值得核实" not in client.get(address).content.decode()


# ---------------------------------------------------------------- what follows
def test_make_ups_are_ordered_for_all_at_once_and_each_only_once(w, held, client):
    poll = held({"archives": (20, 9), "court": (20, 0), "health": (20, 8)})
    client.force_login(w.c.office)
    address = reverse("supervision:makeups_after_poll", args=[poll.pk])
    lines = client.get(address).context["lines"]
    assert {line.survey.participation_id for line in lines if line.can_order} == {w.p.archives.pk, w.p.health.pk}
    due = (now.today() + dt.timedelta(days=7)).isoformat()
    data = {"due_on": due, "surveys": [line.survey.pk for line in lines]}
    assert client.post(address, {"due_on": due}).status_code == 422
    assert client.post(address, data).status_code == 302
    assert client.post(address, data).status_code == 422  # nothing is left to tick
    orders = MakeUpOrder.objects.all()
    assert {order.participation_id for order in orders} == {w.p.archives.pk, w.p.health.pk} and orders.count() == 2
    assert all(order.survey_again and order.trigger == "survey" and order.items.count() == 2 for order in orders)
    client.force_login(w.c.secretary)
    assert client.get(address).status_code == 403


def test_a_single_order_is_drafted_with_its_cause(w, held, client):
    held()
    survey = Survey.objects.get(participation=w.p.health)
    client.force_login(w.c.office)
    address = reverse("supervision:makeup_new", args=[w.p.health.pk]) + f"?survey={survey.pk}"
    form = client.get(address).context["form"]
    assert form.trigger_key == "survey" and form.initial["survey_again"] and "重新补课" in form.initial["reason"]
    due = (now.today() + dt.timedelta(days=7)).isoformat()
    typed = {"organization": w.p.health.organization_id, "items": "重新征求意见", "due_on": due, "survey_again": "on"}
    assert client.post(address, {**typed, "reason": form.initial["reason"]}).status_code == 302
    assert MakeUpOrder.objects.get().trigger == "survey"


# ---------------------------------------------------------------- tests of members, style reviews
def held_by_row(w, on_commit, *, kind, organization, form, rows, ballots, **more):
    """A survey by rows at one place, so many ballots cast and counted; the first of them dissatisfied."""
    instrument = form["instrument"]
    asked = {instrument["groups"][0]["key"]: 12}
    place = polls.Place(organization, organization.name, asked, rows=rows)
    poll = polls.draft_poll(
        by=w.c.office, batch=w.batch, organization=organization, kind=kind, title="逐项测评", form=form,
        places=[place], **more,
    )  # fmt: skip
    polls.open_poll(by=w.c.office, poll=poll, closes_at=now.now() + dt.timedelta(days=3), passphrases=[PASSPHRASE])
    for number, slip in enumerate(polls.issue(by=w.c.office, poll=poll)[:ballots]):
        vote(slip, bad=number < 2, **({"asked": "20"} if "least_asked" in form else {}))
    with on_commit(execute=True):
        counted(poll, by=w.c.office)
    poll.refresh_from_db()
    assert poll.state == Poll.State.CLOSED
    return poll


TEXT = {"zh": "参加测评的人", "en": "Those who take part"}
QUESTION = {
    "key": "satisfaction",
    "text": {"zh": "对该党员的党性分析报告", "en": "The member's report"},
    "decisive": True,
    "by_row": True,
    "options": [
        {"key": "satisfied", "text": {"zh": "满意", "en": "Satisfied"}, "satisfied": True},
        {"key": "basically", "text": {"zh": "基本满意", "en": "Basically satisfied"}, "satisfied": True},
        {"key": "dissatisfied", "text": {"zh": "不满意", "en": "Dissatisfied"}, "adverse": True},
    ],
}
MEMBER_FORM = {
    "instrument": {
        "key": "member_test",
        "name": {"zh": "党员测评", "en": "Member test"},
        "when": "member",
        "groups": [{"key": "all", "name": TEXT}],
        "questions": [QUESTION],
    }
}


@pytest.mark.parametrize(("ballots", "shown"), [(4, False), (6, True)])
def test_a_test_of_members_by_name_for_the_branch_and_in_figures_above(
    w, client, django_capture_on_commit_callbacks, ballots, shown
):
    branch = w.t.health_1
    people = w.t.members[branch.code][:2]
    for one in people:
        done = handed_in(w, one, by=w.c.office, participation=w.p.health)
        analyses.review(by=w.c.office, paper=done, number=1, verdict="pass")
    rows = [(str(one.pk), one.name) for one in people]
    poll = held_by_row(
        w, django_capture_on_commit_callbacks, kind="members", organization=branch, form=MEMBER_FORM, rows=rows,
        ballots=ballots,
    )  # fmt: skip
    secretary = user_with("branch_secretary", branch, "keeps_papers")
    client.force_login(secretary)
    [found] = page(client, "poll_results", poll).context["rows"]
    assert found.named and found.shown is shown and [row.failing for row in found.rows] == [True, True]
    text = page(client, "poll_results", poll).content.decode().split("<main")[1]
    assert rows[0][1] in text and ("不足5张" in text) is not shown
    tested = member_tests.result_of(MemberTest.objects.first(), w.playbook)
    assert tested.withheld is not shown
    client.force_login(w.c.office)
    text = page(client, "poll_results", poll).content.decode().split("<main")[1]
    assert rows[0][1] not in text and "2名未达标" in text


def test_a_style_review_on_phones_is_one_table_and_hides_a_few_forms_on_paper(
    w, client, django_capture_on_commit_callbacks
):
    kinds, items = [["deputy", "人大代表", "Deputies"]], [["party", "党员作风", "Members"], ["rule", "政风", "Rule"]]
    grades = [["good", "好", "Good"], ["poor", "差", "Poor"]]
    review = style_review.open_review(
        by=w.c.office, batch=w.batch, organization=w.t.county, title="万人评风",
        departments=[(w.t.health, "县卫生局")], kinds=kinds, items=items, grades=grades, least_asked=20,
    )  # fmt: skip
    department = review.departments.get()
    form = {"instrument": style_instrument({"zh": "万人评风", "en": "Style"}, kinds, items, grades), "least_asked": 20}
    poll = held_by_row(
        w, django_capture_on_commit_callbacks, kind="style", organization=w.t.county, form=form,
        rows=[(str(department.pk), department.name)], ballots=6, review=review.pk,
    )  # fmt: skip
    client.force_login(w.c.office)
    context = page(client, "poll_results", poll).context
    assert context["shown"] and context["rows"][0].items == ((4, 2), (4, 2))
    ratings = {(department.pk, item[0]): "poor" for item in items}
    style_review.enter_form(by=w.c.office, review=review, number=90, kind="deputy", asked=20, ratings=ratings, said={})
    assert not page(client, "poll_results", poll).context["shown"]


def test_comments_wait_in_the_to_do_list_of_the_holder(w, held):
    held({"health": (12, 0)}, comment="食堂要开晚一点")
    [line] = list(poll_comment_todos.comments(w.c.office))
    assert line.count == 12
    assert not list(poll_comment_todos.comments(w.c.secretary))


def test_the_summary_workbook_leaves_withheld_rounds_out_of_its_sums(w, held):
    held()
    today = now.today()
    scope = Scope(w.batch, w.t.county, w.batch.starts_on, today)
    sheet = surveys_sheet(Page(scope))
    rows = list(sheet.rows)
    assert len(rows) == 3 and sum(row[8] is None for row in rows) == 2
    assert sheet.expected_totals["valid"] == 20 and sheet.expected_totals["satisfied"] == 12

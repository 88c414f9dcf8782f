"""Requests for instruction: with a proposal always, answered or passed up, known answers for all (D-21, S-05)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, Notification, User
from campaign import dossier, todo
from supervision.actions import instructions
from supervision.models import InstructionRequest
from supervision.queries.instructions import At, Place, places_for
from supervision.tests.factories import fresh, make_supervised_world
from units.models import Post
from units.tests.factories import user_with

pytestmark = pytest.mark.django_db
MATTER = instructions.Matter("流动党员如何参加学习", "我支部有三名党员在外务工。", "建议寄送资料，春节返乡时补课。")


@pytest.fixture
def w():
    return make_supervised_world(playbook="xingwen-county")


def again(user):
    return User.objects.get(pk=user.pk)


def asked(w, *, by=None, organization=None, to=None, matter=MATTER, files=()):
    return instructions.ask_instruction(
        by=by or w.c.branch,
        batch=w.batch,
        organization=organization or w.t.health_1,
        to=to or Place(At.ORGANIZATION, w.t.health),
        matter=matter,
        files=files,
    )


def sent(w, **more):
    given = {
        "organization": w.t.health_1.pk,
        "to": f"organization:{w.t.health.pk}",
        "matter": MATTER.matter,
        "facts": MATTER.facts,
        "proposal": MATTER.proposal,
        "urgency": "normal",
    }
    return {**given, **more}


def test_nobody_asks_without_a_proposal(client, w):
    client.force_login(w.c.branch)
    url = reverse("supervision:instruction_new")
    answer = client.post(url, sent(w, proposal=" "))
    assert answer.status_code == 422 and answer.context["form"].errors.keys() == {"proposal"}
    assert MATTER.facts in answer.content.decode()  # nothing typed is lost
    with pytest.raises(IntegrityError), transaction.atomic():
        asked(w, matter=instructions.Matter("事项", "情况", ""))
    assert InstructionRequest.objects.count() == 0


def test_a_branch_asks_its_superior_who_passes_it_up_to_the_leading_group(
    client, w, django_capture_on_commit_callbacks
):
    client.force_login(w.c.branch)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("supervision:instruction_new"), sent(w)).status_code == 302
    row = InstructionRequest.objects.get()
    url = reverse("supervision:instruction", args=[row.pk])
    told = lambda: set(Notification.objects.filter(url=url).values_list("user__username", flat=True))  # noqa: E731
    assert told() == {"secretary"}
    for user, at in ((w.c.secretary, "office"), (w.c.office, "leading_group")):
        client.force_login(user)
        assert client.post(url, {"deed": "pass", "remark": ""}).status_code == 422
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(url, {"deed": "pass", "remark": "涉及政策，请明确"}).status_code == 302
        row.refresh_from_db()
        assert (row.state, row.at) == ("passed_up", at)
    assert told() == {"secretary", "office", "general", "leader", "branch"}
    client.force_login(w.c.office)
    assert client.post(url, {"deed": "answer", "answer": "可以"}).status_code == 403  # it stands with them no longer
    client.force_login(w.c.leader)
    assert client.post(url, {"deed": "pass", "remark": "再往上"}).status_code == 403  # nobody stands above
    assert client.post(url, {"deed": "answer", "answer": "同意，返乡后补课。"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.answered_by) == ("answered", w.c.leader)
    kinds = list(row.steps.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["asked", "passed_up", "passed_up", "answered"]
    client.force_login(w.c.branch)
    assert client.post(url, {"deed": "close", "remark": "已照办"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "closed"
    page = client.get(url).content.decode()
    assert "涉及政策，请明确" in page and "同意，返乡后补课。" in page and "已照办" in page
    actions = set(AuditEntry.objects.filter(action__startswith="instruction.").values_list("action", flat=True))
    assert actions == {f"instruction.{deed}" for deed in ("asked", "passed_up", "answered", "closed")}


def test_where_one_can_ask(w):
    def places(user):
        return [
            str(place.key)
            for post in again(user).posts.select_related("organization")
            for place in places_for(post, w.batch)
        ]

    office = f"office:{w.t.county.pk}"
    assert places(w.c.branch) == [f"organization:{w.t.health.pk}", office]
    assert places(w.c.secretary) == [office]  # nobody answers in between
    assert set(places(w.c.guide)) == {office}
    user_with("organization_secretary", w.t.work, "work", "田主任")
    assert places(w.c.court) == [f"organization:{w.t.work.pk}", office]
    Post.objects.filter(user=w.c.secretary).delete()
    assert places(w.c.branch) == [office]


def test_a_place_that_is_not_ones_own_superior_is_refused(client, w):
    client.force_login(w.c.branch)
    answer = client.post(reverse("supervision:instruction_new"), sent(w, to=f"organization:{w.t.work.pk}"))
    assert answer.context["form"].errors.keys() == {"to"}
    answer = client.post(reverse("supervision:instruction_new"), sent(w, organization=w.t.court.pk))
    assert "organization" in answer.context["form"].errors


def test_nobody_answers_his_own(client, w):
    both = user_with("branch_secretary", w.t.health_2, "both", "双职")
    Post.objects.create(user=both, organization=w.t.health, role="organization_secretary", from_date="2026-01-01")
    row = asked(w, by=both, organization=w.t.health_2)
    with pytest.raises(instructions.NotYoursToAnswer):
        instructions.answer(by=again(both), request=row, text="同意")
    client.force_login(both)
    url = reverse("supervision:instruction", args=[row.pk])
    assert client.post(url, {"deed": "answer", "answer": "同意"}).status_code == 403
    assert client.post(url, {"deed": "pass", "remark": "请上级定"}).status_code == 403


def test_of_two_who_answer_one_is_told_he_comes_late(client, w):
    row = asked(w, to=Place(At.OFFICE, w.t.county))
    stale = InstructionRequest.objects.select_related("batch__campaign__host", "addressee").get(pk=row.pk)
    instructions.answer(by=w.c.office, request=row, text="同意")
    with pytest.raises((instructions.InstructionMoved, instructions.NotYoursToAnswer)):
        instructions.answer(by=w.c.general, request=stale, text="不同意")
    client.force_login(w.c.general)
    url = reverse("supervision:instruction", args=[row.pk])
    assert client.post(url, {"deed": "answer", "answer": "不同意"}, follow=True).status_code == 200
    row.refresh_from_db()
    assert (row.answer, row.answered_by) == ("同意", w.c.office)
    assert AuditEntry.objects.filter(action="instruction.answered").count() == 1


def test_only_who_asked_takes_it_back(client, w):
    row = asked(w)
    url = reverse("supervision:instruction", args=[row.pk])
    client.force_login(w.c.office)
    assert client.post(url, {"deed": "close"}).status_code == 403
    client.force_login(w.c.branch)
    assert client.post(url, {"deed": "close", "remark": "已自行解决"}).status_code == 302
    assert list(row.steps.values_list("kind", flat=True)) == ["withdrawn", "asked"]
    client.force_login(w.c.secretary)
    assert client.post(url, {"deed": "answer", "answer": "同意"}).status_code in {302, 403}
    row.refresh_from_db()
    assert row.answer == ""


def test_a_known_answer_is_found_by_all_below_without_the_request(client, w):
    row = asked(w, to=Place(At.OFFICE, w.t.county))
    instructions.answer(by=w.c.office, request=row, text="同意你支部意见。")
    url = reverse("supervision:instruction", args=[row.pk])
    words = {"deed": "known", "matter": "流动党员的学习", "text": "可寄送资料，返乡后补课。"}
    client.force_login(w.c.branch)
    assert client.post(url, words).status_code == 403
    client.force_login(w.c.general)
    assert client.post(url, {**words, "text": ""}).status_code == 422
    assert client.post(url, words).status_code == 302
    client.force_login(w.c.court)
    assert client.get(url).status_code == 404
    for page in ("known_answers", "instruction_new"):
        found = client.get(reverse(f"supervision:{page}") + "?q=流动党员").content.decode()
        assert words["text"] in found and MATTER.facts not in found
        assert words["text"] not in client.get(reverse(f"supervision:{page}") + "?q=换届").content.decode()
    client.force_login(w.c.office)
    assert client.post(url, {"deed": "unknown"}).status_code == 302
    client.force_login(w.c.court)
    assert words["text"] not in client.get(reverse("supervision:known_answers")).content.decode()


def test_an_answer_of_a_committee_is_known_in_its_own_branches_only(client, w):
    row = asked(w)
    instructions.answer(by=w.c.secretary, request=row, text="按党委意见办。")
    instructions.make_known(by=w.c.secretary, request=row, matter="集中学习时间", text="每周五下午。")
    other = user_with("branch_secretary", w.t.health_2, "second", "第二支书")
    for user, finds in ((other, True), (w.c.court, False)):
        client.force_login(user)
        assert ("每周五下午。" in client.get(reverse("supervision:known_answers")).content.decode()) == finds, user


def test_files_are_seen_by_those_in_scope_only(client, w):
    client.force_login(w.c.branch)
    photo = SimpleUploadedFile("名单.pdf", b"%PDF-1.4 \n%%EOF", content_type="application/pdf")
    assert client.post(reverse("supervision:instruction_new"), sent(w, files=[photo])).status_code == 302
    file = InstructionRequest.objects.get().files.get()
    url = reverse("supervision:instruction_file", args=[file.pk])
    assert client.get(url).status_code == 200
    client.force_login(w.c.court)
    assert client.get(url).status_code == 404


def test_it_waits_on_the_lists_of_who_answers_and_then_of_who_asked(w):
    def waits(user):
        return [one.count for one in todo.gather(again(user)) if one.menu == "supervision:instructions"]

    row = asked(w)
    assert (waits(w.c.secretary), waits(w.c.branch), waits(w.c.office)) == ([1], [], [])
    instructions.answer(by=w.c.secretary, request=row, text="同意")
    assert (waits(w.c.secretary), waits(w.c.branch)) == ([], [1])
    row.refresh_from_db()
    instructions.close(by=w.c.branch, request=row)
    assert waits(w.c.branch) == []


def test_lists_and_dossier_cost_the_same_for_one_and_three(client, w):
    client.force_login(w.c.office)
    subject = dossier.Subject(w.t.health, fresh(w.p.health), w.c.office)

    def one_more():
        row = asked(w, to=Place(At.OFFICE, w.t.county))
        instructions.answer(by=w.c.office, request=row, text="同意")
        instructions.make_known(by=w.c.office, request=row, matter="学习", text="可以。")
        asked(w)

    def cost():
        with CaptureQueriesContext(connection) as found:
            for name in ("instructions", "known_answers"):
                assert client.get(reverse(f"supervision:{name}")).status_code == 200
            told = dossier.events(subject, ["instructions"])
        return len(found), len(told)

    one_more()
    cost()
    one, events = cost()
    one_more()
    one_more()
    three, more = cost()
    assert (three, more) == (one, 3 * events)
    assert events == 3


def test_urgent_ones_stand_on_top_and_filters_work(client, w):
    asked(w)
    asked(w, matter=instructions.Matter("急事", "情况", "建议", "urgent"))
    client.force_login(w.c.office)
    url = reverse("supervision:instructions")
    assert [row.matter for row in client.get(url).context["page"]] == ["急事", MATTER.matter]
    assert len(client.get(f"{url}?q=流动").context["page"]) == 1
    assert len(client.get(f"{url}?state=mine").context["page"]) == 0
    client.force_login(w.c.secretary)
    assert len(client.get(f"{url}?state=mine").context["page"]) == 2

"""The public path /v/: what its pages say and take, what they leave no trace of, how guessing is slowed."""

import datetime as dt
import gzip
import logging
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.test import Client
from redis.exceptions import ConnectionError as RedisGone

from accounts import clock as moments
from accounts.models import AuditEntry
from assessments import guesses, voting_pages
from assessments.actions import casting, polls
from assessments.ballots.questionnaire import member_instrument, style_instrument
from assessments.models import SealedBallot, Ticket
from assessments.tests.factories import PASSPHRASE, counted, opened_poll
from assessments.views import voting
from campaign.tests.factories import make_world
from jobs.models import Job

pytestmark = pytest.mark.django_db
REMARKS = {"zh": "意见和建议", "en": "Remarks"}
WRONG = "ABCDEFGHJKMNPQRS"
KINDS = [["deputies", "人大代表", "Deputies"], ["masses", "群众代表", "Masses"]]
ITEMS = [["work", "工作作风", "Work"], ["party", "党员作风", "Party"], ["trade", "行风", "Trade"]]
GRADES = [["good", "好", "Good"], ["fair", "一般", "Fair"], ["bad", "差", "Bad"]]


@pytest.fixture
def w():
    cache.clear()
    return make_world()


@pytest.fixture
def client():
    return Client(headers={"accept-language": "zh-CN,zh;q=0.9,en;q=0.8", "user-agent": "Tattletale/7.0"})


@pytest.fixture
def poll(w):
    return opened_poll(w, [w.p.health], by=w.c.office, comment=REMARKS)


def answers(slip, **more):
    paper = slip.unit.questionnaire()
    return {place.name: place.question.options[0].key for place in paper.places} | more


def post(client, step, code, lang="zh", **data):
    return client.post(f"/v/{step}/?lang={lang}", {"code": code, **data})


def matrix_poll(w, *, raw, rows, least_asked=None):
    """A survey whose questions are asked about every row."""
    asked = {group["key"]: 3 for group in raw["groups"]}
    place = polls.Place(w.t.county, "县直机关", asked, rows=rows)
    form = {"instrument": raw} | ({"least_asked": least_asked} if least_asked else {})
    kind = "style" if least_asked else "members"
    poll = polls.draft_poll(
        by=w.c.office, batch=w.batch, organization=w.t.county, kind=kind, title="万人评风", form=form, places=[place]
    )
    closes_at = moments.now() + dt.timedelta(days=7)
    polls.open_poll(by=w.c.office, poll=poll, closes_at=closes_at, passphrases=[PASSPHRASE])
    return polls.issue(by=w.c.office, poll=poll)


# ---------------------------------------------------------------- pages
def test_from_the_code_to_the_urn(poll, client):
    _poll, slips = poll
    assert "票上的测评码" in client.get("/v/").content.decode()
    page = post(client, "form", slips[0].code.typed.lower())
    text = page.content.decode()
    assert page.status_code == 200 and "这是不记名的" in text and slips[0].unit.name in text and "12月3日" in text
    assert f'value="{slips[0].code.typed.replace("-", "")}"' in text and voting_pages.CODE not in text
    taken = post(client, "cast", slips[0].code.typed, **answers(slips[0], comment="很好"))
    assert taken.status_code == 303 and taken["Location"] == "/v/thanks/?lang=zh"
    receipt = client.get(taken["Location"]).content.decode()
    assert "票已投入票箱" in receipt and slips[0].unit.name not in receipt
    assert SealedBallot.objects.count() == 1 and Ticket.objects.count() == len(slips) - 1


def test_the_language(poll, client):
    _poll, slips = poll
    assert '<html lang="zh-Hans">' in client.get("/v/").content.decode()
    assert "Code on your slip" in client.get("/v/?lang=en").content.decode()
    assert "Code on your slip" in client.get("/v/", headers={"accept-language": "en-GB,zh;q=0.5"}).content.decode()
    assert "票上的测评码" in client.get("/v/", headers={"accept-language": "fr,de;q=0.5"}).content.decode()
    english = post(client, "form", slips[0].code.whole, lang="en")
    assert "This is anonymous" in english.content.decode() and english["Content-Language"] == "en"
    # whoever changes the language half way keeps what is answered
    sent = answers(slips[0], comment="写了一半")
    again = post(client, "form", slips[0].code.whole, lang="en", **sent).content.decode()
    assert again.count(" checked>") == len(sent) - 1 and "写了一半" in again
    assert post(client, "cast", slips[0].code.whole, lang="en", **sent)["Location"] == "/v/thanks/?lang=en"


def test_what_is_missing_comes_back_with_all_that_was_written(poll, client):
    _poll, slips = poll
    slip = slips[0]
    page = post(client, "cast", slip.code.whole, comment='<b>"写"</b>')
    text = page.content.decode()
    first = slip.unit.questionnaire().places[0].name
    assert (
        page.status_code == 422 and "还没有交票" in text and f'href="#{first}-0"' in text and f'id="{first}-0"' in text
    )
    assert f'aria-describedby="{first}-fault"' in text and f'id="{first}-fault"' in text and " autofocus>" in text
    assert "&lt;b&gt;&quot;写&quot;&lt;/b&gt;" in text and slip.code.whole in text
    assert not SealedBallot.objects.exists() and Ticket.objects.count() == len(slips)
    assert post(client, "cast", slip.code.whole, **answers(slip)).status_code == 303


def test_another_code_gets_its_own_page(poll, client):
    _poll, slips = poll
    pages = [post(client, "form", slip.code.whole).content.decode() for slip in slips[:2]]
    assert slips[0].code.whole in pages[0] and slips[0].code.whole not in pages[1]
    assert pages[0].replace(slips[0].code.whole, "") == pages[1].replace(slips[1].code.whole, "")


def test_more_time_shows_on_the_page(w, poll, client, clock):
    opened, slips = poll
    assert "12月3日" in post(client, "form", slips[0].code.whole).content.decode()
    later = opened.closes_at + dt.timedelta(days=2)
    polls.extend(by=w.c.office, poll=opened, closes_at=later, reason="农忙")
    assert "12月5日" in post(client, "form", slips[0].code.whole).content.decode()


def test_a_page_asked_for_in_a_wrong_way_leads_to_the_start(client):
    for path in ("/v", "/v/form/", "/v/cast/", "/v/nothing/", "/v/form"):
        answer = client.get(path)
        assert answer.status_code == 302 and answer["Location"].partition("?")[0] == "/v/"
    assert client.get("/vx/").status_code == 404


# ---------------------------------------------------------------- matrices
def test_members_as_rows(w, client):
    raw = next(i for i in w.batch.campaign.snapshot["instruments"] if i["when"] == "member")
    groups = [{"key": "members", "name": {"zh": "党员", "en": "Members"}}]
    slips = matrix_poll(w, raw=member_instrument(raw | {"groups": groups}), rows=[("7", "严志诚"), ("8", "邱启明")])
    text = post(client, "form", slips[0].code.whole).content.decode()
    assert text.count("<fieldset") == 2 * len(raw["questions"]) and "严志诚" in text and "邱启明" in text
    sent = answers(slips[0])
    missing = dict(list(sent.items())[1:])
    again = post(client, "cast", slips[0].code.whole, **missing).content.decode()
    assert "严志诚" in re.search(r'id="faults".*?</div>', again, re.DOTALL)[0]
    assert post(client, "cast", slips[0].code.whole, **sent).status_code == 303


def test_departments_as_rows_and_how_many_were_asked(w, client):
    raw = style_instrument({"zh": "万人评风", "en": "Style review"}, KINDS, ITEMS, GRADES)
    slips = matrix_poll(w, raw=raw, rows=[("1", "县卫生局"), ("2", "县交通局")], least_asked=20)
    text = post(client, "form", slips[0].code.whole).content.decode()
    assert text.count("<fieldset") == 6 and text.count('<h2 class="row">') == 2 and "20 人以上" in text
    order = re.findall(r'name="(q-[a-z]+-\d)" value="good"', text)
    assert order == ["q-work-1", "q-party-1", "q-trade-1", "q-work-2", "q-party-2", "q-trade-2"]
    page = post(client, "cast", slips[0].code.whole, **answers(slips[0], asked="二十几个"))
    assert page.status_code == 422 and 'href="#asked"' in page.content.decode() and "二十几个" in page.content.decode()
    assert post(client, "cast", slips[0].code.whole, **answers(slips[0], asked="２５")).status_code == 303


# ---------------------------------------------------------------- refusals
def test_every_refusal_is_the_same_to_the_byte(w, poll, client, django_capture_on_commit_callbacks):
    _poll, slips = poll
    other, closed = opened_poll(w, [w.p.archives], by=w.c.office)
    with django_capture_on_commit_callbacks(execute=True):
        counted(other, by=w.c.office)
    post(client, "cast", slips[0].code.whole, **answers(slips[0]))
    cases = {
        "used": slips[0].code.whole, "used, typed": slips[0].code.typed, "closed": closed[0].code.whole,
        "wrong": "0" * 26, "wrong, typed": WRONG, "malformed": "票", "empty": "", "long": "A" * 9000,
    }  # fmt: skip
    seen = set()

    def see(page):
        seen.add((page.status_code, page.content, tuple(sorted(page.headers.items()))))

    for code in cases.values():
        for step in ("form", "cast"):
            see(post(client, step, code, **(answers(slips[0]) if step == "cast" else {})))
    see(client.post("/v/cast/?lang=zh"))
    assert len(seen) == 1
    status, body, _headers = seen.pop()
    assert status == 422 and "这个测评码用不了" in body.decode()


def test_over_its_hour_the_code_is_refused_in_the_same_way(poll, client, clock):
    _poll, slips = poll
    wrong = post(client, "form", "0" * 26)
    clock.hold(2026, 12, 30)
    over = post(client, "form", slips[0].code.whole)
    assert (over.status_code, over.content) == (wrong.status_code, wrong.content)


def test_typed_codes_wait_when_too_many_were_wrong(poll, client, clock):
    _poll, slips = poll
    clock.hold(2026, 11, 26, 10, 0)
    for _time in range(guesses.MOST_A_MINUTE + 1):
        assert post(client, "form", WRONG).status_code == 422
    right, wrong = post(client, "form", slips[0].code.typed), post(client, "form", WRONG)
    assert (right.status_code, wrong.status_code, right["Retry-After"]) == (429, 429, "60")
    strip = [page.content.decode().replace(code, "") for page, code in ((right, slips[0].code.typed), (wrong, WRONG))]
    assert strip[0] == strip[1] and "刚才错误的码太多" in strip[0]
    # what was answered waits in the page
    waiting = post(client, "cast", slips[0].code.typed, **answers(slips[0], comment="等一等"))
    assert waiting.status_code == 429 and 'name="comment" value="等一等"' in waiting.content.decode()
    # whole codes go through, wrong ones being refused
    assert post(client, "form", slips[1].code.whole).status_code == 200
    assert post(client, "form", "0" * 26).status_code == 422
    assert post(client, "cast", slips[1].code.whole, **answers(slips[1])).status_code == 303
    clock.hold(2026, 11, 26, 10, 1)
    assert post(client, "cast", slips[0].code.typed, **answers(slips[0])).status_code == 303


def test_whole_codes_that_are_wrong_slow_nobody(poll, client):
    _poll, slips = poll
    for _time in range(guesses.MOST_A_MINUTE + 5):
        post(client, "form", "0" * 26)
    assert post(client, "form", slips[0].code.typed).status_code == 200


def test_voting_goes_on_when_the_number_is_lost(poll, client, monkeypatch):
    _poll, slips = poll

    def gone(*args, **more):
        raise RedisGone

    monkeypatch.setattr(guesses, "cache", SimpleNamespace(get=gone, add=gone, incr=gone))
    assert post(client, "form", slips[0].code.typed).status_code == 200
    assert post(client, "form", WRONG).status_code == 422


# ---------------------------------------------------------------- no trace
def everything_logged(caplog):
    """All that any logger said, with what formatters could add to it."""
    return "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)


def test_no_cookie_no_session_no_account(w, poll, client, django_assert_num_queries):
    _poll, slips = poll
    client.force_login(w.c.office)
    before = list(Session.objects.values())
    with django_assert_num_queries(0):
        pages = [client.get("/v/"), client.get("/v/thanks/"), client.get("/v/cast/")]
    pages.append(post(client, "form", slips[0].code.whole))
    with django_assert_num_queries(1):
        pages.append(post(client, "form", slips[0].code.whole))
    pages.append(post(client, "form", WRONG))
    pages.append(post(client, "cast", slips[0].code.whole, **answers(slips[0])))
    for page in pages:
        assert not page.cookies
        assert page["Cache-Control"] == "no-store" and page["Referrer-Policy"] == "no-referrer"
        assert page["X-Frame-Options"] == "DENY" and page["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in page["Content-Security-Policy"]
        assert "script-src 'self'" in page["Content-Security-Policy"]
        assert "Cookie" not in page.get("Vary", "")
    assert list(Session.objects.values()) == before


def test_nothing_of_a_visit_is_logged(w, poll, client, caplog, django_capture_on_commit_callbacks):
    _poll, slips = poll
    client.force_login(w.c.office)
    client.get("/", headers={"x-forwarded-for": "198.51.100.77"})  # leaves its address with the thread
    entries, jobs = AuditEntry.objects.count(), Job.objects.count()
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    ask = {"REMOTE_ADDR": "198.51.100.77", "HTTP_X_FORWARDED_FOR": "198.51.100.78"}
    sent = answers(slips[0], comment="河东的桥")
    with django_capture_on_commit_callbacks(execute=True):
        for path in ("/v", "/v/", "/v/form/", "/v/nothing/", "/v/thanks/"):
            client.get(path, **ask)
        for code in (slips[0].code.whole, slips[0].code.typed, "票"):
            client.post("/v/form/", {"code": code}, **ask)
        client.post("/v/cast/", {"code": slips[0].code.whole, "comment": "河东的桥"}, **ask)
        client.post("/v/cast/", {"code": slips[0].code.whole, **sent}, **ask)
        client.post("/v/cast/", {"code": slips[0].code.whole, **sent}, **ask)
        client.put("/v/cast/", b"x", **ask)
    assert not caplog.records, everything_logged(caplog)
    assert (AuditEntry.objects.count(), Job.objects.count()) == (entries, jobs)


def test_a_failure_is_logged_by_its_type_alone(poll, client, caplog, monkeypatch):
    _poll, slips = poll
    code = slips[0].code.whole

    def fails(typed, sent):
        raise RuntimeError(f"{typed} {sent}")

    monkeypatch.setattr(casting, "cast", fails)
    caplog.set_level(logging.DEBUG)
    client.raise_request_exception = False
    sent = {"code": code, **answers(slips[0], comment="河东的桥")}
    page = client.post("/v/cast/?lang=zh", sent, REMOTE_ADDR="198.51.100.77")
    text = page.content.decode()
    assert page.status_code == 500 and "票没有交成" in text and not page.cookies
    assert 'action="/v/cast/?lang=zh"' in text and f'value="{code}"' in text and 'value="河东的桥"' in text
    logged = everything_logged(caplog)
    assert len(caplog.records) == 1 and "RuntimeError" in logged and "test_voting.py" in logged
    for secret in (code, "河东", "198.51", "Tattletale", "satisf", "Traceback"):
        assert secret not in logged
    monkeypatch.undo()
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', text))
    assert post(client, "cast", **fields).status_code == 303


def test_a_failure_of_a_page_that_was_only_opened(client, monkeypatch):
    monkeypatch.setattr(voting, "_page", lambda name: 1 / 0)
    page = client.get("/v/thanks/?lang=en")
    text = page.content.decode()
    assert page.status_code == 500 and "Begin again" in text and 'href="/v/"' in text and "<form" not in text


def test_a_failure_half_way_costs_no_code(poll, client, monkeypatch):
    _poll, slips = poll

    def fails(*args, **more):
        raise OSError("disk full")

    monkeypatch.setattr(SealedBallot.objects, "create", fails)
    assert post(client, "cast", slips[0].code.whole, **answers(slips[0])).status_code == 500
    assert Ticket.objects.count() == len(slips) and not SealedBallot.objects.exists()


def test_what_no_browser_sends(client, caplog):
    caplog.set_level(logging.DEBUG)
    assert client.get("/v/", headers={"host": "evil.example"}).status_code == 400
    assert client.post("/v/cast/", b"x" * 300_000, content_type="application/octet-stream").status_code == 413
    assert not caplog.records
    broken = client.post("/v/cast/", b"no boundary", content_type="multipart/form-data; boundary=")
    assert broken.status_code == 500 and "票没有交成" in broken.content.decode()


def test_https_holds_here_too(settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/v/?lang=en")
    assert answer.status_code == 301 and answer["Location"] == "https://testserver/v/?lang=en"


def test_the_order_of_the_middleware():
    order = [path.rpartition(".")[2] for path in django_settings.MIDDLEWARE]
    place = order.index("BallotMiddleware")
    assert {"SecurityMiddleware", "CSPMiddleware"} <= set(order[:place])
    after = set(order[place + 1 :])
    assert after >= {"SessionMiddleware", "AuthenticationMiddleware", "MessageMiddleware", "AxesMiddleware"}
    assert after >= {"QuietRequestMiddleware", "HtmxMiddleware", "CsrfViewMiddleware", "CommonMiddleware"}


# ---------------------------------------------------------------- weight
def weight_of(*names):
    return sum(Path(finders.find(name)).stat().st_size for name in names)


def test_the_page_is_light(w, poll, client):
    _poll, slips = poll
    page = post(client, "form", slips[0].code.whole)
    assert len(page.content) + weight_of("css/vote.css", "js/vote.js") < 30_000, "even without compression"
    loaded = re.findall(r'<(?:link|script|img|iframe)[^>]*(?:href|src)="([^"]+)"', page.content.decode())
    assert loaded == ["data:,", "/static/css/vote.css", "/static/js/vote.js"]
    assert "url(" not in Path(finders.find("css/vote.css")).read_text()


def test_a_matrix_of_sixty_departments_is_light_as_it_is_sent(w, client):
    raw = style_instrument({"zh": "万人评风", "en": "Style review"}, KINDS, ITEMS, GRADES)
    rows = [(str(n), f"第{n}个部门") for n in range(60)]
    slips = matrix_poll(w, raw=raw, rows=rows, least_asked=20)
    page = client.post("/v/form/", {"code": slips[0].code.whole}, headers={"accept-encoding": "gzip, br"})
    assert page["Content-Encoding"] == "gzip" and int(page["Content-Length"]) == len(page.content)
    assert slips[0].code.whole in gzip.decompress(page.content).decode()
    assert len(page.content) + weight_of("css/vote.css", "js/vote.js") < 30_000

"""Any other playbook drives a campaign without a line of code; and each shipped one sets up a campaign."""

import pytest
from django.urls import reverse

from accounts import clock
from campaign import actions, setup, steps
from campaign.actions import StageSkipped
from campaign.findings import run_gate
from campaign.models import Batch
from campaign.playbook import available, loads
from campaign.tests.factories import evidence_of, make_world
from units.tests.factories import make_cast, make_tree

pytestmark = pytest.mark.django_db

HEAD = """
key = "{key}"
name = {{ zh = "港口", en = "Harbour" }}
level = "organization"
source = {{ zh = "会议", en = "Meeting" }}
batches = [{{ number = 1, name = {{ zh = "全体", en = "Everybody" }} }}]
"""
STAGE = """
[[stages]]
key = "{key}"
name = {{ zh = "第{number}段", en = "Part {number}" }}
days = 10
transition = true
gate = [{{ check = "actions" }}, {{ check = "survey", instrument = "pulse", override = true }}]

[[actions]]
key = "round_{key}"
phase = "{key}"
name = {{ zh = "走访{number}", en = "Round {number}" }}
per = ["branch"]
evidence = "record"
count = 2
gate = true
"""
TAIL = """
[[instruments]]
key = "pulse"
name = { zh = "测评", en = "Pulse" }
when = "each"
[[instruments.questions]]
key = "grade"
text = { zh = "打几分", en = "What grade?" }
decisive = true
options = [
  { key = "a", text = { zh = "优", en = "A" }, satisfied = true },
  { key = "b", text = { zh = "良", en = "B" }, satisfied = true },
  { key = "c", text = { zh = "中", en = "C" } },
  { key = "d", text = { zh = "差", en = "D" }, adverse = true },
  { key = "e", text = { zh = "很差", en = "E" }, adverse = true },
]
[[instruments.thresholds]]
question = "grade"
options = ["d", "e"]
share = [1, 7]
consequence = "makeup"
rule = { zh = "补课", en = "made up" }
[transition]
mode = "parallel"
steps = [{ body = "leading_group", verb = "approve", name = { zh = "领导小组", en = "Leading group" } }]
"""


def write(*keys):
    stages = "".join(STAGE.format(key=key, number=number) for number, key in enumerate(keys, start=1))
    return loads(HEAD.format(key="harbour") + stages + TAIL)


@pytest.mark.parametrize("keys", [("listen", "mend"), ("look", "ask", "try_out", "keep")])
def test_two_stages_and_four_run_without_code(keys):
    book = write(*keys)
    t = make_tree(2)
    c = make_cast(t)
    campaign = actions.create_campaign(
        by=c.office,
        host=t.county,
        playbook=book,
        name="活动",
        short_name="活动",
        office_name="办",
        office_short_name="办",
    )
    windows = setup.propose_windows(book, clock.today())
    assert [window.stage for window in windows] == list(keys)
    batch = actions.add_batch(by=c.office, campaign=campaign, number=1, name="第一批", windows=windows)
    batch = Batch.objects.select_related("campaign__host").get(pk=batch.pk)
    unit = actions.add_participation(by=c.office, batch=batch, organization=t.archives, work_unit=t.archives_unit)
    actions.begin(by=c.office, participation=unit, on=clock.today())
    for at, key in enumerate(keys):
        unit.refresh_from_db()
        evidence = evidence_of(unit)
        assert evidence.stage.key == key
        assert [step.action.key for step in steps.checklist(evidence)] == [f"round_{key}"]
        findings = run_gate(book.stage(key).gate, evidence)
        assert [finding.passed for finding in findings] == [False, False]
        assert [finding.overridable for finding in findings if finding.check == "survey"] == [True]
        if at + 2 < len(keys):
            with pytest.raises(StageSkipped):
                actions.move_stage(by=c.office, participation=unit, expected=key, target=keys[at + 2])
        following = book.next_stage(key)
        actions.move_stage(by=c.office, participation=unit, expected=key, target=following.key if following else None)
    unit.refresh_from_db()
    assert not unit.progress.filter(state="current").exists()
    threshold = book.instrument("pulse").thresholds[0]
    assert threshold.reached(1, 7) and not threshold.reached(142, 1000)


@pytest.mark.parametrize("key", [book.key for book in available()])
def test_every_shipped_playbook_sets_up_a_campaign_and_shows_its_plan(client, key):
    w = make_world(playbook=key)
    client.force_login(w.c.office)
    page = client.get(reverse("campaign:plan"))
    assert page.status_code == 200
    shown = page.content.decode()
    for text in (*(stage.name.zh for stage in w.playbook.stages), *(one.name.zh for one in w.playbook.unit_types)):
        assert text in shown
    for lookback in w.playbook.lookbacks:
        assert all(question.name.zh in shown for question in lookback.questions)
    assert client.get(reverse("campaign:branch", args=[w.t.archives.pk])).status_code == 200


def test_the_wizard_offers_all_five(client):
    c = make_cast(make_tree(1))
    client.force_login(c.office)
    shown = client.get(reverse("campaign:setup_playbook")).content.decode()
    books = available()
    assert len(books) == 5
    for book in books:
        assert f'value="{book.key}"' in shown and book.name.zh in shown


def test_the_focus_of_the_units_type_stands_on_its_page(client):
    w = make_world(playbook="meishan-city")
    type(w.t.archives_unit).objects.filter(pk=w.t.archives_unit.pk).update(type="学校")
    client.force_login(w.c.office)
    url = reverse("campaign:branch", args=[w.t.archives.pk])
    focus = next(one.focus.zh for one in w.playbook.unit_types if one.key == "school")
    assert focus in client.get(url).content.decode()
    type(w.t.archives_unit).objects.filter(pk=w.t.archives_unit.pk).update(type="医疗卫生单位")
    assert focus not in client.get(url).content.decode()

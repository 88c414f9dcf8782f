"""Editing a campaign's playbook: the file, the difference, what records hold, and versions."""

import copy

import pytest

from campaign import actions, findings
from campaign.editing.difference import differences
from campaign.editing.place import NEW, NoSuchPlace, locate, new_prefix
from campaign.editing.sections import BY_SLUG, SECTIONS
from campaign.editing.toml import dumps
from campaign.forms.playbook import PartForm
from campaign.models import Campaign, PlaybookVersion, StageProgress
from campaign.playbook import PlaybookInvalid, available, loads
from campaign.setup import propose_windows
from campaign.tests.factories import make_world, record

BOOKS = {book.key: book for book in available()}


@pytest.fixture(params=sorted(BOOKS))
def book(request):
    return BOOKS[request.param]


@pytest.fixture
def w(db):
    return make_world()


def campaign_of(w):
    return Campaign.objects.get(pk=w.batch.campaign_id)


def change(w, edit, *, number=None, reason="试点后调整"):
    campaign = campaign_of(w)
    snapshot = copy.deepcopy(campaign.snapshot)
    edit(snapshot)
    last = campaign.versions.first().number
    return actions.change_playbook(
        by=w.c.office,
        campaign=campaign,
        number=last if number is None else number,
        snapshot=snapshot,
        reason=reason,
        propose=propose_windows,
    )


# ---------------------------------------------------------------- the file
def test_a_snapshot_written_as_a_file_reads_back_equal(book):
    text = dumps(book.snapshot, title="甲县\n第二行")
    again = loads(text, known_checks=findings.registered())
    assert again.snapshot == book.snapshot
    assert again == book


def test_the_file_keeps_what_the_pages_do_not_know_and_every_character():
    snapshot = BOOKS["yibin-city"].snapshot
    odd = 'a "quoted" \\ back\nline “号” #'
    snapshot["words"]["goal"] = {"zh": odd, "en": odd}
    again = loads(dumps(snapshot))
    assert again.snapshot == snapshot


def test_check_playbook_accepts_the_file(book, tmp_path):
    from django.core.management import call_command

    path = tmp_path / "next.toml"
    path.write_text(dumps(book.snapshot, title="x"), encoding="utf-8")
    call_command("check_playbook", str(path))


# ---------------------------------------------------------------- forms
def bound(form):
    """What a browser sends for a form as it is shown."""
    sent = {"reason": "原样保存"}
    for block in getattr(form, "blocks", list)():
        sent[block.count_name] = block.count
    for name in form.fields:
        value = form[name].value()
        if name == "reason" or value in (None, False, ""):
            continue
        sent[name] = "on" if value is True else value
    return sent


def places(snapshot):
    """Every table that has a page."""
    for section in SECTIONS:
        top = locate(section, "", snapshot)
        if top.table is not None:
            yield top
            continue
        for number in range(1, len(top.listed) + 1):
            row = top.listed[number - 1]
            at = str(row.get(top.rows.identity, number)) if top.rows.identity else str(number)
            yield locate(section, at, snapshot)
            for inner in top.rows.table.rows:
                for below in row.get(inner.key, []) if inner.paged else []:
                    yield locate(section, f"{at}/{inner.key}/{below['key']}", snapshot)


def test_a_part_saved_as_it_is_shown_says_what_it_said(book):
    snapshot, seen = book.snapshot, 0
    said = {one.key for one in book.parameters if one.value is not None}
    for place in places(snapshot):
        skip = said - set(place.value) if place.section.slug == "parameters" else set()
        told = {"table": place.table, "value": place.value, "document": snapshot, "skip": frozenset(skip)}
        form = PartForm(bound(PartForm(**told)), **told)
        assert form.is_valid(), (place.trail, form.errors)
        assert not differences(snapshot, place.put(snapshot, form.result())), place.trail
        seen += 1
    assert seen > 30


def test_every_table_of_a_playbook_has_a_page(book):
    shown = {section.path[0] for section in SECTIONS if section.path}
    assert set(book.snapshot) - {"key", "name", "level", "source"} <= shown


def test_every_entry_of_a_playbook_has_a_field(book):
    """A page that leaves out an entry would keep it, but nobody could change it."""
    for place in places(book.snapshot):
        if place.section.slug == "parameters":
            continue
        assert unseen(place.table, place.value) == set(), place.trail


def unseen(table, value):
    """Keys of a table, or of a row in it, for which the pages have no entry."""
    weights = {"gate", "soft"} if any(entry.kind == "weight" for entry in table.entries) else set()
    known = {entry.key for entry in table.entries} | {rows.key for rows in table.rows} | weights
    found = set(value) - known - {"key"}
    for rows in table.rows:
        for row in value.get(rows.key, []):
            found |= {f"{rows.key}.{key}" for key in unseen(rows.table, row)}
    return found


def test_tables_that_the_pages_do_not_know_survive():
    snapshot = BOOKS["yibin-city"].snapshot
    snapshot["unheard_of"] = [{"key": "a", "name": {"zh": "甲", "en": "A"}}]
    snapshot["actions"][0]["unheard_of"] = 7
    place = locate(BY_SLUG["actions"], snapshot["actions"][0]["key"], snapshot)
    told = {"table": place.table, "value": place.value, "document": snapshot}
    form = PartForm(bound(PartForm(**told)) | {"count": "3"}, **told)
    assert form.is_valid()
    after = place.put(snapshot, form.result())
    assert after["unheard_of"] == snapshot["unheard_of"]
    assert after["actions"][0] == snapshot["actions"][0] | {"count": 3}


def test_a_new_row_gets_a_free_key_and_one_language_stands_for_both():
    snapshot = BOOKS["yibin-city"].snapshot
    place = locate(BY_SLUG["study"], "", snapshot)
    told = {"table": place.table, "value": place.value, "document": snapshot}
    empty = len(place.value["coverages"])
    sent = bound(PartForm(**told)) | {f"coverages-{empty}-name_zh": "廉政谈话"}
    form = PartForm(sent, **told)
    assert form.is_valid(), form.errors
    added = form.result()["coverages"][-1]
    assert added == {"key": "coverage_6", "name": {"zh": "廉政谈话", "en": "廉政谈话"}}


def test_rows_are_moved_and_removed_by_their_places():
    snapshot = BOOKS["yibin-city"].snapshot
    place = locate(BY_SLUG["study"], "", snapshot)
    told = {"table": place.table, "value": place.value, "document": snapshot}
    sent = bound(PartForm(**told)) | {"coverages-4-place": "1", "coverages-1-remove": "on"}
    form = PartForm(sent, **told)
    assert form.is_valid()
    keys = [row["key"] for row in form.result()["coverages"]]
    assert keys == ["great_discussion", "mobilisation", "theory_lecture", "model_deeds"]


def test_a_fault_stands_at_its_field():
    snapshot = BOOKS["yibin-city"].snapshot
    place = locate(BY_SLUG["surveys"], "stage2", snapshot)
    told = {"table": place.table, "value": place.value, "document": snapshot}
    form = PartForm(bound(PartForm(**told)) | {"thresholds-0-share": "140%"}, **told)
    assert form.is_valid()
    value = form.result()
    with pytest.raises(PlaybookInvalid) as raised:
        loads(dumps(place.put(snapshot, value)))
    form.place_faults(raised.value.faults, new_prefix(place, value), value)
    assert list(form.errors) == ["thresholds-0-share"]


@pytest.mark.parametrize("at", ["nothing", "mobilisation/fields", "mobilisation/fields/x", f"{NEW}/x"])
def test_an_address_that_leads_nowhere_says_so(at):
    with pytest.raises(NoSuchPlace):
        locate(BY_SLUG["actions"], at, BOOKS["yibin-city"].snapshot)


# ---------------------------------------------------------------- difference
def test_differences_are_told_in_words():
    before = BOOKS["yibin-city"].snapshot
    after = copy.deepcopy(before)
    after["instruments"][0]["thresholds"][0]["share"] = "25%"
    after["actions"][1]["deadline"] = {"zh": "2月1日", "en": "1 February"}
    after["stages"][0]["gate"][0]["soft"] = True
    del after["lists"][0]
    after["routing"].append(
        {"author": "member", "reviewer": "branch_secretary", "name": {"zh": "支书审", "en": "By the secretary"}}
    )
    found = {(d.part, d.place, d.what): (d.before, d.after) for d in differences(before, after)}
    said = {key[0]: value for key, value in found.items()}
    assert ("30%", "25%") in found.values()
    assert any(value[1] in {"2月1日", "1 February"} for value in found.values())
    assert len(found) == 5
    assert said and not any("{" in part for key in found for part in key)


def test_no_difference_between_equal_states(book):
    assert differences(book.snapshot, copy.deepcopy(book.snapshot)) == []


# ---------------------------------------------------------------- the action
def test_a_change_is_a_version_with_who_when_why(w):
    kept = change(w, lambda s: s["study"].update(hours=50))
    campaign = campaign_of(w)
    assert (kept.number, kept.note, kept.by) == (2, "试点后调整", w.c.office)
    assert campaign.playbook.study.hours == 50
    assert campaign.snapshot == kept.snapshot
    from accounts.models import AuditEntry

    entry = AuditEntry.objects.get(action="campaign.playbook_edited")
    assert entry.data == {"version": 2, "reason": "试点后调整"}


def test_nothing_changed_keeps_no_version(w):
    assert change(w, lambda s: None) is None
    assert PlaybookVersion.objects.count() == 1


def test_a_stale_number_is_refused_and_names_who_saved(w):
    change(w, lambda s: s["study"].update(hours=50))
    with pytest.raises(actions.PlaybookChanged) as raised:
        change(w, lambda s: s["study"].update(hours=60), number=1)
    assert raised.value.version.number == 2
    assert campaign_of(w).playbook.study.hours == 50


def test_a_playbook_with_a_fault_is_not_kept(w):
    with pytest.raises(PlaybookInvalid):
        change(w, lambda s: s["study"].update(hours=0))
    with pytest.raises(PlaybookInvalid):
        change(w, lambda s: s["stages"][0]["gate"].append({"check": "no_such_check"}))
    assert PlaybookVersion.objects.count() == 1


def test_an_action_with_records_stays(w):
    key = "mobilisation"
    record(w, w.t.archives, action=key)
    for edit in (
        lambda s: s.update(actions=[row for row in s["actions"] if row["key"] != key]),
        lambda s: next(row for row in s["actions"] if row["key"] == key).update(evidence="document"),
        lambda s: next(row for row in s["actions"] if row["key"] == key).update(phase="prep"),
    ):
        with pytest.raises(actions.PlaybookInUse) as raised:
            change(w, edit)
        assert len(raised.value.reasons) == 1
    renamed = change(
        w,
        lambda s: next(row for row in s["actions"] if row["key"] == key).update(name={"zh": "动员会", "en": "Meeting"}),
    )
    assert renamed.number == 2


def test_an_action_without_records_goes(w):
    kept = change(w, lambda s: s.update(actions=[row for row in s["actions"] if row["key"] != "poor_visits"]))
    assert kept.number == 2
    assert campaign_of(w).playbook.action("poor_visits") is None


def test_stages_stay_once_a_unit_has_begun(w):
    with pytest.raises(actions.PlaybookInUse):
        change(w, lambda s: s["stages"].reverse())
    with pytest.raises(actions.PlaybookInUse):
        change(w, lambda s: s["stages"].append({"key": "more", "name": {"zh": "更多", "en": "More"}}))
    assert change(w, lambda s: s["stages"][0].update(days=40)).number == 2


def test_before_anything_begins_a_stage_can_be_added_and_dates_follow(db):
    w = make_world(started=False)
    change(w, lambda s: s["stages"].append({"key": "more", "name": {"zh": "更多", "en": "More"}, "days": 10}))
    rows = list(w.batch.stages.values_list("stage", flat=True))
    assert rows == ["study", "analysis", "rectification", "more"]
    assert StageProgress.objects.filter(participation=w.p.court, stage="more").exists()


def test_a_survey_that_was_held_keeps_its_answers(w):
    from assessments.tests.factories import survey_round

    survey_round(w, w.p.court, w.playbook.instrument("stage2"), by=w.c.office)

    def drop(snapshot):
        del snapshot["instruments"][0]["groups"][0]

    with pytest.raises(actions.PlaybookInUse):
        change(w, drop)

    def share(snapshot):
        snapshot["instruments"][0]["thresholds"][0]["share"] = "25%"

    assert change(w, share).number == 2

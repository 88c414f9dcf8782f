"""From a file, a text or a snapshot to a playbook, or to all that is wrong with it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import tomllib
from collections.abc import Mapping, Set
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from campaign.playbook import read_deeds as deeds
from campaign.playbook import read_judging as judging
from campaign.playbook import read_staffing as staffing
from campaign.playbook import read_telling as telling
from campaign.playbook import read_work as work
from campaign.playbook.book import Playbook
from campaign.playbook.crossref import check_references, check_thresholds
from campaign.playbook.derive import LISTS
from campaign.playbook.faults import PlaybookFault, PlaybookInvalid
from campaign.playbook.judging import Instrument
from campaign.playbook.node import FILE_KEY, FaultList, Node
from campaign.playbook.parameters import answers, read_parameter_texts
from campaign.playbook.work import LEVELS, Level

FOLDER = Path(__file__).resolve().parent.parent / "playbooks"
LARGEST_FILE = 1_000_000


def available() -> tuple[Playbook, ...]:
    """The playbooks that come with the application, in the order of their keys."""
    return tuple(load_file(path) for path in sorted(FOLDER.glob("*.toml")))


def load_file(name: str | Path, *, known_checks: Set[str] | None = None) -> Playbook:
    """A playbook that comes with the application, by its key, or any file by its path."""
    path = FOLDER / f"{name}.toml" if isinstance(name, str) and FILE_KEY.fullmatch(name) else Path(name)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _whole(path.name, _("The file is larger than 1 MB."), _("A playbook is a short text file."))
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        message = _("The file is not written in UTF-8.")
        raise _whole(path.name, message, _("Save it again with the encoding UTF-8.")) from error
    except (OSError, ValueError) as error:
        if isinstance(error, PlaybookInvalid):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        message = _("The file cannot be read: %(reason)s.") % {"reason": reason}
        raise _whole(path.name, message, _("Check its name and place.")) from error
    return loads(text, file=path.name, known_checks=known_checks)


def loads(text: str, *, file: str = "playbook.toml", known_checks: Set[str] | None = None) -> Playbook:
    """A playbook from TOML text."""
    try:
        # Decimal, so that nothing is rounded while it is read
        document = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError, ArithmeticError) as error:
        message = _("This is not valid TOML: %(reason)s.") % {"reason": error}
        raise _whole(file, message, _("Mend the file at the place named.")) from error
    return _build(document, file, known_checks)


def from_snapshot(snapshot: Mapping[str, Any], *, known_checks: Set[str] | None = None) -> Playbook:
    """A playbook from what `Playbook.snapshot` gave, edited or not."""
    file = _("the campaign's playbook")
    if not isinstance(snapshot, Mapping):
        raise _whole(file, _("This is not a playbook."), _("Take the campaign's playbook from a file again."))
    return _build(snapshot, file, known_checks)


def instrument_from(raw: Mapping[str, Any]) -> Instrument:
    """One instrument by itself, as a survey keeps it frozen. Raises PlaybookInvalid with every fault."""
    faults = FaultList(_("the questionnaire"))
    found = judging.read_instruments(Node({"instruments": [raw]}, "", faults))
    for instrument in found:
        check_thresholds(faults, instrument)
    if faults.faults or not found:
        raise PlaybookInvalid(faults.faults)
    return found[0]


def _build(document: Mapping[str, Any], file: str, known_checks: Set[str] | None) -> Playbook:
    faults = FaultList(file)
    root = Node(document, "", faults)
    book = _read(root)
    parameter_node, texts = read_parameter_texts(root)
    root.close()
    check_references(book, faults, known_checks)
    if faults.faults:
        raise PlaybookInvalid(faults.faults)
    parameters = answers(book, parameter_node, texts)
    if faults.faults:
        raise PlaybookInvalid(faults.faults)
    text = json.dumps(document, default=_jsonable, ensure_ascii=False, sort_keys=False)
    return dataclasses.replace(book, parameters=parameters, document=text)


def _read(root: Node) -> Playbook:
    level: Level = root.need_choice("level", LEVELS)
    instruments = judging.read_instruments(root)
    return Playbook(
        key=root.need_slug("key", FILE_KEY),
        name=root.need_text("name"),
        level=level,
        source=root.need_text("source"),
        batches=work.read_batches(root),
        schedule=work.read_schedule(root),
        stages=work.read_stages(root),
        study=work.read_study(root),
        actions=work.read_actions(root),
        transition=judging.read_transition(root),
        closing=judging.read_closing(root, instruments),
        instruments=instruments,
        bands=judging.read_bands(root),
        makeup=judging.read_makeup(root),
        sanctions=judging.read_sanctions(root),
        analysis=judging.read_analysis(root),
        routing=judging.read_routing(root),
        plans=judging.read_plans(root),
        reports=telling.read_reports(root),
        bulletin=telling.read_bulletin(root),
        preparation=deeds.read_preparation(root),
        talks=deeds.read_talks(root),
        appraisal=deeds.read_appraisal(root),
        handling=deeds.read_handling(root),
        ledger=deeds.read_ledger(root),
        lookbacks=deeds.read_lookbacks(root),
        commendations=deeds.read_commendations(root),
        style_review=deeds.read_style_review(root),
        unit_types=deeds.read_unit_types(root),
        bodies=staffing.read_bodies(root),
        staffing=staffing.read_staffing(root),
        liaison=staffing.read_liaison(root),
        pairing=staffing.read_pairing(root),
        statements=work.read_statements(root),
        lists=work.read_lists(root, frozenset(LISTS)),
        word_list=telling.read_words(root),
        parameters=(),
        document="{}",
    )


def _jsonable(value: Any) -> str:
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    raise TypeError(type(value).__name__)  # every other type is a fault long before


def _whole(file: str, message: str, remedy: str) -> PlaybookInvalid:
    return PlaybookInvalid([PlaybookFault(file, "", "", message, remedy)])

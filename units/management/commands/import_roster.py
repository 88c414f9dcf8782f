"""`manage.py import_roster FILE`: take a roster workbook in, all of it or nothing."""

from __future__ import annotations

import datetime as dt
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from units.actions.roster import ImportOutcome, import_workbook
from units.refusals import UnitsRefusal
from units.roster.records import Fault, RosterUnreadable

_NOTHING = {"created": 0, "updated": 0, "unchanged": 0, "normalised": 0}


class Command(BaseCommand):
    help = "Import a roster workbook: every row, or none. Exit code 0 if it is accepted, 1 if not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the workbook (.xlsx)")
        parser.add_argument("--check", action="store_true", help="read and compare only; write nothing")
        parser.add_argument("--json", action="store_true", help="print the outcome as one JSON object")
        parser.add_argument("--today", type=_day, help="the day against which dates are judged, YYYY-MM-DD")
        parser.add_argument("--as", dest="username", default="", help="the account in whose name history records it")
        parser.add_argument("--language", default="zh-hans", help="of the messages: zh-hans (default) or en")

    def handle(self, *args: Any, **options: Any) -> None:
        with override(options["language"]):
            accepted = self._import(options)
        if not accepted:
            raise SystemExit(1)

    def _import(self, options: dict[str, Any]) -> bool:
        by = _account(options["username"])
        if not options["file"].is_file():
            return self._refuse(options, "no_file", _("There is no such file."))
        try:
            outcome = import_workbook(by=by, path=options["file"], today=options["today"], check_only=options["check"])
        except RosterUnreadable as error:
            return self._refuse(options, error.code, str(error))
        except UnitsRefusal as refusal:
            return self._refuse(options, "refused", str(refusal))
        self._tell(outcome, options)
        return outcome.accepted

    def _refuse(self, options: dict[str, Any], code: str, message: str) -> bool:
        """The file as a whole: no cell is at fault."""
        error = {"sheet": "", "row": 0, "column": "", "cell": "", "code": code, "value": "", "message": message}
        if options["json"]:
            self._print_json({"accepted": False, **_NOTHING, "errors": [error]})
        else:
            self.stderr.write(f"{options['file']}: {message}")
        return False

    def _tell(self, outcome: ImportOutcome, options: dict[str, Any]) -> None:
        # Of a refused workbook nothing is created or updated, whatever its faultless rows say.
        taken = outcome.accepted
        counts = {
            "created": outcome.created if taken else 0,
            "updated": outcome.updated if taken else 0,
            "unchanged": outcome.unchanged,
            "normalised": outcome.normalised,
        }
        if options["json"]:
            errors = [_as_json(fault) for fault in outcome.errors]
            self._print_json({"accepted": taken, **counts, "errors": errors})
            return
        for fault in outcome.errors:
            where = f"{fault.sheet} {fault.cell}".strip()
            self.stderr.write(f"{where} {fault.column} [{fault.code}] {fault.shown_value} {_sentence(fault)}")
        self.stdout.write(_closing(outcome, options["check"]) % (counts | {"faults": len(outcome.errors)}))

    def _print_json(self, data: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(data, ensure_ascii=False))


def _closing(outcome: ImportOutcome, check: bool) -> str:
    if not outcome.accepted:
        return _("Refused: %(faults)d faults. Nothing was written.")
    if check:
        return _("In order: %(created)d new, %(updated)d changed, %(unchanged)d unchanged. Nothing was written.")
    return _("Written: %(created)d new, %(updated)d changed, %(unchanged)d unchanged.")


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _account(username: str) -> User | None:
    if not username:
        return None
    try:
        return User.objects.get(username=username)
    except User.DoesNotExist:
        raise CommandError(_("There is no account %(name)s.") % {"name": username})


def _as_json(fault: Fault) -> dict[str, Any]:
    told = fault.as_dict()
    names = ("sheet", "row", "column", "cell", "code", "value")
    return {**{name: told[name] for name in names}, "message": _sentence(fault)}


def _sentence(fault: Fault) -> str:
    return f"{fault.message} {fault.remedy}"

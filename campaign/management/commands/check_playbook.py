"""Checks playbook files and prints every fault with its table and key."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from campaign import findings
from campaign.holidays import LAST_NOTICED
from campaign.playbook import Playbook, PlaybookInvalid, load_file


class Command(BaseCommand):
    help = "Check playbook files; exit 1 if one has a fault."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="a path, or the key of a shipped playbook")

    def handle(self, *args: Any, **options: Any) -> None:
        checks = findings.registered()
        failed = False
        for name in options["files"]:
            try:
                playbook = load_file(name, known_checks=checks)
            except PlaybookInvalid as invalid:
                failed = True
                for fault in invalid.faults:
                    self.stderr.write(str(fault))
            else:
                self.stdout.write(self._summary(name, playbook))
        self.stdout.write(self._calendar())
        if failed:
            sys.exit(1)

    def _calendar(self) -> str:
        """Until when holidays are known; no playbook names them, and the database may not be there yet."""
        text = _(
            "Holidays: the State Council's notices are known to %(year)s; later years are provisional until entered."
        )
        return text % {"year": LAST_NOTICED}

    def _summary(self, name: str, playbook: Playbook) -> str:
        counts = {
            "file": name,
            "stages": len(playbook.stages),
            "actions": len(playbook.actions),
            "stated": sum(parameter.value is not None for parameter in playbook.parameters),
            "parameters": len(playbook.parameters),
        }
        return (
            _(
                "%(file)s: ok. Stages: %(stages)s, required actions: %(actions)s, "
                "parameters with a value: %(stated)s of %(parameters)s."
            )
            % counts
        )

"""Play a whole campaign under a playbook and print what happened in figures."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import User
from campaign.playbook import available
from reports.demo.county import ROSTER
from reports.rehearsal import Rehearsal, broken
from reports.rehearsal.bands import BandSurvey
from units.models import Organization

START = dt.date(2026, 10, 19)  # a Monday after the sample roster was drawn up


class Command(BaseCommand):
    help = "Play a whole campaign, preparation to closing, through the same actions as the pages (empty database)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--playbook", default="yibin-city", help="key of a playbook")
        parser.add_argument("--roster", type=Path, default=ROSTER)
        parser.add_argument("--until", default="", help="key of the stage after which to stop")
        parser.add_argument("--units", type=int, default=None, help="how many units take part (default: all)")
        parser.add_argument("--seed", type=int, default=2005)
        parser.add_argument("--json", action="store_true")
        parser.add_argument(
            "--bands",
            type=lambda text: [int(number) for number in text.split(",")],
            default=None,
            metavar="639,122,10",
            help="hold one anonymous survey instead, with so many units in each band, the highest first",
        )
        parser.add_argument("--ballots", type=int, default=20, help="ballots of each unit, with --bands")

    def handle(self, *args: Any, **options: Any) -> None:
        if Organization.objects.exists() or User.objects.exists():
            raise CommandError("The database is not empty; a rehearsal is played in an empty one only.")
        known = [book.key for book in available()]
        if options["playbook"] not in known:
            raise CommandError(f"No such playbook. Choose from: {', '.join(known)}.")
        if options["bands"]:
            self.hold(options)
            return
        play = Rehearsal(
            playbook=options["playbook"],
            start=START,
            seed=options["seed"],
            say=lambda text: self.stderr.write(text),
            units=options["units"],
            roster=options["roster"],
        )
        keys = [stage.key for stage in play.playbook.stages]
        if options["until"] and options["until"] not in keys:
            raise CommandError(f"No such stage. Choose from: {', '.join(keys)}.")
        with transaction.atomic():
            batch = play.run(until=options["until"])
        faults = broken(batch, closed=not options["until"])
        self.report(options, play, faults)
        if faults:
            raise CommandError(f"{len(faults)} invariants do not hold.")

    def hold(self, options: dict[str, Any]) -> None:
        """One survey whose table is printed (I-11)."""
        survey = BandSurvey(
            playbook=options["playbook"],
            bands=options["bands"],
            ballots=options["ballots"],
            seed=options["seed"],
            say=lambda text: self.stderr.write(text),
            opens=START,
        )
        try:
            with transaction.atomic():
                rows = survey.run()
        except ValueError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps([dataclasses.asdict(row) for row in rows], ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write(f"{row.name}  {row.units:,}  {row.share}  {row.upto:,}  {row.share_upto}")

    def report(self, options: dict[str, Any], play: Rehearsal, faults: list[str]) -> None:
        figures = play.figures.as_dict()
        if options["json"]:
            self.stdout.write(json.dumps({"playbook": options["playbook"], "figures": figures, "broken": faults}))
            return
        for key, number in figures.items():
            self.stdout.write(f"{key:<28}{number:>10,}")
        for fault in faults:
            self.stdout.write(fault)

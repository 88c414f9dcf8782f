"""Load the demonstration: a sample county in mid-campaign, dated relative to today."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts import clock
from accounts.models import User
from campaign.models import Campaign
from reports.demo import cast
from reports.demo.build import Demo
from units.models import Organization


class Command(BaseCommand):
    help = "Load the demonstration county and print the sign-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there is data already")
        parser.add_argument("--playbook", default="yibin-city")
        parser.add_argument("--seed", type=int, default=2005)

    def handle(self, *args: Any, **options: Any) -> None:
        if Organization.objects.exists() or User.objects.exists():
            if not options["if_empty"]:
                raise CommandError("The database is not empty; the demonstration is loaded into an empty one only.")
        else:
            demo = Demo(
                today=clock.today(), playbook=options["playbook"], seed=options["seed"], say=lambda text: self.say(text)
            )
            with transaction.atomic():
                demo.build()
        self.sign_ins()

    def say(self, text: str) -> None:
        self.stderr.write(text)

    def sign_ins(self) -> None:
        """User names of the demonstration, with what each is for; nothing where this is not the demonstration."""
        if not Campaign.objects.exists() or not User.objects.filter(username="super1").exists():
            return
        for line in cast.sign_ins():
            self.stdout.write(line)

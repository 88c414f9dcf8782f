"""Check, fill and compile the Chinese catalogue, without the gettext programs."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from campaign.catalogue import Catalogue, CatalogueError, Key, Use, extract, read_translations, within


class Command(BaseCommand):
    help = "Check the Chinese catalogue against the code, list what is missing, take translations in."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--check", action="store_true", help="exit 1 if anything is missing, stale, fuzzy or wrong")
        what.add_argument("--missing", nargs="*", metavar="PATH", help="list what is untranslated below these paths")
        what.add_argument("--merge", nargs="+", metavar="FILE", help='JSON files {"English": "中文"} to take in')
        what.add_argument("--update", action="store_true", help="bring references and plurals up to date, compile")
        parser.add_argument("--prune", action="store_true", help="with --update: drop what nothing says any more")
        parser.add_argument("--library", metavar="NAME", help="with --merge: sentences that this library says")
        parser.add_argument("--json", action="store_true", help="with --missing: print a file ready to be filled in")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["check"]:
                self.check_all()
            elif options["missing"] is not None:
                self.list_missing(options["missing"], options["json"])
            elif options["merge"]:
                self.merge([Path(name) for name in options["merge"]], options["library"])
            else:
                self.update(options["prune"])
        except CatalogueError as error:
            raise CommandError(str(error)) from error

    @property
    def root(self) -> Path:
        return Path(settings.BASE_DIR)

    @property
    def path(self) -> Path:
        return Path(settings.LOCALE_PATHS[0]) / "zh_Hans" / "LC_MESSAGES" / "django.po"

    def extract_readable(self) -> dict[Key, Use]:
        """A file that is half written must not keep the translations of the others out."""
        faults: list[str] = []
        uses = extract(self.root, faults)
        for fault in faults:
            self.stderr.write(f"left out: {fault}")
        return uses

    def check_all(self) -> None:
        catalogue = Catalogue(self.path)
        faults = [str(fault) for fault in catalogue.faults(extract(self.root))]
        if not catalogue.compiled_is_current():
            faults.append("django.mo is not what django.po compiles to: run catalogue --update")
        if faults:
            raise CommandError("\n".join([*faults, f"{len(faults)} faults in {self.path}"]))
        self.stdout.write(f"catalogue: {len(catalogue.entries)} sentences, all translated")

    def list_missing(self, prefixes: list[str], as_json: bool) -> None:
        uses = self.extract_readable()
        missing = [key for key in Catalogue(self.path).missing(uses) if within(uses[key].paths, prefixes)]
        if as_json:
            raw = {(f"{k.context}\x04" if k.context is not None else "") + k.text: "" for k in missing}
            self.stdout.write(json.dumps(raw, ensure_ascii=False, indent=2))
            return
        for key in missing:
            plural = uses[key].plural
            self.stdout.write(f"{str(key)!r}" + (f" / {plural!r}" if plural else ""))
        self.stdout.write(f"{len(missing)} without a translation")

    def merge(self, files: list[Path], library: str | None) -> None:
        uses = self.extract_readable()
        with Catalogue.locked(self.path) as catalogue:
            for file in files:
                result = catalogue.merge(read_translations(file), uses, library)
                self.stdout.write(f"{file}: {result.added} added, {result.changed} changed")
                for key in result.unused:
                    self.stdout.write(f"  not said by any code yet: {str(key)!r}")
            catalogue.save()

    def update(self, prune: bool) -> None:
        uses = extract(self.root)
        with Catalogue.locked(self.path) as catalogue:
            stale = catalogue.update(uses, prune)
            catalogue.save()
        for key in stale:
            self.stdout.write(f"dropped: {str(key)!r}")
        self.stdout.write(f"{len(catalogue.entries)} sentences, {len(catalogue.missing(uses))} without a translation")

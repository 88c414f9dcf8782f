"""The Chinese catalogue: what the code says, what is translated, and what is wrong between the two.

Works without the gettext programs, so that a bare machine can check and compile it. A development tool:
Babel and polib come from requirements-dev.txt, and nothing at run time imports this module.
"""

import fcntl
import io
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import polib
from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

# Positions of (context, singular, plural) among the arguments of each marking function.
MARKERS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
# Tests hold sentences that no user reads; the rest is not ours or not code.
SKIPPED_FOLDERS = frozenset({"tests", "migrations", "static", "staticfiles", "var", "media", "docs", "samples"})
SKIPPED_FOLDERS |= {"benchmarks", "locale", "node_modules", "__pycache__"}
SKIPPED_FILES = frozenset({"conftest.py"})
TEMPLATE_SUFFIXES = frozenset({".html", ".txt", ".svg", ".xml"})
CONTEXT_MARK = "\x04"
LIBRARY_MARK = "library: "
HEADER = {
    "Project-Id-Version": "campaign",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}

_NAMED = re.compile(r"%\((\w+)\)[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]")
_POSITIONAL = re.compile(r"%[-#0+]*\d*(?:\.\d+)?[sdrif]")
_BRACED = re.compile(r"\{(\w*)(?:![rsa])?(?::[^{}]*)?\}")


class Key(NamedTuple):
    """What gettext looks a sentence up by."""

    context: str | None
    text: str

    def __str__(self) -> str:
        return f"[{self.context}] {self.text}" if self.context is not None else self.text


@dataclass
class Use:
    """Where the code says a sentence, and its plural if it has one."""

    plural: str | None = None
    paths: set[str] = field(default_factory=set)


class Fault(NamedTuple):
    """One thing that is wrong with the catalogue, for whoever has to mend it."""

    kind: str
    key: Key
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {str(self.key)!r} ({self.detail})"


class CatalogueError(Exception):
    """The sources or the translations offered cannot be read; each line says which and why."""


@dataclass(frozen=True)
class MergeResult:
    added: int
    changed: int
    unused: tuple[Key, ...]


def source_files(root: Path) -> Iterator[Path]:
    """Python and template files of the product below `root`, in a stable order."""
    for folder, names, files in os.walk(root):
        names[:] = sorted(n for n in names if n not in SKIPPED_FOLDERS and not n.startswith("."))
        for name in sorted(files):
            path = Path(folder, name)
            in_templates = "templates" in path.relative_to(root).parts[:-1]
            if name in SKIPPED_FILES:
                continue
            if path.suffix == ".py" or (in_templates and path.suffix in TEMPLATE_SUFFIXES):
                yield path


def extract(root: Path, faults: list[str] | None = None) -> dict[Key, Use]:
    """Every sentence marked for translation below `root`.

    Raises CatalogueError naming the files that cannot be read, or collects that in `faults` if given.
    """
    uses: dict[Key, Use] = {}
    strict, faults = faults is None, [] if faults is None else faults
    for path in source_files(root):
        name = path.relative_to(root).as_posix()
        try:
            for key, plural in sentences(path.read_text("utf-8"), name):
                use = uses.setdefault(key, Use())
                use.paths.add(name)
                if plural is not None and use.plural not in (None, plural):
                    faults.append(f"{name}: {str(key)!r} has two plurals: {use.plural!r} and {plural!r}")
                use.plural = plural if plural is not None else use.plural
        except (SyntaxError, UnicodeDecodeError) as error:
            faults.append(f"{name}: {error}")
    if strict and faults:
        raise CatalogueError("\n".join(faults))
    return uses


def sentences(source: str, name: str) -> Iterator[tuple[Key, str | None]]:
    """(key, plural) of every sentence marked in one file; templates go by Django's own reading of them."""
    is_template = not name.endswith(".py")
    if is_template:
        # What remains of the markup is indented at will, which Python's tokenizer would refuse.
        source = "\n".join(line.lstrip() for line in templatize(source, origin=name).splitlines())
    for _line, function, arguments, _comments in extract_python(
        io.BytesIO(source.encode()), list(MARKERS), (), {"encoding": "utf-8"}
    ):
        texts = arguments if isinstance(arguments, list | tuple) else (arguments,)
        context_at, text_at, plural_at = MARKERS[function]
        wanted = [at for at in (context_at, text_at, plural_at) if at is not None]
        if any(at >= len(texts) or not texts[at] for at in wanted):
            continue  # a variable: whatever it holds is marked where it is written
        text = texts[text_at]
        if is_template and function == "_":
            text = text.replace("%", "%%")  # as django.template.base.Variable looks it up
        yield (
            Key(None if context_at is None else texts[context_at], text),
            (None if plural_at is None else texts[plural_at]),
        )


def placeholder_fault(text: str, plural: str | None, translation: str) -> str | None:
    """Say how the placeholders of a translation differ from those of its sentence, or None."""
    # Chinese has one form for all numbers, so it has to carry what the plural carries.
    wanted = plural if plural is not None else text
    for pattern in (_NAMED, _BRACED):
        missing = set(pattern.findall(wanted)) - set(pattern.findall(translation))
        unknown = set(pattern.findall(translation)) - set(pattern.findall(wanted))
        if missing or unknown:
            parts = [f"lacks {n or '{}'}" for n in sorted(missing)] + [f"adds {n or '{}'}" for n in sorted(unknown)]
            return "placeholders: " + ", ".join(parts)
    if _NAMED.search(wanted):
        rest = _NAMED.sub("", translation).replace("%%", "")
        return "a bare % must be written %%" if "%" in rest else None
    bare, bare_translation = wanted.replace("%%", ""), translation.replace("%%", "")
    if _POSITIONAL.findall(bare) != _POSITIONAL.findall(bare_translation):
        return "placeholders: %s and %d must be the same, in the same order"
    return None


class Catalogue:
    """One .po file with its compiled .mo beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.exists():
            self.po = polib.pofile(str(path), wrapwidth=110)
        else:
            self.po = polib.POFile(wrapwidth=110)
            self.po.metadata = dict(HEADER)
        self.entries = {Key(e.msgctxt, e.msgid): e for e in self.po if not e.obsolete}

    @classmethod
    @contextmanager
    def locked(cls, path: Path) -> Iterator["Catalogue"]:
        """Hold the catalogue alone while it is read, changed and saved."""
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield cls(path)
        finally:
            os.close(folder)

    def save(self) -> None:
        """Write .po and .mo, sorted, each in one step so that a reader never sees half a file."""
        self.po.clear()
        self.po.extend(self.entries[key] for key in sorted(self.entries, key=_order))
        _replace(self.path, f"{self.po}\n".encode())
        _replace(self.path.with_suffix(".mo"), self.po.to_binary())

    def compiled_is_current(self) -> bool:
        mo = self.path.with_suffix(".mo")
        return mo.exists() and mo.read_bytes() == self.po.to_binary()

    def faults(self, uses: Mapping[Key, Use]) -> list[Fault]:
        """Everything between the code and the catalogue that has to be mended, in order."""
        faults = [Fault("missing", key, _where(uses[key])) for key in self.missing(uses)]
        for key, entry in self.entries.items():
            use = uses.get(key)
            if use is None and not is_library(entry):
                faults.append(Fault("stale", key, "nothing says it any more"))
            if entry.fuzzy:
                faults.append(Fault("fuzzy", key, "to be confirmed by a translator"))
            translation = _translation(entry)
            if translation and (fault := placeholder_fault(key.text, entry.msgid_plural or None, translation)):
                faults.append(Fault("placeholders", key, fault))
        return sorted(faults, key=lambda f: (f.kind, _order(f.key)))

    def missing(self, uses: Mapping[Key, Use]) -> list[Key]:
        """Sentences that the code says and that have no translation (or not the one their plural needs)."""

        def lacks(key: Key, use: Use) -> bool:
            entry = self.entries.get(key)
            if entry is None or not _translation(entry):
                return True
            return use.plural is not None and entry.msgid_plural != use.plural

        return sorted((key for key, use in uses.items() if lacks(key, use)), key=_order)

    def merge(
        self, translations: Mapping[str, str | list[str]], uses: Mapping[Key, Use], library: str | None = None
    ) -> MergeResult:
        """Take translations in, all or none; `library` marks sentences that code outside the product says."""
        faults: list[str] = []
        fresh: list[polib.POEntry] = []
        for raw, value in translations.items():
            try:
                fresh.append(_entry(raw, value, uses, library))
            except ValueError as error:
                faults.append(f"{raw!r}: {error}")
        if faults:
            raise CatalogueError("\n".join(faults))
        added = changed = 0
        for entry in fresh:
            key = Key(entry.msgctxt, entry.msgid)
            before = self.entries.get(key)
            if before is None:
                added += 1
            elif _translation(before) != _translation(entry):
                changed += 1
            self.entries[key] = entry
        unused = [Key(e.msgctxt, e.msgid) for e in fresh if not is_library(e) and not e.occurrences]
        return MergeResult(added, changed, tuple(unused))

    def update(self, uses: Mapping[Key, Use], prune: bool = False) -> list[Key]:
        """Bring references and plurals up to date; with `prune`, drop stale sentences and return them."""
        stale = [key for key, entry in self.entries.items() if key not in uses and not is_library(entry)]
        for key, entry in self.entries.items():
            use = uses.get(key)
            entry.occurrences = _occurrences(use)
            if use is not None:
                _set_plural(entry, use.plural)
        if not prune:
            return []
        for key in stale:
            del self.entries[key]
        return stale


def read_translations(path: Path) -> dict[str, str | list[str]]:
    """Read `{"English": "中文"}`; a list gives the one form of a plural. Twice the same one is refused."""

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        seen: dict[str, object] = {}
        for name, value in pairs:
            if name in seen and seen[name] != value:
                raise CatalogueError(f"{path}: {name!r} is there twice, with different translations")
            seen[name] = value
        return seen

    try:
        read = json.loads(path.read_text("utf-8"), object_pairs_hook=unique)
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{path}: {error}") from error
    if not isinstance(read, dict):
        raise CatalogueError(f"{path}: expected an object of English sentences and their translations")
    return read


def is_library(entry: polib.POEntry) -> bool:
    return str(entry.tcomment).startswith(LIBRARY_MARK)


def _entry(raw: str, value: object, uses: Mapping[Key, Use], library: str | None) -> polib.POEntry:
    context, mark, text = raw.rpartition(CONTEXT_MARK)
    key = Key(context if mark else None, text)
    use = uses.get(key)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not text or not isinstance(value, str) or not value.strip():
        raise ValueError("needs one translation that is not empty")
    plural = use.plural if use else None
    if fault := placeholder_fault(text, plural, value):
        raise ValueError(fault)
    entry = polib.POEntry(msgctxt=key.context, msgid=text, msgstr=value, occurrences=_occurrences(use))
    _set_plural(entry, plural)
    if library and use is None:
        entry.tcomment = LIBRARY_MARK + library
    return entry


def _set_plural(entry: polib.POEntry, plural: str | None) -> None:
    text = _translation(entry)
    if plural is None:
        entry.msgid_plural, entry.msgstr_plural, entry.msgstr = "", {}, text
    else:
        entry.msgid_plural, entry.msgstr_plural, entry.msgstr = plural, {0: text}, ""


def _translation(entry: polib.POEntry) -> str:
    return str(entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr)


def _occurrences(use: Use | None) -> list[tuple[str, str]]:
    # Without line numbers: a moved line is no change to a translation.
    return [(path, "") for path in sorted(use.paths)] if use else []


def _where(use: Use) -> str:
    return ", ".join(sorted(use.paths))


def _order(key: Key) -> tuple[str, str, str]:
    return key.text.casefold(), key.text, key.context or ""


def _replace(path: Path, data: bytes) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_bytes(data)
    partial.replace(path)


def within(paths: Iterable[str], prefixes: Iterable[str]) -> bool:
    """True if any of `paths` begins with any of `prefixes`; every path does if there is no prefix."""
    cleaned = [prefix.removeprefix("./").rstrip("/") for prefix in prefixes]
    return not cleaned or any(p.startswith(c) for p in paths for c in cleaned)

"""The catalogue tool: what it finds in code and templates, and what it refuses."""

import gettext
import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from campaign.catalogue import Catalogue, CatalogueError, Key, extract, placeholder_fault, read_translations


@pytest.fixture
def tree(tmp_path, settings):
    """An empty product with a catalogue of its own."""
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    return tmp_path


def write(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def translate(root: Path, translations: dict[str, object], *options: str) -> str:
    out = io.StringIO()
    file = write(root, "in.json", json.dumps(translations))
    call_command("catalogue", "--merge", str(file), *options, stdout=out)
    return out.getvalue()


def compiled(root: Path) -> gettext.GNUTranslations:
    with (root / "locale/zh_Hans/LC_MESSAGES/django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def texts(root: Path) -> set[str]:
    return {key.text for key in extract(root)}


def test_python_marks_are_found_with_plural_and_context(tree):
    write(
        tree,
        "units/forms.py",
        "from django.utils.translation import gettext_lazy as _, ngettext, pgettext, npgettext\n"
        "a = _('Plain')\n"
        "b = _('Two ' 'pieces')\n"
        "c = ngettext('%(count)s member', '%(count)s members', n)\n"
        "d = pgettext('sex', 'Male')\n"
        "e = npgettext('paper', 'One', 'Many', n)\n"
        "f = _(variable)\n"
        "g = f(_('Inside'), x=_('Nested'))\n",
    )
    uses = extract(tree)
    assert {(k.context, k.text, u.plural) for k, u in uses.items()} == {
        (None, "Plain", None),
        (None, "Two pieces", None),
        (None, "%(count)s member", "%(count)s members"),
        ("sex", "Male", None),
        ("paper", "One", "Many"),
        (None, "Inside", None),
        (None, "Nested", None),
    }
    assert uses[Key(None, "Plain")].paths == {"units/forms.py"}


def test_template_marks_are_found_in_every_form(tree):
    write(
        tree,
        "templates/units/list.html",
        """{% load i18n %}
<h1 title="it's">{% translate "Members" %}</h1>
      <p>{% trans 'Old tag' as old %} {{ _("In a variable") }} {{ value|default:_("In a filter") }}</p>
  {% include "x.html" with title=_("In an argument") note=_('Second') %}
{% blocktranslate trimmed count n=members|length with unit=unit.name %}
    %(nothing)s {{ n }} member of
    {{ unit }}
  {% plural %}
    {{ n }} members of {{ unit }}
{% endblocktranslate %}
    {% blocktranslate context "share" %}100% of {{ x }}{% endblocktranslate %}
{% translate "May" context "month" %}
{% comment %} don't {% translate "Hidden" %} {% endcomment %}
{# a 'quoted remark #} {{ _("After 5% off") }}
""",
    )
    uses = extract(tree)
    assert {(k.context, k.text, u.plural) for k, u in uses.items()} == {
        (None, "Members", None),
        (None, "Old tag", None),
        (None, "In a variable", None),
        (None, "In a filter", None),
        (None, "In an argument", None),
        (None, "Second", None),
        (None, "%%(nothing)s %(n)s member of %(unit)s", "%(n)s members of %(unit)s"),
        ("share", "100%% of %(x)s", None),
        ("month", "May", None),
        (None, "After 5%% off", None),
    }


def test_templates_of_an_app_count_and_tests_migrations_and_static_files_do_not(tree):
    marked = "from x import gettext as _\n_('%s')\n"
    write(tree, "reports/templates/reports/a.txt", "{% load i18n %}{% translate 'Mail' %}")
    for name in ("units/tests/test_x.py", "units/migrations/0001_initial.py", "static/x.py", ".venv/x.py"):
        write(tree, name, marked % name)
    write(tree, "notes.txt", "{% translate 'Not a template' %}")
    assert texts(tree) == {"Mail"}


def test_an_unreadable_template_is_named_by_check_and_keeps_no_other_translation_out(tree):
    write(tree, "templates/bad.html", "{% blocktranslate %}a{% if x %}{% endblocktranslate %}")
    write(tree, "templates/good.html", "{% translate 'Good' %}")
    with pytest.raises(CommandError, match=r"templates/bad\.html: Translation blocks must not include"):
        call_command("catalogue", "--check")
    translate(tree, {"Good": "好"})
    assert compiled(tree).gettext("Good") == "好"


def test_merge_compiles_what_django_reads(tree):
    write(tree, "templates/a.html", "{% translate 'Save' %}{% translate 'May' context 'month' %}")
    write(tree, "units/a.py", "ngettext('%(n)s branch', '%(n)s branches', n)")
    printed = translate(
        tree,
        {"Save": "保存", "month\x04May": "五月", "%(n)s branch": ["%(n)s个支部"], "Not yet said": "还没有"},
    )
    assert "4 added, 0 changed" in printed
    assert "not said by any code yet: 'Not yet said'" in printed
    catalogue = compiled(tree)
    assert catalogue.gettext("Save") == "保存"
    assert catalogue.pgettext("month", "May") == "五月"
    assert catalogue.ngettext("%(n)s branch", "%(n)s branches", 1) == "%(n)s个支部"
    assert catalogue.ngettext("%(n)s branch", "%(n)s branches", 7) == "%(n)s个支部"


def test_merge_refuses_all_if_one_translation_would_break_a_page(tree):
    write(tree, "units/a.py", "_('Sent to %(name)s')\n_('Fine')")
    with pytest.raises(CommandError, match="lacks name, adds nmae"):
        translate(tree, {"Fine": "好", "Sent to %(name)s": "已发给%(nmae)s"})
    assert not (tree / "locale/zh_Hans/LC_MESSAGES/django.po").exists()


@pytest.mark.parametrize("value", ["", "  ", [], ["一", "二"], 3, None])
def test_merge_refuses_a_translation_that_is_none(tree, value):
    with pytest.raises(CommandError, match="needs one translation"):
        translate(tree, {"Save": value})


def test_merge_changes_what_was_there(tree):
    write(tree, "units/a.py", "_('Save')")
    translate(tree, {"Save": "存"})
    assert "0 added, 1 changed" in translate(tree, {"Save": "保存"})
    assert compiled(tree).gettext("Save") == "保存"


def test_a_sentence_translated_twice_in_one_file_is_refused(tmp_path):
    file = write(tmp_path, "in.json", '{"Save": "保存", "Save": "存盘"}')
    with pytest.raises(CatalogueError, match="'Save' is there twice"):
        read_translations(file)


@pytest.mark.parametrize("text", ["[1]", "{", ""])
def test_a_file_that_is_no_object_is_refused(tmp_path, text):
    with pytest.raises(CatalogueError, match=r"in\.json"):
        read_translations(write(tmp_path, "in.json", text))


@pytest.mark.parametrize(
    ("text", "plural", "translation"),
    [
        ("%(a)s of %(b)s", None, "%(b)s之%(a)s"),
        ("One member", "%(n)s members", "%(n)s名党员"),
        ("50%% of %(a)s", None, "%(a)s的50%%"),
        ("%s and %d", None, "%s和%d"),
        ("{name} {count}", None, "{count} {name}"),
        ("100% done", None, "已完成100%"),
        ("%(day)02d", None, "%(day)d"),
    ],
)
def test_placeholders_that_agree(text, plural, translation):
    assert placeholder_fault(text, plural, translation) is None


@pytest.mark.parametrize(
    ("text", "plural", "translation"),
    [
        ("%(a)s", None, "甲"),
        ("One member", "%(n)s members", "一名党员"),
        ("Name", None, "%(name)s"),
        ("50%% of %(a)s", None, "%(a)s的50%"),
        ("%s and %d", None, "%d和%s"),
        ("{name}", None, "{nom}"),
    ],
)
def test_placeholders_that_differ(text, plural, translation):
    assert placeholder_fault(text, plural, translation)


def test_check_lists_missing_stale_fuzzy_and_wrong_entries(tree):
    write(tree, "units/a.py", "_('Said')\n_('Guessed')\n_('To %(name)s')\n_('Lacking')")
    translate(tree, {"Said": "说", "Guessed": "猜", "To %(name)s": "给%(name)s", "Gone": "没了"})
    po = tree / "locale/zh_Hans/LC_MESSAGES/django.po"
    text = po.read_text("utf-8").replace("给%(name)s", "给谁").replace('msgid "Guessed"', '#, fuzzy\nmsgid "Guessed"')
    po.write_text(text, "utf-8")
    with pytest.raises(CommandError) as raised:
        call_command("catalogue", "--check")
    lines = str(raised.value).splitlines()
    assert [line.split(" (")[0] for line in lines[:4]] == [
        "fuzzy: 'Guessed'",
        "missing: 'Lacking'",
        "placeholders: 'To %(name)s'",
        "stale: 'Gone'",
    ]
    assert "django.mo is not what django.po compiles to" in lines[4]


def test_check_is_content_with_a_complete_catalogue_and_library_sentences(tree):
    write(tree, "units/a.py", "_('Said')")
    translate(tree, {"Said": "说"})
    translate(tree, {"Account locked": "账号已锁定"}, "--library", "django-axes")
    out = io.StringIO()
    call_command("catalogue", "--check", stdout=out)
    assert out.getvalue().strip() == "catalogue: 2 sentences, all translated"


def test_a_sentence_that_gets_a_plural_later_needs_it_and_update_gives_it(tree):
    source = write(tree, "units/a.py", "_('%(n)s day')")
    translate(tree, {"%(n)s day": "%(n)s天"})
    source.write_text("ngettext('%(n)s day', '%(n)s days', n)")
    with pytest.raises(CommandError, match="missing: '%\\(n\\)s day'"):
        call_command("catalogue", "--check")
    call_command("catalogue", "--update", stdout=io.StringIO())
    assert compiled(tree).ngettext("%(n)s day", "%(n)s days", 2) == "%(n)s天"
    call_command("catalogue", "--check", stdout=io.StringIO())


def test_two_plurals_of_one_sentence_are_named(tree):
    write(tree, "units/a.py", "ngettext('%(n)s day', '%(n)s days', n)")
    write(tree, "units/b.py", "ngettext('%(n)s day', '%(n)s whole days', n)")
    with pytest.raises(CommandError, match=r"units/b\.py: '%\(n\)s day' has two plurals"):
        call_command("catalogue", "--check")


def test_missing_lists_only_what_lies_below_the_paths(tree):
    write(tree, "units/a.py", "_('Ours')")
    write(tree, "templates/reports/a.html", "{% translate 'Theirs' %}")
    out = io.StringIO()
    call_command("catalogue", "--missing", "units", stdout=out)
    assert out.getvalue().splitlines() == ["'Ours'", "1 without a translation"]
    out = io.StringIO()
    call_command("catalogue", "--missing", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"Ours": "", "Theirs": ""}


def test_update_prunes_only_when_told_and_never_library_sentences(tree):
    translate(tree, {"Gone": "没了"})
    translate(tree, {"Locked": "已锁定"}, "--library", "django-axes")
    po = tree / "locale/zh_Hans/LC_MESSAGES/django.po"
    call_command("catalogue", "--update", stdout=io.StringIO())
    assert set(Catalogue(po).entries) == {Key(None, "Gone"), Key(None, "Locked")}
    call_command("catalogue", "--update", "--prune", stdout=io.StringIO())
    assert set(Catalogue(po).entries) == {Key(None, "Locked")}


def test_the_file_is_sorted_and_saving_it_again_changes_nothing(tree):
    write(tree, "units/a.py", "_('b')\n_('C')\n_('a')\n_('A')\npgettext('x', 'a')")
    translate(tree, {"b": "乙", "C": "丙", "a": "甲", "A": "甲", "x\x04a": "子"})
    po = tree / "locale/zh_Hans/LC_MESSAGES/django.po"
    first = po.read_bytes()
    assert [e.msgid for e in Catalogue(po).po] == ["A", "a", "a", "b", "C"]
    call_command("catalogue", "--update", stdout=io.StringIO())
    assert po.read_bytes() == first

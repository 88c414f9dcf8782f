"""What holds for every template: icons that exist, and nothing inline that the security policy would refuse."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
ICONS = set((ROOT / "static" / "vendor" / "icons.txt").read_text().split())
NAMED = re.compile(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']|\bti-([a-z0-9-]+)|icon=["']([a-z0-9-]+)["']""")
IN_CODE = re.compile(r"""["']?icon["']?\s*[:=]\s*["']([a-z0-9-]+)["']""")
INLINE = re.compile(r"""<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\bsrc=)|hx-on""", re.IGNORECASE)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
class TestEveryTemplate:
    def test_compiles(self, path):
        get_template(str(path.relative_to(ROOT / "templates")))

    def test_its_icons_are_in_the_font(self, path):
        used = {next(filter(None, found)) for found in NAMED.findall(path.read_text())}
        assert used <= ICONS, "add them to static/vendor/icons.txt and run static/vendor/subset.py"

    def test_nothing_stands_inline(self, path):
        assert not INLINE.findall(path.read_text())


def test_icons_named_in_code_are_in_the_font():
    rooms = ("accounts", "jobs", "units", "campaign", "assessments", "supervision", "reports")
    files = [file for room in rooms for file in (ROOT / room).rglob("*.py") if "tests" not in file.parts]
    used = {icon for file in files for icon in IN_CODE.findall(file.read_text())}
    assert used
    assert used <= ICONS, "add them to static/vendor/icons.txt and run static/vendor/subset.py"


def test_the_font_list_and_its_stylesheet_agree():
    css = (ROOT / "static" / "vendor" / "tabler-icons.min.css").read_text()
    assert set(re.findall(r"\.ti-([a-z0-9-]+):before", css)) == ICONS

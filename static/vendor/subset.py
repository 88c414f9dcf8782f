"""Cut the icon font down to the names in icons.txt.

    python static/vendor/subset.py [PACKAGE_FOLDER]

Add a name to icons.txt (https://tabler.io/icons), run this, and commit the three files that it writes. Without
PACKAGE_FOLDER it takes the pinned package with `npm pack`. It needs fonttools and brotli: `pip install fonttools brotli`.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "@tabler/icons-webfont@3.49.0"
HERE = Path(__file__).resolve().parent
NAMES = HERE / "icons.txt"
FONT = HERE / "fonts" / "tabler-icons.woff2"
CSS = HERE / "tabler-icons.min.css"

# `swap` would show boxes while the font loads: an icon that comes late is better than one that is wrong.
HEAD = (
    "/*! Tabler Icons 3.49.0 (MIT, https://tabler.io/icons), cut down by subset.py to the names in icons.txt */\n"
    '@font-face{font-family:"tabler-icons";font-style:normal;font-weight:400;font-display:block;'
    'src:url("fonts/tabler-icons.woff2") format("woff2")}\n'
    '.ti{font-family:"tabler-icons"!important;speak:never;font-style:normal;font-weight:normal;font-variant:normal;'
    "text-transform:none;line-height:1;-webkit-font-smoothing:antialiased;-moz-osx-font-smoothing:grayscale}\n"
)


def fetch(folder: Path) -> Path:
    """Unpack the pinned package into `folder` and return its root."""
    subprocess.run(["npm", "pack", PACKAGE, "--silent", "--pack-destination", str(folder)], check=True)
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


def code_points(css: str) -> dict[str, int]:
    """Name of every icon in the package's stylesheet, with its code point."""
    pairs = re.findall(r"\.ti-([a-z0-9-]+):before\s*\{\s*content:\s*\"\\([0-9a-f]+)\"", css)
    return {name: int(code, 16) for name, code in pairs}


def cut(package: Path) -> int:
    """Write the font and the stylesheet for the names in icons.txt; returns how many there are."""
    known = code_points((package / "dist" / "tabler-icons.css").read_text())
    wanted = sorted(set(NAMES.read_text().split()))
    missing = [name for name in wanted if name not in known]
    if missing:
        raise SystemExit(f"{NAMES.name}: not in {PACKAGE}: {', '.join(missing)}")
    from fontTools import subset

    FONT.parent.mkdir(exist_ok=True)
    codes = ",".join(f"U+{known[name]:x}" for name in wanted)
    source = str(package / "dist" / "fonts" / "tabler-icons.woff2")
    subset.main([source, f"--unicodes={codes}", "--flavor=woff2", "--layout-features=", f"--output-file={FONT}"])
    rules = "".join(f'.ti-{name}:before{{content:"\\{known[name]:x}"}}\n' for name in wanted)
    CSS.write_text(HEAD + rules)
    NAMES.write_text("".join(f"{name}\n" for name in wanted))
    return len(wanted)


def main() -> None:
    if len(sys.argv) > 1:
        count = cut(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            count = cut(fetch(Path(folder)))
    print(f"{count} icons: {FONT.stat().st_size:,} bytes of font, {CSS.stat().st_size:,} of stylesheet")


if __name__ == "__main__":
    main()

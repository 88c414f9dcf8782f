"""Child processes that never outlive the one that started them."""

import contextlib
import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

STOP_SECONDS = 15.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class ServiceFailed(Exception):
    """A service did not start or died; the message says which, why, and what to do."""


def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    stdout: int | None = None,
    cwd: Path | None = None,
    user: int | None = None,
    on_orphaned: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start `command` in a process group of its own; on Linux it gets `on_orphaned` if this process dies."""
    parent = os.getpid()

    def leash() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(on_orphaned), 0, 0, 0)
            if os.getppid() != parent:  # died in between
                os._exit(1)

    return subprocess.Popen(
        list(command),
        env=None if env is None else dict(env),
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.STDOUT if stdout is not None else None,
        cwd=cwd,
        user=user,
        group=user,
        extra_groups=[] if user is not None else None,
        start_new_session=True,
        preexec_fn=leash,
    )


def output(process: subprocess.Popen[bytes]) -> IO[bytes]:
    """What a process prints, if it was started with a pipe for that."""
    if process.stdout is None:
        raise ValueError("started without a pipe")
    return process.stdout


def stop(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM, within: float = 10.0) -> None:
    """Ask `process` to stop, wait, and then take its whole group down with whatever it left there."""
    if process.poll() is None:
        process.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(within)
    kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    pending: bytes = b""


class Supervisor:
    """Runs several commands as one: their lines with a name before them, and one end for all.

    No threads: one loop reads what the children print and looks after them. SIGINT and SIGTERM stop all;
    a second one stops them at once.
    """

    def __init__(self, say: Callable[[str], None] = print) -> None:
        self.children: list[Child] = []
        self.say = say
        self.signals = 0
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> "Supervisor":
        self._before = {s: signal.signal(s, self._on_signal) for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.stop()
        finally:
            for number, handler in self._before.items():
                signal.signal(number, handler)
            self._selector.close()

    def _on_signal(self, *_: object) -> None:
        self.signals += 1

    @property
    def stopping(self) -> bool:
        return self.signals > 0

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str] | None = None) -> Child:
        child = Child(name, spawn(command, env=env, stdout=subprocess.PIPE))
        os.set_blocking(output(child.process).fileno(), False)
        self._selector.register(output(child.process), selectors.EVENT_READ, child)
        self.children.append(child)
        return child

    def pump(self, seconds: float = 0.2) -> None:
        """Pass on what the children print, for about `seconds`."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not self.stopping:
            if not self._selector.get_map():
                time.sleep(min(left, 0.05))
                continue
            self._read(min(left, 0.2))

    def _read(self, timeout: float) -> None:
        for key, _events in self._selector.select(timeout):
            child: Child = key.data
            data = os.read(key.fd, 65536)
            if not data:
                self._selector.unregister(key.fileobj)
                data = b"\n" if child.pending else b""
            *lines, child.pending = (child.pending + data).split(b"\n")
            for line in lines:
                self.say(f"{child.name:<7}| {line.decode(errors='replace').rstrip()}")

    def dead(self) -> Child | None:
        """The first child that ended although nobody asked it to."""
        return next((child for child in self.children if child.process.poll() is not None), None)

    def watch(self) -> int:
        """Stay until a signal comes; raises ServiceFailed if a child dies first."""
        while not self.stopping:
            self.pump()
            if not self.stopping and (child := self.dead()):
                self.pump(0.5)  # its last words
                raise ServiceFailed(f"{child.name} ended with status {child.process.returncode}: stopping the rest")
        return 0

    def stop(self) -> None:
        """Stop all, the last started first; what does not obey in time is killed with its whole group."""
        signals, self.signals = self.signals, 0
        for child in reversed(self.children):
            if child.process.poll() is None:
                child.process.terminate()
            self._drain(child)
        for child in reversed(self.children):
            kill_group(child.process)
            output(child.process).close()
        self.children.clear()
        self.signals += signals

    def _drain(self, child: Child) -> None:
        end = time.monotonic() + STOP_SECONDS
        while child.process.poll() is None and time.monotonic() < end and not self.stopping:
            if self._selector.get_map():
                self._read(0.1)
            else:
                time.sleep(0.05)

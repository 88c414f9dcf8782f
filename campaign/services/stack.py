"""The whole application on one machine, as one program that starts and ends together."""

import contextlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from campaign.services import embedded
from campaign.services.processes import ServiceFailed, Supervisor

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 90.0


def serve(host: str, port: int, *, demonstration: bool) -> int:
    """Migrate, load the demonstration if there is none, and run web, worker and beat until a signal comes."""
    if not embedded.port_is_free(host, port):
        goal = "demo" if demonstration else "run"
        raise ServiceFailed(
            f"Port {port} is taken by another program. "
            f"Stop that program, or choose another port: make {goal} PORT={port + 1}"
        )
    environ = dict(os.environ, PYTHONUNBUFFERED="1")
    if demonstration:
        # Who looks at a demonstration wants to read the address and the sign-ins, not requests and advice.
        environ.setdefault("LOG_LEVEL", "WARNING")
        environ.setdefault("PYTHONWARNINGS", "ignore:You're running the worker with superuser privileges")
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    environ.setdefault("SITE_URL", url)
    manage(environ, "migrate", "--no-input", "--verbosity", "0")
    notes = manage(environ, "demo", "--if-empty") if demonstration else ""
    with contextlib.ExitStack() as services:
        if not environ.get("REDIS_URL"):
            environ["REDIS_URL"] = services.enter_context(embedded.broker())
        # Entered after the broker and so left before it: the worker says goodbye to a broker that is there.
        supervisor = services.enter_context(Supervisor())
        supervisor.start("web", web_command(host, port, demonstration), environ)
        supervisor.start("worker", [*celery(), "worker", "--concurrency", "2", "--loglevel", "WARNING"], environ)
        supervisor.start("beat", [*celery(), "beat", "--loglevel", "WARNING"], environ)
        if wait_until_ready(supervisor, f"{url}/readyz"):
            print(f"\n{notes}\nThe application is ready: {url}\nCtrl-C stops it.\n", flush=True)
        return supervisor.watch()


def work() -> int:
    """Run a worker and beat against the broker that REDIS_URL names."""
    if not os.environ.get("REDIS_URL"):
        raise ServiceFailed(
            "REDIS_URL is missing: a worker needs the broker that the web server uses, for example "
            "REDIS_URL=redis://127.0.0.1:6379/0 make worker. `make demo` and `make run` start their own."
        )
    with Supervisor() as supervisor:
        supervisor.start("worker", [*celery(), "worker", "--concurrency", "2", "--loglevel", "INFO"])
        supervisor.start("beat", [*celery(), "beat", "--loglevel", "INFO"])
        return supervisor.watch()


def manage(environ: dict[str, str], *arguments: str) -> str:
    """Run a management command; its progress (stderr) is shown as it comes, its output returned."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise ServiceFailed(f"{done.stdout}`manage.py {' '.join(arguments)}` failed: mend what it says and start again")
    return done.stdout


def celery() -> list[str]:
    return [sys.executable, "-m", "celery", "--quiet", "--app", "campaign"]


def web_command(host: str, port: int, demonstration: bool) -> list[str]:
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if not demonstration:
        return [sys.executable, str(ROOT / "manage.py"), "runserver", address]
    options = ["--workers", "2", "--threads", "4", "--graceful-timeout", "5", "--no-control-socket"]
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "campaign.wsgi",
        "--bind",
        address,
        *options,
        "--log-level",
        "warning",
    ]


def wait_until_ready(supervisor: Supervisor, url: str) -> bool:
    """True when `url` answers 200, False if asked to stop first; raises if a child dies or time is up."""
    end, answer = time.monotonic() + READY_SECONDS, "no answer"
    while not supervisor.stopping and time.monotonic() < end:
        supervisor.pump(0.3)
        if child := supervisor.dead():
            supervisor.pump(0.5)
            raise ServiceFailed(f"{child.name} ended with status {child.process.returncode} while starting")
        try:
            with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 our own address
                if response.status == 200:
                    return True
        except urllib.error.HTTPError as error:
            answer = f"{error.code}: {error.read(2000).decode(errors='replace')}"
        except OSError as error:
            answer = str(error)
    if supervisor.stopping:
        return False
    raise ServiceFailed(f"Not ready after {READY_SECONDS:.0f} seconds. {url} says: {answer}")

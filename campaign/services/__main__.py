"""`python -m campaign.services demo|run|worker|test|with`: see the Makefile."""

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Mapping

from campaign.services import embedded, stack, suite
from campaign.services.processes import ServiceFailed, spawn, stop


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m campaign.services", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (("demo", "load the demonstration and serve it"), ("run", "serve for development")):
        command = commands.add_parser(name, help=text)
        command.add_argument("--host", default="127.0.0.1")
        command.add_argument("--port", type=int, default=8000)
    commands.add_parser("worker", help="one Celery worker with beat, on REDIS_URL")
    test = commands.add_parser("test", help="the whole suite: SQLite, PostgreSQL, browser")
    test.add_argument("--workers", type=int, default=2)
    test.add_argument("pytest", nargs="*", help="further arguments for pytest, after --")
    within = commands.add_parser("with", help="run a command with embedded services")
    within.add_argument("--broker", action="store_true")
    within.add_argument("--postgres", action="store_true")
    within.add_argument("run", nargs="+")
    options = parser.parse_args(argv)
    try:
        if options.command in ("demo", "run"):
            return stack.serve(options.host, options.port, demonstration=options.command == "demo")
        if options.command == "worker":
            return stack.work()
        if options.command == "test":
            return suite.run(options.workers, options.pytest)
        return run_with(options.run, broker=options.broker, postgres=options.postgres)
    except ServiceFailed as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run_with(command: list[str], *, broker: bool, postgres: bool) -> int:
    """Run `command` with DATABASE_URL and REDIS_URL of embedded services; gives its exit status."""
    environ: Mapping[str, str] = os.environ
    with contextlib.ExitStack() as services:
        if broker:
            environ = {**environ, "REDIS_URL": services.enter_context(embedded.broker())}
        if postgres:
            environ = {**environ, "DATABASE_URL": services.enter_context(embedded.postgres())}
        process = spawn(command, env=environ)
        try:
            return process.wait()
        finally:
            stop(process)


def _interrupt(*_: object) -> None:
    # SIGTERM would end this process at once and leave the folders of the services behind.
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(main(sys.argv[1:]))

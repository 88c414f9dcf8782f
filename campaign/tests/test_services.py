"""What `make` starts: nothing outlives its starter, nothing dies unnoticed, and faults name their remedy."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psycopg2
import pytest
import redis

from campaign.services import embedded, stack, suite
from campaign.services.__main__ import main
from campaign.services.processes import ServiceFailed, Supervisor, spawn, stop

FOREVER = [sys.executable, "-c", "import time; print('started', flush=True); time.sleep(600)"]


def gone(pid: int, within: float = 10.0) -> bool:
    """True once no process of that number runs (an unreaped one does not run)."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def printed() -> list[str]:
    return []


def test_lines_carry_the_name_of_their_program(printed):
    with Supervisor(printed.append) as supervisor:
        supervisor.start("web", [sys.executable, "-c", "import os; os.write(1, b'one\\ntwo\\nno end')"])
        with pytest.raises(ServiceFailed, match="web ended with status 0: stopping the rest"):
            supervisor.watch()
    assert printed == ["web    | one", "web    | two", "web    | no end"]


def test_a_dead_child_stops_the_rest(printed):
    with Supervisor(printed.append) as supervisor:
        other = supervisor.start("worker", FOREVER)
        supervisor.start("web", [sys.executable, "-c", "import sys; sys.exit('no such table')"])
        with pytest.raises(ServiceFailed, match="web ended with status 1"):
            supervisor.watch()
    assert "web    | no such table" in printed
    assert gone(other.process.pid)


def test_a_signal_ends_the_watch_and_every_child(printed):
    with Supervisor(printed.append) as supervisor:
        child = supervisor.start("web", FOREVER)
        while not printed:
            supervisor.pump(0.1)
        os.kill(os.getpid(), signal.SIGTERM)
        assert supervisor.watch() == 0
    assert gone(child.process.pid)
    assert child.process.returncode == -signal.SIGTERM


def test_what_a_child_leaves_behind_goes_with_it(printed):
    leaves = f"import subprocess; p = subprocess.Popen({FOREVER!r}, stdout=-3); "
    with Supervisor(printed.append) as supervisor:
        supervisor.start("web", [sys.executable, "-c", leaves + "print(p.pid, flush=True)"])
        with pytest.raises(ServiceFailed):
            supervisor.watch()
        pid = int(printed[0].split("|")[1])
    assert gone(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_a_killed_parent_takes_its_children_along():
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            textwrap.dedent(
                f"""
                import time
                from campaign.services.processes import spawn
                print(spawn({FOREVER!r}, stdout=-3).pid, flush=True)
                time.sleep(600)
                """
            ),
        ],
        stdout=subprocess.PIPE,
    )
    with parent.stdout:
        child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    assert gone(child)


def test_stop_kills_what_does_not_obey():
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(600)"
    process = spawn([sys.executable, "-c", stubborn], stdout=subprocess.PIPE)
    with process.stdout:
        process.stdout.readline()
    stop(process, within=0.1)
    assert process.returncode == -signal.SIGKILL


def test_the_broker_answers_with_its_password_only_and_is_gone_afterwards():
    with embedded.broker() as url:
        client = redis.from_url(url)
        assert client.ping()
        port = client.connection_pool.connection_kwargs["port"]
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=port, retry=None).ping()
    assert embedded.port_is_free("127.0.0.1", port)


def test_postgres_runs_and_leaves_nothing_behind():
    with embedded.postgres() as url:
        folder = "/" + url.split("@//")[1].rpartition("/")[0]
        connection = psycopg2.connect(host=folder, user="postgres", dbname="postgres")
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_encoding'), '中' < '文'")
            assert cursor.fetchone()[0] == "UTF8"
        connection.close()
        pid = int(Path(folder, "data", "postmaster.pid").read_text().split()[0])
    assert gone(pid)
    assert not Path(folder).exists()


def test_a_command_gets_the_services_and_gives_its_status():
    ask = "import os, sys; sys.exit(7 if os.environ['REDIS_URL'].startswith('redis://:') else 1)"
    assert main(["with", "--broker", "--", sys.executable, "-c", ask]) == 7


def test_a_taken_port_is_named_with_the_remedy_before_anything_starts(monkeypatch, capsys):
    monkeypatch.setattr(stack, "manage", lambda *_: pytest.fail("started in spite of it"))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert main(["demo", "--port", str(port)]) == 1
    message = capsys.readouterr().err
    assert f"Port {port} is taken" in message
    assert f"make demo PORT={port + 1}" in message


def test_a_worker_without_a_broker_is_told_what_to_set(monkeypatch, capsys):
    monkeypatch.delenv("REDIS_URL", raising=False)
    assert main(["worker"]) == 1
    assert "REDIS_URL is missing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "closes"),
    [
        ("=================== 12 passed, 3 warnings in 4.56s ===================\n", True),
        ("============== 1 failed, 2 passed in 61.02s (0:01:01) ===============\n", True),
        (
            "\x1b[32m======= \x1b[32m\x1b[1m37 passed\x1b[0m\x1b[32m in 0.95s\x1b[0m\x1b[32m =====\x1b[0m\n",
            True,
        ),
        ("============ no tests ran in 0.01s ============\n", True),
        ("37 passed in 0.95s\n", True),
        ("FAILED units/tests/test_a.py::test_b - assert 1 == 2\n", False),
        ("=========================== short test summary info ====\n", False),
    ],
)
def test_the_closing_line_of_pytest_is_known(line, closes):
    assert bool(suite._CLOSING.match(line)) is closes


def test_a_failing_part_fails_the_suite_and_the_others_still_run(monkeypatch, capsys):
    statuses = {"SQLite": 1, "PostgreSQL": 0, "browser": 0}
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("DATABASE_URL", "postgres://127.0.0.1:1/x")
    monkeypatch.setattr(
        suite,
        "run_part",
        lambda part, *_: suite.Outcome(part, statuses[part.name], f"== {part.name} in 1s =="),
    )
    assert suite.run(1, []) == 1
    assert capsys.readouterr().out.splitlines()[-4:] == [
        "SQLite: FAILED; PostgreSQL: passed; browser: passed",
        "== SQLite in 1s ==",
        "== PostgreSQL in 1s ==",
        "== browser in 1s ==",
    ]

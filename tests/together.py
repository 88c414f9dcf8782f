"""Two or more at once, in real transactions: threads that start together, each on its own connection."""

import contextlib
import contextvars
import sqlite3
import threading

import pytest
from django.db import connection, connections


@pytest.fixture
def on_a_file(transactional_db, tmp_path):
    """SQLite in memory shares one cache, where a second writer fails at once; in a file it waits, as in an office."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    path = tmp_path / "together.sqlite3"
    kept, name = connection.connection, connection.settings_dict["NAME"]
    with contextlib.closing(sqlite3.connect(path)) as file:
        kept.backup(file)
    connection.connection, connection.settings_dict["NAME"] = None, str(path)
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = kept, name


def run_together(*jobs):
    """Run callables in threads that start at once, each on its own connection; returns results or exceptions."""
    barrier = threading.Barrier(len(jobs))
    results = [None] * len(jobs)

    def work(index, job):
        barrier.wait()
        try:
            results[index] = job()
        except Exception as error:  # noqa: BLE001  the test looks at what was raised
            results[index] = error
        finally:
            connections.close_all()

    # Each in a copy of this context: the clock that the test holds is held there as well.
    threads = [threading.Thread(target=contextvars.copy_context().run, args=(work, *pair)) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results

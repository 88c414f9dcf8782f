"""Ballots over HTTP against a bare Django view that writes one row, and the count of 100,000 against bare inserts.

Two gunicorn workers of four threads, eight clients that keep their connections, on the same database and machine. A
ballot: code looked up, answers checked, sealed, ticket burnt and urn filled in one transaction. The floor: no
middleware, one `create`. First a thousand ballots a minute, evenly, for PACED ballots (the share above half a second
is told); then as fast as they go, both, and the ratio of wall clock a ballot to wall clock a row.

The count: 100,000 sealed ballots of one survey, from the passphrase to the closed survey as its job does it, against
`bulk_create` of the same rows.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from tests.served import PASSPHRASE, Served, Vote, served

PACED, FAST = 500, 1500
A_MINUTE = 1000
HALF_A_SECOND = 0.5
BALLOTS = 100_000

COUNTING = """
import json, time
from django.core.cache import cache
from django.db import transaction
from accounts.models import User
from assessments.actions import polls, poll_counting
from assessments.ballots import sealing
from assessments.models import Ballot, Poll, PollGroup, PollUnit, SealedBallot, Ticket
poll, unit = Poll.objects.get(), PollUnit.objects.get()
Ticket.objects.all().delete(); SealedBallot.objects.all().delete(); Ballot.objects.all().delete()
paper = unit.questionnaire()
groups = [group.key for group in paper.instrument.groups]
given = paper.read({{place.name: place.question.options[0].key for place in paper.places}}).given
public = bytes(poll.public_key)
many = {ballots}
for start in range(0, many, 5000):
    SealedBallot.objects.bulk_create([
        SealedBallot(unit=unit, sealed=sealing.seal(public, paper.pack(n % len(groups), given), paper.size))
        for n in range(start, start + 5000)
    ])
unit.groups.update(codes=many // len(groups))
started = time.monotonic()
with transaction.atomic():
    rows = (Ballot(unit=unit, group=groups[n % 2], answers=paper.answers(given)) for n in range(many))
    Ballot.objects.bulk_create(rows, batch_size=2000)
bare = time.monotonic() - started
Ballot.objects.all().delete()
told = []
started = time.monotonic()
private = sealing.private_key(poll.key_parts, [{phrase!r}])
Poll.objects.update(state="closing")
by = User.objects.get(pk=poll.created_by_id)
poll_counting.count(by=by, poll=Poll.objects.get(), private=private, progress=lambda done, total: told.append(done))
taken = time.monotonic() - started
assert Poll.objects.get().state == "closed" and Ballot.objects.count() == many
print(json.dumps([taken / bare, len(told)]))
"""


def p95(votes: list[Vote]) -> float:
    return sorted(vote.seconds for vote in votes)[int(len(votes) * 0.95)]


def rate(votes: list[Vote], office: Served, codes: list[str], path: str) -> float:
    """Seconds of wall clock a request, as fast as eight clients go."""
    import time

    started = time.monotonic()
    votes += office.cast_all(codes, path=path)
    return (time.monotonic() - started) / len(codes)


def measure(name: str, database: str) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), database) as office:
        codes = office.open_survey((PACED + 2 * FAST) // 2)
        server = office.start()
        office.cast_all(codes[:50])
        paced = office.cast_all(codes[50:PACED], pace=60 / A_MINUTE)
        fast: list[Vote] = []
        ballot = rate(fast, office, codes[PACED : PACED + FAST], "/v/cast/")
        office.kill(server)
        assert all(vote.status == 303 for vote in paced + fast), {vote.status for vote in paced + fast}

        office.env["DJANGO_SETTINGS_MODULE"] = "benchmarks.floor_settings"
        server = office.start("benchmarks.floor:application")
        bare: list[Vote] = []
        rate(bare, office, codes[:50], "/write/")
        row = rate(bare, office, codes[PACED + FAST :], "/write/")
        office.kill(server)
        assert all(vote.status == 303 for vote in bare), {vote.status for vote in bare}
        office.env["DJANGO_SETTINGS_MODULE"] = "campaign.settings"
        counting, progress = json.loads(office.shell(COUNTING.format(ballots=BALLOTS, phrase=PASSPHRASE)))
        return {
            "database": name,
            "a_minute": A_MINUTE,
            "p95_under_half_a_second": p95(paced) < HALF_A_SECOND,
            "slower_than_half_a_second": round(sum(v.seconds > HALF_A_SECOND for v in paced) / len(paced), 4),
            "ballot_to_row": round(ballot / row, 2),
            "count_100000_to_bare_insert": round(counting, 2),
            "progress_shown": progress,
        }


def main() -> None:
    from campaign.services import embedded

    print(json.dumps({"bench": "ballots", **measure("SQLite", "")}), flush=True)
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        print(json.dumps({"bench": "ballots", **measure("PostgreSQL", given)}), flush=True)
        return
    with embedded.postgres() as url:
        print(json.dumps({"bench": "ballots", **measure("PostgreSQL", url)}), flush=True)


if __name__ == "__main__":
    main()

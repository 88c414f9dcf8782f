"""The promises of the tools that no other test would notice if they broke."""

import datetime as dt
import subprocess
import sys

import pytest
from django.conf import settings
from django.utils import timezone

from accounts import clock as campaign_clock


def test_the_pure_packages_load_without_the_database():
    """They can be read, tried and type-checked alone, and run in a limited subprocess."""
    script = (
        "import sys; import campaign.playbook, units.roster; "
        "sys.exit(','.join(m for m in sys.modules if m.startswith('django.db.models')) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=settings.BASE_DIR)
    assert (done.returncode, done.stderr) == (0, "")


def test_files_and_jobs_of_a_test_stay_in_the_test():
    assert not settings.MEDIA_ROOT.startswith(str(settings.BASE_DIR))
    assert settings.JOBS_INLINE is True


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ((2026, 4, 3), "2026-04-03T09:00+08:00"),
        ((2026, 4, 3, 18), "2026-04-03T18:00+08:00"),
        ((2026, 4, 3, 18, 30), "2026-04-03T18:30+08:00"),
        ((dt.date(2026, 4, 3),), "2026-04-03T09:00+08:00"),
        ((dt.datetime(2026, 4, 3, 7, 5),), "2026-04-03T07:05+08:00"),
    ],
)
def test_the_clock_can_be_held(clock, moment, expected):
    with clock.at(*moment):
        assert timezone.localtime(campaign_clock.now()).isoformat(timespec="minutes") == expected
    assert timezone.localtime(campaign_clock.now()).isoformat(timespec="minutes") != expected
    clock.hold(*moment)
    assert timezone.localtime(campaign_clock.now()).isoformat(timespec="minutes") == expected

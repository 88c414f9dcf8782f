"""The floor of the ballot benchmark: the application's database, no middleware, one view."""

from campaign.settings import *  # noqa: F403

MIDDLEWARE = []
ROOT_URLCONF = "benchmarks.floor"

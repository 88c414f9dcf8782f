"""The project package and the core app: what is to be done, and when."""

from campaign.celery import app as celery_app

__all__ = ["celery_app"]

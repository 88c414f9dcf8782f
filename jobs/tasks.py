"""The two Celery tasks that carry every job."""

from celery import shared_task

from jobs import actions


@shared_task(ignore_result=True)
def run_job(pk: int) -> None:
    """Do one job; a second delivery of the same job finds it taken and does nothing."""
    actions.run(pk)


@shared_task(ignore_result=True)
def sweep() -> int:
    """Every half minute: send again what was left behind."""
    return actions.sweep()

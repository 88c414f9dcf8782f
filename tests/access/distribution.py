"""What the presets of for whom the bulletin is printed are to each person."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from reports.actions import distribution
from reports.models import DistributionList
from tests.access.entries import Matrix
from tests.access.people import CHASERS, EVERYONE, OUTSIDER


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    page, deed = matrix.page, matrix.deed
    page("reports:distribution_lists()", ok=CHASERS, refused=EVERYONE - OUTSIDER, hidden=OUTSIDER)
    page("reports:distribution_list_new()", ok=CHASERS, refused=EVERYONE - OUTSIDER, hidden=OUTSIDER)
    page("reports:distribution_list_edit(pk)", ok=CHASERS, of=lambda p: p.distribution_list, wide=True)
    deed("reports:distribution_list_remove(pk)", ok=CHASERS, of=lambda p: p.distribution_list, wide=True)


def furnish_distribution(w: Any, p: SimpleNamespace) -> None:
    """A list kept by somebody who is none of those who ask; one a campaign, however many units are furnished."""
    fields = {"name": "正常发送", "report_to": "市委先教办 5", "copy_to": "", "distribute_to": ""}
    there = DistributionList.objects.filter(campaign=p.campaign).first()
    p.distribution_list = there or distribution.add_list(by=w.hand, campaign=p.campaign, fields=fields)

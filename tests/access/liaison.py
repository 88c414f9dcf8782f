"""What liaison points and pairs are to each person."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile

from accounts import clock
from supervision.actions import liaison, pairing
from tests.access.entries import Matrix
from tests.access.people import OUTSIDER, READERS, RECORDERS, SET_UP, TOP


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    page, deed = matrix.page, matrix.deed
    page("supervision:liaison()", ok=READERS, hidden=OUTSIDER)
    page("supervision:liaison_leader_new()", ok=SET_UP, hidden=OUTSIDER)
    page("supervision:liaison_leader(pk)", ok=SET_UP, refused=TOP, of=lambda p: p.liaison_leader, wide=True)
    page("supervision:liaison_point_new()", ok=SET_UP, hidden=OUTSIDER)
    page("supervision:liaison_point(pk)", ok=READERS, of=lambda p: p.liaison_point)
    page("supervision:liaison_point_end(pk)", ok=SET_UP, refused=READERS, of=lambda p: p.liaison_point)
    page("supervision:liaison_visit_new(pk)", ok=SET_UP | RECORDERS, refused=READERS, of=lambda p: p.liaison_point)
    deed("supervision:liaison_contact(pk)", ok=SET_UP | RECORDERS, refused=READERS, of=lambda p: p.liaison_point)
    deed("supervision:liaison_model(pk)", ok=SET_UP, refused=READERS, of=lambda p: p.liaison_point)
    noters = SET_UP | RECORDERS
    deed("supervision:liaison_visit_remove(pk)", ok=noters, refused=READERS, of=lambda p: p.liaison_visit)
    deed("supervision:liaison_contact_remove(pk)", ok=noters, refused=READERS, of=lambda p: p.liaison_contact)
    page("supervision:liaison_file(pk)", ok=READERS, of=lambda p: p.liaison_file)
    page("supervision:pairings()", ok=READERS, hidden=OUTSIDER)
    page("supervision:pairing_list(pk)", ok=READERS, of=lambda p: p.branch)
    page("supervision:pairing_new(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.branch)
    page("supervision:pairing(pk)", ok=READERS, of=lambda p: p.pair)
    page("supervision:pairing_end(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.pair)
    deed("supervision:pairing_entry_remove(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.pair_entry)


def furnish_liaison(w: Any, p: SimpleNamespace) -> None:
    """A leader with his point at the branch and a visit there; a pair with help given. By nobody of those who ask."""
    today, campaign = clock.today(), w.batch.campaign
    name = liaison.LeaderData(name=f"{p.branch.name}联系领导", post="县级领导")
    p.liaison_leader = liaison.add_leader(by=w.hand, campaign=campaign, data=name)
    place = liaison.PointData(organization=p.branch)
    p.liaison_point = liaison.set_point(by=w.hand, leader=p.liaison_leader, batch=w.batch, data=place, from_date=today)
    data = liaison.VisitData(held_on=today, what="research", topic=f"{p.branch.name}调研")
    photo = ContentFile(b"photograph", "visit.txt")
    p.liaison_file = liaison.note_visit(by=w.hand, point=p.liaison_point, data=data, files=[photo]).files.get()
    p.liaison_visit = p.liaison_file.visit
    p.liaison_contact = liaison.note_contact(
        by=w.hand, point=p.liaison_point, duty="report", held_on=today, text="已汇报"
    )
    pair = pairing.PairData(
        kind="homes", from_date=today, member=p.member, household="farmer", householder=f"{p.branch.name}邻户"
    )
    p.pair = pairing.pair(by=w.hand, campaign=campaign, organization=p.branch, data=pair)
    entry = pairing.EntryData(held_on=today, what="visit", text="上门看望")
    p.pair_entry = pairing.note_help(by=w.hand, pairing=p.pair, data=entry)

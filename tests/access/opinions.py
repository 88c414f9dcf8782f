"""Opinions, a box and a style review at one unit, for the access matrix."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from accounts import clock
from campaign.actions import opinions, style_review
from campaign.models.opinions import TargetKind


def furnish(w: Any, p: SimpleNamespace) -> None:
    """One opinion on the branch, one on a member of it, a public box, and a review whose sheet has been sent."""

    def said(about: opinions.About) -> Any:
        given = {"batch": w.batch, "organization": p.branch, "channel": "meeting", "source": "staff"}
        line = opinions.Said(text="办事要快一点", category="work")
        return opinions.gather(by=w.hand, about=about, received_on=clock.today(), said=[line], **given)[0]

    us = opinions.About(concerned=p.branch)
    p.opinion = said(us)
    p.opinion_on_member = said(opinions.About(concerned=p.branch, target=TargetKind.MEMBER, member=p.member))
    here = {"batch": w.batch, "organization": p.branch}
    p.box = opinions.open_box(by=w.hand, about=us, title="意见箱", until=clock.today(), **here)
    p.review = style_review.open_review(
        by=w.hand,
        batch=w.batch,
        organization=p.unit,
        title="万人评风",
        departments=[(p.branch, p.branch.name)],
        kinds=[["masses", "群众代表", "Masses"]],
        items=[["party", "党员作风", "Members"]],
        grades=[["good", "好", "Good"]],
        least_asked=1,
    )
    p.review_sheet = p.review.departments.get()
    given = {"number": 1, "kind": "masses", "asked": 20, "said": {}}
    ratings = {(p.review_sheet.pk, "party"): "good"}
    p.review_form = style_review.enter_form(by=w.hand, review=p.review, ratings=ratings, **given)
    p.review.departments.update(sent_at=clock.now())

"""How required reading counts as the tool of an action (E-39)."""

from __future__ import annotations

from campaign import tools
from campaign.evidence import Evidence
from campaign.models import ReadingTick
from campaign.playbook import Action
from campaign.reading import required_titles


@tools.tool("reading", "campaign:reading")
def reading(evidence: Evidence, action: Action) -> tools.Counted:
    """Members who have read all that is required of them so far; nobody while the office has named no title."""
    titles = required_titles(evidence.batch, evidence.phase)
    if not titles:
        return tools.NOTHING
    read: dict[int, set[int]] = {}
    for member, title in ReadingTick.objects.filter(title__in=titles).values_list("member_id", "title_id"):
        read.setdefault(member, set()).add(title)
    done = set()
    for member in evidence.roll:
        asked = {title.pk for title in titles if title.who == "all" or member.leader}
        if asked and asked <= read.get(member.id, set()):
            done.add(member.id)
    return tools.Counted(members=done)

"""The sample county that the demonstration and the rehearsal share: roster, accounts, campaign, groups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from accounts import clock
from accounts.models import User
from campaign import actions
from campaign.models import Batch, Participation
from campaign.playbook import Playbook
from campaign.setup import propose
from reports.demo import cast
from supervision.actions import groups
from units.actions.posts import grant_post
from units.models import Member, Organization

ROSTER = Path(settings.BASE_DIR) / "samples" / "county-roster-2026.xlsx"
Say = Callable[[str], None]


class County:
    """People and campaign of the county. `opens` is the first day of the batch."""

    def __init__(self, *, opens: dt.date, playbook: Playbook, say: Say) -> None:
        self.opens = opens
        self.playbook = playbook
        self.say = say
        self.hash = make_password(cast.PASSWORD)
        self.secretaries: dict[int, User] = {}

    def count_rows(self) -> None:
        """PostgreSQL plans by statistics, which it gathers between transactions; this is one long one."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")

    # ------------------------------------------------------------ people
    def _user(self, username: str, name: str) -> User:
        """An account whose password is shared: hashing each would take half a minute."""
        return User.objects.create(
            username=username,
            name=name,
            password=self.hash,
            password_changed_at=clock.now(),
            must_change_password=False,
        )

    @transaction.atomic
    def accounts(self) -> None:
        root = Organization.objects.get(code="A00")
        first = self._user("root", "系统初始账号")
        for person in cast.OFFICE:
            where = Organization.objects.get(code=person.organization)
            user = self._user(person.username, person.name)
            grant_post(by=first, user=user, organization=where, role=person.role)
        self.office = User.objects.get(username="office")
        self.general = User.objects.get(username="general")
        self.superior = User.objects.get(username="superior")
        leaders = self._leaders()
        for organization in Organization.objects.exclude(pk=root.pk):
            member = leaders.get(organization.pk)
            user = self._user(organization.code.lower(), member.name if member else f"{organization.name}书记")
            role = "branch_secretary" if organization.is_branch else "organization_secretary"
            grant_post(by=self.office, user=user, organization=organization, role=role)
            self.secretaries[organization.pk] = user
            if member is not None:
                Member.objects.filter(pk=member.pk).update(user=user)
        self._plain_member()
        User.objects.filter(pk=first.pk).update(is_active=False)

    def _leaders(self) -> dict[int, Member]:
        """A leading member of each branch, and of a branch below for each organisation above: invented secretaries."""
        found: dict[int, Member] = {}
        taken: set[int] = set()
        in_post = (
            Member.objects.on_roll().filter(post_level="leader", retired=False).order_by("organization__path", "pk")
        )
        people: dict[int, list[Member]] = {}
        for member in in_post.select_related("organization"):
            people.setdefault(member.organization_id, []).append(member)
        for organization in Organization.objects.exclude(depth=1).order_by("-depth", "path"):
            below = [
                member
                for pk, members in people.items()
                for member in members
                if pk == organization.pk or member.organization.path.startswith(organization.path)
            ]
            chosen = next((member for member in below if member.pk not in taken), None)
            if chosen is not None:
                found[organization.pk] = chosen
                taken.add(chosen.pk)
        return found

    def _plain_member(self) -> None:
        branch = Organization.objects.get(code="Z001")
        member = Member.objects.on_roll().filter(organization=branch, user=None, retired=False).first()
        if member is not None:
            user = self._user("member", member.name)
            grant_post(by=self.office, user=user, organization=branch, role="member")
            Member.objects.filter(pk=member.pk).update(user=user)

    # ---------------------------------------------------------- campaign
    @transaction.atomic
    def campaign(self) -> Batch:
        host = Organization.objects.get(code="A00")
        campaign = actions.create_campaign(
            by=self.office,
            host=host,
            playbook=self.playbook,
            name="全县保持共产党员先进性教育活动",
            short_name="兴文县",
            office_name="中共兴文县委保持共产党员先进性教育活动领导小组办公室",
            office_short_name="县委先教办",
            bulletin_name="先进性教育活动简报",
        )
        first, windows = self.opens, []
        for stage in self.playbook.stages:
            last = first + dt.timedelta(days=(stage.days or 30) - 1)
            windows.append(actions.StageWindow(stage.key, first, last))
            first = last + dt.timedelta(days=1)
        batch = actions.add_batch(
            by=self.office, campaign=campaign, number=1, name="第一批（党政机关）", windows=windows
        )
        for proposal in propose(host=host, batch=batch):
            if proposal.proposed:
                actions.add_participation(
                    by=self.office, batch=batch, organization=proposal.organization, work_unit=proposal.work_unit
                )
        return Batch.objects.select_related("campaign__host").get(pk=batch.pk)

    @transaction.atomic
    def supervision(self, batch: Batch) -> None:
        leading = [p.organization for p in Participation.objects.filter(batch=batch).select_related("organization")]
        for number, (name, username, person) in enumerate(cast.SUPERVISORS):
            user = self._user(username, person)
            group = groups.create_group(by=self.office, campaign=batch.campaign, name=name, kind="supervision")
            groups.add_member(by=self.office, group=group, user=user, head=True)
            if name in cast.ASSISTANTS:
                other = self._user(*cast.ASSISTANTS[name])
                groups.add_member(by=self.office, group=group, user=other)
            for organization in leading[number :: len(cast.SUPERVISORS)]:
                groups.assign(by=self.office, group=group, organization=organization)

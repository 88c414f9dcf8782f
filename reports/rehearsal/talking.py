"""Teams and heart-to-heart talks in the rehearsal: teams named, expected pairs ticked, confirmed and disputed."""

from __future__ import annotations

from accounts.models import User
from campaign.actions import talks
from campaign.models import Talk, TeamMember
from campaign.talking import Matrix
from reports.rehearsal.deeds import for_check, for_tool
from reports.rehearsal.scene import Scene
from units.models import Member, Organization

Pair = tuple[Member, Member]
TEAM = 5  # of a committee, at most
ASKED = 12  # answers of the other side that are played in a unit, at most
Duty = TeamMember.Duty


@for_tool("talks")
@for_check("talks")
def talk(scene: Scene) -> None:
    """Name the teams, then hold every talk that is still expected, and the teams' collective ones (F-16..F-18)."""
    name_teams(scene)
    with scene.at(0.25):
        matrix = Matrix(scene.batch, scene.evidence.organizations)
        pairs = expected_pairs(matrix) + _nobody_talked_with(matrix, scene)
        tick(scene, matrix, pairs)
    answers(scene)
    _collective(scene)


def name_teams(scene: Scene) -> None:
    """The secretary and the clerk of each branch; above branch level the secretary with heads of the branches."""
    for organization in scene.evidence.organizations:
        if not TeamMember.objects.filter(organization=organization).exists():
            with scene.at(0.05):
                _name_team(scene, organization)


def _name_team(scene: Scene, organization: Organization) -> None:
    secretary = scene.secretary(organization)
    people = [m for user in (secretary, scene.clerk(organization)) if (m := _member(user)) is not None]
    people += [m for m in scene.members() if m.organization.path.startswith(organization.path) and m.post_level]
    chosen = list(dict.fromkeys(people))[: 3 if organization.is_branch else TEAM]
    below = [one for one in scene.evidence.organizations if one.parent_id == organization.pk]
    for number, member in enumerate(chosen):
        duty = (Duty.PRINCIPAL, Duty.DEPUTY)[number] if number < 2 else Duty.MEMBER
        talks.set_team_member(
            by=secretary,
            organization=organization,
            member=member,
            duty=duty,
            in_charge=below[number - 1 :: TEAM] if number else (),
        )
        scene.figures.add("team_members")


def _member(user: User) -> Member | None:
    return Member.objects.filter(user=user).first()


def expected_pairs(matrix: Matrix) -> list[Pair]:
    """Pairs that fulfil all that is still expected: a talk with somebody of one's choice is with the nearest free."""
    talked = set(matrix.talks)
    pairs: list[Pair] = []
    for slot in matrix.slots:
        one = slot.expected
        for other in one.partners:
            if len(one.held(talked)) >= one.need:
                break
            pair = frozenset((one.who, other))
            if pair not in talked:
                talked.add(pair)
                pairs.append((matrix.people[one.who], matrix.people[other]))
    return pairs


def _nobody_talked_with(matrix: Matrix, scene: Scene) -> list[Pair]:
    """Where a playbook names no pairs, each member still has one talk: with the next on the roll of the branch."""
    pairs: list[Pair] = []
    talked = matrix.talked | {member.pk for pair in expected_pairs(matrix) for member in pair}
    for people in scene.by_branch(scene.members()).values():
        lonely = [member for member in people if member.pk not in talked]
        for number, member in enumerate(lonely):
            others = lonely[number + 1 : number + 2] or [other for other in people if other.pk != member.pk][:1]
            if others and (number % 2 == 0):
                pairs.append((member, others[0]))
    return pairs


def tick(scene: Scene, matrix: Matrix, pairs: list[Pair]) -> None:
    """Each branch's clerk ticks what its members have held."""
    by_place: dict[int, list[Pair]] = {}
    for one, other in pairs:
        by_place.setdefault(one.organization_id, []).append((one, other))
    places = {organization.pk: organization for organization in matrix.organizations.values()}
    for place, listed in by_place.items():
        organization = places.get(place, scene.leading)
        new = talks.tick_talks(
            by=scene.clerk(organization),
            batch=scene.batch,
            organization=organization,
            pairs=listed,
            held_on=scene.day(0.2),
            place="支部活动室",
        )
        scene.figures.add("talks", new)


def answers(scene: Scene) -> None:
    """Some of those who have an account confirm; the first says that it was not so, and the talk is held again."""
    ids = [member.id for member in scene.evidence.roll]
    rows = Talk.objects.filter(batch=scene.batch, second__in=ids, second__user__isnull=False)
    waiting = rows.filter(state=Talk.State.RECORDED).select_related("first__organization", "second__user")[:ASKED]
    for number, one in enumerate(row for row in waiting if row.second.user_id != row.recorded_by_id):
        with scene.at(0.3, 19):
            first = number == 0
            objection = "还没有谈，约在下周。" if first else ""
            assert one.second.user is not None  # noqa: S101  filtered above
            talks.answer_talk(by=one.second.user, talk=one, confirm=not first, objection=objection)
        scene.figures.add("talks_disputed" if first else "talks_confirmed")
        if first:
            with scene.at(0.35):
                matrix = Matrix(scene.batch, scene.evidence.organizations)
                tick(scene, matrix, [(one.first, one.second)])


def _collective(scene: Scene) -> None:
    """The team of the leading organisation talks with the heads below it, as often as an action asks (E-27)."""
    asked = max((a.count for a in scene.evidence.actions if a.tool == "talks"), default=1)
    with scene.at(0.4):
        matrix = Matrix(scene.batch, scene.evidence.organizations)
        for organization in scene.evidence.uppers:
            for _time in range(asked - matrix.team_talks.get(organization.pk, 0)):
                team = matrix.teams.get(organization.pk)
                present = [matrix.people[pk] for pk in team.everyone if pk in matrix.people] if team else []
                talks.record_team_talk(
                    by=scene.secretary(organization),
                    batch=scene.batch,
                    organization=organization,
                    held_on=scene.day(0.4),
                    present=present,
                    place="机关会议室",
                    others_present="各支部书记",
                )
                scene.figures.add("team_talks")

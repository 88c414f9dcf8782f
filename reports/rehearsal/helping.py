"""What follows the judging in the rehearsal: member tests, one-to-one help, handling, the oath."""

from __future__ import annotations

import datetime as dt

from accounts import clock
from assessments.actions import handling, member_tests
from assessments.appraisal_counting import records_of
from assessments.judging import Judged, oath_actions, oath_takers
from assessments.member_tests import exempts_retired, not_to_be_tested_yet, question_of
from assessments.models import Handling, Help, OathAbsence
from assessments.outcomes import outcomes_of
from campaign import actions
from campaign.playbook import Action
from reports.rehearsal import papers
from reports.rehearsal.deeds import for_check, for_tool
from reports.rehearsal.judging import above
from reports.rehearsal.scene import Scene
from units.models import Member

FAILS, UNCHANGED, REFUSES = 0.02, 0.3, 0.5
VOTERS = 20


def judged(scene: Scene) -> dict[int, Judged]:
    """Where each member stands now."""
    return records_of(scene.look_again())


# ------------------------------------------------------------ the test of members' reports
@for_tool("member_test")
@for_check("member_tests")
def test_members(scene: Scene) -> None:
    """A round in each branch; who falls short is helped and tested again (F-24, F-25, I-02)."""
    free = exempts_retired(scene.playbook)
    known = judged(scene)
    asked = [m for m in scene.members() if not (m.retired and free) and not known.get(m.pk, Judged()).tests]
    if not_to_be_tested_yet(scene.batch, asked):
        papers.write_and_review(scene)
    with scene.at(0.6):
        _round(scene, asked, fails=FAILS)
    short = scene.members({pk for pk, record in judged(scene).items() if record.failing})
    for member in short:
        with scene.at(0.64):
            give_help(scene, member, Help.Cause.TEST)
        with scene.at(0.85):
            end_help(scene, member, improved=True)
    with scene.at(0.88):
        _round(scene, short, fails=0.0)


def _round(scene: Scene, members: list[Member], *, fails: float) -> None:
    for branch, people in scene.by_branch(members).items():
        tallies = [member_tests.Tally(member, votes(scene, short=scene.chance(fails))) for member in people]
        member_tests.enter_tests(
            by=scene.clerk(branch),
            batch=scene.batch,
            organization=branch,
            on=clock.today(),
            voters=VOTERS,
            tallies=tallies,
        )
        scene.figures.add("member_tests", len(tallies))


def votes(scene: Scene, *, short: bool) -> dict[str, int]:
    options = question_of(scene.playbook).options
    against = VOTERS * 6 // 10 if short else scene.random.randrange(3)
    adverse = next((option.key for option in reversed(options) if option.adverse), options[-1].key)
    scene.figures.add("member_tests_failed", short)
    return {options[0].key: VOTERS - against, adverse: against}


# ------------------------------------------------------------ help
@for_check("help_given")
def help_those_in_need(scene: Scene) -> None:
    """Whoever is unqualified or failed the test has a helper, a plan and a date (F-33, P-01)."""
    found = judged(scene)
    for member in scene.members({pk for pk, record in found.items() if record.lacks_help}):
        with scene.at(0.8):
            cause = Help.Cause.TEST if found[member.pk].failing else Help.Cause.UNQUALIFIED
            give_help(scene, member, cause)


def give_help(scene: Scene, member: Member, cause: str) -> None:
    others = Member.objects.on_roll().filter(organization=member.organization).exclude(pk=member.pk)
    handling.give_help(
        by=scene.secretary(member.organization),
        batch=scene.batch,
        member=member,
        cause=cause,
        plan="每两周谈心一次，一起参加组织生活。",
        begun_on=clock.today(),
        until=clock.today() + dt.timedelta(days=30),
        helper=others.order_by("pk").first(),
        helper_name="" if others.exists() else "上级组织员",
    )
    scene.figures.add("helps")


def end_help(scene: Scene, member: Member, *, improved: bool) -> None:
    for given in Help.objects.filter(batch=scene.batch, member=member, state=Help.State.OPEN):
        result = "按时参加组织生活，有明显转变。" if improved else "转变不明显。"
        by = scene.secretary(member.organization)
        handling.end_help(by=by, help_given=given, improved=improved, result=result, on=clock.today())


# ------------------------------------------------------------ registration and handling
@for_tool("handling")
def handle(scene: Scene) -> None:
    """The unqualified are helped first; who does not change is handled by an outcome of the playbook (P-01..P-07)."""
    found = judged(scene)
    for member in scene.members({pk for pk, record in found.items() if record.unqualified and not record.handled}):
        record = found[member.pk]
        with scene.at(0.3):
            if not record.helps:
                give_help(scene, member, Help.Cause.UNQUALIFIED)
        gives_up = bool(outcomes_of(scene.playbook)) and scene.chance(UNCHANGED)
        with scene.at(0.7):
            end_help(scene, member, improved=not gives_up)
        improved = Help.objects.filter(batch=scene.batch, member=member, state=Help.State.IMPROVED).exists()
        if not improved:
            with scene.at(0.75):
                case = _open(scene, member, Handling.Cause.AFTER_HELP)
                decide(scene, case)


def _open(scene: Scene, member: Member, cause: str) -> Handling:
    scene.figures.add("handlings")
    by = scene.secretary(member.organization)
    return handling.open_handling(by=by, batch=scene.batch, member=member, cause=cause, on=clock.today())


def decide(scene: Scene, case: Handling) -> None:
    """Written down, proposed by the branch meeting, sent back once, proposed again, agreed to above (P-02..P-05)."""
    by = scene.secretary(case.organization)
    details = handling.Case(
        application=Handling.Application.PAPER,
        applied_on=clock.today(),
        problems="长期不参加组织生活。",
        gravity=Handling.Gravity.LIGHT,
        attitude="承认错误。",
        conduct="工作表现一般。",
    )
    outcome = outcomes_of(scene.playbook)[0]
    terms = {"outcome": outcome.key, "meeting_on": clock.today()}
    until = clock.today() + dt.timedelta(days=180) if outcome.dated else None
    handling.change_handling(by=by, handling=case, case=details)
    handling.propose_outcome(by=by, handling=case, until=until, **terms)
    superior = above(scene, case.organization)
    handling.return_handling(by=superior, handling=case, reason="请补充支部大会表决情况。")
    handling.propose_outcome(by=by, handling=case, until=until, **terms)
    handling.agree_to_handling(by=superior, handling=case)


# ------------------------------------------------------------ the oath
@for_tool("oath")
def take_oath(scene: Scene) -> None:
    """All take the oath but one at most: kept away and making it up, or refusing where that has a rule (G-08, P-08)."""
    keys = oath_actions(scene.playbook)
    action = next(one for one in scene.evidence.actions if one.key in keys)
    people = scene.members()
    sworn = oath_takers(scene.batch, [member.pk for member in people])
    absent = set(OathAbsence.objects.filter(batch=scene.batch).values_list("member_id", flat=True))
    missing = [member for member in people if member.pk not in sworn | absent]
    away = missing[-1:] if not sworn and len(missing) > 5 and scene.chance(REFUSES) else []
    if [member for member in missing if member not in away]:
        _swear(scene, action, [member for member in missing if member not in away], 0.6)
    for member in away:
        _stay_away(scene, action, member)


def _swear(scene: Scene, action: Action, members: list[Member], share: float) -> None:
    with scene.at(share):
        data = actions.ActivityData(
            title=str(action.name),
            held_on=clock.today(),
            action=action.key,
            place="县烈士陵园",
            led_by=str(scene.unit.secretary),
            points=[item.key for item in action.fields],
        )
        actions.record_activity(
            by=scene.unit.secretary,
            organization=scene.leading,
            batch=scene.batch,
            stage=scene.phase,
            data=data,
            present=members,
        )
    scene.figures.add("activities")
    scene.figures.add("oaths", len(members))


def _stay_away(scene: Scene, action: Action, member: Member) -> None:
    """A refusal opens a case where the playbook says so; without such a rule he was kept away and makes it up."""
    refuses = bool(scene.playbook.handling.oath_refusal)
    kind = OathAbsence.Kind.REFUSED if refuses else OathAbsence.Kind.ABSENT
    with scene.at(0.62):
        _absence, case = handling.record_oath_absence(
            by=scene.secretary(member.organization),
            batch=scene.batch,
            member=member,
            kind=kind,
            reason="本人不愿宣誓。" if refuses else "住院治疗。",
            on=clock.today(),
        )
    scene.figures.add("oaths_refused" if refuses else "oaths_made_up")
    if case is None:
        _swear(scene, action, [member], 0.7)
    else:
        with scene.at(0.8):
            decide(scene, case)

"""Before and in the first stage of the rehearsal: preparation, census, arrangements, reading, knowledge test."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from accounts import clock
from accounts.models import User
from assessments.actions import knowledge
from assessments.knowledge_counting import passed_members
from campaign import actions
from campaign.actions import arrangements, census, preparation
from campaign.models import Arrangement, CensusCase, CensusSheet, Participation, ReadingTitle, Training
from campaign.playbook.work import PREP
from campaign.preparing import readiness
from campaign.reading import is_asked, required_titles
from reports.rehearsal.deeds import for_check, for_tool
from reports.rehearsal.scene import Cast, Figures, Scene
from units.models import Member, Organization

TITLES = ("《保持共产党员先进性教育读本》", "《中国共产党章程》")
PASS_MARK, FAILS, ARRANGED = 60, 0.06, 0.5


# ------------------------------------------------------------ before the start
def prepare(participation: Participation, *, by: User, cast: Cast, figures: Figures, all_of_it: bool = True) -> None:
    """Tick the checklist, have the plan agreed to, train the backbone (A-16, A-17); or leave the last item open."""
    ready = readiness(participation)
    lines = [line for line in ready.lines if not line.done]
    for line in lines if all_of_it else lines[:-1]:
        preparation.tick_preparation(by=by, participation=participation, item=line.item.key, done_on=clock.today())
        figures.add("preparations_ticked")
    if ready.plan_missing and all_of_it:
        agree_on_plan(participation, by=by, cast=cast, figures=figures)
    train(participation, by=by, figures=figures)


def agree_on_plan(participation: Participation, *, by: User, cast: Cast, figures: Figures) -> None:
    """Written, returned once for being too general, mended, agreed to."""
    contents = {item.key: f"{item.name}：按上级要求执行。" for item in readiness(participation).rules.contents}
    plan = preparation.write_plan(by=by, participation=participation, contents=contents, version=0)
    preparation.submit_plan(by=by, plan=plan, required=list(contents))
    plan.refresh_from_db()
    preparation.decide_plan(by=cast.office, plan=plan, agree=False, remark="请具体到人、到日期。")
    plan.refresh_from_db()
    better = {key: f"{text}责任到人，时间到日。" for key, text in contents.items()}
    plan = preparation.write_plan(by=by, participation=participation, contents=better, version=plan.version)
    preparation.submit_plan(by=by, plan=plan, required=list(better))
    plan.refresh_from_db()
    preparation.decide_plan(by=cast.office, plan=plan, agree=True)
    figures.add("plans_of_units_agreed")


def train(participation: Participation, *, by: User, figures: Figures) -> None:
    """A training of the backbone where the playbook asks for one before the start (D-19)."""
    batch = participation.batch
    asked = [
        a for a in batch.campaign.playbook.actions if a.phase == PREP and (a.tool == "training" or "training" in a.key)
    ]
    here = {"batch": batch, "organization": participation.organization}
    if asked and not Training.objects.filter(**here).exists():
        title, trainees = str(asked[0].name), {Training.Post.BRANCH_SECRETARY: 2, Training.Post.OTHER: 1}
        preparation.record_training(
            by=by, title=title, held_on=clock.today(), level="organization", trainees=trainees, **here
        )
        figures.add("trainings")


@for_tool("preparation", "training")
def prepared(scene: Scene) -> None:
    """A unit under way has done with it: nothing can be ticked any more."""


def take_census(scene: Scene) -> None:
    """The leading organisation fills in its sheet and solves what it found, one by one (T-01..T-08)."""
    by, leading = scene.secretary(scene.leading), scene.leading
    if CensusSheet.objects.filter(batch=scene.batch, organization=leading).exists():
        return
    with scene.at(0.02):
        data = census.SheetData(
            condition=CensusSheet.Condition.SOUND, secretary_fit=True, to_solve="两名党员组织关系未转入"
        )
        sheet = census.fill_sheet(by=by, batch=scene.batch, organization=leading, data=data, version=0)
    with scene.at(0.1):
        for case in sheet.cases.all():
            census.change_case(
                by=by,
                case=case,
                version=case.version,
                measure="逐人联系，办理转接",
                responsible="组织委员",
                deadline=scene.day(0.5),
            )
            state = CensusCase.State.SOLVED
            census.close_case(by=by, case=case, version=case.version, state=state, outcome="已转入。")
            scene.figures.add("census_cases_solved")


def arrange(scene: Scene) -> None:
    """A special arrangement for an old member, proposed by the branch and decided above (A-14)."""
    retired = [member for member in scene.members() if member.retired]
    if not retired or not scene.chance(ARRANGED):
        return
    if Arrangement.objects.filter(batch=scene.batch, member=retired[0]).exists():
        return
    with scene.at(0.01):
        proposal = arrangements.propose_arrangement(
            by=scene.secretary(retired[0].organization),
            batch=scene.batch,
            organization=retired[0].organization,
            members=retired[:1],
            reason="年老体弱，行动不便",
            arrangement="送学上门，可不参加集中学习",
        )
        arrangements.decide_arrangement(by=scene.cast.office, proposal=proposal, approve=True)
    scene.figures.add("arrangements")


# ------------------------------------------------------------ the first stage
@for_tool("reading")
def read(scene: Scene) -> None:
    """The office names the titles, each member reads them (E-39)."""
    with scene.at(0.02):
        if not ReadingTitle.objects.filter(batch=scene.batch).exists():
            for name in TITLES:
                actions.add_title(by=scene.cast.office, batch=scene.batch, name=name)
    titles = list(required_titles(scene.batch, scene.phase))
    with scene.at(0.6):
        for branch, people in scene.by_branch(scene.members()).items():
            ticks = [(title.pk, m.pk) for title in titles for m in people if is_asked(title, m)]
            new, _gone = actions.set_reading(by=scene.clerk(branch), organization=branch, on=clock.today(), read=ticks)
            scene.figures.add("reading_ticks", new)


@for_tool("knowledge_test")
@for_check("knowledge_test")
def examine(scene: Scene) -> None:
    """A test on paper; who falls below the mark sits a second one (E-36)."""
    for share, fails in ((0.8, FAILS), (0.9, 0.0)):
        done = passed_members(scene.look_again())
        people = [member for member in scene.members() if member.pk not in done]
        if people:
            with scene.at(share):
                sit(scene, scene.leading, people, fails)


def sit(scene: Scene, organization: Organization, people: list[Member], fails: float) -> None:
    terms = knowledge.TestTerms(
        title="教育活动知识测试",
        mode="paper",
        opens_at=clock.now() - dt.timedelta(hours=3),
        closes_at=clock.now() + dt.timedelta(days=1),
        pass_mark=Decimal(PASS_MARK),
    )
    by = scene.secretary(organization)
    test = knowledge.open_test(by=by, batch=scene.batch, organization=organization, terms=terms)
    scores: dict[int, Decimal | None] = {}
    for member in people:
        short = scene.chance(fails)
        scores[member.pk] = Decimal(40 if short else 65 + scene.random.randrange(35))
        scene.figures.add("knowledge_tests_failed", short)
    knowledge.enter_scores(by=by, test=test, organization=organization, scores=scores)
    scene.figures.add("knowledge_tests", len(people))

"""Opinions in the rehearsal: gathered, merged, sorted, passed on, answered; and the style review where there is one."""

from __future__ import annotations

from django.db.models import QuerySet

from campaign.actions import opinions, style_review
from campaign.models import Opinion, Participation, StyleReview
from reports.rehearsal import mending
from reports.rehearsal.deeds import for_check, for_tool
from reports.rehearsal.scene import Scene

State, Category = Opinion.State, Opinion.Category
SAID = (
    ("机关学习组织得不够经常，党员之间交流少。", Category.THOUGHT, 3),
    ("支部活动形式单一，年轻党员参加积极性不高。", Category.ORGANISATION, 6),
    ("办事窗口午间没有人值班，群众要跑两次。", Category.WORK, 9),
    ("审批材料一次告知不清楚。", Category.WORK, 5),
    ("领导干部到基层调研少，陪同多。", Category.STYLE, 7),
    ("个别同志接待来访态度生硬。", Category.STYLE, 2),
)
REVIEWED = ("文件转得快，落实慢。", "工作人员熟悉政策，就是电话难打通。")
ANSWER = "已列入班子议事日程，明确责任人和办理时限。"
GRADES = [["good", "好", "Good"], ["fair", "一般", "Fair"], ["poor", "差", "Poor"]]
FORMS = 6  # above the five below which nothing is shown


@for_tool("opinions")
def hear(scene: Scene) -> None:
    """The leading organisation gathers, merges, sorts, passes on; most opinions are answered (N-01..N-07)."""
    if not Opinion.objects.filter(batch=scene.batch, organization=scene.leading).exclude(channel="review").exists():
        with scene.at(0.08):
            gather(scene)
        with scene.at(0.15):
            sort_and_pass_on(scene)
    answer(scene)


def gather(scene: Scene) -> None:
    """A discussion meeting, interviews, and a box that anybody may use."""
    by, leading = scene.clerk(scene.leading), scene.leading
    about = opinions.About(concerned=leading)
    meeting, interviews = SAID[:3], SAID[3:]
    for channel, source, said in (("meeting", "staff", meeting), ("interview", "service", interviews)):
        opinions.gather(
            by=by,
            batch=scene.batch,
            organization=leading,
            about=about,
            channel=channel,
            source=source,
            received_on=scene.day(0.06),
            said=[opinions.Said(text=text, voices=voices) for text, _category, voices in said],
        )
    box = opinions.open_box(
        by=scene.secretary(leading),
        batch=scene.batch,
        organization=leading,
        about=about,
        title="对本单位教育活动的意见和建议",
        until=scene.day(0.5),
    )
    for text in (SAID[2][0], "……"):
        opinions.receive(box=box, text=text, source="service")
    scene.figures.add("opinions", len(SAID) + 2)


def sort_and_pass_on(scene: Scene) -> None:
    """What was said twice becomes one, what says nothing is set aside, the rest is sorted and passed on."""
    by = scene.clerk(scene.leading)
    rows = list(_own(scene).filter(state=State.NEW).order_by("pk"))
    empty = [row for row in rows if not row.text.strip("…")]
    seen: dict[str, Opinion] = {}
    for row in (row for row in rows if row not in empty):
        if row.text in seen:
            opinions.merge(by=by, keep=seen[row.text], others=[row])
            scene.figures.add("opinions_merged")
        else:
            seen[row.text] = row
    if empty:
        opinions.set_aside(by=by, opinions=empty, reason="没有内容")
        scene.figures.add("opinions_set_aside", len(empty))
    categories = {text: category for text, category, _voices in SAID}
    for text, row in seen.items():
        opinions.sort(by=by, opinions=[row], category=categories.get(text, Category.WORK))
    pass_on(scene)


def _own(scene: Scene) -> QuerySet[Opinion]:
    return Opinion.objects.filter(batch=scene.batch, organization=scene.leading).select_related(
        "organization", "concerned", "member__organization"
    )


def pass_on(scene: Scene) -> None:
    """To the branches in turn; where there are none below, to the organisation itself."""
    below = [one for one in scene.evidence.branches if one.pk != scene.leading.pk] or [scene.leading]
    ready = list(_own(scene).filter(state=State.SORTED).order_by("pk"))
    for number, row in enumerate(ready):
        to = scene.leading if number % 3 == 0 else below[number % len(below)]
        opinions.pass_on(by=scene.secretary(scene.leading), opinions=[row], to=to)
        scene.figures.add("opinions_passed_on")


def answer(scene: Scene) -> None:
    """Those to whom opinions were passed on answer them; every third takes longer."""
    for number, row in enumerate(_waiting(scene)):
        if number % 3:
            with scene.at(0.55):
                _answer(scene, row, public=number % 2 == 0)


def _waiting(scene: Scene) -> list[Opinion]:
    waiting = Opinion.objects.filter(
        scene.evidence.subtree("concerned"), batch=scene.batch, state=State.PASSED, rectification_items=None
    )
    return list(waiting.select_related("concerned", "organization").order_by("pk"))


def _answer(scene: Scene, row: Opinion, *, public: bool) -> None:
    opinions.answer(by=scene.secretary(row.concerned), opinion=row, text=ANSWER, public=public)
    scene.figures.add("opinions_answered")


@for_check("opinions_answered")
def answer_the_rest(scene: Scene) -> None:
    """What is left goes into the ledger, in whatever stage, or is answered after all (N-06, O-05, O-08)."""
    for number, row in enumerate(_waiting(scene)):
        with scene.at(0.6):
            if number % 2 == 0 and not row.about_member:
                mending.register(scene, row.concerned, row.text, number, opinions=[row], days=60)
            else:
                _answer(scene, row, public=True)


# ------------------------------------------------------------ the style review
@for_tool("style_review")
def hold_style_review(scene: Scene) -> None:
    """Once for all units: representatives rate each, and each is sent its sheet and opinions (N-02..N-04)."""
    asked = scene.playbook.style_review
    if asked is None or StyleReview.objects.filter(batch=scene.batch).exists():
        return
    with scene.at(0.02):
        review = open_style_review(scene)
        for number in range(FORMS):
            enter_form(scene, review, number + 1)
    with scene.at(0.06):
        style_review.close_review(by=scene.cast.office, review=review)
        style_review.send_sheets(by=scene.cast.office, review=review, departments=list(review.departments.all()))
        gathered = Opinion.objects.filter(batch=scene.batch, channel=Opinion.Channel.REVIEW, state=State.NEW)
        rows = list(gathered.select_related("organization", "concerned", "member"))
        opinions.sort(by=scene.cast.office, opinions=rows, category=Category.STYLE)
        for row in rows:
            row.refresh_from_db()
        opinions.pass_on(by=scene.cast.office, opinions=rows)
    scene.figures.add("opinions_passed_on", len(rows))
    scene.figures.add("style_reviews")


def open_style_review(scene: Scene) -> StyleReview:
    asked = scene.playbook.style_review
    assert asked is not None  # noqa: S101  the caller has looked
    units = Participation.objects.filter(batch=scene.batch, state=Participation.State.ACTIVE)
    return style_review.open_review(
        by=scene.cast.office,
        batch=scene.batch,
        organization=scene.batch.campaign.host,
        title=str(asked.name),
        departments=[(unit.organization, unit.label) for unit in units.select_related("organization", "work_unit")],
        kinds=[[item.key, item.name.zh, item.name.en] for item in asked.representatives],
        items=[[item.key, item.name.zh, item.name.en] for item in asked.items],
        grades=GRADES,
        least_asked=asked.minimum,
    )


def enter_form(scene: Scene, review: StyleReview, number: int) -> None:
    """One representative's form: every department on every item, and an opinion about one of them."""
    departments = list(review.departments.select_related("organization"))
    ratings = {
        (department.pk, item[0]): GRADES[0 if scene.chance(0.8) else 1][0]
        for department in departments
        for item in review.items
    }
    style_review.enter_form(
        by=scene.cast.office,
        review=review,
        number=number,
        kind=review.kinds[number % len(review.kinds)][0],
        asked=review.least_asked + number,
        ratings=ratings,
        said={departments[number % len(departments)]: [REVIEWED[number % len(REVIEWED)]]},
    )

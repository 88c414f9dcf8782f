"""What a playbook's own tables say about a parameter, in words.

A rule that the application applies stands once, in its table; its parameter is worded from there, so that what
a page says and what a gate does cannot part. Each function gives the source's value and, apart, our default.
The words are built in both languages at once, because a `Text` chooses between them when it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction

from campaign.playbook import derive_deeds as deeds
from campaign.playbook.book import Playbook
from campaign.playbook.judging import ConsentStep, Instrument, Question, Threshold, WordsFor
from campaign.playbook.text import Text
from campaign.playbook.wording import NONE, Answer, counted, derive_list, joined

LEVEL_NAMES = {
    "province": Text("省", "province"),
    "city": Text("市", "city"),
    "county": Text("县", "county"),
    "district": Text("区", "district"),
    "township": Text("乡镇", "township"),
    "organization": Text("党组织", "party organisation"),
}
ORGANISER_NAMES = {
    "office": Text("先教办", "campaign office"),
    "supervision": Text("督导组", "supervision group"),
    "unit": Text("本单位", "the unit itself"),
}
EXEMPT_NAMES = {
    "cannot_write": Text("无书写能力的党员", "members not able to write"),
    "retired": Text("离退休职工党员", "retired members"),
}


def share_words(share: Fraction) -> str:
    """`30%`, `12.5%`; a share that no short decimal gives exactly stays a fraction, `1/3`."""
    percent = share * 100
    for digits in range(3):
        if (percent * 10**digits).denominator == 1:
            return f"{float(percent):.{digits}f}%"
    return f"{share.numerator}/{share.denominator}"


def threshold_words(one: Instrument, threshold: Threshold) -> Text:
    """`“不满意”≥ 30%：重新补课`; the shares of several answers are added up."""
    question = one.question(threshold.question)
    options = question.options if question else ()
    named = [option.text for option in options if option.key in threshold.options]
    sign = "≥" if threshold.op == ">=" else ">"
    figure = f"{sign} {share_words(threshold.share)}"
    zh = "+".join(f"“{text.zh}”" for text in named)
    en = " + ".join(f"“{text.en}”" for text in named)
    return Text(f"{zh}{figure}：{threshold.rule.zh}", f"{en} {figure}: {threshold.rule.en}")


def level(book: Playbook) -> Answer:
    return LEVEL_NAMES[book.level], None


def batches(book: Playbook) -> Answer:
    line = joined((batch.name for batch in book.batches), " / ", " / ")
    number = len(book.batches)
    return (Text(f"{number} 批：{line.zh}", f"{number}: {line.en}") if line else None), None


def batch_window(book: Playbook) -> Answer:
    return joined((batch.window for batch in book.batches if batch.window), "；", "; "), None


def launch_soft(book: Playbook) -> Answer:
    days = book.schedule.launch_days
    return (Text(f"{days} 天左右（原则上）", f"about {days} days, in principle") if days is not None else None), None


def launch_hard(book: Playbook) -> Answer:
    return book.schedule.launch_latest, None


def unit_months(book: Playbook) -> Answer:
    months = book.schedule.unit_months
    return (Text(f"{months} 个月（一般）", f"{months} months, as a rule") if months else None), None


def stage_window(position: int) -> Callable[[Playbook], Answer]:
    def derive(book: Playbook) -> Answer:
        return next((stage.window for stage in book.stages if stage.position == position), None), None

    return derive


def plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def study_hours(book: Playbook) -> Answer:
    hours = book.study.hours
    return (Text(f"{plain(hours)} 学时", f"{plain(hours)} study hours") if hours else None), None


def study_days(book: Playbook) -> Answer:
    days = book.study.concentrated_days
    return (Text(f"{days} 天", f"{days} days") if days else None), None


def session_min(book: Playbook) -> Answer:
    hours = book.study.session_min
    return (Text(f"{plain(hours)} 学时", f"{plain(hours)} study hours") if hours else None), None


def offhours(book: Playbook) -> Answer:
    wanted = Text("一般安排在周末或其他非工作时间", "as a rule in weekends or other non-working time")
    return (wanted if book.study.offhours else None), None


def coverages(book: Playbook) -> Answer:
    return counted(coverage.name for coverage in book.study.coverages), None


def word_minimum(who: WordsFor) -> Callable[[Playbook], Answer]:
    def derive(book: Playbook) -> Answer:
        minimum = book.analysis.minimum(who)
        return (Text(f"不少于 {minimum} 字", f"at least {minimum}") if minimum else None), None

    return derive


def word_exempt(book: Playbook) -> Answer:
    return joined(EXEMPT_NAMES[who] for who in book.analysis.exempt), None


def routing(book: Playbook) -> Answer:
    stated = joined((rule.name for rule in book.routing if not rule.default), "；", "; ")
    return stated, joined((rule.name for rule in book.routing if rule.default), "；", "; ")


def review_before_test(book: Playbook) -> Answer:
    return (Text("是", "yes") if book.analysis.review_before_test else None), None


def stage_surveys(book: Playbook) -> list[Instrument]:
    return [one for one in book.instruments if one.subject == "unit" and not one.closing]


def scale(question: Question) -> Text | None:
    return joined((option.text for option in question.options), " / ", " / ")


def member_scale(book: Playbook) -> Answer:
    tests = [one for one in book.instruments if one.subject == "member"]
    return (None if not tests or tests[0].decisive.default else scale(tests[0].decisive)), None


def survey_org(book: Playbook) -> Answer:
    named = [one.organiser for one in stage_surveys(book) if one.organiser]
    return joined(ORGANISER_NAMES[organiser] for organiser in dict.fromkeys(named)), None


def survey_who(book: Playbook) -> Answer:
    groups = [group for one in stage_surveys(book) for group in one.groups]
    stated = joined((group.name for group in groups if not group.default), " + ", " + ")
    return stated, joined((group.name for group in groups if group.default), " + ", " + ")


def survey_scale(book: Playbook) -> Answer:
    answers: dict[bool, list[Text]] = {True: [], False: []}
    for question in (question for one in stage_surveys(book) for question in one.questions):
        line = scale(question)
        if line:
            answers[question.default].append(Text(f"{question.text.zh} {line.zh}", f"{question.text.en} {line.en}"))
    return joined(answers[False], "；", "; "), joined(answers[True], "；", "; ")


def makeup_threshold(book: Playbook) -> Answer:
    answers: dict[bool, list[Text]] = {True: [], False: []}
    for one in stage_surveys(book):
        for threshold in one.thresholds:
            answers[threshold.default].append(threshold_words(one, threshold))
    return joined(answers[False], "；", "; "), joined(answers[True], "；", "; ")


def final_survey(book: Playbook) -> Answer:
    lines: list[Text] = []
    for one in (one for one in book.instruments if one.closing):
        lines.append(one.name)
        voters = joined(group.name for group in one.groups if not group.default)
        lines += [voters] if voters else []
        lines += [threshold_words(one, rule) for rule in one.thresholds if not rule.default]
    return joined(lines, "；", "; "), None


def bands(book: Playbook) -> Answer:
    return joined(band.name for band in book.bands), None


def consent(steps: Iterable[ConsentStep], mode: str) -> Text | None:
    sign = " + " if mode == "parallel" else " → "
    return joined((step.name for step in steps), sign, sign)


def approval(book: Playbook) -> Answer:
    if book.transition is None:
        return NONE
    steps, mode = book.transition.steps, book.transition.mode
    stated = consent((step for step in steps if not step.default), mode)
    return stated, consent((step for step in steps if step.default), mode)


def trans_when(book: Playbook) -> Answer:
    guarded = [stage for stage in book.stages if stage.transition]
    stated = joined(stage.name for stage in guarded if not stage.transition_default)
    return stated, joined(stage.name for stage in guarded if stage.transition_default)


def trans_report(book: Playbook) -> Answer:
    if book.transition is None:
        return NONE
    parts = counted(part.name for part in book.transition.parts)
    return (None, parts) if book.transition.parts_default else (parts, None)


def filing(book: Playbook) -> Answer:
    return (book.transition.filing if book.transition else None), None


def meeting(book: Playbook) -> Answer:
    return (book.transition.meeting_rule if book.transition else None), None


def yellow(book: Playbook) -> Answer:
    return (book.sanctions.yellow_card.rule if book.sanctions.yellow_card else None), None


def admonition(book: Playbook) -> Answer:
    rule = book.sanctions.admonition
    return (Text(f"{rule.cards} 次黄牌：{rule.rule.zh}", f"{rule.cards} cards: {rule.rule.en}") if rule else None), None


def plan(owner: str) -> Callable[[Playbook], Answer]:
    def derive(book: Playbook) -> Answer:
        return next((one.rule for one in book.plans if one.owner == owner), None), None

    return derive


def report(key: str) -> Callable[[Playbook], Answer]:
    def derive(book: Playbook) -> Answer:
        found = book.report(key)
        return (found.rule if found else None), None

    return derive


def sup_weekly(book: Playbook) -> Answer:
    return joined((one.rule for one in book.reports if one.reporter == "supervision"), "；", "; "), None


LISTS = (
    *("unstaged_types", "staged_types", "requirement_groups", "prep_check", "office_groups"),
    *("s1_links", "educations", "clarity", "talks", "activities"),
    *("links2", "lookback2", "summary"),
    *("winds", "problem_kinds", "handling", "lookback3", "commend", "long_term"),
    *("rep_kinds", "style_items", "walks"),
)

# parameter -> (where its rule stands, how it is worded)
DERIVED: dict[str, tuple[str, Callable[[Playbook], Answer]]] = {
    "level": ("level", level),
    "batches": ("[[batches]]", batches),
    "batch_window": ("[[batches]] window", batch_window),
    "launch_soft": ("[schedule] launch_days", launch_soft),
    "launch_hard": ("[schedule] launch_latest", launch_hard),
    "unit_months": ("[schedule] unit_months", unit_months),
    "s1_window": ("[[stages]] window", stage_window(1)),
    "s2_window": ("[[stages]] window", stage_window(2)),
    "s3_window": ("[[stages]] window", stage_window(3)),
    "study_hours": ("[study] hours", study_hours),
    "study_days": ("[study] concentrated_days", study_days),
    "session_min": ("[study] session_min", session_min),
    "offhours": ("[study] offhours", offhours),
    "coverages": ("[[study.coverages]]", coverages),
    "word_ordinary": ("[[analysis.words]]", word_minimum("ordinary")),
    "word_leader": ("[[analysis.words]]", word_minimum("leader")),
    "word_exempt": ("[analysis] exempt", word_exempt),
    "routing": ("[[routing]]", routing),
    "review_before_test": ("[analysis] review_before_test", review_before_test),
    "member_scale": ("[[instruments]] options", member_scale),
    "survey_org": ("[[instruments]] organiser", survey_org),
    "survey_who": ("[[instruments]] groups", survey_who),
    "survey_scale": ("[[instruments]] questions", survey_scale),
    "makeup_threshold": ("[[instruments]] thresholds", makeup_threshold),
    "final_survey": ("[[instruments]] closing", final_survey),
    "bands": ("[[bands]]", bands),
    "approval": ("[transition] steps", approval),
    "trans_when": ("[[stages]] transition", trans_when),
    "trans_report": ("[transition] parts", trans_report),
    "filing": ("[transition] filing", filing),
    "meeting": ("[transition] meeting_rule", meeting),
    "yellow": ("[sanctions.yellow_card]", yellow),
    "admonition": ("[sanctions.admonition]", admonition),
    "personal_plan": ('[[plans]] owner = "member"', plan("member")),
    "org_plan": ('[[plans]] owner = "organization"', plan("organization")),
    "unit_plan": ('[[plans]] owner = "unit"', plan("unit")),
    "weekly": ('[[reports]] key = "weekly_report"', report("weekly_report")),
    "items": ('[[reports]] key = "brief"', report("brief")),
    "sup_weekly": ('[[reports]] reporter = "supervision"', sup_weekly),
    "team_talk": ('[[talks]] kind = "collective"', deeds.team_talk),
    "talk_deadline": ("[[talks]] before", deeds.talk_deadline),
    "opinion_by": ("[appraisal] opinion_by", deeds.opinion_by),
    "signature": ("[appraisal] signature", deeds.signature),
    "registration": ("[handling] written_application", deeds.registration),
    "reps": ("[style_review] minimum", deeds.reps),
    "banners": ('[[actions]] key = "banners"', deeds.action_count("banners", "幅", "banners")),
    "columns": ('[[actions]] key = "columns"', deeds.action_count("columns", "期", "issues")),
    "bottom_up": ("[transition] summary_levels", deeds.bottom_up),
    "leave": ("[staffing] leave_rule", lambda book: (book.staffing.leave_rule, None)),
    "leader_travel": ("[staffing] travel", lambda book: (book.staffing.travel, None)),
    "party_school": ("[staffing] party_school", lambda book: (book.staffing.party_school, None)),
    "liaison": ("[liaison] rule", lambda book: (book.liaison.rule if book.liaison else None, None)),
    "pairing": ("[pairing] rule", lambda book: (book.pairing.rule if book.pairing else None, None)),
    **{key: (f'[[lists]] key = "{key}"', derive_list(key)) for key in LISTS},
    # Tables that say more than a list could; a campaign set up before there were tables still has the list.
    "unstaged_types": ("[[unit_types]]", deeds.listed_or("unstaged_types", deeds.unit_types(False))),
    "staged_types": ("[[unit_types]]", deeds.listed_or("staged_types", deeds.unit_types(True))),
    "office_groups": ("[[bodies]]", deeds.listed_or("office_groups", deeds.office_groups)),
    "prep_check": ("[preparation] items", deeds.listed_or("prep_check", deeds.preparation)),
    "lookback2": ("[[lookbacks]]", deeds.listed_or("lookback2", deeds.lookbacks(late=False))),
    "lookback3": ("[[lookbacks]]", deeds.listed_or("lookback3", deeds.lookbacks(late=True))),
    "handling": ("[handling] outcomes", deeds.listed_or("handling", deeds.handling)),
    "commend": ("[[commendations]]", deeds.listed_or("commend", deeds.commend)),
    "rep_kinds": ("[style_review] representatives", deeds.listed_or("rep_kinds", deeds.rep_kinds)),
    "style_items": ("[style_review] items", deeds.listed_or("style_items", deeds.style_items)),
}

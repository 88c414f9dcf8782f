"""A bulletin and a letter with everything in them, for the tests of the document builders. People are invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from reports.documents.content import Block, BulletinContent, BulletinItemContent, FiguresContent, LetterContent

DAY = dt.date(2005, 3, 5)

BULLETIN = BulletinContent(
    masthead="先进性教育活动简报",
    issue_number=3,
    total_number=15,
    office="清溪县委先进性教育活动领导小组办公室",
    issued_on=DAY,
    editor_note="县教育局党委的做法值得借鉴，现予编发。",
    items=(
        BulletinItemContent(
            "县教育局抓实学习动员",
            ("一、加强领导。3月1日召开动员大会，应到27人，实到26人。", "（一）落实责任", "支部安排了两天集中培训。"),
            "县教育局先教办",
        ),
        BulletinItemContent("离退休党员送学上门", ("水务局支部送学到家，老党员周远明说很受教育。",)),
    ),
    figures=FiguresContent(
        "一周数据",
        ("截至3月4日，116个单位中5个已转段，占4.3%。",),
        ("单位类别", "应参加", "已转段"),
        (("县级部门", "62", "3"), ("乡镇", "54", "2")),
    ),
    report_to="市委先教办",
    copy_to="县委各督导组",
    distribute_to="各乡镇党委，县级各部门党组织",
    copies=150,
)

LETTER = LetterContent(
    title="关于县教育局党委转入分析评议阶段的批复",
    number="清先教办〔2005〕12号",
    addressee="县教育局党委",
    body=(
        Block("请示收悉，现批复如下。"),
        Block("同意转段", 1),
        Block("有关要求", 1),
        Block("抓紧补课", 2),
        Block("补课对象", 3),
        Block("流动党员", 4),
        Block("外出党员", 4),
        Block("补课时限", 3),
        Block("继续巩固", 2),
        Block("做好档案", 1),
        Block("档案目录", 2),
    ),
    signature="县委先教办",
    signed_on=DAY,
)


def bulletin(**changes: Any) -> BulletinContent:
    """The sample with some of its fields changed."""
    return replace(BULLETIN, **changes)

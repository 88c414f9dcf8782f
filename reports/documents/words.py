"""The fixed words of Chinese official documents and summary tables.

They belong to the form of the document, not to the language of the page, so they are Chinese whatever
language the user reads, and they are not in the translation catalogue.
"""

from __future__ import annotations

import datetime as dt

EDITOR_NOTE = "编者按："
REPORT_TO = "报："
COPY_TO = "送："
DISTRIBUTE_TO = "发："
DRAFT = "草稿，未编发"
TO_FINISH = "草稿，待修改"
FIGURES = "一周数据"
ANNEX = "附件"
TO_FILL = "（请填写：%s）"
SIGN_IN_HEAD = ("序号", "姓名", "签名")
SIGN_IN_COUNT = "应到%s人　实到　　人　请假　　人　缺席　　人"
ADDRESSEE_END = "："
PAGE_DASH = "—"  # U+2014: the one-character rule either side of a page number

TOTAL = "合计"
NO_ROWS = "没有数据"
REPORTING_UNIT = "填报单位："
UNIT = "单位："
RESPONSIBLE = "单位负责人："
REVIEWER = "审核人："
PREPARER = "制表人："
PHONE = "联系电话："
INDEX = "目录"
SHEET = "表"
INDEX_HEAD = ("序号", "表名", "内容", "行数")
BACK = "返回目录"
CHART = "图"
CHART_OF = "图，数据见表："
SHEET_FOOTER = "第 &P 页，共 &N 页"

CHINESE_FIGURES = "零一二三四五六七八九"


def long_date(day: dt.date) -> str:
    """2005年3月5日: month and day are not padded (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"


def document_number(year: int, number: int, prefix: str = "") -> str:
    """〔2005〕1号, after the issuing body's mark where there is one; the number is not padded."""
    return f"{prefix}〔{year}〕{number}号"


def issue_line(number: int, total: int | None, supplement: bool, *, special: bool = False) -> str:
    """（第3期　总第15期）; a supplement in its own series （增刊第2期）; a special issue says so （专刊　第4期）."""
    issue = f"增刊第{number}期" if supplement else f"专刊　第{number}期" if special else f"第{number}期"
    return f"（{issue}　总第{total}期）" if total is not None else f"（{issue}）"


def correction_line(issue: str, day: dt.date) -> str:
    """What a correcting issue says under its red rule, `issue` as it stands on the corrected one, in brackets."""
    return f"更正：{long_date(day)}印发的{issue.strip('（）').replace('　', '、')}中有误，现予更正，以本期为准。"


def source_line(source: str) -> str:
    """（县教育局先教办）: who reported an item, under it."""
    return f"（{source}）"


def copies_line(copies: int) -> str:
    """共印50份."""
    return f"共印{copies}份"


def chinese_number(number: int) -> str:
    """1 to 99 in Chinese figures, as headings count: 一, 十, 十二, 二十."""
    if not 1 <= number <= 99:
        raise ValueError(f"headings are counted from 1 to 99, not {number}")
    tens, units = divmod(number, 10)
    ten = "" if tens == 0 else ("" if tens == 1 else CHINESE_FIGURES[tens]) + "十"
    return ten + (CHINESE_FIGURES[units] if units else "")


def heading_mark(level: int, number: int) -> str:
    """The mark before a heading: 一、 then （一） then 1. then （1）."""
    match level:
        case 1:
            return f"{chinese_number(number)}、"
        case 2:
            return f"（{chinese_number(number)}）"
        case 3:
            return f"{number}."
        case 4:
            return f"（{number}）"
    raise ValueError(f"headings have the levels 1 to 4, not {level}")


def distribution(report_to: str | None, copy_to: str | None, distribute_to: str | None) -> tuple[tuple[str, str], ...]:
    """The lines 报, 送 and 发 that are filled in, each as (label, addressees)."""
    lines = ((REPORT_TO, report_to), (COPY_TO, copy_to), (DISTRIBUTE_TO, distribute_to))
    return tuple((label, value) for label, value in lines if value)

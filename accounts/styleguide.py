"""Invented content for /styleguide/: every component in every state."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator

from accounts import clock

STAGES = [(1, "学习动员"), (2, "分析评议"), (3, "整改提高")]
COMMITTEES = [
    ("县直机关工委", (1, 12, 3, 6)),
    ("教育局党委", (0, 4, 0, 2)),
    ("卫生局党委", (0, 3, 1, 2)),
    ("水利局党委", (1, 1, 0, 0)),
]


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="活动名称", max_length=40, help_text="写清做了什么，不写口号。")
    held_on = forms.DateField(label="日期", widget=forms.DateInput(attrs={"type": "date"}))
    hours = forms.DecimalField(label="学时", min_value=0, max_value=12)
    kind = forms.ChoiceField(label="种类", choices=[("", "请选择"), ("study", "集中学习"), ("talk", "谈心谈话")])
    coverage = forms.MultipleChoiceField(
        label="覆盖到谁",
        choices=[("a", "在职党员"), ("b", "离退休党员"), ("c", "流动党员")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    place = forms.ChoiceField(label="地点", choices=[("in", "本单位"), ("out", "外出")], widget=forms.RadioSelect)
    concentrated = forms.BooleanField(label="算作集中培训日", required=False)
    paper = forms.FileField(label="材料", required=False, help_text="可交 docx、xlsx、pdf、jpg，每个不超过 20 MB。")
    text = forms.CharField(
        label="经过",
        widget=forms.Textarea(attrs={"rows": 3, "data-count": "2000"}),
        max_length=2000,
        required=False,
    )


class FilterForm(forms.Form):
    """A filter bar as django-filter makes it."""

    committee = forms.ChoiceField(label="党委", choices=[("", "全部党委"), ("1", "县直机关工委")], required=False)
    state = forms.ChoiceField(label="本周状态", choices=[("", "全部"), ("due", "待报")], required=False)
    late = forms.BooleanField(label="只看有缺报的", required=False)
    q = forms.CharField(label="单位名称", widget=forms.TextInput(attrs={"type": "search"}), required=False)


def _segments(figures: tuple[int, int, int, int]) -> list[dict[str, Any]]:
    first, second, review, third = figures
    return [
        {"stage": 1, "count": first},
        {"stage": 2, "count": second},
        {"stage": 2, "count": review, "review": True},
        {"stage": 3, "count": third},
    ]


def _jobs() -> list[SimpleNamespace]:
    base = {
        "finished": True,
        "result": "",
        "result_name": "",
        "result_url": "",
        "message_text": "",
        "error_text": "",
    }
    rows = [
        {
            "state": "queued",
            "done": 0,
            "total": 0,
            "label": "导出汇总表",
            "get_state_display": "等待中",
            "finished": False,
        },
        {
            "state": "running",
            "done": 842,
            "total": 1359,
            "label": "导入花名册",
            "message_text": "正在核对 卫生局党委",
            "get_state_display": "进行中",
            "finished": False,
        },
        {
            "state": "done",
            "done": 1359,
            "total": 1359,
            "label": "导出汇总表",
            "result": "x",
            "result_name": "汇总表.xlsx",
        },
        {
            "state": "failed",
            "done": 40,
            "total": 214,
            "label": "导入花名册",
            "error_text": "第 3 张表缺“所在党支部”一列。补上这一列再上传。",
        },
    ]
    return [SimpleNamespace(**{"pk": 90 + n, **base, **row}) for n, row in enumerate(rows)]


def _todo() -> list[dict[str, Any]]:
    return [
        {
            "n": 3,
            "title": "审批转段申请",
            "url": "#",
            "button": "审批",
            "primary": True,
            "detail": "县审计局、县民政局、公路段；最早一件已等 2 天",
        },
        {
            "n": 12,
            "title": "选编本周信息",
            "url": "#",
            "button": "选编",
            "detail": "编入第 23 期简报，明天 12:00 前送审",
        },
        {
            "tone": "bad",
            "title": "2 个单位仍在学习动员",
            "url": "#",
            "button": "查看",
            "detail": "灌区管理处、县信访局，超期 28 天",
        },
        {
            "tone": "late",
            "title": "督导组信息缺 2 份",
            "url": "#",
            "button": "催报",
            "detail": "第二、第五组，应于今天 12:00 前报",
        },
    ]


def _steps(second: str, third: str = "") -> list[dict[str, str]]:
    notes = {
        "here": "现在这一步",
        "over": "超期 28 天",
        "review": "转段审核中",
        "done": "4月10日转段",
        "": "未开始",
    }
    return [
        {"name": "学习动员", "note": "3月6日转段", "status": "done"},
        {"name": "分析评议", "note": notes[second], "status": second},
        {"name": "整改提高", "note": notes[third], "status": third},
    ]


def _timeline() -> list[dict[str, Any]]:
    now = clock.now()
    return [
        {"wait": True, "text": "先教办审批", "due": "督导组同意之后"},
        {"icon": "clock", "tone": "late", "now": True, "text": "第三督导组审查，已等 2 天", "who": "王德顺"},
        {"icon": "send", "text": "李文静提交第 2 次申请，核对结果封存", "at": now - timedelta(days=2)},
        {
            "icon": "flag",
            "tone": "bad",
            "text": "记黄牌 1 张",
            "detail": "工作不扎实",
            "at": now - timedelta(days=9),
        },
        {
            "icon": "arrow-back-up",
            "tone": "late",
            "text": "退回第 1 次申请",
            "who": "王德顺",
            "at": now - timedelta(days=400),
        },
    ]


def sample() -> dict[str, Any]:
    """The context of the style guide."""
    page = Paginator(range(1, 290), 25).page(6)
    bad = SampleForm({"title": "学习", "hours": "13", "kind": "", "held_on": ""})
    bad.is_valid()
    return {
        "crumbs": [("青岚县委", "/"), ("农业局党委", "/"), ("农技中心党总支", "/"), ("第二党支部", "")],
        "bars": [{"name": name, "figures": figures, "segments": _segments(figures)} for name, figures in COMMITTEES],
        "stages": STAGES,
        "jobs": _jobs(),
        "todo": _todo(),
        "steps": {name: _steps(name) for name in ("here", "over", "review")},
        "timeline": _timeline(),
        "checks": [
            {"label": "征求意见", "have": 3, "need": 1, "unit": "次", "url": "#", "status": "full"},
            {"label": "谈心谈话", "have": 19, "need": 24, "unit": "对", "url": "#", "status": "half"},
            {"label": "专题组织生活会", "have": 0, "need": 1, "unit": "次", "status": "empty"},
        ],
        "people": ["蒋雪", "冯建华", "欧阳文秀", "唐志强", "邓春梅"],
        "form": SampleForm(),
        "bad_form": bad,
        "filter_form": FilterForm({"state": "due"}),
        "page": page,
        "head": [
            {"label": "姓名", "sort": "name"},
            {"label": "支部"},
            {"label": "学时", "sort": "hours", "css": "num"},
        ],
        "rows": [("蒋雪", "第一党支部", 38), ("冯建华", "第二党支部", 45)],
        "tabs": [
            {"label": "全部", "url": "#", "count": 1359, "current": True},
            {"label": "学时不够的", "url": "#", "count": 12},
        ],
        "now": clock.now(),
        "last_year": clock.now() - timedelta(days=400),
        "wizard": ["上传", "预览核对", "写入", "完成"],
    }

"""The closed lists of the roster: the word in the workbook, the code that is stored, the name on screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

COLLEGE = "college"
SECONDARY = "secondary"
JUNIOR = "junior"


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a closed list. `level` groups schooling for the composition table (C-01)."""

    code: str
    label: str
    name: object  # a lazy text, or the Chinese word itself where that is the name
    level: str = ""


class Vocabulary:
    """A closed list that can be asked both ways. Labels are exact: nothing is guessed."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms: tuple[Term, ...] = tuple(terms)
        self._by_label = {term.label: term for term in self.terms}
        self._by_code = {term.code: term for term in self.terms}

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms)

    def code(self, label: str) -> str | None:
        """The stored code of a workbook's word, or None when the word is not in the list."""
        term = self._by_label.get(label)
        return term.code if term else None

    def label(self, code: str) -> str:
        """The workbook's word of a stored code; empty for an empty code."""
        return self._by_code[code].label if code else ""

    def level(self, code: str) -> str:
        """The group of the composition table that a code counts in (schooling only)."""
        return self._by_code[code].level

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(term.label for term in self.terms)

    @property
    def choices(self) -> list[tuple[str, object]]:
        """Pairs for a model field or a form."""
        return [(term.code, term.name) for term in self.terms]


ORGANIZATION_KINDS = Vocabulary(
    [
        Term("city_committee", "市委", _("City committee")),
        Term("county_committee", "县委", _("County committee")),
        Term("work_committee", "工委", _("Work committee")),
        Term("party_group", "党组", _("Party group")),
        Term("committee", "党委", _("Committee")),
        Term("general_branch", "党总支", _("General branch")),
        Term("branch", "党支部", _("Branch")),
    ]
)

SEXES = Vocabulary([Term("male", "男", _("Male")), Term("female", "女", _("Female"))])

EDUCATIONS = Vocabulary(
    [
        Term("doctorate", "博士研究生", _("Doctorate"), COLLEGE),
        Term("masters", "硕士研究生", _("Master's degree"), COLLEGE),
        Term("bachelor", "大学", _("University"), COLLEGE),
        Term("associate", "大专", _("Junior college"), COLLEGE),
        Term(
            "central_party_postgraduate",
            "中央党校研究生",
            _("Central Party School, postgraduate"),
            COLLEGE,
        ),
        Term(
            "provincial_party_postgraduate",
            "省委党校研究生",
            _("Provincial Party School, postgraduate"),
            COLLEGE,
        ),
        Term("party_school_bachelor", "党校大学", _("Party school, university"), COLLEGE),
        Term("party_school_associate", "党校大专", _("Party school, junior college"), COLLEGE),
        Term("secondary_specialised", "中等专科", _("Secondary specialised school"), SECONDARY),
        Term("vocational_high", "职业高中", _("Vocational high school"), SECONDARY),
        Term("technical", "技工学校", _("Technical school"), SECONDARY),
        Term("high_school", "普通高中", _("High school"), SECONDARY),
        Term("junior_high", "初中", _("Junior high school"), JUNIOR),
        Term("primary", "小学", _("Primary school"), JUNIOR),
        Term("other", "其他", _("Other schooling"), JUNIOR),
    ]
)

CATEGORIES = Vocabulary(
    [
        Term("full", "正式党员", _("Full member")),
        Term("probationary", "预备党员", _("Probationary member")),
    ]
)

MEMBERSHIP_STATES = Vocabulary([Term("normal", "正常", _("Normal")), Term("suspended", "停止党籍", _("Suspended"))])

POST_LEVELS = Vocabulary(
    [
        Term("leader", "科级实职以上", _("Section-level post and above")),
        Term("staff", "一般干部", _("General cadre")),
        Term("worker", "工人", _("Worker")),
    ]
)

_ETHNIC_NAMES = (
    "汉族、蒙古族、回族、藏族、维吾尔族、苗族、彝族、壮族、布依族、朝鲜族、"
    "满族、侗族、瑶族、白族、土家族、哈尼族、哈萨克族、傣族、黎族、傈僳族、"
    "佤族、畲族、高山族、拉祜族、水族、东乡族、纳西族、景颇族、柯尔克孜族、土族、"
    "达斡尔族、仫佬族、羌族、布朗族、撒拉族、毛南族、仡佬族、锡伯族、阿昌族、普米族、"
    "塔吉克族、怒族、乌孜别克族、俄罗斯族、鄂温克族、德昂族、保安族、裕固族、京族、塔塔尔族、"
    "独龙族、鄂伦春族、赫哲族、门巴族、珞巴族、基诺族、其他"
)

# Proper names: stored and shown as they are written, in every language.
ETHNICITIES = Vocabulary([Term(name, name, name) for name in _ETHNIC_NAMES.split("、")])

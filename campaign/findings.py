"""Evidence in, findings out (house idea 2).

A *check* is a small pure function registered by name, as Django registers its system checks. It reads evidence and
yields findings: what was required, what was measured, pass or not, and who or what falls short. A gate is the list of
checks that a playbook puts at the end of a stage. Findings are stored with a transition, so they hold message ids and
parameters, never finished sentences: each reader sees them in his own language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from accounts.messages import Message

if TYPE_CHECKING:
    from campaign.evidence import Evidence
    from campaign.playbook import Check, Text

NAMES_KEPT = 60


def both(text: Text) -> dict[str, str]:
    """A playbook text as a message parameter that shows each reader his half."""
    return {"zh": text.zh, "en": text.en}


@dataclass(frozen=True)
class Finding:
    """One line of a gate. `missing` names who or what falls short; `link` is where it can be mended."""

    check: str
    key: str
    title: Message
    required: Message
    measured: Message
    passed: bool
    soft: bool = False
    overridable: bool = False
    remark: Message | None = None
    missing: tuple[str, ...] = ()
    missing_count: int = 0
    link: str = ""
    link_label: Message | None = None
    waiting: bool = False

    @property
    def blocks(self) -> bool:
        """Unmet, and neither a soft rule nor one that may be overridden with a reason."""
        return not self.passed and not self.soft and not self.overridable

    @property
    def missing_more(self) -> int:
        """How many fall short beyond those named."""
        return max(0, self.missing_count - len(self.missing))

    def to_json(self) -> dict[str, Any]:
        return {
            "check": self.check,
            "key": self.key,
            "title": self.title.to_json(),
            "required": self.required.to_json(),
            "measured": self.measured.to_json(),
            "passed": self.passed,
            "soft": self.soft,
            "overridable": self.overridable,
            "remark": self.remark.to_json() if self.remark else None,
            "missing": list(self.missing),
            "missing_count": self.missing_count,
            "link": self.link,
            "link_label": self.link_label.to_json() if self.link_label else None,
            "waiting": self.waiting,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Finding:
        def message(key: str) -> Message | None:
            return Message.from_json(data[key]) if data.get(key) else None

        return cls(
            check=data["check"],
            key=data["key"],
            title=Message.from_json(data["title"]),
            required=Message.from_json(data["required"]),
            measured=Message.from_json(data["measured"]),
            passed=data["passed"],
            soft=data["soft"],
            overridable=data["overridable"],
            remark=message("remark"),
            missing=tuple(data["missing"]),
            missing_count=data["missing_count"],
            link=data["link"],
            link_label=message("link_label"),
            waiting=data["waiting"],
        )


CheckFunction = Callable[["Evidence", "Check"], Iterable[Finding]]
_checks: dict[str, CheckFunction] = {}


def check(name: str) -> Callable[[CheckFunction], CheckFunction]:
    """Register a check under the name that playbooks use for it."""

    def register(function: CheckFunction) -> CheckFunction:
        _checks[name] = function
        return function

    return register


def registered() -> frozenset[str]:
    """Names of all checks that a playbook may put into a gate."""
    return frozenset(_checks)


class UnknownCheck(Exception):
    """A gate names a check that no room has registered."""


def run_gate(gate: Iterable[Check], evidence: Evidence) -> list[Finding]:
    """The findings of a gate, unmet first, in the gate's order otherwise. Raises UnknownCheck."""
    findings: list[Finding] = []
    for rule in gate:
        if rule.check not in _checks:
            raise UnknownCheck(rule.check)
        findings.extend(_checks[rule.check](evidence, rule))
    return sorted(findings, key=lambda finding: (finding.passed, finding.soft))


def names(people: Iterable[str]) -> tuple[tuple[str, ...], int]:
    """The first NAMES_KEPT names and the count of all, for a finding's `missing`."""
    everyone = list(people)
    return tuple(everyone[:NAMES_KEPT]), len(everyone)


@dataclass(frozen=True)
class Gate:
    """The findings of one gate at one moment."""

    findings: tuple[Finding, ...] = field(default_factory=tuple)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    @property
    def passed_count(self) -> int:
        return sum(finding.passed for finding in self.findings)

    @property
    def blocking(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.blocks]

    @property
    def to_override(self) -> list[Finding]:
        """Unmet, but the approving body may let it pass with a written reason (decision 4)."""
        return [f for f in self.findings if not f.passed and not f.soft and f.overridable]

    @property
    def open(self) -> bool:
        """Nothing blocks."""
        return not self.blocking

"""Which deed satisfies what a playbook asks for: by the tool of a required action, and by the check of a gate.

Each deed does what is still open and nothing twice, so that it can be asked for again after the gate has spoken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from reports.rehearsal.scene import Scene

Deed = Callable[[Scene], None]


class NoDeed(LookupError):
    """A playbook asks for a tool or a check that the rehearsal does not know how to satisfy."""


_by_tool: dict[str, Deed] = {}
_by_check: dict[str, Deed] = {}
# What must come before what within a stage: papers before they are tested, opinions before they are mended.
ORDER = (
    "study_hours",
    "concentrated_days",
    "actions",
    "member_marks",
    "coverage",
    "preparation",
    "publicity",
    "pairing",
    "reading",
    "knowledge_test",
    "style_review",
    "opinions",
    "talks",
    "self_analysis",
    "self_analyses",
    "organization_analysis",
    "member_test",
    "member_tests",
    "appraisal",
    "appraisals",
    "appraisal_report_out",
    "report_out",
    "self_analyses_rechecked",
    "help_given",
    "ledger",
    "plans",
    "plans_adopted",
    "standing_rules",
    "handling",
    "oath",
    "rectification",
    "opinions_answered",
    "lookback",
    "survey",
    "closing",
)


def for_tool(*tools: str) -> Callable[[Deed], Deed]:
    """Register the deed behind the required actions that name one of these tools."""

    def register(deed: Deed) -> Deed:
        _by_tool.update(dict.fromkeys(tools, deed))
        return deed

    return register


def for_check(*checks: str) -> Callable[[Deed], Deed]:
    """Register the deed that satisfies a gate's check."""

    def register(deed: Deed) -> Deed:
        _by_check.update(dict.fromkeys(checks, deed))
        return deed

    return register


def known_checks() -> frozenset[str]:
    return frozenset(_by_check)


def wanted(tools: Iterable[str], checks: Iterable[str]) -> list[Deed]:
    """The deeds for these tools and checks in the order in which they are done, each once. Raises NoDeed."""
    found: list[Deed] = []
    asked = [(name, _by_tool) for name in tools] + [(name, _by_check) for name in checks]
    for name, known in sorted(asked, key=lambda pair: _place(pair[0])):
        if name not in known:
            kind = "tool" if known is _by_tool else "check"
            raise NoDeed(f"The rehearsal has no deed for the {kind} “{name}”.")
        if known[name] not in found:
            found.append(known[name])
    return found


def of_stage(scene: Scene) -> list[Deed]:
    """The deeds for the required actions and the gate of the scene's stage, or of the closing. Raises NoDeed."""
    stage = scene.evidence.stage
    gate = stage.gate if stage else scene.playbook.closing.gate
    tools = [action.tool for action in scene.evidence.actions if action.tool and action.gate]
    return wanted(tools, ["actions", *(check.check for check in gate)])


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)

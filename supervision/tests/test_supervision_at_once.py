"""Two reviewers press at the same moment, two hundred times: one word stands, one entry of history, the other is told.

Once a body speaks first on an application, once the last body does, so that the stage hangs on it.
"""

import pytest

from accounts.models import AuditEntry, User
from supervision import actions
from supervision.models import Decision, Transition
from supervision.tests.factories import agree, applied, make_supervised_world
from tests.together import on_a_file, run_together  # noqa: F401  a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_a_file"), pytest.mark.slow]
TIMES = 200
WORDS = [("return", "return"), ("agree", "return"), ("return", "agree"), ("agree", "agree")]
SAID = {"agree": "transition.agreed", "return": "transition.returned"}


def presser(row, user, body, verdict):
    """One who has the page open and presses: his own connection, his own look at the application."""

    def press():
        parts = {"situation": "不行。"} if verdict == "return" else {}
        ruling = actions.Ruling(verdict=verdict, parts=parts)
        transition = Transition.objects.get(pk=row.pk)
        return actions.decide(by=User.objects.get(pk=user.pk), transition=transition, body=body, ruling=ruling)

    return press


def test_two_reviewers_at_once_two_hundred_times():
    w = make_supervised_world()
    for time in range(TIMES):
        row, last = applied(w), time % 2
        body, pair = ("office", (w.c.office, w.c.general)) if last else ("supervision", (w.c.guide, w.c.guide_2))
        if last:
            agree(w, row, w.c.guide, "supervision")
        words = WORDS[time // 2 % len(WORDS)]
        results = run_together(*(presser(row, *one) for one in zip(pair, (body, body), words, strict=True)))
        one_word_stands(row, body, results, before=last)
        row.refresh_from_db()
        after = {"return": "returned", "agree": "approved" if last else "submitted"}
        assert row.state == after[standing(results).verdict], (time, results)
        Transition.objects.filter(pk=row.pk).update(state="returned")  # the next one may be handed in


def standing(results):
    return next(result for result in results if isinstance(result, Decision))


def one_word_stands(row, body, results, before):
    """One decision, one entry, and the slower one told by name; `before` words of other bodies stand already."""
    lost = [result for result in results if isinstance(result, actions.AlreadyDecided)]
    assert len(lost) == 1, results
    won = standing(results)
    assert Decision.objects.filter(transition=row).count() == before + 1
    assert Decision.objects.filter(transition=row, body=body, verdict=won.verdict, by=won.by).count() == 1
    entries = AuditEntry.objects.filter(object_type="supervision.transition", object_id=str(row.pk))
    said = [entry for entry in entries.filter(action__in=SAID.values()) if entry.data["body"] == body]
    assert [(entry.action, entry.actor_id) for entry in said] == [(SAID[won.verdict], won.by_id)]
    assert str(won.by) in str(lost[0])

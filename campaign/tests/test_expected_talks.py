"""The generator on a small tree: who is to talk with whom, each pair once."""

from campaign import expected_talks as plan
from campaign.expected_talks import Place, Team, expected_talks

COMMITTEE = Place(1, False, Team(principal=10, deputies=(11,), others=(12,), in_charge={12: (3,)}), below=(2, 3))
FIRST = Place(2, True, Team(principal=20, others=(21,)), members=(20, 21, 22, 23, 24))
SECOND = Place(3, True, Team(principal=30), members=(30, 31))
EMPTY = Place(4, True, Team(), members=(40, 41))
TREE = [COMMITTEE, FIRST, SECOND, EMPTY]


def pairs(kind, places=TREE):
    return {(one.who, *one.partners) for one in expected_talks({kind}, places)}


def test_each_kind_names_its_pairs():
    assert pairs(plan.SECRETARY_TEAM) == {(10, 11), (10, 12)}
    assert pairs(plan.SECRETARY_BRANCHES) == {(10, 20), (11, 20), (10, 30), (11, 30)}
    assert pairs(plan.LEADERS_UNITS) == {(12, 30)}
    assert pairs(plan.TEAM_EACH) == {(11, 12)}
    assert pairs(plan.BRANCH_COMMITTEE) == {(20, 21)}
    assert pairs(plan.COMMITTEE_MEMBERS) == {(22, 20, 21), (23, 20, 21), (24, 20, 21), (31, 30)}


def test_members_choose_each_other_and_one_alone_is_asked_for_nobody():
    found = expected_talks({plan.MEMBERS}, TREE)
    assert {one.who for one in found} == {22, 23, 24, 40, 41}
    first = next(one for one in found if one.who == 22)
    assert first.partners == (23, 24)
    assert first.asked == (22,)
    assert first.done({frozenset((22, 24))}) == frozenset((22, 24))
    assert first.done({frozenset((22, 20))}) is None


def test_a_pair_of_two_kinds_is_expected_once_and_nobody_talks_with_himself():
    both = Place(1, False, Team(principal=10, others=(20,), in_charge={20: (2,), 10: (2,)}), below=(2,))
    branch = Place(2, True, Team(principal=20), members=(20,))
    found = expected_talks(set(plan.KINDS), [both, branch])
    assert [(one.kind, one.who, one.partners) for one in found] == [(plan.SECRETARY_TEAM, 10, (20,))]


def test_no_rule_expects_nothing():
    assert expected_talks((), TREE) == []

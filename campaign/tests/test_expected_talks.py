"""The generator on a small tree: who is to talk with whom, each two people once."""

from campaign.expected_talks import Place, Team, expected_talks
from campaign.playbook import Text
from campaign.playbook.deeds import TALK_KINDS, TalkPair

COMMITTEE = Place(1, False, Team(principal=10, deputies=(11,), others=(12,), in_charge={12: (3,)}), below=(2, 3))
FIRST = Place(2, True, Team(principal=20, others=(21,)), members=(20, 21, 22, 23, 24))
SECOND = Place(3, True, Team(principal=30), members=(30, 31))
EMPTY = Place(4, True, Team(), members=(40, 41))
TREE = [COMMITTEE, FIRST, SECOND, EMPTY]


def pair(kind, count=1):
    return TalkPair(kind, Text(kind, kind), kind, None, False, count)


def people(kind, places=TREE):
    return {(one.who, *one.partners) for one in expected_talks([pair(kind)], places)}


def test_each_kind_names_its_pairs():
    assert people("secretary_team") == {(10, 11), (10, 12)}
    assert people("secretary_branches") == {(10, 20), (11, 20), (10, 30), (11, 30)}
    assert people("leaders_units") == {(12, 30)}
    assert people("team_each") == {(11, 12)}
    assert people("branch_committee") == {(20, 21)}
    assert people("committee_members") == {(22, 20, 21), (23, 20, 21), (24, 20, 21), (31, 30)}


def test_every_kind_that_a_playbook_may_name_is_known():
    for kind in TALK_KINDS:
        expected_talks([pair(kind)], TREE)


def test_members_choose_each_other_and_one_alone_is_asked_for_nobody():
    found = expected_talks([pair("members")], TREE)
    assert {one.who for one in found} == {22, 23, 24, 40, 41}
    first = next(one for one in found if one.who == 22)
    assert (first.partners, first.asked) == ((23, 24), (22,))
    assert first.done({frozenset((22, 24))})
    assert not first.done({frozenset((22, 20))})


def test_several_talks_are_asked_of_different_people_and_never_more_than_there_are():
    found = {one.who: one for one in expected_talks([pair("members", count=2)], TREE)}
    assert (found[22].need, found[40].need) == (2, 1)
    assert not found[22].done({frozenset((22, 24))})
    assert found[22].done({frozenset((22, 24)), frozenset((22, 23))})


def test_two_people_in_two_pairs_are_expected_once_and_nobody_talks_with_himself():
    both = Place(1, False, Team(principal=10, others=(20,), in_charge={20: (2,), 10: (2,)}), below=(2,))
    branch = Place(2, True, Team(principal=20), members=(20,))
    rules = [pair(kind) for kind in TALK_KINDS]
    assert [(one.who, one.partners) for one in expected_talks(rules, [both, branch])] == [(10, (20,))]


def test_a_collective_talk_is_no_pair_and_no_rule_expects_nothing():
    assert expected_talks([pair("collective")], TREE) == []
    assert expected_talks([], TREE) == []

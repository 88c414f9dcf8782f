"""What is withheld cannot be reckoned from what is shown: proven on random trees by elimination, not by the rule."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.ballots.disclosure import LEAST, Cell, protect, withheld


@st.composite
def trees(draw, paper=True):
    """The whole, superiors, units, groups; small numbers, for there lies the danger."""
    few = st.one_of(st.integers(0, 7), st.integers(0, 40))

    def group(key):
        phones = draw(few)
        return Cell(key, phones + (draw(few) if paper and draw(st.booleans()) else 0), phones=phones)

    def branch(key, depth):
        if depth == 0:
            return group(key)
        return Cell(key, parts=[branch((*key, n), depth - 1) for n in range(draw(st.integers(1, 4)))])

    return branch((), draw(st.integers(1, 3)))


def leaves(cell):
    return [found for found in cell.walk() if not found.parts]


def under(cell, columns):
    """A cell as a row of the system: which of the unknown leaves it adds up."""
    inside = {leaf.key for leaf in leaves(cell)}
    return [Fraction(key in inside) for key in columns]


def reduce(rows):
    """Row echelon form over the rationals, its rows by the place of their first 1."""
    found = {}
    for row in rows:
        row = against(row, found)
        place = next((n for n, value in enumerate(row) if value), None)
        if place is not None:
            row = [value / row[place] for value in row]
            for at, other in list(found.items()):
                if other[place]:
                    found[at] = [a - other[place] * b for a, b in zip(other, row, strict=True)]
            found[place] = row
    return found


def against(row, found):
    for place, other in found.items():
        if row[place]:
            row = [a - row[place] * b for a, b in zip(row, other, strict=True)]
    return row


def told(root, weight):
    """The system of all that is shown, over the leaves that have ballots of this kind, and those columns."""
    columns = [leaf.key for leaf in leaves(root) if getattr(leaf, weight)]
    shown = [cell for cell in root.walk() if not cell.withheld and getattr(cell, weight)]
    return columns, reduce([under(cell, columns) for cell in shown])


def solved(cell, columns, system):
    return not any(against(under(cell, columns), system))


@settings(max_examples=400, deadline=None)
@given(trees(paper=False))
def test_nothing_that_is_withheld_can_be_reckoned(root):
    protect(root)
    columns, system = told(root, "ballots")
    for cell in root.walk():
        if cell.ballots and cell.withheld:
            assert not solved(cell, columns, system), f"{cell.key} follows from what is shown"
        elif cell.ballots:
            assert cell.ballots >= LEAST


@settings(max_examples=400, deadline=None)
@given(trees())
def test_not_even_by_whoever_counted_the_paper(root):
    """He takes the paper from every total, and must not come down to fewer than five ballots from phones."""
    protect(root)
    for weight in ("ballots", "phones"):
        columns, system = told(root, weight)
        for cell in root.walk():
            number = getattr(cell, weight)
            if 0 < number < LEAST:
                assert cell.withheld and not solved(cell, columns, system), f"{cell.key} gives {number} {weight} away"


@settings(max_examples=300, deadline=None)
@given(trees())
def test_no_difference_of_a_total_and_its_shown_parts_is_small(root):
    """What is left of a total when its shown parts are taken away holds five ballots or more, or none."""
    protect(root)
    for cell in root.walk():
        if cell.withheld or not cell.parts:
            continue
        left = list(cell.unknown())
        for weight in ("ballots", "phones"):
            assert not 0 < sum(getattr(one, weight) for one in left) < LEAST


@settings(max_examples=100, deadline=None)
@given(trees())
def test_a_withheld_unit_shows_none_of_its_groups(root):
    protect(root)
    for cell in root.walk():
        if cell.withheld and cell.parts and not cell.layers:
            assert all(part.withheld for part in cell.parts)


def unit(key, *groups):
    return Cell((key,), parts=[Cell((key, n), number) for n, number in enumerate(groups)])


def test_a_small_group_takes_the_next_smallest_with_it():
    root = protect(Cell(("whole",), parts=[unit("a", 3, 9, 40)]))
    assert withheld(root) == {("a", 0), ("a", 1)}


def test_a_small_unit_takes_one_unit_of_another_superior_with_it_and_not_all_of_them():
    alone = Cell(("s1",), parts=[unit("a", 3)])
    others = Cell(("s2",), parts=[unit("b", 30), unit("c", 20), unit("d", 40)])
    assert withheld(protect(Cell(("whole",), parts=[alone, others]))) == {
        ("s1",), ("a",), ("a", 0), ("s2",), ("c",), ("c", 0),
    }  # fmt: skip


def test_two_ballots_on_phones_beside_paper_are_withheld():
    """Who counted the thirty on paper would see how the two voted."""
    root = protect(Cell(("u",), parts=[Cell(("g",), 32, phones=2), Cell(("h",), 20, phones=20)]))
    assert withheld(root) == {("g",), ("h",)}
    assert withheld(protect(Cell(("u",), parts=[Cell(("g",), 32, phones=2)]))) == {("u",), ("g",)}


def test_nothing_is_withheld_where_all_is_large():
    assert not withheld(protect(Cell(("whole",), parts=[unit("a", 5, 9), unit("b", 0, 30)])))

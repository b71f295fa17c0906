"""Pieces of people's ways become tracks: made-up people of 100 pixels, thirty frames a second."""

import numpy as np
import pytest

from people import BLUE, RED, dressed, person
from pose3d.core.errors import ConfigError, NoPersonError
from pose3d.core.people import PersonSeen
from pose3d.track.join import joined
from pose3d.track.people import Track
from pose3d.track.select import choose, people_seen, ranked
from pose3d.track.tracker import Piece

RATE = 30
FRAMES = 300


def piece(first, count, x=0.0, velocity=0.0, anchor=0, size=100.0, colours=RED, score=0.9):
    """Somebody in `count` frames from `first`, at x in frame `anchor` of them; velocity in body sizes a second."""
    rows = np.arange(first, first + count)
    places = x + velocity * size * (rows - rows[anchor]) / RATE
    people = tuple(person(place, 0, size, colours, score) for place in places)
    return Piece(tuple(rows.tolist()), rows / RATE, people)


def ends(**fields):
    """Somebody who ends in frame 29, at x 0."""
    return piece(0, 30, anchor=-1, **fields)


def linked(*pieces, beside=None):
    """Whether all are one person's, with somebody else beside them if a place is given."""
    others = [] if beside is None else [piece(0, FRAMES, x=beside, colours=BLUE)]
    tracks = joined([*pieces, *others], FRAMES)
    assert sum(len(track.rows) for track in tracks) == sum(len(each.rows) for each in [*pieces, *others])
    return len(tracks) == 1 + len(others)


def begins(frames, **fields):
    """Somebody who begins so many frames after `ends`."""
    return piece(29 + frames, 30, **fields)


def test_a_track_has_a_place_for_every_frame():
    (track,) = joined([begins(16), ends()], FRAMES)
    assert len(track) == FRAMES and track.rows == [*range(30), *range(45, 75)]
    assert track.at(45) == person() and track.people[30] is None
    with pytest.raises(ValueError, match="not seen in frame 30"):
        track.at(30)
    assert joined([], 3) == []


AFTER = {
    "off at once": (3, {"x": 57}, {"x": 71}),
    "off after half a second": (15, {"x": 128}, {"x": 132}),
    "off after two seconds and a half": (75, {"x": 295}, {"x": 305}),
    "larger": (3, {"size": 198}, {"size": 203}),
    "smaller": (3, {"size": 50.5}, {"size": 49}),
    "other colours": (3, {"colours": dressed(0.29)}, {"colours": dressed(0.31)}),
    "some of it": (3, {"x": 69, "size": 160}, {"x": 74, "size": 180}),
    "some of it after four seconds": (
        120,
        {"x": 380, "size": 190, "colours": dressed(0.21)},
        {"x": 406, "size": 190, "colours": dressed(0.22)},
    ),
}
"""Frames later, what may be another's, and what not."""


@pytest.mark.parametrize(("frames", "like", "unlike"), AFTER.values(), ids=AFTER)
def test_who_begins_near_and_alike_is_the_one_who_ended(frames, like, unlike):
    assert linked(ends(), begins(frames, **like), beside=-80)
    assert not linked(ends(), begins(frames, **unlike), beside=-80)


def test_usual_colours_are_compared():
    """Three that take turns, of which none is more than a fifth as a rule."""
    thirds = np.array([[[0.6, 0.2, 0.2]], [[0.2, 0.6, 0.2]], [[0.2, 0.2, 0.6]]], np.float32)
    whole, *rest = (piece(first, 1, colours=thirds[first % 3]) for first in range(30))
    for each in rest:
        whole = whole + each
    assert linked(whole, begins(3, colours=np.full((1, 3), 1 / 3, np.float32)))


def test_size_counts_where_people_are_compared():
    """Off by a body's size of both: the geometric mean of theirs."""
    assert linked(ends(), begins(15, x=128 * 1.1, size=121))
    assert not linked(ends(), begins(15, x=132 * 1.1, size=121))


@pytest.mark.parametrize(("frames", "velocity", "one"), [(3, 1.35, True), (3, 1.55, False), (30, 2.2, True)])
def test_people_turn_but_not_in_a_moment(frames, velocity, one):
    assert linked(ends(velocity=velocity), begins(frames, velocity=-velocity), beside=80) == one


ALONE = {
    "other colours": (15, {"colours": dressed(0.44)}, True),
    "turned": (3, {"velocity": 3}, True),
    "both": (15, {"colours": dressed(0.44), "velocity": 2}, True),
    "other clothes": (15, {"colours": dressed(0.46)}, False),
    "gone for longer": (16, {"colours": dressed(0.44)}, False),
    "elsewhere": (3, {"x": 75}, False),
    "much larger": (3, {"size": 205}, False),
}
"""Frames later, how they begin, and whether they are the one who ended."""


@pytest.mark.parametrize(("frames", "fields", "one"), ALONE.values(), ids=ALONE)
def test_who_is_gone_for_a_moment_with_nobody_else_near_is_known_by_the_place(frames, fields, one):
    assert linked(ends(), begins(frames, **fields)) == one
    assert linked(ends(), begins(frames, **fields), beside=110) == one, "somebody else who is not near"
    assert not linked(ends(), begins(frames, **fields), beside=90)


@pytest.mark.parametrize(("first", "last", "one"), [(0, 14, False), (0, 2, True), (60, 90, False), (75, 90, True)])
def test_somebody_else_counts_within_a_second(first, last, one):
    """They end in frame 29 and begin in frame 44."""
    other = piece(first, last - first + 1, x=90, colours=BLUE)
    tracks = joined([piece(0, 30), piece(44, 47, colours=dressed(0.44)), other], FRAMES)
    assert [len(track.rows) for track in tracks].count(77) == one


CHANGED = dressed(0.44)
"""Colours that are too far from RED for what else tells that two pieces are one person's."""

TIME = {
    "long before": (piece(0, 90), (30, 26), piece(99, 90, colours=CHANGED), True),
    "shortly before": (piece(0, 90), (30, 36), piece(99, 90, colours=CHANGED), False),
    "shortly after": (piece(0, 90), (125, 30), piece(99, 90, colours=CHANGED), False),
    "long after": (piece(0, 90), (132, 30), piece(99, 90, colours=CHANGED), True),
    "gone before they came": (piece(60, 21), (30, 25), piece(84, 27, colours=CHANGED), True),
    "come when they had gone": (piece(60, 21), (112, 25), piece(84, 20, colours=CHANGED), True),
    "come with them": (piece(60, 21), (103, 25), piece(84, 20, colours=CHANGED), False),
}
"""One's piece, when somebody else is beside them, the other piece, and whether both are the same person's."""


@pytest.mark.parametrize(("before", "when", "after", "one"), TIME.values(), ids=TIME)
def test_when_somebody_else_is_near(before, when, after, one):
    tracks = joined([before, after, piece(*when, x=90, colours=BLUE)], FRAMES)
    assert [len(track.rows) for track in tracks].count(len(before.rows) + len(after.rows)) == one


@pytest.mark.parametrize(("first", "then"), [(3, 3), (2, 4), (4, 2)])
def test_who_is_gone_for_a_moment_is_looked_for_on_their_course(first, then):
    """A fifth of a second, at three body sizes a second as a mean."""
    coasted = 300 * 0.4 * (1 - np.exp(-0.2 / 0.4))
    for off, one in ((-28, True), (-32, False), (28, True), (32, False)):
        begun = begins(6, velocity=then, x=coasted + off, colours=CHANGED)
        assert linked(ends(velocity=first), begun) == one


def test_looks_are_compared_from_the_last_to_the_first():
    """Clothes that came to look different little by little."""
    slowly = [piece(frame, 1, colours=dressed(0.8 * frame / 29)) for frame in range(30)]
    whole = slowly[0]
    for each in slowly[1:]:
        whole = whole + each
    assert linked(whole, begins(3, colours=dressed(0.9)))
    assert not linked(whole, begins(3, colours=dressed(0.9)), beside=80)


def test_a_course_is_kept_for_a_while():
    """At three body sizes a second; where nobody went on at all is as far off as too far."""
    coasted = 300 * 0.4 * (1 - np.exp(-0.5 / 0.4))
    for off, one in ((-125, True), (-135, False), (125, True), (135, False)):
        assert linked(ends(velocity=3), begins(15, velocity=3, x=coasted + off)) == one


def test_the_ends_of_a_piece_are_its_last_third_of_a_second():
    """They went to the left until ten frames before the end, and are seen again to the right."""
    before = piece(0, 20, x=10 * 100 / RATE * -3, velocity=-3, anchor=-1)
    after = piece(20, 10, velocity=3, anchor=-1)
    assert linked(before + after, begins(3, x=30, velocity=3), beside=80)
    assert not linked(before, piece(22, 30, velocity=3, x=-100), beside=-190)


def test_two_of_one_frame_are_two():
    assert not linked(ends(), begins(0, x=1))
    assert linked(ends(), begins(1, x=1))


@pytest.mark.parametrize(("apart", "one"), [(43, False), (46, True)])
def test_of_two_the_likelier_must_be_so_by_far(apart, one):
    """20 pixels are usual after a tenth of a second; the odds are 12 to 1 at 2.24 times as many."""
    for others in ([begins(3), begins(3, x=apart)], [piece(0, 30, x=apart), begins(3)]):
        tracks = joined([ends(), *others], FRAMES)
        assert [len(track.rows) for track in tracks].count(60) == one


def test_two_who_pass_behind_something_go_on_as_they_went():
    one, other = ends(velocity=1), piece(0, 30, x=120, velocity=-1, anchor=-1)
    later = piece(44, 30, x=30, velocity=1), piece(44, 30, x=90, velocity=-1)
    tracks = joined([one, other, *later], FRAMES)
    assert sorted((track.at(0).xy[0, 0] < 60, track.at(44).xy[0, 0] < 60) for track in tracks) == [
        (False, False),
        (True, True),
    ]


def test_three_pieces_are_one_way():
    assert linked(piece(0, 30), piece(40, 30), piece(80, 30))


@pytest.mark.parametrize(("rows", "kept"), [((0, 3, 6), True), ((0, 3, 5), False), ((0, 9), False)])
def test_a_moment_is_a_fifth_of_a_second_or_two_frames(rows, kept):
    moment = Piece(tuple(rows), np.array(rows) / RATE, tuple(person(500) for _ in rows))
    assert len(joined([moment, piece(0, 60)], FRAMES)) == 1 + kept
    assert len(joined([moment], FRAMES)) == 1, "where there is nothing else"


COMPANY = {"before": (0, 50, True), "until then": (0, 51, False), "from then": (51, 30, False), "after": (52, 30, True)}


@pytest.mark.parametrize(("first", "count", "alone"), COMPANY.values(), ids=COMPANY)
def test_a_moment_counts_where_nobody_else_is(first, count, alone):
    """Two frames, 50 and 51, of somebody who was there before."""
    company = piece(first, count, x=500, colours=BLUE)
    tracks = joined([ends(), piece(50, 2), company], FRAMES)
    assert sorted(len(track.rows) for track in tracks) == sorted([30 + 2 * alone, count])


@pytest.mark.parametrize(("shared", "people"), [(29, 2), (31, 1)])
def test_who_is_mostly_on_another_body_is_nobody(shared, people):
    """Of 60 frames; the one with less evidence goes, which has more frames than the other, but lower scores."""
    real = piece(0, shared, score=0.9)
    phantom = piece(0, 60, colours=BLUE, score=0.2)
    aside = piece(shared, 60 - shared, x=300, score=0.9)
    tracks = joined([real + aside, phantom], FRAMES)
    assert len(tracks) == people
    assert float(tracks[0].at(0).score[0]) == pytest.approx(0.9), "the better seen first"


# --- who is meant ---


def somebody(count, **fields):
    people = [person(10 * k, 20, **fields) for k in range(count)]
    return Track((None, *people, *[None] * (9 - count)))


def test_the_largest_and_longest_comes_first():
    """By the sum of size times score: 1000 * 0.4, 100 * 0.9 * 6, 200 * 0.9 * 4, 800 * 0.5 * 2."""
    tracks = [somebody(1, size=1000, score=0.4), somebody(6), somebody(4, size=200), somebody(2, size=800, score=0.5)]
    assert [len(track.rows) for track in ranked(tracks)] == [2, 4, 6, 1]


def test_people_in_a_few_words():
    first, second = people_seen([somebody(5), somebody(2, size=50)], np.arange(10) / 4 + 7)
    left, top, right, bottom = person(20, 20).box.tolist()
    assert first == PersonSeen(1, 5, 7.25, 8.25, (left, top, right, bottom)), "the box in the middle frame"
    assert (second.number, second.frames, second.last) == (2, 2, 7.5)


def test_choosing_by_number():
    tracks = [somebody(3), somebody(2)]
    assert [choose(tracks, number) for number in (None, 1, 2)] == [1, 1, 2]
    with pytest.raises(ConfigError, match="no person 3; 2 were seen"):
        choose(tracks, 3)
    with pytest.raises(NoPersonError, match="nobody was found"):
        choose([], None)

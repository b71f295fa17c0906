"""People are followed frame by frame: made-up detections, thirty a second."""

import numpy as np
import pytest

from people import BLUE, dressed, person
from pose3d.detect.people import Detection
from pose3d.track.tracker import follow

RATE = 30


def followed(*ways):
    """The pieces of people of whom each way gives the person at frame k, or None; 4 s."""
    count = 4 * RATE
    frames = [[way(k) for way in ways] for k in range(count)]
    detections = [Detection(k / RATE, tuple(p for p in frame if p is not None)) for k, frame in enumerate(frames)]
    pieces, seen = follow(detections)
    assert seen == count
    return pieces


def there(*spans, **fields):
    """Somebody who stands in these frames only."""
    return lambda k: person(**fields) if any(k in span for span in spans) else None


ALWAYS = range(4 * RATE)


def gap(frames, start=20):
    """All frames but so many."""
    return range(start), range(start + frames, 4 * RATE)


def test_nobody():
    assert follow([]) == ([], 0)
    assert follow([Detection(0.0), Detection(0.1)]) == ([], 2)


def test_pieces_hold_frames_times_and_people():
    (piece,) = followed(there(range(3, 7), range(8, 9)))
    assert piece.rows == (3, 4, 5, 6, 8)
    np.testing.assert_allclose(piece.times, np.array(piece.rows) / RATE)
    assert piece.people == tuple(person() for _ in piece.rows)
    whole = piece + piece
    assert whole.rows == piece.rows * 2 and len(whole.times) == len(whole.people) == 10


@pytest.mark.parametrize(("frames", "pieces"), [(88, 1), (91, 2)])
def test_somebody_unseen_is_waited_for_three_seconds(frames, pieces):
    assert len(followed(there(*gap(frames)))) == pieces


@pytest.mark.parametrize(("frames", "apart", "pieces"), [(6, 95, 2), (8, 95, 3), (8, 105, 2)])
def test_and_a_quarter_of_a_second_in_company(frames, apart, pieces):
    """Company is within a body's size, in other clothes here."""
    assert len(followed(there(*gap(frames)), there(ALWAYS, x=apart, colours=BLUE))) == pieces


def test_who_was_seen_once_is_waited_for_as_well():
    assert len(followed(there(range(1), range(20, 40)))) == 1


def test_company_is_forgotten_when_they_are_seen_again():
    passing = there(range(22, 24), x=95, colours=BLUE)
    pieces = followed(there(range(20), range(24, 40), range(50, 120)), passing)
    assert [len(piece.rows) for piece in pieces] == [106, 2]


def test_people_keep_apart_whatever_order_they_are_found_in():
    left, right = (lambda k: person(2 * k)), (lambda k: person(600 - 2 * k))
    mixed = [Detection(k / RATE, (left(k), right(k))[:: 1 if k % 2 else -1]) for k in range(60)]
    pieces, _ = follow(mixed)
    assert len(pieces) == 2
    assert {tuple(np.sign(np.diff([p.xy[0, 0] for p in piece.people]))) for piece in pieces} == {(1,) * 59, (-1,) * 59}


@pytest.mark.parametrize(("x", "lengths"), [(35, [20, 20]), (23, [20, 20]), (19, [20, 21])])
def test_a_place_between_two_who_were_lost_is_nobodys(x, lengths):
    """Two dressed alike vanish, 70 pixels apart; somebody appears between them: neither, nor anybody new.

    After 0.7 s they are believed to be the nearer one if the other is 26 pixels farther.
    """
    pieces = followed(there(range(20)), there(range(20), x=70), there(range(40, 41), x=x))
    assert sorted(len(piece.rows) for piece in pieces) == lengths


def test_a_place_clearly_nearer_to_one_is_theirs():
    pieces = followed(there(range(20)), there(range(20), x=100), there(range(40, 60), x=10))
    assert sorted(len(piece.rows) for piece in pieces) == [20, 40]


def test_who_has_a_better_detection_is_no_rival():
    """Two side by side, both seen again: each fits the other's place somewhat, and their own better."""
    spans = gap(15)
    assert len(followed(there(*spans), there(*spans, x=55))) == 2


@pytest.mark.parametrize(("apart", "lengths"), [(48, [20, 20, 100]), (52, [20, 120])])
def test_where_two_alike_become_one_nobody_knows_who_goes_on(apart, lengths):
    pieces = followed(there(ALWAYS), there(range(20), x=apart))
    assert sorted(len(piece.rows) for piece in pieces) == lengths


@pytest.mark.parametrize(("apart", "lengths"), [(48, [20, 100, 100]), (52, [100, 120])])
def test_where_one_becomes_two_alike_nobody_knows_who_went_on(apart, lengths):
    pieces = followed(there(ALWAYS), there(range(20, 120), x=apart))
    assert sorted(len(piece.rows) for piece in pieces) == lengths


def test_in_other_clothes_everybody_knows():
    pieces = followed(there(ALWAYS), there(range(20), x=40, colours=dressed(0.5)))
    assert sorted(len(piece.rows) for piece in pieces) == [20, 120]


@pytest.mark.parametrize(("apart", "people"), [(14, 1), (16, 2)])
def test_of_two_in_one_place_the_better_seen_is_somebody(apart, people):
    pieces = followed(there(ALWAYS, score=0.5), there(ALWAYS, x=apart, score=0.8, colours=BLUE))
    assert len(pieces) == people
    assert max(float(piece.people[0].score[0]) for piece in pieces) == pytest.approx(0.8)

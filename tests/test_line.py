"""Visitors take turns: who comes when, who is sent away, and that nobody is forgotten."""

import threading
import time
from contextlib import ExitStack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pose3d.core.errors import WorkError
from pose3d.core.progress import StopWork, never
from pose3d.jobs.line import Line, Place, Visitor

SOON = 10.0
"""Seconds within which what must happen happens."""


def until(condition):
    end = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


class Visits:
    """Jobs in threads of their own; each keeps its slot until it is let go."""

    def __init__(self, line):
        self.line, self.order, self.refused, self.gone, self.told = line, [], [], [], {}
        self.may_end, self.threads = threading.Semaphore(0), []

    def come(self, name, address="", gone=never):
        """Comes back once the job waits, has its turn or was sent away."""
        known = threading.Event()
        told = self.told.setdefault(name, [])

        def asked():
            known.set()
            return gone()

        def job():
            try:
                with self.line.turn(Visitor(name, address), told.append, asked):
                    self.order.append(name)
                    known.set()
                    self.may_end.acquire()
            except WorkError as e:
                self.refused.append((name, e.code))
            except StopWork:
                self.gone.append(name)
            known.set()

        self.threads.append(threading.Thread(target=job))
        self.threads[-1].start()
        assert known.wait(SOON)

    def finish(self):
        """Lets all go; the order in which they had their turns."""
        for _ in self.threads:
            self.may_end.release()
        for thread in self.threads:
            thread.join(SOON)
            assert not thread.is_alive()
        assert self.line.waiting == self.line.running == 0
        return self.order


def test_first_come_first_served():
    visits = Visits(Line(["one"], most=5, each=2))
    for name in "abcd":
        visits.come(name)
    assert visits.finish() == list("abcd")


def test_everybodys_first_job_comes_before_anybodys_second():
    visits = Visits(Line(["one"], most=9, each=3))
    for name in ("a", "a", "a", "b", "c", "b"):
        visits.come(name)
    assert visits.finish() == ["a", "b", "c", "a", "b", "a"]


def test_an_address_with_many_visits_waits_for_others():
    visits = Visits(Line(["one"], most=9, each=2))
    for name in ("h1", "h2", "h3", "h4"):
        visits.come(name, "hammer")
    visits.come("x", "home")
    assert visits.finish() == ["h1", "x", "h2", "h3", "h4"]


def test_nobody_has_two_slots():
    line = Line(["one", "two"], most=9, each=2)
    visits = Visits(line)
    for name in ("a", "a", "b"):
        visits.come(name)
    until(lambda: len(visits.order) == 2)
    assert sorted(visits.order) == ["a", "b"] and line.waiting == 1
    assert sorted(visits.finish()) == ["a", "a", "b"]


def test_a_visitors_share_and_a_full_line_are_told():
    visits = Visits(Line(["one"], most=3, each=2))
    for name in ("a", "a", "a", "a", "b", "c"):
        visits.come(name)
    assert visits.refused == [("a", "queue_yours"), ("c", "queue_full")]
    assert sorted(visits.finish()) == ["a", "a", "a", "b"]


def test_a_full_line_makes_room_for_those_from_elsewhere():
    """The last of the address that has most in it gives way."""
    visits = Visits(Line(["one"], most=4, each=2))
    for name in ("h1", "h2", "h3", "h4", "h5"):
        visits.come(name, "hammer")
    visits.come("x", "home")
    until(lambda: visits.refused)
    assert visits.refused == [("h5", "queue_full")]
    visits.come("h6", "hammer")
    assert visits.refused[1:] == [("h6", "queue_full")]
    assert visits.finish() == ["h1", "x", "h2", "h3", "h4"]


def test_who_is_gone_leaves_the_line():
    left = threading.Event()
    visits = Visits(Line(["one"], most=4, each=2))
    visits.come("a")
    visits.come("b", gone=left.is_set)
    visits.come("c")
    left.set()
    until(lambda: visits.gone == ["b"])
    assert visits.finish() == ["a", "c"]


def test_place_and_wait_are_told_when_they_change():
    visits = Visits(Line(["one"], most=4, each=2))
    for name in "abc":
        visits.come(name)
    until(lambda: visits.told["c"])
    visits.may_end.release()
    until(lambda: len(visits.order) == 2 and len(visits.told["c"]) == 2)
    visits.finish()
    assert not visits.told["a"] and [place.ahead for place in visits.told["c"]] == [2, 1]
    assert all(isinstance(place, Place) and place.seconds > 0 for place in visits.told["c"])


def test_a_slot_comes_back_from_a_job_that_fails():
    line = Line(["one"], most=1, each=1)
    with pytest.raises(ValueError, match="job"), line.turn(Visitor("a"), lambda place: None, never):
        raise ValueError("job")
    with line.turn(Visitor("a"), lambda place: None, never) as slot:
        assert slot == "one"


@settings(max_examples=40, deadline=None)
@given(
    jobs=st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("xyz")), max_size=14),
    slots=st.integers(1, 3),
    most=st.integers(1, 6),
    each=st.integers(0, 3),
)
def test_whatever_comes_everybody_is_served_or_sent_away(jobs, slots, most, each):
    visits = Visits(Line(list(range(slots)), most, each))
    with ExitStack() as stack:
        stack.callback(visits.finish)
        for name, address in jobs:
            visits.come(name + address, address)
            assert visits.line.running <= slots and visits.line.waiting <= most + slots
    assert len(visits.order) + len(visits.refused) == len(jobs)

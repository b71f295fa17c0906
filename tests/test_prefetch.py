"""What is made ahead of its use."""

import threading
import time

import pytest

from pose3d.core.prefetch import prefetch


def counted(made, closed=None):
    try:
        for number in range(1000):
            made.append(number)
            yield number
    finally:
        if closed is not None:
            closed.append(threading.current_thread())


def test_the_same_in_the_same_order():
    assert list(prefetch(range(1000), 3)) == list(range(1000))
    assert list(prefetch([])) == []


def test_no_more_than_asked_for_wait():
    made = []
    source = prefetch(counted(made), 2)
    assert next(source) == 0
    deadline = time.monotonic() + 10
    while len(made) < 4 and time.monotonic() < deadline:  # one given, two waiting, one in the thread's hand
        time.sleep(0.01)
    assert len(made) == 4 and next(source) == 1
    source.close()


def test_what_goes_wrong_comes_in_its_place():
    def broken():
        yield 1
        raise ValueError("here")

    source = prefetch(broken())
    assert next(source) == 1
    with pytest.raises(ValueError, match="here"):
        next(source)


def test_nothing_goes_on_after_the_end():
    made, closed, before = [], [], threading.active_count()
    source = prefetch(counted(made, closed))
    next(source)
    source.close()
    assert len(closed) == 1 and threading.active_count() == before
    so_far = len(made)
    time.sleep(0.1)
    assert len(made) == so_far < 10


def test_an_error_of_the_caller_ends_it_too():
    closed = []
    with pytest.raises(KeyError):
        for _ in prefetch(counted([], closed)):
            raise KeyError
    deadline = time.monotonic() + 10
    while not closed and time.monotonic() < deadline:
        time.sleep(0.01)
    assert closed

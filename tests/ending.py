"""Tasks that end a worker in every way there is; a worker's process finds them by name."""

import ctypes
import os
import signal
import time

from pose3d.jobs.reins import obey


def answer(reins, value):
    return value


def crash(reins):
    """As a decoder does with a pointer that a file has bent."""
    ctypes.string_at(0)


def kill(reins):
    """As a system does that runs out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def leave(reins):
    os._exit(0)


def swallow(reins):
    """Takes memory without end, and uses it."""
    taken = []
    while True:
        taken.append(bytearray(50_000_000))


def turn_for_ever(reins):
    while True:
        pass


def sleep_deaf(reins):
    """Hears no signal that can be caught, as native code may."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)


def wait(reins):
    """Ends as soon as it shall."""
    while True:
        obey(reins)
        time.sleep(0.01)


def tell(reins, count):
    for done in range(count):
        reins.tell("detect", done + 1, count)
        time.sleep(0.15)
    return count


def raise_it(reins, error):
    raise error

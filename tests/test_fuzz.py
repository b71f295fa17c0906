"""Broken files by the thousand, the same ones each time: benchmarks/fuzz.py breaks more of them."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.fuzz import CONTAINERS, attempt, outcomes, prepared
from benchmarks.mutating import broken

VIDEOS, MODELS = 2000, 200


@pytest.mark.parametrize(("models", "count"), [(False, VIDEOS), (True, MODELS)], ids=["videos", "models"])
def test_nothing_but_sentences_comes_of_broken_files(models, count, tmp_path):
    found = list(outcomes(range(count), *prepared(tmp_path, 1, models)))
    assert [outcome for outcome in found if outcome.fault] == []
    assert max(outcome.megabytes for outcome in found) < 500
    said = {outcome.said for outcome in found}
    assert len(said) > 3 and "read" in said, "some are broken in earnest and some are not"


def test_a_number_makes_the_same_file_again(tmp_path):
    make, _ = prepared(tmp_path, 1, False)
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    for number in range(2 * len(CONTAINERS)):
        one, two = (make(number, folder).read_bytes() for folder in folders)
        assert one == two
    assert broken(b"whole" * 100, np.random.default_rng(1), [b"other"]) != b"whole" * 100


def test_a_fault_is_told(tmp_path: Path):
    def fails(path: Path) -> None:
        raise KeyError(path.name)

    outcome = attempt(3, lambda number, folder: folder / f"{number}.mp4", fails)
    assert outcome.odd and outcome.fault == "KeyError: '3.mp4'" and outcome.number == 3

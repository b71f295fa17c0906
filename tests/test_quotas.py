"""What a machine gives away: where its values come from, and what is no value."""

import pytest

from pose3d.core.errors import ConfigError
from pose3d.core.quotas import FILE, Quotas, quotas, take_arguments


def test_defaults_are_within_their_own_limits():
    assert Quotas().model_dump() == Quotas(**Quotas().model_dump()).model_dump()


def test_command_line_before_environment_before_file_before_default(tmp_path, monkeypatch, allow):
    (tmp_path / "quotas.yaml").write_text("frames: 100\nworkers: 2\nqueue: 3\n")
    monkeypatch.setenv(FILE, str(tmp_path / "quotas.yaml"))
    allow(workers=3, queue=4)
    take_arguments(["--queue", "5"])
    assert (quotas().frames, quotas().workers, quotas().queue, quotas().lookers) == (100, 3, 5, Quotas().lookers)


@pytest.mark.parametrize("text", ["framse: 100", "frames: many", "frames: 0", "frames: .inf", "file_mb: .nan", "- 1"])
def test_a_file_that_is_wrong_is_one_sentence(tmp_path, monkeypatch, text):
    (tmp_path / "quotas.yaml").write_text(text)
    monkeypatch.setenv(FILE, str(tmp_path / "quotas.yaml"))
    with pytest.raises(ConfigError) as caught:
        Quotas()
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv(FILE, str(tmp_path / "none.yaml"))
    with pytest.raises(ConfigError, match=r"none\.yaml"):
        Quotas()


@pytest.mark.parametrize(("name", "value"), [("frames", "-1"), ("workers", "1.5"), ("hours", "nan"), ("queue", "")])
def test_environment_that_is_wrong_is_one_sentence(allow, name, value):
    allow(**{name: value})
    with pytest.raises(ConfigError, match=name) as caught:
        quotas()
    assert "\n" not in str(caught.value)

"""Errors: one sentence in any language, whole also in another process."""

import pickle
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from pose3d.core.errors import ConfigError, InputError, VideoError
from pose3d.core.settings import read_settings
from pose3d.core.words import LANGUAGES, say, table, texts


class Speed(BaseModel):
    """A settings file's content."""

    model_config = ConfigDict(extra="forbid")
    speed: float


def test_sentences_in_every_language():
    error = VideoError("no_file", path="a.mp4")
    assert str(error) == error.worded("en") == "there is no file a.mp4; check the name"
    assert error.worded("zh").startswith("没有文件 a.mp4")
    assert isinstance(error, InputError) and not isinstance(error, ConfigError)


def test_an_error_within_an_error_is_in_the_same_language():
    outer = ConfigError("not_keypoints", path="a.json", reason=VideoError("no_file", path="b.mp4"))
    assert "没有文件 b.mp4" in outer.worded("zh") and "there is no file b.mp4" in outer.worded("en")


def test_an_error_is_whole_in_another_process():
    error = pickle.loads(pickle.dumps(VideoError("no_file", path="a.mp4")))
    assert type(error) is VideoError and (error.code, error.fields) == ("no_file", {"path": "a.mp4"})


def test_the_same_error_with_other_fields():
    error = ConfigError("span_order", start=3, end=2).but(start=4)
    assert type(error) is ConfigError and (error.code, error.fields) == ("span_order", {"start": 4, "end": 2})


@pytest.mark.parametrize(
    ("name", "shown"),
    [("two\nlines", "two lines"), (Path("tab\there"), "tab here"), ("caf\udce9", "caf�"), (OSError("a\rb"), "a b")],
)
def test_a_sentence_is_one_line_whatever_a_file_is_called(name, shown):
    assert str(VideoError("no_file", path=name)) == f"there is no file {shown}; check the name"


def test_numbers_are_worded_as_numbers():
    assert "between 5 and 160 degrees, got 4.5" in str(ConfigError("field_of_view", low=5.0, high=160.0, value=4.5))


def test_words_are_looked_up_by_table_key_and_language():
    assert LANGUAGES == ("en", "zh")
    assert say("errors", "max_frames", "en", value=0) == "the most frames must be at least 1, got 0"
    assert texts("errors", "zh")["no_file"] == table("errors")["no_file"]["zh"]


SETTINGS = {
    "missing": (None, "cannot be read: [Errno 2]"),
    "no yaml": ("a: [", "cannot be read: while parsing"),
    "no text": (b"\xff\xfe\xfa", "cannot be read: "),
    "unknown key": ("{speed: 3, colour: red}", "settings.yaml: colour: Extra inputs are not permitted"),
    "wrong value": ("speed: fast", "settings.yaml: speed: Input should be a valid number"),
}


@pytest.mark.parametrize(("content", "sentence"), SETTINGS.values(), ids=SETTINGS)
def test_settings_files_that_are_wrong_are_named(content, sentence, tmp_path):
    path = tmp_path / "settings.yaml"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigError) as caught:
        read_settings(path, Speed)
    assert sentence in str(caught.value) and str(path) in str(caught.value)


def test_settings_are_read(tmp_path):
    path = tmp_path / "settings.yaml"
    path.write_text("speed: 3")
    assert read_settings(path, Speed) == Speed(speed=3.0)

import pytest

from pose3d.core.errors import OutputError
from pose3d.core.files import partial_path, whole_file, write_bytes, write_text


def test_a_partial_file_lies_beside_with_the_same_ending(tmp_path):
    assert partial_path(tmp_path / "clip.mp4") == tmp_path / ".part-clip.mp4"


def test_a_file_appears_when_it_is_whole(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with whole_file(path) as partial:
        partial.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new" and list(tmp_path.iterdir()) == [path]


def test_a_file_that_breaks_off_leaves_nothing(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(KeyError), whole_file(path) as partial:
        partial.write_text("half")
        raise KeyError
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]
    with pytest.raises(KeyError), whole_file(path):
        raise KeyError


def test_a_missing_folder_is_made_and_one_that_cannot_be_is_named(tmp_path):
    path = write_text(tmp_path / "new" / "folder" / "a.txt", "whole")
    assert write_text(path, "again").read_text() == "again"
    with pytest.raises(OutputError, match=r"a\.txt/b cannot be written: .*(File exists|Not a directory)"):
        write_text(path / "b", "")
    with pytest.raises(OutputError, match="a disc that is full"), whole_file(path):
        raise OSError("a disc that is full")


def test_bytes_and_text_are_written_as_they_are(tmp_path):
    assert write_bytes(tmp_path / "a", b"\r\n\xff").read_bytes() == b"\r\n\xff"
    assert write_text(tmp_path / "b", "走路\n").read_bytes() == "走路\n".encode()

"""All files of a run, and what may go wrong with them."""

import csv
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from factory import made_up, walking
from pose3d.core.config import RunConfig
from pose3d.core.errors import ConfigError, OutputError, VideoError
from pose3d.core.progress import StopWork
from pose3d.core.result import KEYPOINTS, Result
from pose3d.everybody import check_everybody, write_everybody
from pose3d.export import EXPORTERS
from pose3d.outputs import NAMES, check_folder, write_outputs

FRAMES = 12
ALL = RunConfig(export=("csv", "bvh", "glb", "vrma", "trc", "mot", "c3d"), report=True)
FEW = RunConfig(render=False)
ALL_NAMES = [
    "keypoints.json", "skeleton.html", "report.html",
    "motion.csv", "motion.bvh", "motion.glb", "motion.vrma", "motion.trc", "motion.mot", "motion.c3d",
    "render.mp4",
]  # fmt: skip


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small video of the walker."""
    path = tmp_path_factory.mktemp("film") / "walk.mp4"
    walking(path, np.arange(FRAMES) / 30)
    return path


def result_in(video: Path, config: RunConfig = FEW) -> Result:
    """The walker's result, for a copy of the film that lies at `video`."""
    return replace(made_up(np.arange(FRAMES) / 30, video), config=config)


def copied(film: Path, to: Path) -> Path:
    """The film under another name."""
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(film.read_bytes())
    return to


def listed(folder: Path) -> list[str]:
    """Names of all that is in the folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())


def told(folder: Path) -> Any:
    """What keypoints.json says of the clip."""
    return json.loads((folder / KEYPOINTS).read_text("utf-8"))["output_video"]


def frames_in(clip: Path) -> int:
    with av.open(str(clip)) as container:
        return sum(1 for _ in container.decode(video=0))


# --- what is written ---


def test_all_files_are_written_and_whole(film: Path, tmp_path: Path) -> None:
    calls = []
    result = result_in(film, ALL)
    written = write_outputs(result, tmp_path / "new" / "out", lambda *call: calls.append(call))
    out = tmp_path / "new" / "out"
    assert written.failures == ()
    assert [path.relative_to(out).as_posix() for path in written.files] == ALL_NAMES
    assert listed(out) == sorted(ALL_NAMES)
    assert Result.load(out) == result
    assert told(out) == "render.mp4"
    assert frames_in(out / "render.mp4") == FRAMES
    assert calls == [("render", done, FRAMES) for done in range(1, FRAMES + 1)]
    with (out / "motion.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == FRAMES
    for page in ("skeleton.html", "report.html"):
        assert "</html>" in (out / page).read_text("utf-8")


CONFIGS = {
    "least": (FEW, ["keypoints.json", "skeleton.html"]),
    "usual": (RunConfig(), ["keypoints.json", "skeleton.html", "render.mp4"]),
    "report": (RunConfig(render=False, report=True), ["keypoints.json", "skeleton.html", "report.html"]),
    "export": (RunConfig(render=False, export=("trc",)), ["keypoints.json", "skeleton.html", "motion.trc"]),
}


@pytest.mark.parametrize(("config", "names"), CONFIGS.values(), ids=CONFIGS)
def test_the_config_says_what_is_written(config: RunConfig, names: list[str], film: Path, tmp_path: Path) -> None:
    written = write_outputs(result_in(film, config), tmp_path)
    assert [path.name for path in written.files] == names
    assert listed(tmp_path) == sorted(names)
    assert told(tmp_path) == ("render.mp4" if config.render else None)


def test_an_unknown_format_is_told_before_anything_is_written(film: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no export format 'fbx'; there are csv, bvh, glb, vrma, trc, mot, c3d"):
        write_outputs(result_in(film, RunConfig(export=("csv", "fbx"))), tmp_path / "out")
    assert listed(tmp_path) == []


# --- each file for itself ---


def test_without_the_video_only_the_clip_is_missing(tmp_path: Path) -> None:
    """Loaded on another machine: keypoints.json never tells of a clip that is not there."""
    written = write_outputs(result_in(tmp_path / "gone.mp4", ALL), tmp_path / "out")
    assert [path.name for path in written.files] == ALL_NAMES[:-1]
    assert listed(tmp_path / "out") == sorted(ALL_NAMES[:-1])
    (failure,) = written.failures
    assert isinstance(failure.fields["reason"], VideoError)
    assert str(failure).startswith("render.mp4 was not written: ")
    assert "gone.mp4" in str(failure)
    assert failure.worded("zh").startswith("未能写入 render.mp4")
    assert told(tmp_path / "out") is None


def test_a_format_that_cannot_hold_the_result_fails_alone(tmp_path: Path) -> None:
    """70 s at a rate of 1000 are more frames than a c3d file can count."""
    times = np.r_[np.arange(20) / 1000, 70.0]
    result = replace(made_up(times), config=RunConfig(render=False, export=("c3d", "csv")))
    written = write_outputs(result, tmp_path)
    assert [path.name for path in written.files] == ["keypoints.json", "skeleton.html", "motion.csv"]
    assert [str(failure) for failure in written.failures] == [
        "motion.c3d was not written: a c3d file holds at most 65535 frames, not 70001; "
        "choose a shorter part or another format"
    ]


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), RuntimeError("a\nfault"), MemoryError()])
def test_any_fault_of_one_writer_is_its_own(
    fault: Exception, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(result: Result, path: Path) -> None:
        path.write_text("half")
        raise fault

    monkeypatch.setitem(EXPORTERS, "bvh", fail)
    written = write_outputs(result_in(film, ALL), tmp_path)
    assert listed(tmp_path) == sorted(set(ALL_NAMES) - {"motion.bvh"})
    (failure,) = written.failures
    assert str(failure).startswith("motion.bvh was not written: ")
    assert "\n" not in str(failure)


# --- stopped ---


def test_a_run_that_is_stopped_while_it_is_drawn_leaves_nothing_half_written(film: Path, tmp_path: Path) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        if done == 5:
            raise StopWork

    with pytest.raises(StopWork):
        write_outputs(result_in(film, RunConfig(export=("trc",))), tmp_path, stop)
    assert listed(tmp_path) == ["keypoints.json", "motion.trc", "skeleton.html"]
    assert told(tmp_path) is None


def test_what_a_killed_run_left_goes(film: Path, tmp_path: Path) -> None:
    for name in (".part-keypoints.json", ".part-render.mp4", ".part-motion.trc"):
        (tmp_path / name).write_text("half")
    (tmp_path / ".part-other.mp4").write_text("not ours")
    write_outputs(result_in(film), tmp_path)
    assert listed(tmp_path) == [".part-other.mp4", "keypoints.json", "skeleton.html"]


# --- an earlier run's files ---


def test_files_of_an_earlier_run_do_not_stay_beside_new_ones(film: Path, tmp_path: Path) -> None:
    write_outputs(result_in(film, ALL), tmp_path)
    others = ["notes.txt", "motion.fbx", "render.mov", "motion.csv.bak", "Render.mp4"]
    for name in others:
        (tmp_path / name).write_text("mine")
    (tmp_path / "folder").mkdir()
    written = write_outputs(result_in(film, RunConfig(render=False, export=("csv",))), tmp_path)
    assert [path.name for path in written.files] == ["keypoints.json", "skeleton.html", "motion.csv"]
    assert listed(tmp_path) == sorted(["keypoints.json", "skeleton.html", "motion.csv", "folder", *others])
    assert all((tmp_path / name).read_text() == "mine" for name in others)


def test_what_fails_now_does_not_stay_from_before(film: Path, tmp_path: Path) -> None:
    write_outputs(result_in(film), tmp_path)
    (tmp_path / "render.mp4").write_text("of another video")
    written = write_outputs(result_in(tmp_path / "gone.mp4", RunConfig()), tmp_path)
    assert len(written.failures) == 1
    assert listed(tmp_path) == ["keypoints.json", "skeleton.html"]


def test_a_folder_in_which_there_was_no_run_keeps_what_it_has(film: Path, tmp_path: Path) -> None:
    """Without a keypoints.json, a motion.bvh is somebody's own."""
    (tmp_path / "motion.bvh").write_text("mine")
    (tmp_path / "report.html").write_text("mine")
    write_outputs(result_in(film), tmp_path)
    assert listed(tmp_path) == ["keypoints.json", "motion.bvh", "report.html", "skeleton.html"]


def people(film: Path, count: int) -> list[Result]:
    return [replace(result_in(film), person=number) for number in range(1, count + 1)]


def all_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_everybody_s_files_replace_those_of_one_person_and_the_other_way_round(film: Path, tmp_path: Path) -> None:
    write_outputs(result_in(film, ALL), tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    written = write_everybody(people(film, 2), tmp_path, clip=False)
    each = [f"person_{number}{name}" for number in (1, 2) for name in ("", "/keypoints.json", "/skeleton.html")]
    assert all_in(tmp_path) == sorted(["notes.txt", "scene.html", *each])
    assert [path.relative_to(tmp_path).as_posix() for path in written.files] == [e for e in each if "/" in e] + [
        "scene.html"
    ]
    assert Result.load(tmp_path / "person_2").person == 2
    (tmp_path / "person_2" / "notes.txt").write_text("mine")
    write_everybody(people(film, 1), tmp_path)
    assert frames_in(tmp_path / "scene.mp4") == FRAMES
    one = ["person_1", "person_1/keypoints.json", "person_1/skeleton.html", "person_2", "person_2/notes.txt"]
    assert all_in(tmp_path) == ["notes.txt", *one, "scene.html", "scene.mp4"]
    write_outputs(result_in(film), tmp_path)
    assert all_in(tmp_path) == ["keypoints.json", "notes.txt", "person_2", "person_2/notes.txt", "skeleton.html"]


def test_a_scene_that_is_somebody_s_own_stays(film: Path, tmp_path: Path) -> None:
    (tmp_path / "person_2").mkdir()
    for name in ("scene.html", "person_2/keypoints.json"):
        (tmp_path / name).write_text("mine")
    write_outputs(result_in(film), tmp_path)
    assert all((tmp_path / name).read_text() == "mine" for name in ("scene.html", "person_2/keypoints.json"))


def test_folders_that_are_called_like_people_s_stay_where_there_was_no_run(film: Path, tmp_path: Path) -> None:
    (tmp_path / "person_7").mkdir()
    (tmp_path / "person_7" / "motion.bvh").write_text("mine")
    write_everybody(people(film, 1), tmp_path)
    assert (tmp_path / "person_7" / "motion.bvh").read_text() == "mine"


def test_one_scene_that_cannot_be_written_costs_nobody_s_files(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pose3d.everybody.skeleton_html", lambda *_, **__: 1 / 0)
    written = write_everybody(people(film, 2), tmp_path)
    assert len(written.files) == 5 and "scene.html" in str(written.failures[0])


def test_everybody_s_folder_is_checked_before_any_work(film: Path, tmp_path: Path) -> None:
    video = copied(film, tmp_path / "person_1" / "render.mp4")
    with pytest.raises(OutputError, match=re.escape("render.mp4")):
        check_everybody(tmp_path, video, RunConfig())
    check_everybody(tmp_path, video, FEW)


def test_an_earlier_run_stays_whole_where_keypoints_json_cannot_be_written(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_outputs(result_in(film, ALL), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match=r"keypoints.json cannot be written: there is no space left"):
        write_outputs(result_in(film, ALL), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


# --- the folder, before any work ---


@dataclass(frozen=True)
class Place:
    """A folder that cannot be used, and what is said of it. make: puts things into an empty folder."""

    make: Callable[[Path], object]
    folder: str
    said: str


PLACES = {
    "a file": Place(lambda p: (p / "out").touch(), "out", r"the results need a folder, and .*/out is a file"),
    "below a file": Place(lambda p: (p / "out").touch(), "out/a/b", r"the results need a folder, and .*/out is a file"),
    "a link to nowhere": Place(lambda p: (p / "out").symlink_to("nowhere"), "out", r".*/out is a file"),
    "keypoints.json is a folder": Place(
        lambda p: (p / "keypoints.json").mkdir(), ".", r"a file of the name of the folder .*/keypoints.json"
    ),
    "render.mp4 is a folder": Place(lambda p: (p / "out/render.mp4").mkdir(parents=True), "out", r".*out/render.mp4"),
    "a name that is too long": Place(lambda p: None, "x" * 300, r"cannot be written: File name too long"),
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_folder_that_cannot_be_used_is_told_before_any_work(place: Place, film: Path, tmp_path: Path) -> None:
    place.make(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(OutputError, match=place.said):
        check_folder(tmp_path / place.folder, film)
    with pytest.raises(OutputError, match=place.said):
        write_outputs(result_in(film, RunConfig()), tmp_path / place.folder)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="a folder in which nobody may write")
def test_a_folder_that_is_not_writable_is_told(film: Path) -> None:
    with pytest.raises(OutputError, match=r"/proc/self/new cannot be written: .*; choose another folder"):
        check_folder("/proc/self/new", film)


@pytest.mark.parametrize("folder", ["", ".", "new", "new/er", "old"])
def test_checking_creates_nothing(folder: str, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "render.mp4").write_text("of an earlier run")
    monkeypatch.chdir(tmp_path)
    check_folder(folder, film)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["old", "render.mp4"]


# --- the video is never overwritten ---


@pytest.mark.parametrize("name", NAMES)
def test_a_video_with_the_name_of_an_output_is_refused(name: str, film: Path, tmp_path: Path) -> None:
    video = copied(film, tmp_path / name)
    with pytest.raises(OutputError, match=rf"the video .*{name} would be overwritten by the {name} of its results"):
        check_folder(tmp_path, video)
    with pytest.raises(OutputError, match="would be overwritten"):
        write_outputs(result_in(video, ALL), tmp_path)
    assert listed(tmp_path) == [name]
    assert video.read_bytes() == film.read_bytes()


WAYS: dict[str, Callable[[Path], tuple[Path, Path]]] = {
    "a link to the folder": lambda p: ((p / "link").symlink_to(p / "films") or p / "link", p / "films/render.mp4"),
    "a way around": lambda p: (p / "films/../films", p / "films/render.mp4"),
    "a relative path": lambda p: (p / "films", Path(os.path.relpath(p / "films/render.mp4"))),
    "a link to the video": lambda p: (
        p / "films",
        (p / "other.mp4").symlink_to(p / "films/render.mp4") or p / "other.mp4",
    ),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_the_same_video_by_another_way_is_refused(
    way: Callable[[Path], tuple[Path, Path]], film: Path, tmp_path: Path
) -> None:
    copied(film, tmp_path / "films" / "render.mp4")
    folder, video = way(tmp_path)
    with pytest.raises(OutputError, match="would be overwritten"):
        check_folder(folder, video)


def test_a_video_whose_name_this_run_does_not_write_stays(film: Path, tmp_path: Path) -> None:
    """Also where an earlier run's files are cleared away."""
    video = copied(film, tmp_path / "render.mp4")
    check_folder(tmp_path, video, FEW)
    for _ in range(2):
        assert write_outputs(result_in(video, FEW), tmp_path).failures == ()
        assert listed(tmp_path) == ["keypoints.json", "render.mp4", "skeleton.html"]
    assert video.read_bytes() == film.read_bytes()

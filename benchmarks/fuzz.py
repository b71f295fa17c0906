"""Broken files by the thousand: what reading them costs, and whether anything but a plain sentence comes of it.

    python -m benchmarks.fuzz [--count 2000] [--seed 1] [--models] [--keep FOLDER]

Tiny videos of eight containers are broken (benchmarks/mutating.py) and each is read whole: probed, measured, its frames
and its sound decoded. With --models, published model folders are broken and loaded instead. Every input has a process
that is ended when it takes too long; memory is limited. What is odd goes through the command line, too, and is kept
in FOLDER. Exit status 1 where anything was odd.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Annotated

import av
import numpy as np
import typer
from av.logging import set_level
from av.video.stream import VideoStream
from pebble import ProcessExpired, ProcessPool

from benchmarks.mutating import broken, broken_json
from pose3d.core.errors import Pose3DError
from pose3d.io.sound import sound_frames
from pose3d.io.video import frames, length, probe

CONTAINERS = {
    "clip.mp4": "libx264", "clip.mkv": "libx264", "clip.webm": "libvpx", "clip.avi": "mpeg4", "clip.ts": "mpeg2video",
    "clip.mov": "mjpeg", "clip.flv": "flv", "clip.gif": "gif",
}  # fmt: skip
"""File name to codec."""
FORMATS = {"mjpeg": "yuvj420p", "gif": "rgb8"}
"""Codec to the pixels that it takes; others take yuv420p."""
FRAMES, RATE, SIZE = 12, 10, (64, 48)
SOUNDING = {"clip.mp4", "clip.mkv", "clip.ts"}
"""Those that have sound."""

SECONDS = 20.0
"""Until an input counts as one that hangs."""
SLOW = 5.0
"""Seconds from which an input is odd."""
MEMORY = 4 << 30
"""Bytes that a process may take, of addresses; torch alone reserves half of that."""
LARGE = 500.0
"""Megabytes of memory from which an input is odd."""
WORKERS = 2


@dataclass(frozen=True)
class Outcome:
    """What came of one input. said: an error's code, or "read"; fault: another exception, or nothing."""

    number: int
    name: str
    said: str
    seconds: float = 0.0
    megabytes: float = 0.0
    """By which the process has grown since it started, with all that it read before."""
    fault: str = ""

    @property
    def odd(self) -> bool:
        """Whether it is worth a look."""
        return bool(self.fault) or self.seconds > SLOW or self.megabytes > LARGE


def write_clip(path: Path, codec: str, sound: bool) -> Path:
    """A texture that drifts, and a tone."""
    random = np.random.default_rng(0)
    texture = random.integers(0, 255, (SIZE[1] + FRAMES, SIZE[0] + FRAMES, 3), np.uint8)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = SIZE
        stream.pix_fmt = FORMATS.get(codec, "yuv420p")
        track = container.add_stream("aac", rate=44_100, layout="mono") if sound else None
        for k in range(FRAMES):
            picture = np.ascontiguousarray(texture[k : k + SIZE[1], k : k + SIZE[0]])
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = k, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if track:
            tone = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
            tone.sample_rate, tone.pts = 44_100, 0
            container.mux([*track.encode(tone), *track.encode(None)])
    return path


def write_models(folder: Path) -> list[Path]:
    """A published HDFormer and a small CanonicalPose3D, with weights of 1."""
    import torch

    from pose3d.lift.canonical_net import PoseNet, TrajectoryNet
    from pose3d.lift.hdformer_net import HDFormerNet

    def state(network: torch.nn.Module) -> dict[str, torch.Tensor]:
        """One number of each tensor, seen again and again: most of the file is what can be broken."""
        return {key: torch.ones((), dtype=it.dtype).expand(it.shape) for key, it in network.state_dict().items()}

    hdformer, canonical, pose = folder / "hdformer", folder / "canonical", PoseNet([3, 3], 16)
    path = TrajectoryNet(pose.receptive_field)
    states = {
        hdformer: {"state_dict": state(HDFormerNet())},
        canonical: {"model_pos": state(pose), "model_traj": state(path)},
    }
    shared = {"CENTER": [512.5, 515.5], "FOCAL_LENGTH": [1145.0, 1143.8], "RES_W": 1000, "RES_H": 1002}
    inputs = {
        hdformer: {
            "center": [512.5, 515.5], "focal_length": [1145.0, 1143.8], "res_w": 1000, "n_frames": 96,
            "window_size": 72, "max_frame": 12,
        },
        canonical: shared | {"MAX_FRAME": 9},
    }  # fmt: skip
    switches = {hdformer: {"in_channels": 2, "max_hop": 4}, canonical: {"FILTER_WIDTHS": [3, 3], "CHANNELS": 16}}
    for home, parts in states.items():
        home.mkdir()
        content = {"model": {"INPUT": inputs[home], "MODEL": switches[home]}, "render": {"azim": -60.0, "elev": -75.0}}
        (home / "configuration.json").write_text(json.dumps(content))
        torch.save(parts, home / "pytorch_model.pt")
    for features in (2, 3):
        np.save(hdformer / f"mean_std_{features}d.npy", np.ones((2, 17, features)))
    return [hdformer, canonical]


def read_whole(path: Path) -> None:
    """All that a run reads of a video. Raises Pose3DError."""
    info = probe(path)
    length(path)
    for _ in frames(path):
        pass
    for _ in sound_frames(info):
        pass


def load_model(folder: Path) -> None:
    """Raises Pose3DError."""
    from pose3d.lift import load_lifter

    load_lifter(str(folder), "cpu")


def broken_video(bases: Sequence[Path], seed: int, number: int, folder: Path) -> Path:
    """The broken video of that number; its name ends as the whole one's does."""
    random = np.random.default_rng([seed, number])
    base = bases[number % len(bases)]
    path = folder / f"broken{base.suffix}"
    path.write_bytes(broken(base.read_bytes(), random, [other.read_bytes() for other in bases]))
    return path


def broken_model(bases: Sequence[Path], seed: int, number: int, folder: Path) -> Path:
    """A folder like one of the bases, with one file that is broken."""
    random = np.random.default_rng([seed, number])
    base = bases[number % len(bases)]
    files = sorted(base.iterdir())
    spoilt = files[random.integers(len(files))] if random.random() < 0.5 else base / "configuration.json"
    home = folder / base.name
    home.mkdir(exist_ok=True)
    for file in files:
        target = home / file.name
        target.unlink(missing_ok=True)
        if file != spoilt:
            target.symlink_to(file)
        elif file.suffix == ".json":
            target.write_bytes(broken_json(file.read_bytes(), random))
        else:
            target.write_bytes(broken(file.read_bytes(), random, [file.read_bytes()]))
    return home


Make = Callable[[int, Path], Path]


def attempt(number: int, make: Make, read: Callable[[Path], None]) -> Outcome:
    """One input, in a worker."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        path = make(number, Path(folder))
        before, start = _started(), time.perf_counter()
        said, fault = "read", ""
        try:
            read(path)
        except Pose3DError as e:
            said = e.code
            fault = "more than a line" if "\n" in str(e) else ""
        except Exception as e:
            said, fault = "another exception", f"{type(e).__name__}: {e}"
        return Outcome(number, path.name, said, time.perf_counter() - start, _peak() - before, fault)


_AT_START: list[float] = []


def _prepare() -> None:
    """A worker's first steps."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    set_level(None)


def _started() -> float:
    """Megabytes that the process had taken when its first input came."""
    if not _AT_START:
        _AT_START.append(_peak())
    return _AT_START[0]


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def outcomes(numbers: Sequence[int], make: Make, read: Callable[[Path], None]) -> Iterator[Outcome]:
    """One for each input, in their order."""
    context = multiprocessing.get_context("spawn")
    with ProcessPool(WORKERS, max_tasks=2000, initializer=_prepare, context=context) as pool:
        done = pool.map(partial(attempt, make=make, read=read), numbers, timeout=SECONDS).result()
        for number in numbers:
            try:
                yield next(done)
            except TimeoutError:
                yield Outcome(number, "", "hang", SECONDS, fault="it hangs")
            except ProcessExpired as e:
                yield Outcome(number, "", "crash", fault=f"exit status {e.exitcode}")


def through_command(path: Path, models: bool) -> str:
    """What is wrong with what the command makes of an input; nothing where it is one sentence."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as out:
        video = Path(__file__).parents[1] / "assets/examples/squats.mp4" if models else path
        asked = ["run", str(video), "-o", out, "--no-render", *(["--model", str(path)] if models else [])]
        try:
            done = subprocess.run([sys.executable, "-m", "pose3d", *asked], capture_output=True, text=True, timeout=120)
        except subprocess.TimeoutExpired:
            return "the command hangs"
    plain = done.returncode in (0, 1, 2) and len(done.stderr.splitlines()) <= 1 and "Traceback" not in done.stderr
    return "" if plain else f"exit status {done.returncode}: {done.stderr[-300:]}"


def main(
    count: Annotated[int, typer.Option(help="Inputs.")] = 2000,
    seed: Annotated[int, typer.Option(help="Of chance.")] = 1,
    models: Annotated[bool, typer.Option("--models", help="Model folders instead of videos.")] = False,
    keep: Annotated[Path | None, typer.Option(help="Folder for what is odd.")] = None,
) -> None:
    """Breaks files and reads them."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as work:
        make, read = prepared(Path(work), seed, models)
        found = list(outcomes(range(count), make, read))
        typer.echo(report(found))
        odd = [outcome for outcome in found if outcome.odd]
        for outcome in odd:
            home = (keep or Path(work)) / str(outcome.number)
            home.mkdir(parents=True, exist_ok=True)
            told = through_command(make(outcome.number, home), models) or "one sentence"
            typer.echo(f"{outcome.number} {outcome.fault} ({outcome.seconds:.1f} s); by the command: {told}")
    raise typer.Exit(bool(odd))


def prepared(work: Path, seed: int, models: bool) -> tuple[Make, Callable[[Path], None]]:
    """What makes the input of a number, and what reads it; the whole files lie in `work`."""
    if models:
        return partial(broken_model, write_models(work), seed), load_model
    clips = [write_clip(work / name, codec, name in SOUNDING) for name, codec in CONTAINERS.items()]
    return partial(broken_video, clips, seed), read_whole


def report(found: Sequence[Outcome]) -> str:
    """The counts, and the longest and largest of all."""
    longest, largest = max(found, key=lambda o: o.seconds), max(found, key=lambda o: o.megabytes)
    lines = [f"{count:6d} {said}" for said, count in Counter(outcome.said for outcome in found).most_common()]
    lines += [f"longest {longest.seconds:.2f} s (number {longest.number}, {longest.name})"]
    lines += [f"largest {largest.megabytes:.0f} MB (number {largest.number}, {largest.name})"]
    return "\n".join([f"{len(found)} inputs", *lines])


if __name__ == "__main__":
    typer.run(main)

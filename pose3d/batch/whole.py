"""A batch: videos in, a row of each out, whoever does the work."""

from __future__ import annotations

import secrets
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any

from pose3d.analysis import check_counted
from pose3d.batch import RETRIES, crew
from pose3d.batch.cores import usual_workers
from pose3d.batch.crew import Tell, quiet
from pose3d.batch.rows import Row
from pose3d.batch.shelves import shelf
from pose3d.batch.storage import is_stored, plain
from pose3d.batch.videos import Clip, clip
from pose3d.batch.work import Order, fingerprint, share
from pose3d.core.config import RunConfig
from pose3d.export import check_formats


def order(out: str | Path, config: RunConfig, everybody: bool = False, retries: int = RETRIES) -> Order:
    """What to do with every video, checked, before any is opened. Loads the models.

    Raises ConfigError, WeightsError, and what `shelf` raises.
    """
    config = config.but(export=check_formats(config.export), count=check_counted(config.count))
    place = plain(str(out))
    place = place if is_stored(place) else str(Path(place).absolute())
    shelf(place)
    return Order(place, config, everybody, retries, fingerprint(config, everybody), secrets.token_hex(8))


def here(clips: Iterable[Clip], asked: Order, workers: int | None = None, tell: Tell = quiet) -> Generator[Row]:
    """The rows of the videos, as they end, by processes of this machine. Raises OutputError."""
    store = shelf(asked.out)
    with store.taken():
        share(store)
        yield from crew.rows(clips, asked, workers or usual_workers(), tell)


def map_videos(
    videos: Any,
    out: str | Path,
    *,
    config: RunConfig | None = None,
    column: str = "path",
    everybody: bool = False,
    workers: int | None = None,
    retries: int = RETRIES,
    **settings: Any,
) -> Any:
    """Has many videos done, by processes of this machine or by those of a Ray cluster; what was done before is skipped.

    videos: paths and addresses (http, https, storage of fsspec's), as an iterable, which is read as far as there are
    workers; or a Ray Dataset with a column of them. out: folder or storage with a folder of files for each.
    config, or single settings by name: those of RunConfig. everybody: whether all people of a video are meant.
    workers: how many at once; None: one for each core, or for each GPU of a cluster. retries: how often a video is
    tried again whose worker died.

    Of an iterable: an iterator over Rows, as they end; nothing is done before the first is asked for. Of a Dataset:
    a Dataset with the same columns, and video's state, frames, seconds, grade, reason and folder as those of Row.
    Raises Pose3DError where nothing can be done; what is wrong with a video is told in its row.
    """
    asked = order(out, (config or RunConfig()).but(**settings), everybody, retries)
    if _is_dataset(videos):
        from pose3d.batch.cluster import mapped

        return mapped(videos, asked, workers, column)
    return _rows(videos, asked, workers)


def _rows(videos: Iterable[str | Path], asked: Order, workers: int | None) -> Iterator[Row]:
    return here((clip(video) for video in videos), asked, workers)


def _is_dataset(videos: object) -> bool:
    """Told by its class's name: Ray need not be there."""
    return any(kind.__module__.startswith("ray.data") for kind in type(videos).__mro__)

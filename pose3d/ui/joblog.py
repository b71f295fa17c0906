"""The log: one JSON object a line on standard error, one line a job, with nothing about who sent it."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

from gradio.utils import get_upload_folder

from pose3d.core.config import RunConfig
from pose3d.core.quotas import quotas
from pose3d.core.video import VideoInfo
from pose3d.jobs.workers import MEGABYTE
from pose3d.ui import vitals
from pose3d.ui.vitals import Outcome

JOBS, REFUSALS = "pose3d.jobs", "pose3d.refusals"
"""Names of the loggers."""
FACTS = "facts"
"""What a record of ours carries besides its message."""
SETTINGS = (
    "model",
    "detector",
    "max_frames",
    "person",
    "level",
    "figure",
    "render",
    "report",
    "count",
    "mirror",
    "rotate",
)
"""Of a run's settings those by which its time and its faults are told."""


@dataclass(frozen=True)
class Input:
    """seconds: of the part that is read; frames, width, height (pixels), megabytes: of the file. name: only where the
    quotas let the log have it."""

    seconds: float
    frames: int
    width: int
    height: int
    megabytes: float
    name: str | None = None

    @classmethod
    def of(cls, video: VideoInfo) -> Input:
        """Of a video that was looked at, whose file may be gone."""
        size = video.path.stat().st_size if video.path.is_file() else 0
        return cls(video.duration, len(video), video.width, video.height, size / MEGABYTE, video.path.name)


@dataclass(frozen=True)
class Job:
    """One job, when it has ended.

    kind: the endpoint's name. seconds: by stage. code: the error's, where it was refused. client_gone: whether nobody
    waited for it any more.
    """

    kind: str
    outcome: Outcome
    seconds: Mapping[str, float] = field(default_factory=dict[str, float])
    input: Input | None = None
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    code: str | None = None
    client_gone: bool = False
    id: str = field(default_factory=lambda: secrets.token_hex(8))


def settings_of(config: RunConfig) -> dict[str, Any]:
    """Those that matter, by name."""
    return {name: getattr(config, name) for name in SETTINGS}


def log_job(job: Job) -> None:
    """One line; the job is counted, too."""
    vitals.finished(job.outcome, job.seconds)
    if job.input and not quotas().log_names:
        job = replace(job, input=replace(job.input, name=None))
    logging.getLogger(JOBS).info("job", extra={FACTS: asdict(job)})


def log_refusal(code: str, endpoint: str) -> None:
    """One line for a call that was not let in; it is counted, too."""
    vitals.refused(code)
    logging.getLogger(REFUSALS).info("refused", extra={FACTS: {"code": code, "endpoint": endpoint}})


class JsonLines(logging.Formatter):
    """Each record in one line, its traceback inside."""

    def format(self, record: logging.LogRecord) -> str:
        """A JSON object."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        told |= getattr(record, FACTS, {})
        if record.exc_info:
            told["traceback"] = _nameless(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False, default=str)


def _nameless(text: str) -> str:
    """Without the names that visitors gave to their files, unless the quotas let the log have them."""
    below = re.escape(get_upload_folder()) + r".*"  # to the line's end: a name may hold anything
    return text if quotas().log_names else re.sub(below, "<file>", text)


def start_logging() -> None:
    """Everything that is logged in this process goes to standard error as JSON from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in (JOBS, REFUSALS):
        logging.getLogger(name).setLevel(logging.INFO)

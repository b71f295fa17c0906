"""How the page is started, watched, logged and ended. docs/operations.md says it to people."""

import io
import json
import logging
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from typing import get_args

import httpx
import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.requests import Request

from pose3d.core.config import RunConfig
from pose3d.core.quotas import Quotas
from pose3d.core.words import LANGUAGES
from pose3d.jobs.house import HOUSE, PLACE
from pose3d.ui import joblog, vitals
from pose3d.ui.health import health, metrics
from pose3d.ui.joblog import Input, Job, JsonLines, log_job, log_refusal, settings_of
from pose3d.ui.vitals import Outcome, Vitals
from pose3d.version import __version__
from tests.serving import END, ROOT, START, serving
from tools import secrets

SOON = 5
"""Seconds within which the page ends."""
BEGUN = 4
"""Seconds after which a job of half a minute is worked on."""
WELL = Vitals(True, 2, 2, 1, 3, 12.5, 1000.0)


@pytest.fixture
def standing(monkeypatch):
    """Sets what stands."""
    return lambda now: monkeypatch.setattr(vitals, "_read", lambda: now)


def app(*arguments):
    done = subprocess.run(
        [sys.executable, "app.py", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--frames", "many"], "frames"),
        (["--file-mb", "-1"], "file_mb"),
        (["--quotas", "none.yaml"], "none.yaml"),
        (["--framse", "3"], "--framse"),
    ],
)
def test_a_wrong_value_is_one_sentence(arguments, named):
    status, out, error = app(*arguments)
    assert (status, out) == (2, "") and named in error
    assert len([line for line in error.splitlines() if not line.startswith("usage:")]) == 1


def test_help_lists_all_that_can_be_set():
    status, out, _ = app("--help")
    assert status == 0
    assert [name for name in Quotas.model_fields if f"--{name.replace('_', '-')} " not in out] == []


def test_the_page_is_a_name_of_app_py_whatever_its_importer_was_started_with():
    """A Space, Gradio's reloader and others take `demo` from it."""
    code = "import app; print(type(app.demo).__name__)"
    command = [sys.executable, "-c", code, "--of", "others"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.strip() == "Blocks", done.stderr


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("operations"), "--workers", "1") as running:
        yield running


def begin(site):
    """A job that takes long, until it is worked on."""
    walk = {"path": "/~assets/examples/walk.mp4", "meta": {"_type": "gradio.FileData"}}
    answer = httpx.post(f"{site.address}/gradio_api/call/v2/estimate", json={"video": walk, "render": False})
    assert answer.status_code == 200
    time.sleep(BEGUN)


def houses(site):
    """Where a server keeps its results while it lives."""
    return list((site.folder / PLACE).glob(f"{HOUSE}*"))


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no SIGTERM")
@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_the_page_ends_when_it_is_told_to(tmp_path, number, busy):
    """With an open stream and, where busy, a job: soon, with what is due at the end done, and nobody left behind."""
    with serving(tmp_path, TMPDIR=str(tmp_path)) as site:
        assert houses(site)
        with httpx.stream("GET", f"{site.address}/gradio_api/heartbeat/somebody", timeout=60) as heart:
            next(heart.iter_raw())
            if busy:
                begin(site)
            children = psutil.Process(site.process.pid).children(recursive=True)
            before = time.monotonic()
            site.process.send_signal(number)
            assert site.process.wait(END) == 0
            took = time.monotonic() - before
        assert took < SOON
        assert houses(site) == []
        left = psutil.wait_procs(children, timeout=1)[1]
        assert [child for child in left if child.status() != psutil.STATUS_ZOMBIE] == [], "nobody asks after the dead"
        assert "Traceback" not in site.log.read_text()


def ready(site):
    """What /health says once the models are loaded; before, that it is not ready."""
    end = time.monotonic() + START
    while (answer := httpx.get(f"{site.address}/health")).status_code != 200:
        assert answer.status_code == 503 and not answer.json()["ready"] and time.monotonic() < end
        time.sleep(0.2)
    return answer


def test_health_and_metrics_of_the_page(site):
    answer = ready(site)
    assert answer.json()["workers_alive"] == answer.json()["workers_wanted"] == 1 and answer.json()["models_loaded"]
    assert set(answer.json()) == {"ready", "version", *asdict(WELL)} and answer.json()["version"] == __version__
    told = httpx.get(f"{site.address}/metrics").text
    assert {family.name for family in text_string_to_metric_families(told)} >= {"pose3d_jobs", "pose3d_disk_bytes"}
    httpx.post(f"{site.address}/gradio_api/call/measure", json={"data": ["x"]})
    assert 'pose3d_refused_total{reason="call_type"} 1.0' in httpx.get(f"{site.address}/metrics").text


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (WELL, 200),
        (Vitals(True, 0, 0, 0, 0, 0, 0), 200),
        (Vitals(True, 1, 2, 0, 0, 0, 0), 200),
        (Vitals(True, 0, 2, 0, 0, 0, 0), 503),
        (Vitals(False, 2, 2, 0, 0, 0, 0), 503),
    ],
)
def test_health_says_whether_work_would_be_done(standing, now, status):
    standing(now)
    answer = health(Request({"type": "http"}))
    assert answer.status_code == status
    told = json.loads(bytes(answer.body))
    assert told == {**asdict(now), "ready": status == 200, "version": __version__}


def values():
    """Of all metrics by name and label."""
    families = text_string_to_metric_families(bytes(metrics(Request({"type": "http"})).body).decode())
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


def buckets(told, most):
    """How often the stage detect took at most so many seconds."""
    labels = {"stage": "detect", "le": f"{most}"}
    return sum(
        value for name, value in told.items() if name == ("pose3d_stage_seconds_bucket", *sorted(labels.values()))
    )


def test_metrics_tell_what_stands_and_what_was_counted(standing):
    standing(WELL)
    before = values()
    assert {name[1] for name in before if name[0] == "pose3d_jobs_total"} == set(get_args(Outcome))
    vitals.finished("done", {"detect": 2.0, "lift": 0.2})
    vitals.finished("crashed", {})
    vitals.restarted()
    vitals.refused("too_large")
    after = values()
    grown = {name: after[name] - before.get(name, 0) for name in after if "created" not in name[0]}
    assert grown["pose3d_jobs_total", "done"] == grown["pose3d_jobs_total", "crashed"] == 1
    assert grown["pose3d_jobs_total", "stopped"] == 0
    seconds = {name: grown["pose3d_stage_seconds_sum", name] for name in ("detect", "lift")}
    assert seconds == pytest.approx({"detect": 2.0, "lift": 0.2})
    assert buckets(after, 3.0) - buckets(before, 3.0) == 1 and buckets(after, 1.0) == buckets(before, 1.0)
    assert grown[("pose3d_workers_restarted_total",)] == grown["pose3d_refused_total", "too_large"] == 1
    assert after[("pose3d_jobs_waiting",)] == 3 and after[("pose3d_disk_bytes",)] == 12.5e6
    assert (after[("pose3d_workers_alive",)], after[("pose3d_ready",)]) == (2, 1)


@pytest.fixture
def lines():
    """What the log holds, as JSON."""
    written, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    loggers = [logging.getLogger(name) for name in (joblog.JOBS, joblog.REFUSALS)]
    root.addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.removeHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.NOTSET)


FILE = Input(seconds=4.2, frames=126, width=960, height=540, megabytes=0.4, name="Ada's squats.mp4")


@pytest.mark.parametrize("names", [False, True])
def test_a_job_is_one_line(lines, allow, names):
    allow(log_names=names)
    config = RunConfig(max_frames=50, height=1.7)
    log_job(Job("estimate", "refused", {"detect": 1.5}, FILE, settings_of(config), "nobody", client_gone=True))
    [line] = lines()
    assert {name: line[name] for name in ("kind", "outcome", "code", "client_gone")} == {
        "kind": "estimate", "outcome": "refused", "code": "nobody", "client_gone": True,
    }  # fmt: skip
    assert line["seconds"] == {"detect": 1.5} and line["settings"]["max_frames"] == 50
    assert line["input"] == asdict(FILE) | ({} if names else {"name": None})
    assert re.fullmatch(r"[0-9a-f]{16}", line["id"]) and line["time"].endswith("+00:00")
    assert "1.7" not in json.dumps(line["settings"]), "how tall somebody is, is nobody's business"


def test_jobs_are_counted_when_they_are_logged(lines, standing):
    standing(WELL)
    before = values()["pose3d_jobs_total", "timed_out"]
    jobs = [Job("estimate", "timed_out") for _ in range(2)]
    for job in jobs:
        log_job(job)
    assert values()["pose3d_jobs_total", "timed_out"] == before + 2
    assert len({line["id"] for line in lines()}) == 2


def test_a_refusal_is_one_line_without_what_was_sent(lines):
    log_refusal("call_type", "/estimate")
    [line] = lines()
    assert (line["code"], line["endpoint"]) == ("call_type", "/estimate")


@pytest.mark.parametrize("names", [False, True])
def test_what_nobody_foresaw_is_one_line_with_its_traceback(lines, allow, names, monkeypatch, tmp_path):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    allow(log_names=names)
    try:
        (tmp_path / "hash" / str(FILE.name)).read_bytes()
    except OSError:
        logging.getLogger("pose3d").exception("unexpected")
    [line] = lines()
    assert line["level"] == "error" and "FileNotFoundError" in line["traceback"]
    assert ("squats" in line["traceback"]) == names


def test_the_access_log_stays_off(site):
    httpx.get(f"{site.address}/health")
    assert "/health" not in site.log.read_text()


OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")


def test_the_documentation_has_all_quotas():
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", OPERATIONS, re.M)
    assert rows == [(name, f"`{field.default}`", f"{field.description}") for name, field in Quotas.model_fields.items()]


def test_the_documentation_has_all_that_is_told():
    told = [f"`{name}`" for name in (*asdict(WELL), "ready", "version")]
    told += [f"`{outcome}`" for outcome in get_args(Outcome)]
    told += [f"`{name[0]}`" for name in values() if not name[0].endswith(("_created", "_bucket", "_count", "_sum"))]
    assert [name for name in told if name not in OPERATIONS] == []


def test_threats_name_tests_that_there_are():
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (ROOT / "docs" / "threats.md").read_text("utf-8"))
    assert len(named) > 10
    for path, function in named:
        assert (ROOT / path).is_file(), path
        assert f"def {function}" in (ROOT / path).read_text("utf-8") if function else True, function


def test_the_container_asks_for_health_and_runs_as_nobody_special():
    text = (ROOT / "Dockerfile").read_text("utf-8")
    [check] = re.findall(r"^HEALTHCHECK(?:.*\\\n)*.*", text, re.M)
    assert "/health" in check
    assert re.search(r"^USER (?!root)", text, re.M) and "ADD http" not in text
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert {".git", "tests"} <= set(ignored)


def test_weights_are_told_on_the_page(site):
    """By the beginning of the digests of the files that are there."""
    from pose3d.ui.about import weights

    page = httpx.get(site.address).text
    assert len(weights()) >= 4 and all(model.sha256[:12] in page for model in weights())
    assert __version__ in page and set(LANGUAGES) == {"en", "zh"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("-----BEGIN RSA " + "PRIVATE KEY-----", "private key"),
        ("hf_" + "a1B2" * 9, "Hugging Face token"),
        ("password = " + '"correcthorsebatterystaple"', "assigned secret"),
        ("https://me:" + "mine@example.com/x", "password in an address"),
        ('progress(0.0, desc="loading"); key = "keypoints.json"', None),
    ],
)
def test_secrets_are_found(text, kind):
    assert secrets.found(text.encode()) == ([kind] if kind else [])

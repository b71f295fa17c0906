"""What README and docs quote can be measured again by one command."""

import re
import subprocess
import sys
from pathlib import Path

from benchmarks.__main__ import QUOTED, machine

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_all_that_documents_quote_is_run():
    named = {
        (name, document.relative_to(ROOT).as_posix())
        for document in DOCUMENTS
        for name in re.findall(r"benchmarks\.([a-z_]+)`|-m benchmarks\.([a-z_]+)", document.read_text("utf-8"))
        for name in filter(None, name)
    }
    assert {name for name, _ in named} == set(QUOTED)
    assert {(name, one.document) for name, each in QUOTED.items() for one in each} <= named


def test_one_of_them_runs_and_tells_the_machine():
    command = [sys.executable, "-m", "benchmarks", "real", "encoder", "--help"]
    assert "MOTION" in subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout.upper()
    done = subprocess.run([sys.executable, "-m", "benchmarks", "real"], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0 and "left out, it needs --real" in done.stdout
    assert all(line in done.stdout for line in machine().splitlines() if line.startswith(("cores", "numpy")))
    wrong = subprocess.run([sys.executable, "-m", "benchmarks", "nothing"], capture_output=True, text=True, cwd=ROOT)
    assert wrong.returncode == 2 and "nothing" in wrong.stderr

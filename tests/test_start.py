"""What the page's start does to the process."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

SERVED = """
import gc
from pose3d.ui import launch

class Page:
    is_running = False

    def launch(self, **settings):
        print("launched", gc.isenabled(), gc.get_freeze_count() > 0)

    def block_thread(self):
        print("served", gc.isenabled(), gc.get_freeze_count() > 0)

gc.disable()
launch.whole = lambda language: None
launch.serve(Page())
"""


def served(folder):
    """The lines that it says, where packages of the folder are there, too."""
    command, there = [sys.executable, "-c", SERVED], os.environ | {"PYTHONPATH": str(folder)}
    return subprocess.run(command, cwd=ROOT, env=there, capture_output=True, text=True, check=True).stdout.splitlines()


def test_garbage_is_collected_again_once_the_page_is_served(tmp_path):
    assert served(tmp_path) == ["launched False False", "served True True"]


def test_a_function_wants_a_gpu_before_the_launch_where_spaces_is_installed(tmp_path):
    """A Space on ZeroGPU looks for one at the launch, and is refused without."""
    (tmp_path / "spaces.py").write_text("def GPU(function):\n    print('wanted by', function.__name__)\n")
    assert served(tmp_path)[:2] == ["wanted by _never_called", "launched False False"]

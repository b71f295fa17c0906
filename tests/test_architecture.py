"""The drawing of the imports is that of the code: no arrow points up, there is no circle; importing reads no file."""

import ast
import subprocess
import sys
from pathlib import Path

from tools import imports

ROOT = Path(__file__).parent.parent
HEAVY = {"torch", "gradio", "onnxruntime", "plotly", "h5py"}
HEAVY_ROOMS = {"ui", "train", "__main__"}
READS = """
import importlib, sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
for name in sys.argv[2:]:
    importlib.import_module(name)
print([path for path in opened if path.startswith(sys.argv[1]) and not path.endswith((".py", ".pyc"))])
"""


def test_no_arrow_points_up():
    rooms = imports.rooms_graph(imports.files_graph())
    assert imports.upward(rooms) == []
    assert imports.circle(rooms) == []


def test_there_is_no_circle_of_files():
    assert imports.circle(imports.files_graph()) == []


def test_faults_are_found():
    """An arrow up from core to io, a circle of two files; so that the test above can fail."""
    files = {"pose3d.core.a": {"pose3d.io.b"}, "pose3d.io.b": {"pose3d.io.c"}, "pose3d.io.c": {"pose3d.io.b"}}
    arrow, circle = imports.faults(files)
    assert arrow == "an arrow points up: core -> io"
    assert circle.startswith("a circle of files: ") and "pose3d.io.b" in circle and "pose3d.io.c" in circle


def test_arrows_that_follow_from_others_are_left_out():
    graph = {"top": {"middle", "bottom"}, "middle": {"bottom"}, "bottom": set()}
    assert imports.reduced(graph) == {"top": {"middle"}, "middle": {"bottom"}, "bottom": set()}


def test_imports_inside_functions_count(tmp_path):
    path = tmp_path / "module.py"
    path.write_text("def f():\n    from pose3d.core import times\n    from pose3d.core.times import nearest\n")
    assert set(imports.imported(path, {"pose3d.core", "pose3d.core.times"})) == {"pose3d.core.times"}


def test_the_page_shows_the_drawing_of_today():
    """`python tools/imports.py --update` draws it anew."""
    drawing = imports.draw_rooms(imports.rooms_graph(imports.files_graph()))
    page = imports.PAGE.read_text("utf-8")
    assert imports.update(page, drawing) == page


def test_importing_reads_no_file_of_ours():
    rooms = {name: path for name, path in imports.modules().items() if imports.room(name) not in HEAVY_ROOMS}
    light = [name for name, path in rooms.items() if not HEAVY & set(packages(path))]
    assert len(light) > 60
    done = subprocess.run(
        [sys.executable, "-c", READS, str(ROOT), *light], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def packages(path):
    """Top names of what a file imports when it is imported."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]

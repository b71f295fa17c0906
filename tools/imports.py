"""Draws which part of pose3d imports which, as Mermaid, and says whether an arrow points up or runs in a circle.

    python tools/imports.py             the rooms; an arrow that follows from others is left out
    python tools/imports.py --files     every file, in its room
    python tools/imports.py --update    puts the drawing of the rooms into docs/architecture.md

Told from the source; nothing of pose3d is imported. Imports inside functions count like all others. The exit status is
1 where an arrow points up or there is a circle.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Container, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "pose3d"
PAGE = ROOT / "docs" / "architecture.md"

FLOORS = (
    ("version",),
    ("core",),
    ("io",),
    ("detect",),
    ("track",),
    ("lift",),
    ("ground",),
    ("analysis",),
    ("motion",),
    ("export",),
    ("view",),
    ("outputs", "pipelines"),
    ("everybody",),
    ("jobs",),
    ("batch", "evaluate", "train"),
    ("ui", "cli"),
    ("__init__", "__main__"),
)
"""Rooms from the bottom to the top; those of one floor do not know each other."""
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
ROOF = len(FLOORS)
"""Where a room is taken to be that has no floor yet."""

Graph = dict[str, set[str]]
"""Name to the names that it imports."""


def modules() -> dict[str, Path]:
    """Dotted name to file; a package's own file has the package's name."""
    files = sorted((ROOT / PACKAGE).rglob("*.py"))
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files}


def imported(path: Path, known: Container[str]) -> Iterator[str]:
    """Our modules that a file imports, at any place in it; from a package, the module that is meant, if it is one."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and (module := node.module or "") in known:
            names = (f"{module}.{alias.name}" for alias in node.names)
            yield from (name if name in known else module for name in names)


def files_graph() -> Graph:
    """Every module of the package with what it imports of it."""
    known = modules()
    return {name: set(imported(path, known)) - {name} for name, path in known.items()}


def room(module: str) -> str:
    """The folder or file of pose3d that a module is in."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def rooms_graph(files: Graph) -> Graph:
    """The same by room."""
    rooms: Graph = {}
    for module, used in files.items():
        rooms.setdefault(room(module), set()).update(map(room, used))
    return {name: used - {name} for name, used in rooms.items()}


def floor(room: str) -> int:
    """From 0 at the bottom."""
    return FLOOR.get(room, ROOF)


def upward(rooms: Graph) -> list[str]:
    """Arrows between rooms that do not point to a lower floor."""
    return [f"{a} -> {b}" for a, used in sorted(rooms.items()) for b in sorted(used) if floor(b) >= floor(a)]


def circle(graph: Graph) -> list[str]:
    """The names along one circle, if there is any."""
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as e:
        return list(reversed(e.args[1]))
    return []


def reduced(graph: Graph) -> Graph:
    """A graph without circles, less the arrows that follow from others."""
    below: Graph = {}
    for name in TopologicalSorter(graph).static_order():
        below[name] = graph[name].union(*(below[other] for other in graph[name]))
    return {name: {n for n in used if not any(n in below[o] for o in used)} for name, used in graph.items()}


def draw_rooms(rooms: Graph) -> str:
    """Mermaid: the top floor first, only arrows that do not follow from others."""
    shown = rooms if circle(rooms) else reduced(rooms)
    lines = ["flowchart TD"]
    for name in sorted(rooms, key=floor, reverse=True):
        lines += [f"    {_id(name)}[{_label(name)}]", *(f"    {_id(name)} --> {_id(n)}" for n in sorted(shown[name]))]
    return "\n".join(lines)


def draw_files(files: Graph) -> str:
    """Mermaid: every file in the box of its room, every arrow."""
    lines = ["flowchart TD"]
    for name in sorted({room(module) for module in files}, key=floor, reverse=True):
        lines.append(f"    subgraph {_id('room.' + name)}[{_label(name)}]")
        lines += [f"        {_id(module)}[{module}]" for module in sorted(files) if room(module) == name]
        lines.append("    end")
    lines += [f"    {_id(module)} --> {_id(other)}" for module in sorted(files) for other in sorted(files[module])]
    return "\n".join(lines)


def _id(name: str) -> str:
    return re.sub(r"\W", "_", name)


def _label(name: str) -> str:
    return {"__init__": "import pose3d", "__main__": "python -m pose3d"}.get(name, name)


def update(page: str, drawing: str) -> str:
    """The page with the drawing in place of its first one."""
    return re.sub(r"```mermaid\n.*?```", lambda _: f"```mermaid\n{drawing}\n```", page, count=1, flags=re.S)


def faults(files: Graph) -> list[str]:
    """What is wrong, a line each."""
    rooms = rooms_graph(files)
    found = [f"an arrow points up: {arrow}" for arrow in upward(rooms)]
    for what, graph in (("rooms", rooms), ("files", files)):
        if circle(graph):
            found.append(f"a circle of {what}: {' -> '.join(circle(graph))}")
    return found


def main() -> int:
    """Draws or updates; 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", action="store_true")
    parser.add_argument("--update", action="store_true")
    wanted = parser.parse_args()
    files = files_graph()
    rooms = rooms_graph(files)
    if wanted.update:
        PAGE.write_text(update(PAGE.read_text("utf-8"), draw_rooms(rooms)), "utf-8")
    else:
        print(draw_files(files) if wanted.files else draw_rooms(rooms))
    found = faults(files)
    counts = f"{len(files)} files, {sum(map(len, files.values()))} imports between them"
    print(f"%% {counts}: {'; '.join(found) or 'no arrow points up, no circle'}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

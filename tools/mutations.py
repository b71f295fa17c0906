"""Small changes that break a Python file: another operator or number, an argument or a statement left out."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

OTHER_OPERATORS: dict[type[object], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,), ast.And: (ast.Or,), ast.Or: (ast.And,), ast.Add: (ast.Sub,), ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,), ast.Div: (ast.Mult,), ast.FloorDiv: (ast.Mult,), ast.Mod: (ast.Mult,), ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,),
}  # fmt: skip
DECLARED = ("annotation", "returns", "decorator_list")
"""Parts of the syntax that do nothing when the code runs."""
TOLD = ("strict", "description")
"""Arguments that do nothing where the code is right, or tell a person something."""


@dataclass(frozen=True)
class Mutant:
    """A file with one change."""

    line: int
    change: str
    code: CodeType


@dataclass(frozen=True)
class Place:
    """Where a node stands: holder[key], below `field` of its parent."""

    parent: ast.AST
    field: str
    holder: Any
    key: Any

    @property
    def node(self) -> Any:
        return self.holder[self.key]


def mutants(path: Path) -> list[Mutant]:
    """All of a file's."""
    tree = ast.parse(path.read_text("utf-8"))
    return [_mutant(place, other, tree, path) for place in _places(tree) for other in _others(place)]


def _mutant(place: Place, other: ast.AST, tree: ast.Module, path: Path) -> Mutant:
    """The tree, which stays as it was, with another node in a place."""
    node, before = place.node, ast.unparse(place.parent)
    place.holder[place.key] = other
    after = ast.unparse(place.parent)
    code = compile(ast.fix_missing_locations(tree), str(path), "exec")
    place.holder[place.key] = node
    line = getattr(node, "lineno", getattr(place.parent, "lineno", 0))
    return Mutant(line, _changed(before, after), code)


def _changed(before: str, after: str) -> str:
    """The first line that differs, before and after."""
    lines = zip(before.split("\n"), after.split("\n"), strict=False)
    return next(f"{a.strip()}  ->  {b.strip()}" for a, b in lines if a != b)


def _places(parent: ast.AST) -> Iterator[Place]:
    """Where something stands below a node, but for what is only declared."""
    for field, value in ast.iter_fields(parent):
        if field in DECLARED:
            continue
        holder: Any = value if isinstance(value, list) else vars(parent)
        for key in range(len(value)) if isinstance(value, list) else [field]:
            yield Place(parent, field, holder, key)
            if isinstance(holder[key], ast.AST) and getattr(holder[key], "arg", None) not in TOLD:
                yield from _places(holder[key])


def _others(place: Place) -> Iterator[ast.AST]:
    """What may stand there instead."""
    node = place.node
    yield from (operator() for operator in OTHER_OPERATORS.get(type(node), ()))
    if place.field == "test" and not isinstance(node, ast.Compare | ast.UnaryOp):
        yield ast.UnaryOp(ast.Not(), node)
    match node:
        case ast.UnaryOp(operand=operand):
            yield operand
        case ast.Constant(value=value) if not isinstance(place.parent, ast.Expr | ast.JoinedStr):
            yield from map(ast.Constant, _other_values(value))
        case ast.Call(func, args, keywords):
            for left in keywords:
                if left.arg not in TOLD:
                    yield ast.Call(func, args, [keyword for keyword in keywords if keyword is not left])
        case ast.Return(value=ast.expr()):
            yield ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call()) | ast.Raise() | ast.AugAssign() | ast.Assign(targets=[ast.Subscript()]):
            yield ast.Pass()


def _other_values(value: object) -> Sequence[Any]:
    """In place of a constant. Prose is left alone."""
    match value:
        case bool():
            return (not value,)
        case int():
            return (value + 1,)
        case float():
            return (1.5 * value or 1.0,)
        case str() if value.isidentifier():
            return (f"{value}_",)
    return ()

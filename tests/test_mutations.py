"""The changes that the tests are tried with."""

from tools.mutations import mutants

SOURCE = '''
def half(x: int | None = 4, *, sign=-1) -> float:
    """Prose."""
    if x is None or not sign:
        raise ValueError("no number")
    return max(x, key=abs) / 2 if x < 3 else "name"
'''

CHANGES = """\
x: int | None=4, *, sign=-1  ->  x: int | None=4, *, sign=1
-1  ->  -2
x: int | None=4, *, sign=-1  ->  x: int | None=5, *, sign=-1
if x is None or not sign:  ->  if not (x is None or not sign):
x is None or not sign  ->  x is None and (not sign)
x is None  ->  x is not None
x is None or not sign  ->  x is None or sign
raise ValueError('no number')  ->  pass
return max(x, key=abs) / 2 if x < 3 else 'name'  ->  return None
x < 3  ->  x <= 3
x < 3  ->  x >= 3
x < 3  ->  x < 4
max(x, key=abs) / 2  ->  max(x) / 2
max(x, key=abs) / 2  ->  max(x, key=abs) * 2
max(x, key=abs) / 2  ->  max(x, key=abs) / 3
max(x, key=abs) / 2 if x < 3 else 'name'  ->  max(x, key=abs) / 2 if x < 3 else 'name_'"""


def test_each_mutant_has_one_change(tmp_path):
    path = tmp_path / "half.py"
    path.write_text(SOURCE)
    found = mutants(path)
    assert sorted(mutant.change for mutant in found) == sorted(CHANGES.split("\n"))
    assert [mutant.line for mutant in found if mutant.change.endswith("pass")] == [5]


def test_mutants_are_what_they_say(tmp_path):
    path = tmp_path / "one.py"
    path.write_text("x = 1 + 2\n")
    worth = {}
    for mutant in mutants(path):
        exec(mutant.code, names := {})
        worth[mutant.change] = names["x"]
    assert worth == {"1 + 2  ->  1 - 2": -1, "1 + 2  ->  2 + 2": 4, "1 + 2  ->  1 + 3": 4}


def test_prose_and_types_are_left_alone(tmp_path):
    path = tmp_path / "none.py"
    path.write_text('"""Prose."""\nx: int | None\nzip(x, x, strict=True)\nf"{x} is"\n')
    assert [mutant.change for mutant in mutants(path)] == ["zip(x, x, strict=True)  ->  pass"]

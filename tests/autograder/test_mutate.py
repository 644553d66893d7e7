"""Mutants: one small change each, the same ones each time, and none where a change says nothing."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from autograder.prove.mutate import function_source, mutants

WHOLE = '''
def f(x, n=2, *, flip=False):
    """Return 1 + 2."""
    import math
    from os import path
    if n < 1:
        raise ValueError(f"n is {n + 1}, not {0}")
    assert n > 0, "n - 1"
    total: "1 + 1" = 0
    for i in range(1, n):
        total += x[i, 0:n] * 3
    """a loose text"""
    if flip and not n == 2:
        total[0] = -total
        print(total)
    return math.floor(total / n), total
'''


def changed_lines(source: str) -> list[str]:
    """Return what each mutant of an expression says in its place."""
    return [ast.unparse(m.tree) for m in mutants(source, "label")]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a + b", ["a - b"]),
        ("a - b", ["a + b", "b - a"]),
        ("a * b", ["a + b"]),
        ("a / b", ["a * b", "b / a"]),
        ("a // b", ["a * b", "b // a"]),
        ("a % b", ["a * b"]),
        ("a ** b", ["a * b"]),
        ("a @ b", ["b @ a"]),
        ("a < b", ["a <= b"]),
        ("a <= b", ["a < b"]),
        ("a > b", ["a >= b"]),
        ("a >= b", ["a > b"]),
        ("a == b", ["a != b"]),
        ("a != b", ["a == b"]),
        ("a is b", ["a is not b"]),
        ("a is not b", ["a is b"]),
        ("a < b < c", ["a <= b < c"]),
        ("a and b", ["a or b"]),
        ("a or b", ["a and b"]),
        ("-a", ["a"]),
        ("not a", ["a"]),
        ("True", ["False"]),
        ("3", ["4", "2"]),
        ("0.5", ["1.5", "-0.5"]),
        ("a[b:c]", ["a[:c]", "a[b:]"]),
        ("a[::b]", ["a[:]"]),
        ("a[b, c]", ["a[c, b]"]),
        ("(a, b)", ["(b, a)"]),
        ("f(a, b)", ["f(b, a)"]),
        ("f(a, b, c)", ["f(b, a, c)"]),
        ("f(a, k=b)", ["f(a)"]),
        ("f(k=a, m=b)", ["f(m=b)", "f(k=a)"]),
        ("range(a)", ["range(a + 1)", "range(a - 1)"]),
        ("range(a, b)", ["range(b, a)", "range(a, b + 1)", "range(a, b - 1)"]),
    ],
)
def test_every_kind_of_change_is_made(source: str, expected: list[str]) -> None:
    assert changed_lines(f"y = {source}") == [f"y = {e}" for e in expected]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a += b", ["a -= b", "pass"]),
        ("a *= b", ["a += b", "pass"]),
        ("a[b] = c", ["pass"]),
        ("f(a)", ["pass"]),
        ("if a:\n    b", ["if not a:\n    b", "if a:\n    pass"]),
        (
            "if a:\n    raise b\nelse:\n    c",
            ["if not a:\n    raise b\nelse:\n    c", "if a:\n    raise b\nelse:\n    pass"],
        ),
        ("def f(a, n=2):\n    return a", ["def f(a, n=3):\n    return a", "def f(a, n=1):\n    return a"]),
        ("[a for b in c if d > e]", ["pass", "[a for b in c if d >= e]"]),
    ],
)
def test_statements_are_changed_too(source: str, expected: list[str]) -> None:
    assert changed_lines(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        '"""1 + 2"""',
        "import a.b as c",
        "from a import b",
        "raise ValueError(1 + 2)",
        "assert a > 1",
        "if n < 1:\n    raise ValueError(n - 1)",
        'y = f"{a + 1} of {b:3}"',
        "y = a",
        "y = 'text'",
        "y = None",
        "def f(a: g[1:2]) -> h[3]:\n    return a",
        "@cache(size=3)\ndef f(a):\n    return a",
        "global a",
        "y = f(a, a)",
        "y = (a, a)",
        "y = a[:]",
        "y = f(*a, b)",
        "y = f(**a)",
    ],
)
def test_what_says_nothing_is_left_alone(source: str) -> None:
    assert changed_lines(source) == []


def test_every_mutant_compiles_and_differs_from_the_original_and_from_nothing_else_by_name() -> None:
    found = mutants(WHOLE, "label")
    original = ast.dump(ast.parse(WHOLE))
    assert len(found) > 20
    for mutant in found:
        compile(mutant.tree, "<test>", "exec")
        assert ast.dump(mutant.tree) != original
    names = [m.name for m in found]
    assert len(set(names)) == len(names)


def test_a_change_that_changes_nothing_is_no_mutant() -> None:
    assert changed_lines("y = a - a") == ["y = a + a"]
    assert changed_lines("y = 1e300") == []


def test_names_are_the_same_each_time_and_survive_another_layout_of_the_source() -> None:
    names = [m.name for m in mutants(WHOLE, "label")]
    assert names == [m.name for m in mutants(WHOLE, "label")]
    assert names == [m.name for m in mutants("\n\n# a remark\n" + WHOLE.replace("2:", "2 :"), "label")]


def test_a_name_says_where_and_what_and_counts_repetitions() -> None:
    names = [m.name for m in mutants("def f(a):\n    return a + 1 + (a + 1)", "mine")]
    assert names[0] == "mine: return a + 1 + (a + 1) | a + 1 + (a + 1) -> a + 1 - (a + 1)"
    assert names.count("mine: return a + 1 + (a + 1) | a + 1 -> a - 1") == 1
    assert names.count("mine: return a + 1 + (a + 1) | a + 1 -> a - 1 #2") == 1


def test_a_mutant_runs_in_a_copy_of_the_notebooks_names() -> None:
    namespace: dict[str, Any] = {"offset": 10}
    (mutant,) = mutants("def f(a):\n    return a + offset", "label")
    assert mutant.execute(namespace)["f"](1) == -9
    assert namespace == {"offset": 10}


def test_making_mutants_leaves_each_other_alone() -> None:
    results = sorted(m.execute({})["y"] for m in mutants("y = (7 - 3) * 2", "label"))
    assert results == sorted([(7 - 3) + 2, (7 + 3) * 2, (3 - 7) * 2, (8 - 3) * 2, 6 - 3 + 6 - 3, 6, 10, 12, 4])


def decorator(function: Any) -> Any:
    return function


@decorator
def decorated(a: int) -> int:
    return a + 1


def test_the_source_of_a_function_comes_without_its_decorators() -> None:
    assert function_source(decorated) == "def decorated(a: int) -> int:\n    return a + 1"

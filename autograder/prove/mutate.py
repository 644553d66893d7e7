"""Machine-made mistakes: one small change in the source of a right solution.

Argument checks that only raise are left alone: cases with `raises=` cover those that an exercise asks for.
"""

from __future__ import annotations

import ast
import copy
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

_BINARY: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
}
_COMPARISON: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


@dataclass(frozen=True)
class Mutant:
    """A changed source; `name` says what was changed, in a form that stays the same from run to run."""

    name: str
    tree: ast.Module

    def execute(self, namespace: dict[str, Any]) -> dict[str, Any]:
        """Run the changed source in a copy of `namespace` and return it."""
        scope = dict(namespace)
        exec(compile(self.tree, f"<mutant {self.name}>", "exec"), scope)
        return scope


def function_source(function: Callable[..., Any]) -> str:
    """Return the source of a function or a class without its decorators."""
    source = _class_source(function) if isinstance(function, type) else inspect.getsource(function)
    tree = ast.parse(textwrap.dedent(source))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            node.decorator_list = []
    return ast.unparse(tree)


def _class_source(written: type) -> str:
    """Return a class's source by the place of its methods: `inspect` goes by name, and authors write `class _`."""
    lines = [f.__code__.co_firstlineno for f in vars(written).values() if inspect.isfunction(f)]
    module = ast.parse(inspect.getsource(sys.modules[written.__module__]))
    fitting = [c for c in ast.walk(module) if isinstance(c, ast.ClassDef) and c.name == written.__name__]
    around = [c for c in fitting if any(c.lineno <= n <= (c.end_lineno or 0) for n in lines)]
    return ast.unparse(around[-1]) if around else inspect.getsource(written)


def mutants(source: str, label: str) -> list[Mutant]:
    """Return every mutant of `source`; the names start with `label`."""
    tree = ast.parse(source)
    seen: dict[str, int] = {}
    found = []
    for path in _places(tree):
        for new in _changes(_node(tree, path)):
            old = _node(tree, path)
            if ast.dump(new) == ast.dump(old):
                continue
            name = f"{label}: {_line(tree, path)} | {_text(old)} -> {_text(new)}"
            seen[name] = seen.get(name, 0) + 1
            if seen[name] > 1:
                name += f" #{seen[name]}"
            changed = copy.deepcopy(tree)
            _replace(changed, path, new)
            found.append(Mutant(name, ast.fix_missing_locations(changed)))
    return found


Step = tuple[str, int | None]


def _places(tree: ast.Module) -> Iterator[tuple[Step, ...]]:
    """Yield the path of every node that may be changed, in source order."""

    def walk(node: ast.AST, path: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "names"):
                continue
            children = value if isinstance(value, list) else [value]
            for i, child in enumerate(children):
                if not isinstance(child, ast.AST) or _only_checks(child) or _is_docstring(child):
                    continue
                here = (*path, (name, i if isinstance(value, list) else None))
                yield here
                yield from walk(child, here)

    yield from walk(tree, ())


def _only_checks(node: ast.AST) -> bool:
    return isinstance(node, ast.Raise | ast.Assert | ast.Import | ast.ImportFrom | ast.JoinedStr) or (
        isinstance(node, ast.If) and not node.orelse and all(isinstance(s, ast.Raise) for s in node.body)
    )


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp):
        if type(node.op) in _BINARY:
            yield ast.BinOp(node.left, _BINARY[type(node.op)](), node.right)
        if isinstance(node.op, ast.MatMult | ast.Sub | ast.FloorDiv | ast.Div):
            yield ast.BinOp(node.right, node.op, node.left)
    elif isinstance(node, ast.AugAssign) and type(node.op) in _BINARY:
        yield ast.AugAssign(node.target, _BINARY[type(node.op)](), node.value)
        yield ast.Pass()
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARISON:
        yield ast.Compare(node.left, [_COMPARISON[type(node.ops[0])](), *node.ops[1:]], node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield node.operand
    elif isinstance(node, ast.Constant):
        yield from _constants(node.value)
    elif isinstance(node, ast.Slice):
        for part in ("lower", "upper", "step"):
            if getattr(node, part) is not None:
                shorter = copy.copy(node)
                setattr(shorter, part, None)
                yield shorter
    elif isinstance(node, ast.Call):
        yield from _calls(node)
    elif isinstance(node, ast.Tuple) and len(node.elts) == 2 and ast.dump(node.elts[0]) != ast.dump(node.elts[1]):
        yield ast.Tuple([node.elts[1], node.elts[0]], node.ctx)
    elif isinstance(node, ast.If):
        yield ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
    elif isinstance(node, ast.Expr) or (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript)):
        yield ast.Pass()


def _constants(value: Any) -> Iterator[ast.AST]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int | float):
        yield ast.Constant(value + 1)
        yield ast.Constant(value - 1)


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    positional = [a for a in node.args if not isinstance(a, ast.Starred)]
    if len(positional) == len(node.args) >= 2 and ast.dump(node.args[0]) != ast.dump(node.args[1]):
        yield ast.Call(node.func, [node.args[1], node.args[0], *node.args[2:]], node.keywords)
    if isinstance(node.func, ast.Name) and node.func.id == "range" and node.args:
        for step in (ast.Add(), ast.Sub()):
            end = ast.BinOp(node.args[min(1, len(node.args) - 1)], step, ast.Constant(1))
            args: list[ast.expr] = [end] if len(node.args) == 1 else [node.args[0], end, *node.args[2:]]
            yield ast.Call(node.func, args, node.keywords)
    for i in range(len(node.keywords)):
        if node.keywords[i].arg is not None:
            yield ast.Call(node.func, node.args, node.keywords[:i] + node.keywords[i + 1 :])


def _node(tree: ast.AST, path: tuple[Step, ...]) -> ast.AST:
    node: Any = tree
    for name, i in path:
        node = getattr(node, name) if i is None else getattr(node, name)[i]
    return node


def _replace(tree: ast.AST, path: tuple[Step, ...], new: ast.AST) -> None:
    parent = _node(tree, path[:-1])
    name, i = path[-1]
    if i is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[i] = new


def _line(tree: ast.AST, path: tuple[Step, ...]) -> str:
    """Return the first line of the innermost statement around a node."""
    around = [node for n in range(1, len(path) + 1) if isinstance(node := _node(tree, path[:n]), ast.stmt)]
    return ast.unparse(around[-1]).splitlines()[0]


def _text(node: ast.AST) -> str:
    text = ast.unparse(node).splitlines()
    return text[0] + (" …" if len(text) > 1 else "")

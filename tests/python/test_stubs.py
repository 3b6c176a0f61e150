# SPDX-License-Identifier: Apache-2.0
"""The hand-written stub of the compiled module says what the module has: names, kinds, arguments and their defaults."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import cxmetrics
import pytest
from cxmetrics import _core

STUB = ast.parse((Path(cxmetrics.__file__).parent / "_core.pyi").read_text("utf-8"))
# What every class has, and what pybind11 and pickle add to it: not told in a stub.
UNTOLD = {"__doc__", "__module__", "__new__", "__repr__", "__hash__", "__weakref__", "__getstate__", "__setstate__"}
Arguments = dict[str, tuple[str, str | None]]  # name: kind, default


def stub_of(body: list[ast.stmt]) -> dict[str, ast.stmt]:
    """Return the public names that a body defines."""
    found: dict[str, ast.stmt] = {}
    for statement in body:
        match statement:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found[name] = statement
            case ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = statement
            case _:
                continue
    return found


CLASSES = {name: node for name, node in stub_of(STUB.body).items() if isinstance(node, ast.ClassDef)}


def told(owner: Any) -> dict[str, Any]:
    """Return what a module or class defines itself, without what nobody tells."""
    return {
        name: value
        for name, value in vars(owner).items()
        if not name.startswith("_")
        or name == "__version__"
        or (isinstance(owner, type) and name.startswith("__") and name not in UNTOLD and "pybind11" not in name)
    }


def own_init(name: str, value: Any) -> bool:
    """Tell a constructor from what pybind11 puts in its place where a class has none."""
    return name != "__init__" or "instancemethod" in type(value).__name__


def arguments(of: ast.arguments) -> Arguments:
    """Return the arguments in their order; None as the default of one that has none."""
    placed = [*of.posonlyargs, *of.args]
    defaults: list[ast.expr | None] = [*[None] * (len(placed) - len(of.defaults)), *of.defaults]
    found: Arguments = {}
    for name, default in zip(placed, defaults, strict=True):
        found[name.arg] = ("positional", ast.unparse(default) if default else None)
    for name, default in zip(of.kwonlyargs, of.kw_defaults, strict=True):
        found[name.arg] = ("keyword", ast.unparse(default) if default else None)
    return found


def compiled(function: Any) -> Arguments:
    """Return the arguments that pybind11 writes in the first line of a function's documentation."""
    line = str(function.__doc__).splitlines()[0]
    (signature,) = ast.parse(f"def {line}: ...").body
    assert isinstance(signature, ast.FunctionDef)
    return arguments(signature.args)


def functions() -> Iterator[tuple[str, ast.FunctionDef, Any]]:
    """Yield every function and method of the stub with the compiled one."""
    for owner, body, runtime in [("", STUB.body, _core), *((n, c.body, getattr(_core, n)) for n, c in CLASSES.items())]:
        for name, node in stub_of(body).items():
            if isinstance(node, ast.FunctionDef) and not any("property" in ast.unparse(d) for d in node.decorator_list):
                yield f"{owner}.{name}".lstrip("."), node, getattr(runtime, name, None)


def test_the_stub_names_what_the_module_has() -> None:
    assert isinstance(_core, ModuleType)
    assert sorted(stub_of(STUB.body)) == sorted(told(_core))


@pytest.mark.parametrize("name", CLASSES)
def test_the_stub_names_what_a_class_has(name: str) -> None:
    runtime = getattr(_core, name)
    assert isinstance(runtime, type)
    assert [ast.unparse(base) for base in CLASSES[name].bases] == [
        base.__name__ for base in runtime.__bases__ if base.__name__ != "pybind11_object"
    ]
    found = {each: value for each, value in told(runtime).items() if own_init(each, value)}
    expected = stub_of(CLASSES[name].body)
    assert sorted(expected) == sorted(found)
    for each, node in expected.items():
        assert isinstance(node, ast.FunctionDef)
        decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
        assert ("property" in decorators) == isinstance(found[each], property), each
        assert ("staticmethod" in decorators) == isinstance(found[each], staticmethod), each


@pytest.mark.parametrize(("name", "node", "runtime"), [pytest.param(*each, id=each[0]) for each in functions()])
def test_the_stub_has_the_arguments_of(name: str, node: ast.FunctionDef, runtime: Any) -> None:
    assert runtime is not None, name
    expected, found = arguments(node.args), compiled(runtime)
    assert list(expected.values()) == list(found.values())
    for told_name, name_there in zip(expected, found, strict=True):
        assert told_name == name_there or name_there.startswith("arg")  # an argument that has no name there

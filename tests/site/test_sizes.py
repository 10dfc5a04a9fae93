"""Nothing grows out of sight: a module is read in one sitting, a function on one screen.

A view stops at 20 lines. Elsewhere 25, since a call with one named value a line is long and still plain. The signature
and the docstring do not count. The register maker is a script of its own, kept as it was written.
"""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = [
    file
    for folder in ("clinic", "config", "tests", "migrations", "bench")
    for file in sorted((ROOT / folder).rglob("*.py"))
    if file.name != "make_register.py" and "versions" not in file.parts
]
LONGEST_MODULE = 400
LONGEST_VIEW = 20
LONGEST_FUNCTION = 25


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_a_module_is_read_in_one_sitting():
    lengths = {str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in MODULES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_a_function_is_read_on_one_screen():
    long = []
    for file in MODULES:
        if "tests" in file.relative_to(ROOT).parts:
            continue
        most = LONGEST_VIEW if "views" in file.stem else LONGEST_FUNCTION
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _body_lines(node) > most:
                long.append(f"{file.relative_to(ROOT)}:{node.lineno} {node.name}: {_body_lines(node)} lines")
    assert long == []

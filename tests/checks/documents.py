# SPDX-License-Identifier: Apache-2.0
"""Run the code of the documents, in an empty directory beside the demo's output.

    documents.py README.md docs/how-to/*.md

The ```python blocks of one document run one after the other in one namespace; where they have `>>>` their
output is compared. A ```cpp block that includes cxmetrics must compile. Prints `N passed, N failed`.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
import tempfile
import traceback
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(python|cpp)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def run_python(code: str, namespace: dict[str, object], where: str) -> str:
    """What is wrong with a Python block, or nothing."""
    if ">>>" in code:
        runner, report = doctest.DocTestRunner(optionflags=OPTIONS), list[str]()
        test = doctest.DocTestParser().get_doctest(code, namespace, where, where, 0)
        runner.run(test, out=report.append, clear_globs=False)
        namespace.update(test.globs)
        return "".join(report)
    try:
        exec(compile(code, where, "exec"), namespace)
    except Exception:
        return traceback.format_exc()
    return ""


def compile_cpp(code: str) -> str:
    """What g++ says about a C++ block, or nothing."""
    command = [
        "g++",
        "-std=c++20",
        "-fsyntax-only",
        "-Wall",
        "-Werror",
        f"-I{ROOT / 'include'}",
        "-x",
        "c++",
        "-",
    ]
    done = subprocess.run(command, input=code, capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


def main(names: list[str]) -> int:
    """Run every block of the documents named."""
    documents = [(name, Path(name).read_text(encoding="utf-8")) for name in names]
    problems: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory() as directory, ThreadPoolExecutor() as compilers:
        compiled: list[tuple[str, Future[str]]] = []
        os.chdir(directory)
        if (ROOT / "out").exists():
            Path("out").symlink_to(ROOT / "out")
        for name, text in documents:
            namespace: dict[str, object] = {"__name__": "__main__"}
            for block in BLOCK.finditer(text):
                language, code = block.groups()
                where = f"{name}:{text[: block.start()].count(chr(10)) + 1}"
                if language == "python":
                    problems.append((where, run_python(code, namespace, where)))
                elif "#include <cxmetrics/" in code:
                    compiled.append((where, compilers.submit(compile_cpp, code)))
        os.chdir(ROOT)
        problems += [(where, run.result()) for where, run in compiled]
    for where, problem in problems:
        if problem:
            print(f"{where}:\n{problem}")
    failed = sum(bool(problem) for _, problem in problems)
    passed = len(problems) - failed
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

# SPDX-License-Identifier: Apache-2.0
"""What `import cxmetrics` brings with it; how long it takes is measured by tests/bench/import_bench.py."""

from __future__ import annotations

import subprocess
import sys

import cxmetrics as cx
import pytest

HEAVY = ("pandas", "polars", "matplotlib", "pyarrow", "duckdb", "click", "rich", "jinja2", "scipy")
OF_FILES = ("cxmetrics._files", "cxmetrics._queue_log", "cxmetrics._recognition", "cxmetrics._scorecard")
THEIR_OWN = ("tomllib", "hashlib", "secrets", "tempfile", "csv", "json")  # that only files need, of Python's own
ASKED_FOR = ("inspect", "latest", "read_queue_log", "scorecard")


def test_import_brings_no_engine_of_tables_and_no_plots() -> None:
    program = f"import sys, cxmetrics; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_figures_of_arrays_need_none_of_them_either() -> None:
    program = (
        "import sys, cxmetrics as cx, numpy as np; cx.nps(np.array([9, 3], dtype=np.int8)); "
        "cx.summarize({'score': np.array([9, 3]), 'team': ['a', 'b']}, cx.NPS(), by='team'); "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_what_reads_files_is_imported_when_it_is_asked_for() -> None:
    program = (
        "import sys, numpy; before = set(sys.modules); import cxmetrics as cx; "
        f"print([name for name in {OF_FILES + THEIR_OWN!r} if name in set(sys.modules) - before]); "
        f"print([getattr(cx, name).__name__ for name in {ASKED_FOR!r}], {OF_FILES[0]!r} in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == f"[]\n{list(ASKED_FOR)} True\n"
    assert tuple(cx._OF_FILES) == ASKED_FOR


def test_names_that_nobody_has_asked_for_are_shown_and_imported_like_others() -> None:
    program = (
        "import cxmetrics as cx; print(set(cx.__all__) - set(dir(cx))); "
        f"from cxmetrics import *; print([callable(each) for each in ({', '.join(ASKED_FOR)})])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n[True, True, True, True]\n"
    with pytest.raises(AttributeError, match="module 'cxmetrics' has no attribute 'scorecrad'"):
        cx.scorecrad  # type: ignore[attr-defined]  # noqa: B018


def test_import_stays_light_beside_numpy() -> None:
    """Counted, for a time would depend on the machine: 25 modules of Python's own today."""
    program = (
        "import sys, numpy, dataclasses; before = set(sys.modules); import cxmetrics; "
        "print(len([name for name in set(sys.modules) - before if not name.startswith('cxmetrics')]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 40

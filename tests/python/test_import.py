# SPDX-License-Identifier: Apache-2.0
"""What `import cxmetrics` brings with it; how long it takes is measured by tests/bench/import_bench.py."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("pandas", "polars", "matplotlib", "pyarrow", "duckdb", "typer", "rich", "jinja2", "scipy")


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


def test_import_stays_light_beside_numpy() -> None:
    """Counted, for a time would depend on the machine: 55 modules of Python's own today."""
    program = (
        "import sys, numpy, dataclasses; before = set(sys.modules); import cxmetrics; "
        "print(len([name for name in set(sys.modules) - before if not name.startswith('cxmetrics')]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 80

# SPDX-License-Identifier: Apache-2.0
"""How long `import cxmetrics` and `cxmetrics --version` take, the fastest of ten new processes each.

Run: python tests/bench/import_bench.py
"""

from __future__ import annotations

import subprocess
import sys
import time


def inside(module: str) -> float:
    """Return the milliseconds that an import takes in a new interpreter."""
    program = f"import time; a = time.perf_counter(); import {module}; print(time.perf_counter() - a)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return 1e3 * float(done.stdout)


def version() -> float:
    """Return the milliseconds that the command needs to say its version, the interpreter's start with it."""
    program = "import sys; from cxmetrics_command import main; sys.argv = ['cxmetrics', '--version']; main()"
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    return 1e3 * (time.perf_counter() - start)


if __name__ == "__main__":
    numpy, package = (min(inside(module) for _ in range(10)) for module in ("numpy", "cxmetrics"))
    print(f"import cxmetrics {package:.0f} ms, of which numpy {numpy:.0f} ms")
    print(f"cxmetrics --version {min(version() for _ in range(10)):.0f} ms")

# SPDX-License-Identifier: Apache-2.0
"""The console script: Ctrl-C is answered from the first moment on, while `cxmetrics` and numpy are still imported.

A package of its own, because importing anything of `cxmetrics` imports numpy and the compiled module with it. What is
interrupted in the middle of an import may say anything, a traceback or an ImportError; so until the command line is
imported Ctrl-C ends the process itself, which has written nothing yet. From then on the command line answers it.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any, NoReturn

INTERRUPTED = 130


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    signal.signal(signal.SIGINT, _leave)
    from cxmetrics.cli import run

    sys.exit(run(sys.argv[1:]))


def _leave(*_: Any) -> NoReturn:
    os.write(2, b"cxmetrics: interrupted, nothing was written\n")
    os._exit(INTERRUPTED)

# SPDX-License-Identifier: Apache-2.0
"""Tells the compiled core where Python looks for zone files, so that both read the same ones."""

from __future__ import annotations

import zoneinfo
from importlib.util import find_spec
from pathlib import Path

from cxmetrics import _core


def _directories() -> list[str]:
    # tzdata is not imported: importlib.resources takes longer than all of this package. Without it the system's zones
    # are enough.
    found = find_spec("tzdata")
    folders = (found.submodule_search_locations if found else None) or ()
    return [*zoneinfo.TZPATH, *(str(Path(folder) / "zoneinfo") for folder in folders)]


_core.set_zone_directories(_directories())

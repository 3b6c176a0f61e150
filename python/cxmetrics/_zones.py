# SPDX-License-Identifier: Apache-2.0
"""Tells the compiled core where Python looks for zone files, so that both read the same ones."""

from __future__ import annotations

import zoneinfo
from importlib.util import find_spec
from pathlib import Path

from cxmetrics import _core


def _directories() -> list[str]:
    places = list(zoneinfo.TZPATH)
    found = find_spec("tzdata")  # is not imported: importlib.resources takes longer than all of this package
    for folder in (found.submodule_search_locations or ()) if found else ():  # else the system's zones are enough
        places.append(str(Path(folder) / "zoneinfo"))
    return places


_core.set_zone_directories(_directories())

# SPDX-License-Identifier: Apache-2.0
"""Tells the compiled core where Python looks for zone files, so that both read the same ones."""

from __future__ import annotations

import contextlib
import zoneinfo
from importlib.resources import files

from cxmetrics import _core


def _directories() -> list[str]:
    places = list(zoneinfo.TZPATH)
    with contextlib.suppress(ModuleNotFoundError):  # the system's zones are enough
        places.append(str(files("tzdata").joinpath("zoneinfo")))
    return places


_core.set_zone_directories(_directories())

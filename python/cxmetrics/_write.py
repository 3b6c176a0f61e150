# SPDX-License-Identifier: Apache-2.0
"""Writing files as a whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def write_whole(texts: Mapping[str, str]) -> None:
    """Write texts into files: all of them beside their places first, then each is moved into its place.

    An old file stays as it was until its whole successor takes its place; the successor has its rights, and a
    link stays a link. A device or a pipe is written to.

    Raises
    ------
    OSError
        Something could not be written. What had not been moved yet is as it was.
    """
    parts: dict[Path, Path] = {}
    try:
        for target, text in texts.items():
            place = Path(os.path.realpath(target))
            if place.exists() and not place.is_file() and not place.is_dir():
                place.write_text(text, encoding="utf-8", newline="")
                continue
            part = place.with_name(f".{place.name}.{os.getpid()}.part")
            try:
                with part.open("x", encoding="utf-8", newline="") as stream:
                    parts[part] = place
                    stream.write(text)
                if place.exists():
                    part.chmod(place.stat().st_mode & 0o7777)
            except OSError as error:
                raise OSError(error.errno, error.strerror, target) from error
        for part, place in parts.items():
            part.replace(place)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)

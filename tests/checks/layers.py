# SPDX-License-Identifier: Apache-2.0
"""Which room may include which. Prints what is wrong and `N passed, N failed`; fails when anything is."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# A room may include itself, the rooms named here and whatever those may include.
ABOVE: dict[str, tuple[str, ...]] = {
    "core": (),
    "time": ("core",),
    "state": ("core",),
    "survey": ("state", "time"),
    "contact": ("state", "time"),
    "engine": ("state", "time"),
    "stream": ("engine",),
    "queue": ("contact",),
    "backoffice": ("contact",),
    "disruption": ("contact",),
}
# Leaves may include every room above, and nothing includes them.
LEAVES = ("io", "interop")

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)


def allowed(room: str) -> set[str]:
    """Every room that `room` may include, itself among them."""
    rooms = {room, *(ABOVE if room in LEAVES else ABOVE[room])}
    return rooms.union(*(allowed(other) for other in rooms - {room}))


def check(root: Path) -> tuple[int, list[str]]:
    """How many headers were looked at, and what is wrong with them."""
    include = root / "include" / "cxmetrics"
    files, problems = sorted(include.rglob("*.hpp")), []
    for file in files:
        room, where = file.relative_to(include).parts[0], file.relative_to(root)
        if file.parent == include:
            continue  # an umbrella over the rooms
        if room not in ABOVE and room not in LEAVES:
            problems.append(f"{where}: the room {room} is unknown: add it to tests/checks/layers.py")
            continue
        for name in INCLUDE.findall(file.read_text(encoding="utf-8")):
            parts = name.split("/")
            if parts[0] == "cxmetrics":
                if len(parts) < 3 or parts[1] not in allowed(room):
                    problems.append(f"{where}: {room} may not include {name}")
                elif not (root / "include" / name).exists():
                    problems.append(f"{where}: includes {name}, which does not exist")
            elif "/" in name and room != "interop":
                problems.append(f"{where}: headers use the standard library only, not {name}")
            elif "/" not in name and name.endswith((".hpp", ".h")):
                problems.append(f"{where}: {name} is ambiguous: write <cxmetrics/room/{name}>")
    return len(files), problems


def check_sources(root: Path) -> tuple[int, list[str]]:
    """How many files of src/ were looked at, and which of them reach into a room that is not above their own."""
    src = root / "src"
    files = [file for file in sorted(src.rglob("*.[ch]pp")) if file.relative_to(src).parts[0] != "cmake"]
    problems = []
    for file in files:
        room, where = file.relative_to(src).parts[0], file.relative_to(root)
        for name in INCLUDE.findall(file.read_text(encoding="utf-8")):
            parts = name.split("/")
            other = parts[1] if parts[0] in ("cxmetrics", "..") and len(parts) > 2 else parts[0]
            known = other in ABOVE or other in LEAVES
            if known and len(parts) > 1 and other not in allowed(room):
                problems.append(f"{where}: {room} may not include {name}")
    return len(files), problems


def self_test() -> list[str]:
    """The faults that a planted header has and `check` does not see."""
    planted = {
        "core/a.hpp": ("#include <cxmetrics/state/b.hpp>", "core may not include"),
        "state/b.hpp": ("#include <cxmetrics/time/c.hpp>", "state may not include"),
        "time/c.hpp": ("  #  include <cxmetrics/io/d.hpp>", "time may not include"),
        "io/d.hpp": ('#include "cxmetrics/interop/e.hpp"', "io may not include"),
        "interop/e.hpp": ("#include <cxmetrics/core/none.hpp>", "does not exist"),
        "survey/f.hpp": ("#include <boost/unordered_map.hpp>", "standard library only"),
        "contact/g.hpp": ('#include "g.hpp"', "ambiguous"),
        "attic/h.hpp": ("", "is unknown"),
        "engine/i.hpp": ("#include <cxmetrics/cxmetrics.hpp>", "engine may not include"),
    }
    with tempfile.TemporaryDirectory() as directory:
        for name, (text, _) in planted.items():
            file = Path(directory, "include", "cxmetrics", name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text + "\n#include <cxmetrics/core/a.hpp>\n#include <vector>\n", encoding="utf-8")
        source = Path(directory, "src", "core", "j.cpp")
        source.parent.mkdir(parents=True)
        source.write_text('#include "../state/k.hpp"\n#include "l.hpp"\n#include <cxmetrics/core/a.hpp>\n', "utf-8")
        found = check(Path(directory))[1] + check_sources(Path(directory))[1]
    planted["core/j.cpp"] = ("", "core may not include ../state/k.hpp")
    missed = [
        f"self-test: the planted fault of {name} was not found: {fault}"
        for name, (_, fault) in planted.items()
        if not any(name in problem and fault in problem for problem in found)
    ]
    if len(found) != len(planted):
        missed.append(f"self-test: {len(planted)} faults were planted, {len(found)} found: {found}")
    return missed


def main() -> int:
    """Check this tree and the check itself."""
    missed = self_test()
    headers, problems = check(ROOT)
    sources, more = check_sources(ROOT)
    problems += more
    if headers == 0 or sources == 0:
        problems.append(f"{ROOT}: no headers or no sources were found")
    for problem in missed + problems:
        print(problem)
    failed = bool(missed) + bool(problems)
    print(f"{2 - failed} passed, {failed} failed ({headers} headers, {sources} sources)")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

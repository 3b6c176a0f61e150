# SPDX-License-Identifier: Apache-2.0
"""Several tables that are read as one: January and February of the same export."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from cxmetrics._recognition.sniff import Source


def put_together(tables: Sequence[tuple[Source, Any]]) -> list[tuple[Source, Any]]:
    """Return tables, those as one that have the same columns and of which the user says the same.

    A table of several has them as its ``parts``.
    """
    alike: list[tuple[list[Source], Any]] = []
    for source, said in tables:
        for others, same in alike:
            if said == same and source.data.schema.equals(others[0].data.schema):
                others.append(source)
                break
        else:
            alike.append(([source], said))
    return [(sources[0] if len(sources) == 1 else _joined(sources), said) for sources, said in alike]


def _joined(parts: list[Source]) -> Source:
    import pyarrow as pa

    return Source(
        ", ".join(part.name for part in parts),
        parts[0].format,
        data=pa.concat_tables([part.data for part in parts]),
        sha256=digest(parts),
        complete=all(part.complete for part in parts),
        repeated=parts[0].repeated,
        parts=parts,
    )


def digest(parts: Sequence[Source]) -> str | None:
    """Return the SHA-256 of the plain bytes of several files, one after another; None for tables in memory."""
    whole = hashlib.sha256()
    for part in parts:
        if part.path is None:
            return None
        with part.path.open("rb") as stream:
            for block in iter(lambda: stream.read(1 << 20), b""):
                whole.update(block)
    return whole.hexdigest()


def place_of(source: Source, row: int) -> tuple[int, str]:
    """Return where a row of a table stands: its number from 1 in its part, and the part where there are several."""
    for part in source.parts:
        if row <= part.data.num_rows:
            return row, part.name
        row -= part.data.num_rows
    return row, ""


def said_twice(source: Source) -> list[str]:
    """Say so where rows stand in more than one part, word for word: they may have been exported twice."""
    if not source.parts or any(str(kind).startswith(("struct", "list", "map")) for kind in source.data.schema.types):
        return []
    import pyarrow as pa

    part = np.repeat(np.arange(len(source.parts)), [each.data.num_rows for each in source.parts])
    names = [f"c{n}" for n in range(source.data.num_columns)]
    table = source.data.rename_columns(names).append_column("part", pa.array(part))
    found = table.group_by(names).aggregate([("part", "count_distinct")])
    twice = int(np.count_nonzero(found.column("part_count_distinct").to_numpy() > 1))
    if not twice:
        return []
    stand, are = ("row stands", "is") if twice == 1 else ("rows stand", "are")
    return [f"{twice:,} {stand} in more than one of {source.name}, and {are} counted in each"]

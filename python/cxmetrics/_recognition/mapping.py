# SPDX-License-Identifier: Apache-2.0
"""The mapping file: what ``inspect --save cx.toml`` writes and ``--config cx.toml`` reads.

A mapping belongs to every table with the same columns, whatever its file is called: next month's export too.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cxmetrics._options import KINDS, NONE, UsageError, outcome_of
from cxmetrics._recognition.meanings import MEANINGS, OUTCOMES

SCHEMA = "cxmetrics.mapping/1"


@dataclass(frozen=True)
class Mapped:
    """What is known of the tables with these columns."""

    columns: tuple[str, ...]
    kind: str
    map: Mapping[str, str]  # as the right side of --map
    labels: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    tz: str | None = None
    time_format: str | None = None
    seen_in: str | None = None  # for people


def to_toml(tables: Sequence[Mapped]) -> str:
    """Write mappings as TOML."""
    lines = [
        "# How cxmetrics reads tables with these columns. Change it by hand; use it with --config.",
        f"schema = {_text(SCHEMA)}",
    ]
    for table in tables:
        lines += ["", "[[tables]]"]
        if table.seen_in is not None:
            lines.append(f"seen_in = {_text(table.seen_in)}")
        lines.append(f"kind = {_text(table.kind)}")
        lines.append(f"columns = {_list(table.columns)}")
        for name in ("tz", "time_format"):
            if (value := getattr(table, name)) is not None:
                lines.append(f"{name} = {_text(value)}")
        if table.missing:
            lines.append(f"missing = {_list(table.missing)}")
        lines += ["[tables.map]", *(f"{meaning} = {_text(right)}" for meaning, right in table.map.items())]
        if table.labels:
            lines.append("[tables.labels]")
            lines += [f"{_text(label)} = {_text(outcome)}" for label, outcome in table.labels.items()]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    """Write a TOML basic string: JSON's escapes are valid in it, only DEL needs one more."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def from_toml(path: str | os.PathLike[str]) -> list[Mapped]:
    """Read a mapping file.

    Raises
    ------
    UsageError
        It is not there, is no TOML, or says something that is unknown: nothing of it is ignored.
    """
    try:
        found = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from None
    if found.pop("schema", None) != SCHEMA:
        raise UsageError(f"{path}: no mapping file: it has to begin with schema = {_text(SCHEMA)}")
    tables: Any = found.pop("tables", [])
    if found or type(tables) is not list:
        raise UsageError(f"{path}: unknown {', '.join(found) or 'tables'}: there are only [[tables]]")
    return [_mapped(path, number, table) for number, table in enumerate(tables, 1)]


def _mapped(path: str | os.PathLike[str], number: int, table: Any) -> Mapped:
    where = f"{path}, table {number}"
    known: dict[str, type] = {
        "columns": list, "kind": str, "map": dict, "labels": dict, "missing": list,
        "tz": str, "time_format": str, "seen_in": str,
    }  # fmt: skip
    for name, value in table.items():
        if name not in known:
            raise UsageError(f"{where}: unknown {name}: there are {', '.join(known)}")
        inner = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
        if not isinstance(value, known[name]) or not all(isinstance(each, str) for each in inner):
            raise UsageError(f"{where}: {name} has a value of the wrong type")
    for name in ("columns", "kind", "map"):
        if name not in table:
            raise UsageError(f"{where}: {name} is not there")
    if table["kind"] not in KINDS:
        raise UsageError(f"{where}: kind {table['kind']}: there are {', '.join(KINDS)}")
    meanings = sorted({meaning.name for meaning in MEANINGS})
    for meaning in table["map"]:
        if meaning not in meanings:
            raise UsageError(f"{where}: no meaning {meaning}: there are {', '.join(meanings)}")
    labels = table.get("labels", {})
    for label, outcome in labels.items():
        if outcome_of(outcome) not in (None, *OUTCOMES):
            raise UsageError(f"{where}: label {label} = {outcome}: there are {', '.join(OUTCOMES)}, and {NONE}")
    return Mapped(
        tuple(table["columns"]), table["kind"], table["map"], labels, tuple(table.get("missing", ())),
        table.get("tz"), table.get("time_format"), table.get("seen_in"),
    )  # fmt: skip

# SPDX-License-Identifier: Apache-2.0
"""Nobody's number is shown or kept: ids become keyed hashes, and values that may be ids are hidden."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cxmetrics._recognition.inputs import Column, InvalidRow
from cxmetrics._recognition.meanings import split_name
from cxmetrics._recognition.rows import Target
from cxmetrics._tables import PLACEHOLDERS

KEY_VARIABLE = "CXMETRICS_KEY"
PERSONS = ("customer", "respondent", "contact")
_HIDDEN = "(not shown)"
# fmt: off
_OF_A_PERSON = frozenset((
    "id", "key", "code", "login", "name", "first", "last", "full", "number", "no", "nr", "extension",
))
# fmt: on
_PERSON = re.compile(
    r"(agent|member|employee|operator|server|advis[eo]u?r|assignee|owner|user|rep|representative|clerk|staff|collea?gue|"
    r"medewerker|collega|eigenaar|behandelaar|gebruiker|"
    r"customer|client|account|respondent|contact|caller|phone|telephone|email|ani|cli|klant|beller|telefoon)"
    r"(s|id|name|naam|number|nummer|nr)?"
)
SPOILT = re.compile(r"[+-]?\d+(\.\d+)?[eE][+-]?\d+|[+-]?\d+\.\d*[1-9]\d*")  # an id, rounded


def is_hidden(meaning: str, *, hashed: bool) -> bool:
    """Return whether no message may show a value of this meaning: where hashes stand for persons, it may be one."""
    return hashed and meaning in PERSONS


def customer_key() -> str:
    """Return the secret of hashes: from the environment, so that runs agree, or a new one for this run."""
    return os.environ.get(KEY_VARIABLE) or secrets.token_hex(16)


def hashed(table: Any, target: Target, missing: frozenset[str], secret: str) -> Any:
    """Replace the values of columns by keyed hashes of 128 bits; what means nothing stays as it is."""
    import pyarrow as pa

    key = hashlib.sha256(secret.encode()).digest()
    known = missing | set(PLACEHOLDERS)
    for name in target.columns:
        column = table.column(name)
        values = column.cast("string").to_pylist()
        hashes = {
            text: hashlib.blake2b(text.encode(), key=key, digest_size=16).hexdigest()
            for text in set(values)
            if text is not None and text.strip() not in known and not SPOILT.fullmatch(text.strip())
        }
        new = pa.array([hashes.get(text, text) if text is not None else None for text in values], "string")
        table = table.set_column(table.column_names.index(name), name, new)
    return table


def without_persons(rows: Sequence[InvalidRow], columns: Sequence[Column]) -> list[InvalidRow]:
    """Hide what may be somebody's number or name: the value of such a column, and of a broken line its text."""
    persons = {column.name for column in columns if column.meaning in PERSONS}
    return [
        replace(row, value=_HIDDEN) if persons & {row.column, *row.column.split(" + ")} else _bare(row) for row in rows
    ]


def _bare(row: InvalidRow) -> InvalidRow:
    """Return a broken line with what is wrong with it alone."""
    problem, text, _ = row.value.partition(": ")
    return replace(row, value=f"{problem}: {_HIDDEN}") if text and not row.column else row


def names_a_person(name: str) -> bool:
    """Return whether a column of this name says who it was: customer or colleague.

    Examples
    --------
    >>> [name for name in ("Agent Name", "handled_by", "klantnummer", "agent_group", "queue") if names_a_person(name)]
    ['Agent Name', 'handled_by', 'klantnummer']
    """
    words = split_name(name)[0].split("_")
    if len(words) > 1 and (words[-1] in ("by", "door") or words[-2:] == ["assigned", "to"]):
        return True
    while words and words[-1] in _OF_A_PERSON:
        words.pop()
    return bool(words) and _PERSON.fullmatch(words[-1]) is not None

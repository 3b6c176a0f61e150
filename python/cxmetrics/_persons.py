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

from cxmetrics._inputs import Column, InvalidRow
from cxmetrics._plan import Target
from cxmetrics._tables import PLACEHOLDERS

KEY_VARIABLE = "CXMETRICS_KEY"
PERSONS = ("customer", "respondent", "contact")  # whose values nobody is shown under --hash-customers
SPOILT = re.compile(r"[+-]?\d+(\.\d+)?[eE][+-]?\d+|[+-]?\d+\.\d*[1-9]\d*")  # an id, rounded


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


def without_persons(rows: list[InvalidRow], columns: Sequence[Column]) -> list[InvalidRow]:
    """Hide what may be somebody's number: the value of such a column, and of a broken line all of it."""
    persons = {column.name for column in columns if column.meaning in PERSONS}
    return [
        replace(row, value="(not shown)") if not row.column or persons & set(row.column.split(" + ")) else row
        for row in rows
    ]

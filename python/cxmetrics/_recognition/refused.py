# SPDX-License-Identifier: Apache-2.0
"""What a door refuses, in the words of whoever gave files: which file, which row of it, and what to run."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from cxmetrics import _core
from cxmetrics._options import Refusal, UsageError
from cxmetrics._readers import Dominant
from cxmetrics._tables import shown

_ROW = re.compile(r"\brow (\d+)\b")  # in Python a row has its place in the table, from 0; people count from 1


@contextmanager
def named(name: str, paths: Mapping[str, str] | None = None, *, hashed: bool = False) -> Iterator[None]:
    """Let errors begin with the file they are about, as the user calls it; notes travel with the table."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (Refusal, UsageError):
        raise
    except Dominant as error:
        whom = "one customer (--allow-dominant), or a number that stands for nobody"
        problem = f"{name}: {error.problem(shown(error.value))}: {whom}"
        raise Refusal(problem, [_nobody(str(error.value), hashed)]) from None
    except _core.Error as error:
        text = _ROW.sub(lambda found: f"row {int(found[1]) + 1}", said_so(str(error), paths or {}))
        if "an event log?" in text:
            problem = f"{text}; or, where every row is a contact of its own, do not read its id"
            raise Refusal(f"{name}: {problem}", [("--map", "contact=none")]) from None
        raise type(error)(text if text.startswith(name) else f"{name}: {text}") from None


def _nobody(text: str, hashed: bool) -> tuple[str, str]:
    """Return the option that makes the dominant customer unknown, or else leaves all unread.

    A hash is no text of the file; and a short number may be a score or a wait as well, where a text for no value is
    one in every column.
    """
    return ("--map", "customer=none") if hashed or len(text) < 5 else ("--missing", text)


def said_so(text: str, paths: Mapping[str, str]) -> str:
    """Replace the places where files were unpacked by their names as the user said them."""
    for path, said in paths.items():
        text = text.replace(path, said)
    return text

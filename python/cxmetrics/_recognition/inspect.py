# SPDX-License-Identifier: Apache-2.0
"""What a file or table would be read as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cxmetrics._options import Options, public_errors
from cxmetrics._recognition.inputs import Input
from cxmetrics._recognition.recognise import read_inputs


@dataclass(frozen=True, repr=False)
class Inspection:
    """What `inspect` found: one `Input` for each file or table."""

    inputs: Sequence[Input]

    @property
    def table(self) -> Any:
        """The typed table of the first file."""
        return self.inputs[0].table

    def __repr__(self) -> str:
        from cxmetrics._console import what_was_read

        return "\n".join(text for text, _ in what_was_read(self.inputs))


@public_errors()
def inspect(t: Any, **options: Any) -> Inspection:
    """Say what a file or table would be read as, and compute nothing.

    Parameters
    ----------
    t : path, table, or list of them
        What `scorecard` takes.
    **options
        ``map``, ``label``, ``missing``, ``tz``, ``time_format``, ``kind``, ``config`` and the other options
        of the command line.

    Returns
    -------
    Inspection
        Its repr says of each column what it means and how it was read; ``inputs`` holds the same as values.

    Raises
    ------
    Error
        The table needs a word of the user; the message says which.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> cx.inspect({"NPS_RATING": ["Promoter", "Passive"], "NPS_SCORE": [10, 8]})
    table: survey answers, 2 rows, 0 invalid
      score = NPS_SCORE, 8 to 10
    """
    paths = t if isinstance(t, list | tuple) else [t]
    return Inspection(read_inputs(paths, Options.of(**options)))

# SPDX-License-Identifier: Apache-2.0
"""A figure that explains itself: what it is and is not, how it was made, and what was left out."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, repr=False)
class Explanation:
    """The lines that defend one figure; printed, it is a page of text.

    Parameters
    ----------
    headline : str
        The figure in one line.
    lines : sequence of (str, str)
        What each line is about, and the line.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> e = cx.nps([10, 9, 7, 3]).explain()
    >>> e["with the numbers"]
    '100 x (2 promoters - 1 detractors) / 4 answers = +25.0'
    """

    headline: str
    lines: Sequence[tuple[str, str]]

    def __getitem__(self, name: str) -> str:
        """Return one line by what it is about; several notes are joined by a line break."""
        found = [text for about, text in self.lines if about == name]
        if not found:
            raise KeyError(f'nothing is said about "{name}": there are {", ".join(dict(self.lines))}')
        return "\n".join(found)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.lines)

    def __str__(self) -> str:
        width = max((len(name) for name, _ in self.lines), default=0)
        said = [
            textwrap.fill(
                text, 100, initial_indent=f"  {name.ljust(width)}  ", subsequent_indent=" " * (width + 4),
                break_long_words=False, break_on_hyphens=False,
            )
            for name, text in self.lines
        ]  # fmt: skip
        return "\n".join([self.headline, *said])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return table_of(self.headline, self.lines)


def table_of(caption: str, rows: Sequence[tuple[str, str]]) -> str:
    """Return a table of names and texts as HTML, escaped; empty texts are left out."""
    body = "".join(
        f'<tr><th scope="row" style="text-align:left">{html.escape(name)}</th>'
        f'<td style="text-align:left">{html.escape(text)}</td></tr>'
        for name, text in rows
        if text
    )
    return f"<table><caption>{html.escape(caption)}</caption><tbody>{body}</tbody></table>"

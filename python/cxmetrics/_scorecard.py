# SPDX-License-Identifier: Apache-2.0
"""The main job: files or tables in, one page and its figures out."""

from __future__ import annotations

import html as _html
import json as _json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from cxmetrics._options import Options, UsageError, public_errors
from cxmetrics._recognition.recognise import read_inputs
from cxmetrics._write import write_whole


@dataclass(frozen=True, repr=False)
class Scorecard:
    """The figures of some tables, ready to be shown: as a page, as JSON, in a notebook.

    Attributes
    ----------
    document : dict
        What ``scorecard.schema.json`` describes: plain values, None for no answer, RFC 3339 times.
    """

    document: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Return the document."""
        return self.document

    def to_json(self) -> str:
        """Return the document as JSON; the same input gives the same text."""
        return _json.dumps(self.document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    def to_html(self) -> str:
        """Return the page: self-contained, without script or request; the same input gives the same text."""
        from cxmetrics.page import render

        return render(self.document)

    def _repr_html_(self) -> str:
        source = _html.escape(self.to_html(), quote=True)
        return f'<iframe title="scorecard" srcdoc="{source}" style="width:100%;height:60rem;border:0"></iframe>'

    def __repr__(self) -> str:
        from cxmetrics._console import scorecard_text

        return "\n".join(text for text, _ in scorecard_text(self.document))


@public_errors()
def scorecard(
    *tables_or_paths: Any,
    html: str | os.PathLike[str] | None = None,
    json: str | os.PathLike[str] | None = None,
    organisation: str | None = None,
    **options: Any,
) -> Scorecard:
    """Make the scorecard of files or tables.

    Parameters
    ----------
    *tables_or_paths : path, table, Answers or Contacts
        Files are recognised by their content. One set of contacts and one of answers at most; several queue logs
        are one set.
    html, json : path, optional
        Where the page and its figures are written: both, or on an error none, and never a part over an old file.
    organisation : str, optional
        Whose page it is; stands at its head.
    **options
        The options of the command line, with underscores: ``tz``, ``within``, ``formula``, ``by``, ``every``,
        ``map``, ``label``, ``lang``, ...

    Returns
    -------
    Scorecard
        With ``to_html()``, ``to_json()`` and ``to_dict()``; a notebook shows the page.

    Raises
    ------
    Error
        A file was not recognised or could not be read; nothing is written.
    UsageError
        An option that cannot be meant, such as a ranking of persons; nothing is written.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> card = cx.scorecard({"score": [10] * 50 + [8] * 30 + [2] * 20})
    >>> [(r["name"], r["value"], r["n"]) for r in card.to_dict()["results"]]
    [('nps', 30.0, 100)]
    """
    from cxmetrics._document import document_of

    said = Options.of(**options)
    for name, path in (("html", html), ("json", json)):
        if path is not None and not Path(path).absolute().parent.is_dir():
            raise UsageError(f"{name} {os.fspath(path)}: there is no directory {Path(path).parent}; make it")
    targets = {option: os.fspath(path) for option, path in (("-o", html), ("--json", json)) if path is not None}
    card = Scorecard(document_of(read_inputs(tables_or_paths, said), said, organisation, targets))
    made = ((html, card.to_html), (json, card.to_json))
    texts = {os.path.realpath(target): make() for target, make in made if target is not None}
    if len(texts) < sum(target is not None for target, _ in made):
        raise UsageError(f"html and json cannot both go to {os.fspath(cast(str, html))}")
    write_whole(texts)
    return card

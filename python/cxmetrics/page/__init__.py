# SPDX-License-Identifier: Apache-2.0
"""The page: a document of the scorecard, written for people.

``render`` reads the document and nothing else, neither clock nor file: the same document gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound
from markupsafe import Markup

from .sections import SECTIONS, head
from .view import Page

__all__ = ["render"]


class _Templates(BaseLoader):
    """Finds the templates beside this file, also inside a zip."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, None]:
        place = files(__package__) / "templates" / template
        if not place.is_file():
            raise TemplateNotFound(template)
        return place.read_text("utf-8"), str(place), None


def render(document: Mapping[str, Any]) -> str:
    """Return the page of a document as one self-contained HTML text.

    Parameters
    ----------
    document : mapping
        What ``Scorecard.to_dict()`` returns, or the JSON that was read back; ``scorecard.schema.json`` describes it.

    Returns
    -------
    str
        HTML with style and pictures inside: no script, no font, no request. All labels are escaped.
    """
    environment = Environment(
        loader=_Templates(), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    page = Page(document)
    sections = [(each.__name__, found) for each in SECTIONS if (found := each(page)) is not None]
    style = (files(__package__) / "style.css").read_text("utf-8")
    template = environment.get_template("page.html.j2")
    return template.render(
        language=document["language"],
        words=page.words,
        head=head(page),
        sections=sections,
        style=Markup(style),
    )

# SPDX-License-Identifier: Apache-2.0
"""What the pictures are drawn with: a canvas that writes SVG, and scales from values to places."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

__all__ = ["Canvas", "Scale", "every_nth", "nice_step"]


def _number(value: float) -> str:
    text = f"{value:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


class Canvas:
    """Collects the elements of one picture; every text is escaped here and nowhere else."""

    def __init__(self, width: float, height: float, label: str, size: str) -> None:
        self.width, self.height, self.label, self.size = width, height, label, size
        self.parts: list[str] = []

    def add(
        self, tag: str, css: str, text: str | None = None, title: str | None = None, **attributes: float | str
    ) -> None:
        """Add one element; an attribute's underscore is a hyphen."""
        written = "".join(
            f' {name.replace("_", "-")}="{escape(value) if isinstance(value, str) else _number(value)}"'
            for name, value in attributes.items()
        )
        inside = (f"<title>{escape(title)}</title>" if title else "") + (escape(text) if text is not None else "")
        self.parts.append(f'<{tag} class="{css}"{written}' + (f">{inside}</{tag}>" if inside else "/>"))

    def line(self, css: str, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw a straight line."""
        self.add("line", css, x1=x1, y1=y1, x2=x2, y2=y2)

    def text(self, css: str, x: float, y: float, text: str, anchor: str = "middle", turn: float = 0) -> None:
        """Write a text at a place, turned about it by degrees."""
        turned = {"transform": f"rotate({_number(turn)} {_number(x)} {_number(y)})"} if turn else {}
        self.add("text", f"{css} {anchor}", text, x=x, y=y, **turned)

    def path(self, css: str, points: Iterable[tuple[float, float]], *, close: bool = False) -> None:
        """Draw a line through points, or the surface they enclose."""
        steps = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
        self.add("polygon" if close else "polyline", css, points=steps)

    def svg(self) -> str:
        """Return the picture."""
        size = f"{_number(self.width)} {_number(self.height)}"
        return (
            f'<svg class="picture {self.size}" viewBox="0 0 {size}" role="img" aria-label="{escape(self.label)}">'
            f"{''.join(self.parts)}</svg>"
        )


@dataclass(frozen=True)
class Scale:
    """Maps values to places on one axis."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """Return the place of a value; one outside the scale lies at its end."""
        if self.log:
            part = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        else:
            part = (value - self.low) / (self.high - self.low)
        return self.start + min(max(part, 0.0), 1.0) * (self.end - self.start)


def nice_step(span: float, most: int) -> float:
    """Return the smallest of 1, 2, 5 x 10^k, or 25 x 10^k, that cuts the span into at most so many parts."""
    size: float = 10.0 ** math.floor(math.log10(span / most))
    steps: list[float] = [1, 2, 2.5, 5, 10] if size >= 10 else [1, 2, 5, 10]  # a label has no decimals
    return next(step * size for step in steps if span / (step * size) <= most)


def every_nth(count: int, most: int) -> int:
    """Return which label is kept so that at most so many are written."""
    return max(1, math.ceil(count / most))

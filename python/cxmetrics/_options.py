# SPDX-License-Identifier: Apache-2.0
"""What a user may say about files: options of the command line, and keywords of ``cx.scorecard``."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from cxmetrics import _core
from cxmetrics._durations import duration_text, microseconds
from cxmetrics._recognition.meanings import MEANINGS, OUTCOMES

FORMULAS = _core.SERVICE_LEVEL_FORMULAS
KINDS = ("answers", "contacts", "queue_log")
NONE = "none"  # in a map: no column has this meaning; in a label: left out and counted
_LISTS = {
    "map": "wait=q_time:s",
    "label": "AGENT=answered",
    "missing": "NA",
    "by": "queue",
    "kind": "calls.csv=contacts",
}


class UsageError(_core.Error):
    """An option that cannot be meant; the command line exits with 2."""


class Refusal(_core.ColumnError):
    """A table that needs a word of the user; `remedies` are the options that would answer it."""

    def __init__(self, problem: str, remedies: Sequence[tuple[str, str]] = ()) -> None:
        said: dict[str, list[str]] = {}
        for option, value in remedies:
            said.setdefault(option.removeprefix("--").replace("-", "_"), []).append(value)
        words = [f"{name}={values if name in _LISTS else values[0]!r}" for name, values in said.items()]
        super().__init__(f"{problem}; add {', '.join(words)}" if words else problem)
        self.problem = problem
        self.remedies = list(remedies)


@contextmanager
def public_errors() -> Iterator[None]:
    """Let errors that only this package knows be what a caller catches: the public class from which they derive."""
    try:
        yield
    except _core.Error as error:
        public = next(kind for kind in type(error).__mro__ if kind.__module__ == _core.Error.__module__)
        if type(error) is public:
            raise
        raise public(str(error)).with_traceback(error.__traceback__) from None


@dataclass(frozen=True)
class Options:
    """What the command line says about its files; the same keywords as ``cx.scorecard``.

    ``map``: ``wait=q_time:s``, for one file ``FILE:wait=q_time:s``, for no column ``wait=none``.
    ``label``: ``AGENT=answered``, for rows left out and counted ``PHANTOM=none`` or ``PHANTOM=none:ghosts``.
    ``missing``: texts for no value, beside ``cx.MISSING``. ``kind``: ``FILE=contacts``.
    Lists may be given as one text, ``map``, ``label`` and ``kind`` also as a dict.
    """

    map: Sequence[str] = ()
    label: Sequence[str] = ()
    missing: Sequence[str] = ()
    tz: str | None = None
    time_format: str | None = None
    kind: Sequence[str] = ()
    by: Sequence[str] = ()
    every: str | None = None
    within: str = "20s"
    formula: str = "offered"
    from_: str | None = None
    to: str | None = None
    lang: str = "en"
    strict: bool = False
    hash_customers: bool = False
    allow_dominant: bool = False
    config: str | os.PathLike[str] | None = None

    def __post_init__(self) -> None:
        for name in _LISTS:
            object.__setattr__(self, name, _texts(name, getattr(self, name)))
        self.kinds()
        self.labels()
        if self.lang not in ("en", "nl"):
            raise UsageError(f"lang {self.lang}: there is en and nl")
        if self.formula not in FORMULAS:
            raise UsageError(f"formula {self.formula}: there are {', '.join(FORMULAS)}")
        try:
            within, law = microseconds(self.within, "within"), _core.SERVICE_LEVEL_LAWS.get(self.formula)
            if law not in (None, within):
                own = duration_text(law)
                raise UsageError(
                    f"formula {self.formula}: it is about {own}, not {duration_text(within)}: say --within {own}, "
                    f'or in Python within="{own}"'
                )
            if self.every is not None:
                _core.parse_every(self.every)
            if self.tz is not None:
                _core.check_zone(self.tz)
        except _core.Error as error:
            raise UsageError(str(error)) from None

    @classmethod
    def of(cls, **options: Any) -> Options:
        """Make options of keywords; None is the default, an unknown one is a TypeError."""
        known = [each.name for each in fields(cls)]
        for name in options:
            if name not in known:
                raise TypeError(f"no option {name}=: there are {', '.join(known)}")
        return cls(**{name: value for name, value in options.items() if value is not None})

    def kinds(self) -> dict[str, str]:
        """Return the kind said of each file."""
        kinds = _pairs("kind", self.kind)
        for file, kind in kinds.items():
            if kind not in KINDS:
                raise UsageError(f"kind {file}={kind}: a file is one of {', '.join(KINDS)}")
        return kinds

    def labels(self) -> dict[str, str]:
        """Return what is said of each label: an outcome, ``none``, or ``none:`` and how to call it."""
        labels = _pairs("label", self.label)
        for label, outcome in labels.items():
            if outcome_of(outcome) not in (None, *OUTCOMES):
                raise UsageError(f"label {label}={outcome}: there are {', '.join(OUTCOMES)}, and {NONE}")
        return labels

    def maps(self, file: str, files: Sequence[str]) -> dict[str, str]:
        """Return what is said of one file's meanings: what names the file goes before what does not."""
        known = {meaning.name for meaning in MEANINGS}
        general: dict[str, str] = {}
        special: dict[str, str] = {}
        for text in self.map:
            left, sign, right = text.partition("=")
            said, _, meaning = left.rpartition(":")
            if not sign or not right or not meaning:
                raise UsageError(f"map {text}: write it like {_LISTS['map']} or calls.csv:{_LISTS['map']}")
            if meaning not in known:
                raise UsageError(f"map {text}: no meaning {meaning}: there are {', '.join(sorted(known))}")
            if said and not any(same_file(said, name) for name in files):
                raise UsageError(f"map {text}: {said} is none of the files {', '.join(files)}")
            if not said:
                general[meaning] = right
            elif same_file(said, file):
                special[meaning] = right
        return general | special

    def without(self, files: Sequence[str]) -> Options:
        """Return what is said of all other files."""

        def stays(text: str, sign: str) -> bool:
            file = text.partition("=")[0].rpartition(":")[0] if sign == ":" else text.rpartition("=")[0]
            return not any(same_file(file, each) for each in files)

        return replace(
            self,
            map=[each for each in self.map if stays(each, ":")],
            kind=[each for each in self.kind if stays(each, "=")],
        )


def outcome_of(said: str) -> str | None:
    """Return the outcome that is said of a label; None: its rows are left out and counted."""
    return None if said == NONE or said.startswith(f"{NONE}:") else said


def same_file(said: str, name: str) -> bool:
    """Return whether a user means this file: by its path as given, or by its last part."""
    return said in (name, Path(name).name)


def _texts(name: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Mapping):
        return tuple(f"{key}={NONE if other is None else other}" for key, other in value.items())
    if not isinstance(value, Iterable):
        raise UsageError(f"{name}={value!r} is no list: write it like {name}=[{_LISTS[name]!r}]")
    return tuple(str(each) for each in value)


def _pairs(name: str, texts: Sequence[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts:
        left, _, right = text.rpartition("=")
        if not left or not right:
            raise UsageError(f"{name} {text}: write it like {_LISTS[name]}")
        pairs[left] = right
    return pairs

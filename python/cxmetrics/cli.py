# SPDX-License-Identifier: Apache-2.0
"""The command line: ``cxmetrics scorecard``, ``inspect`` and ``simulate``.

Standard output carries what was asked for and nothing else; what is said on the way goes to standard error.
Nothing is written before everything is computed, and an old file is replaced as a whole or not at all.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from cxmetrics._console import Printer, scorecard_text, what_was_read
from cxmetrics._core import Error, __version__
from cxmetrics._options import Options, Refusal, UsageError
from cxmetrics._recognition.inputs import mapping_text
from cxmetrics._recognition.recognise import read_inputs
from cxmetrics._scorecard import Scorecard
from cxmetrics._write import write_whole

_DAYS = re.compile(r"[1-9]\d{0,2}d")
DONE, REFUSED, USAGE, STRICT, INTERRUPTED = 0, 1, 2, 3, 130

_EXAMPLES = """\
Examples:

\b
cxmetrics simulate --period 30d -o month
cxmetrics scorecard month/queue_log --tz Europe/Amsterdam -o page.html
cxmetrics inspect month/answers.csv --tz Europe/Amsterdam --save cx.toml
"""
_SCORECARD_EXAMPLES = """\
Examples:

\b
cxmetrics scorecard queue_log* answers.csv --tz Europe/Amsterdam -o page.html
cxmetrics scorecard calls.csv --map wait=q_time:s --label AGENT=answered
zcat calls.csv.gz | cxmetrics scorecard - --json - | jq .results
"""
_INSPECT_EXAMPLES = """\
Examples:

\b
cxmetrics inspect calls.csv
cxmetrics inspect calls.csv --map wait=q_time:s --save cx.toml
cxmetrics inspect answers.csv --time-format dmy --tz Europe/Amsterdam
"""
_SIMULATE_EXAMPLES = """\
Examples:

\b
cxmetrics simulate -o day
cxmetrics simulate --period 30d --seed 1 -o month
cxmetrics simulate --period 30d --seed 2 -o another
"""

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)


class Color(StrEnum):
    """When to use colour."""

    auto = "auto"
    always = "always"
    never = "never"


class Language(StrEnum):
    """The language of the page."""

    en = "en"
    nl = "nl"


Files = Annotated[
    list[str],
    typer.Argument(metavar="FILE", help="queue_log, CSV, JSON or Parquet; - is standard input.", show_default=False),
]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="[FILE:]MEANING=COLUMN[:UNIT]", help="What a column means, like wait=q_time:s."),
]
Label = Annotated[
    list[str] | None,
    typer.Option("--label", metavar="LABEL=OUTCOME", help="What an outcome's label means; none leaves it out."),
]
Missing = Annotated[
    list[str] | None,
    typer.Option("--missing", metavar="TEXT", help="One more text that stands for no value."),
]
Zone = Annotated[
    str | None, typer.Option("--tz", metavar="ZONE", help="Zone of times without one, and of days and hours.")
]
TimeFormat = Annotated[
    str | None, typer.Option("--time-format", metavar="FORMAT", help="dmy, mdy, ymd, or a strptime format.")
]
Kind = Annotated[
    list[str] | None,
    typer.Option("--kind", metavar="FILE=KIND", help="What a file is: answers, contacts or queue_log."),
]
Config = Annotated[
    str | None, typer.Option("--config", metavar="FILE", help="A mapping that inspect --save has written.")
]
Hash = Annotated[bool, typer.Option("--hash-customers", help="Replace customers by keyed hashes as they are read.")]
Dominant = Annotated[
    bool, typer.Option("--allow-dominant", help="One customer may have most of the contacts: it stands for no other.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
WhenColor = Annotated[Color, typer.Option("--color", help="When to use colour.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 3 if there are invalid rows or notes.")]


def _print_version(value: bool) -> None:
    if value:
        print(f"cxmetrics {__version__}")
        raise typer.Exit


@app.callback(epilog=_EXAMPLES)
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Customer-experience metrics: queue logs, contacts and survey answers in, one page out."""


@app.command(epilog=_SCORECARD_EXAMPLES)
def scorecard(
    files: Files,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="PAGE", help="Write the page (HTML); - is standard output."),
    ] = None,
    json: Annotated[
        str | None,
        typer.Option("--json", metavar="FILE", help="Write the figures (JSON); - is standard output."),
    ] = None,
    within: Annotated[str, typer.Option("--within", metavar="DURATION", help="Service level threshold.")] = "20s",
    formula: Annotated[
        str,
        typer.Option("--formula", metavar="NAME", help="Service level formula: offered, answered_only, amazon, ..."),
    ] = "offered",
    by: Annotated[
        list[str] | None, typer.Option("--by", metavar="COLUMN", help="Compare by this column, like queue.")
    ] = None,
    every: Annotated[
        str | None,
        typer.Option("--every", metavar="BUCKET", help="Length of a period of change, like w or mo."),
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="Leave out what is before, like 2026-03-01.")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="TIME", help="Leave out what is at this time or after it.")
    ] = None,
    map_: Map = None,
    label: Label = None,
    missing: Missing = None,
    tz: Zone = None,
    time_format: TimeFormat = None,
    kind: Kind = None,
    config: Config = None,
    hash_customers: Hash = False,
    allow_dominant: Dominant = False,
    organisation: Annotated[
        str | None, typer.Option("--organisation", metavar="NAME", help="Whose page it is; stands at its head.")
    ] = None,
    lang: Annotated[Language, typer.Option("--lang", help="Language of the page.")] = Language.en,
    strict: Strict = False,
    quiet: Quiet = False,
    color: WhenColor = Color.auto,
    debug: Debug = False,
) -> int:
    """Make a page of files, or its figures as JSON.

    With neither -o nor --json, the scorecard is printed as text.
    """
    targets = _targets({"-o": output, "--json": json}, files)
    said: dict[str, Any] = {
        "map": map_, "label": label, "missing": missing, "tz": tz, "time_format": time_format, "kind": kind,
        "by": by, "every": every, "within": within, "formula": formula, "from_": from_, "to": to,
        "lang": lang.value, "strict": strict, "hash_customers": hash_customers, "config": config,
        "allow_dominant": allow_dominant,
    }  # fmt: skip
    options = Options.of(**said)
    errors = Printer(sys.stderr, color.value)
    with errors.working("reading") if not quiet else contextlib.nullcontext():
        inputs = read_inputs(files, options)
    if not quiet:
        errors.lines(what_was_read(inputs))
    with errors.working("computing") if not quiet else contextlib.nullcontext():
        from cxmetrics._document import document_of

        card = Scorecard(document_of(inputs, options, organisation, targets))
        made = {"-o": card.to_html, "--json": card.to_json}
        texts = {name: made[name]() for name in targets}
    document = card.to_dict()
    _write({target: texts[name] for name, target in targets.items()})
    if not targets:
        Printer(sys.stdout, color.value).lines(scorecard_text(document))
    elif not quiet:
        for target in targets.values():
            if target != "-":
                errors.line(f"written: {target}")
    odd = any(each.invalid or each.notes or not each.complete for each in inputs) or document["notes"]
    return STRICT if strict and odd else DONE


@app.command(epilog=_INSPECT_EXAMPLES)
def inspect(
    files: Files,
    save: Annotated[
        str | None, typer.Option("--save", metavar="FILE", help="Write the mapping (TOML), for --config.")
    ] = None,
    map_: Map = None,
    label: Label = None,
    missing: Missing = None,
    tz: Zone = None,
    time_format: TimeFormat = None,
    kind: Kind = None,
    config: Config = None,
    hash_customers: Hash = False,
    allow_dominant: Dominant = False,
    strict: Strict = False,
    quiet: Quiet = False,
    color: WhenColor = Color.auto,
    debug: Debug = False,
) -> int:
    """Say what files would be read as."""
    targets = _targets({"--save": save}, files)
    options = Options.of(
        map=map_, label=label, missing=missing, tz=tz, time_format=time_format, kind=kind, config=config,
        hash_customers=hash_customers, allow_dominant=allow_dominant,
    )  # fmt: skip
    errors = Printer(sys.stderr, color.value)
    with errors.working("reading") if not quiet else contextlib.nullcontext():
        inputs = read_inputs(files, options)
    if targets and not any(each.mapped for each in inputs):
        raise UsageError("--save: a queue log needs no mapping, and there is no table among the files")
    _write({target: mapping_text(inputs) for target in targets.values()})
    if not quiet:
        report = errors if "-" in targets.values() else Printer(sys.stdout, color.value)
        report.lines(what_was_read(inputs))
    return STRICT if strict and any(each.invalid or each.notes or not each.complete for each in inputs) else DONE


@app.command(epilog=_SIMULATE_EXAMPLES)
def simulate(
    output: Annotated[str, typer.Option("--output", "-o", metavar="DIR", help="Directory to write into.")],
    period: Annotated[str, typer.Option("--period", metavar="DAYS", help="How long: 1d to 999d.")] = "1d",
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same bytes.")] = 1,
    quiet: Quiet = False,
    color: WhenColor = Color.auto,
    debug: Debug = False,
) -> int:
    """Write a believable contact centre to try.

    Its files are queue_log, contacts.csv (the same calls as a table) and answers.csv (the survey after them).
    """
    from cxmetrics.simulate import simulate as make

    if Path(output).exists() and not Path(output).is_dir():
        raise UsageError(f"-o {output}: that is a file, give a directory to write into")
    if not _DAYS.fullmatch(period):
        raise UsageError(f"--period {period}: write a number of days from 1d to 999d, like --period 30d")
    errors = Printer(sys.stderr, color.value)
    with errors.working("simulating") if not quiet else contextlib.nullcontext():
        paths = make(output, period=period, seed=seed)
    if not quiet:
        for path in paths:
            errors.line(f"written: {path}")
    return DONE


def _targets(asked: Mapping[str, str | None], files: Sequence[str]) -> dict[str, str]:
    """Return where to write, after refusing what could not be undone."""
    targets = {option: target for option, target in asked.items() if target is not None}
    real = {option: os.path.realpath(target) for option, target in targets.items() if target != "-"}
    if list(targets.values()).count("-") > 1 or len(set(real.values())) < len(real):
        raise UsageError(f"{' and '.join(targets)} cannot both go to {next(iter(targets.values()))}")
    for option, target in real.items():
        if Path(target).is_dir():
            raise UsageError(f"{option} {targets[option]}: that is a directory, give a file in it")
        if not Path(target).parent.is_dir():
            raise UsageError(
                f"{option} {targets[option]}: there is no directory {Path(targets[option]).parent}; make it"
            )
        if any(file != "-" and os.path.realpath(file) == target for file in files):
            raise UsageError(f"{option} {targets[option]}: that is one of the files to read")
    return targets


def _write(texts: Mapping[str, str]) -> None:
    """Write files, and standard output last."""
    write_whole({target: text for target, text in texts.items() if target != "-"})
    if "-" in texts:
        sys.stdout.flush()
        sys.stdout.buffer.write(texts["-"].encode("utf-8"))
        sys.stdout.buffer.flush()


class _Interrupt:
    """Ctrl-C as an exception that is remembered: what it meets in an import may turn it into another one."""

    def __init__(self) -> None:
        self.came = False
        signal.signal(signal.SIGINT, self)

    def __call__(self, *_: Any) -> NoReturn:
        self.came = True
        raise KeyboardInterrupt


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    errors = Printer(sys.stderr, "never")
    debug = "--debug" in arguments
    interrupt = _Interrupt()
    try:
        code = app(list(arguments) or ["--help"], prog_name="cxmetrics", standalone_mode=False)
        sys.stdout.flush()
        if code == INTERRUPTED:  # newer releases of typer catch Ctrl-C themselves
            raise KeyboardInterrupt
        return USAGE if not arguments else code if isinstance(code, int) else DONE
    except (KeyboardInterrupt, typer.Abort):
        errors.line("cxmetrics: interrupted, nothing was written")
        return INTERRUPTED
    except BrokenPipeError:  # whoever read our output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED
    except Exception as error:
        if interrupt.came:
            errors.line("cxmetrics: interrupted, nothing was written")
            return INTERRUPTED
        if debug:
            traceback.print_exc()
        code, message = _explain(error, arguments)
        errors.line(f"cxmetrics: {message}")
        return code


def _explain(error: Exception, arguments: Sequence[str]) -> tuple[int, str]:
    """Return the exit code and the one line that says what was wrong and what to do."""
    message = getattr(error, "format_message", None)
    if callable(message):  # of the option parser
        text = " ".join(str(message()).split()).rstrip(".").replace(": Value error, ", ": ")
        return USAGE, f"{text}; see {_help_of(arguments)}"

    text = " ".join(str(error).split())
    dashes = "--" if text.partition(" ")[0] in {each.name.rstrip("_") for each in fields(Options)} else ""
    if isinstance(error, UsageError):
        return USAGE, f"{dashes}{text}"
    if isinstance(error, Refusal):
        return REFUSED, f"{dashes}{error.problem}{_command(arguments, error.remedies)}"
    if isinstance(error, OSError):
        return REFUSED, f"{error.filename}: {error.strerror}" if error.filename else text
    if isinstance(error, Error | ValueError):
        return REFUSED, text
    return REFUSED, f"a fault of cxmetrics; report it with what --debug shows: {type(error).__name__}: {text}"


def _help_of(arguments: Sequence[str]) -> str:
    """Return the command that shows the help of what was asked for."""
    commands = ("scorecard", "inspect", "simulate")
    return " ".join(["cxmetrics", *(each for each in arguments[:1] if each in commands), "--help"])


def _command(arguments: Sequence[str], remedies: Sequence[tuple[str, str]]) -> str:
    """Return the command to run: what was asked, with the options that answer the question."""
    if not remedies:
        return ""
    return f"; run: cxmetrics {shlex.join([*arguments, *(text for pair in remedies for text in pair)])}"

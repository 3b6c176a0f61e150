# SPDX-License-Identifier: Apache-2.0
"""The command line: ``cxmetrics scorecard``, ``inspect`` and ``simulate``.

Standard output carries what was asked for and nothing else; what is said on the way goes to standard error.
Nothing is written before everything is computed, and an old file is replaced as a whole or not at all.
What a command needs it imports itself: help, the version and errors in its options are there sooner.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import partial, reduce
from pathlib import Path
from typing import Any, NoReturn

import click

from cxmetrics._console import Printer, scorecard_text, what_was_read
from cxmetrics._core import Error, __version__
from cxmetrics._options import Options, Refusal, UsageError
from cxmetrics._write import write_whole

_DAYS = re.compile(r"[1-9]\d{0,2}d")
DONE, REFUSED, USAGE, STRICT, INTERRUPTED = 0, 1, 2, 3, 130
Function = Callable[..., Any]

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


class _Commands(click.Group):
    """Commands in the order in which they stand here."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


def _together(*options: Callable[[Function], Function]) -> Callable[[Function], Function]:
    """Return one decorator for several options, in the order in which the help shows them."""
    return lambda command: reduce(lambda made, option: option(made), reversed(options), command)


def _list(*names: str, help: str, **how: Any) -> Callable[[Function], Function]:
    """Return an option that may be given more than once."""
    return click.option(*names, multiple=True, help=f"{help} May be repeated.", **how)


_flag = partial(click.option, is_flag=True)
_files = click.argument("files", metavar="FILE...", nargs=-1, required=True)
_reading = _together(
    _list("--map", metavar="[FILE:]MEANING=COLUMN[:UNIT]", help="What a column means, like wait=q_time:s."),
    _list("--label", metavar="LABEL=OUTCOME", help="What an outcome's label means; none leaves it out."),
    _list("--missing", metavar="TEXT", help="One more text that stands for no value."),
    click.option("--tz", metavar="ZONE", help="Zone of times without one, and of days and hours."),
    click.option("--time-format", metavar="FORMAT", help="dmy, mdy, ymd, or a strptime format."),
    _list("--kind", metavar="FILE=KIND", help="What a file is: answers, contacts or queue_log."),
    click.option("--config", metavar="FILE", help="A mapping that inspect --save has written."),
    _flag("--hash-customers", help="Replace customers by keyed hashes as they are read."),
    _flag("--allow-dominant", help="One customer may have most of the contacts: it stands for no other."),
)
_strict = _flag("--strict", help="Exit with 3 if there are invalid rows or notes.")
_saying = _together(
    _flag("--quiet", "-q", help="Say nothing but errors."),
    click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="When to use colour."),
    _flag("--debug", expose_value=False, help="Show the traceback of an error."),
)


@click.group(
    cls=_Commands,
    epilog=_EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80, "show_default": True},
)
@click.version_option(__version__, message="%(prog)s %(version)s", help="Print the version.")
def app() -> None:
    """Customer-experience metrics: queue logs, contacts and survey answers in, one page out."""


@app.command(epilog=_SCORECARD_EXAMPLES)
@_files
@click.option("--output", "-o", metavar="PAGE", help="Write the page (HTML); - is standard output.")
@click.option("--json", metavar="FILE", help="Write the figures (JSON); - is standard output.")
@click.option("--within", metavar="DURATION", default="20s", help="Service level threshold.")
@click.option(
    "--formula", metavar="NAME", default="offered", help="Service level formula: offered, answered_only, amazon, ..."
)
@_list("--by", metavar="COLUMN", help="Compare by this column, like queue.")
@click.option("--every", metavar="BUCKET", help="Length of a period of change, like w or mo.")
@click.option("--from", "from_", metavar="TIME", help="Leave out what is before, like 2026-03-01.")
@click.option("--to", metavar="TIME", help="Leave out what is at this time or after it.")
@_reading
@click.option("--organisation", metavar="NAME", help="Whose page it is; stands at its head.")
@click.option("--lang", type=click.Choice(["en", "nl"]), default="en", help="Language of the page.")
@_strict
@_saying
def scorecard(
    files: Sequence[str],
    output: str | None,
    json: str | None,
    organisation: str | None,
    quiet: bool,
    color: str,
    **said: Any,
) -> int:
    """Make a page of files, or its figures as JSON.

    FILE is a queue_log, CSV, JSON or Parquet; - is standard input.

    With neither -o nor --json, the scorecard is printed as text.
    """
    from cxmetrics._recognition.recognise import read_inputs

    targets = _targets({"-o": output, "--json": json}, files)
    options = Options.of(**said)
    errors = Printer(sys.stderr, color)
    with errors.working("reading") if not quiet else contextlib.nullcontext():
        inputs = read_inputs(files, options)
    if not quiet:
        errors.lines(what_was_read(inputs))
    with errors.working("computing") if not quiet else contextlib.nullcontext():
        from cxmetrics._document import document_of
        from cxmetrics._scorecard import Scorecard

        card = Scorecard(document_of(inputs, options, organisation, targets))
        made = {"-o": card.to_html, "--json": card.to_json}
        texts = {name: made[name]() for name in targets}
    document = card.to_dict()
    _write({target: texts[name] for name, target in targets.items()})
    if not targets:
        Printer(sys.stdout, color).lines(scorecard_text(document))
    elif not quiet:
        for target in targets.values():
            if target != "-":
                errors.line(f"written: {target}")
    return STRICT if options.strict and (_odd(inputs) or document["notes"]) else DONE


@app.command(epilog=_INSPECT_EXAMPLES)
@_files
@click.option("--save", metavar="FILE", help="Write the mapping (TOML), for --config.")
@_reading
@_strict
@_saying
def inspect(files: Sequence[str], save: str | None, quiet: bool, color: str, **said: Any) -> int:
    """Say what files would be read as.

    FILE is a queue_log, CSV, JSON or Parquet; - is standard input.
    """
    from cxmetrics._recognition.inputs import mapping_text
    from cxmetrics._recognition.recognise import read_inputs

    targets = _targets({"--save": save}, files)
    options = Options.of(**said)
    errors = Printer(sys.stderr, color)
    with errors.working("reading") if not quiet else contextlib.nullcontext():
        inputs = read_inputs(files, options)
    if targets and not any(each.mapped for each in inputs):
        raise UsageError("--save: a queue log needs no mapping, and there is no table among the files")
    _write({target: mapping_text(inputs) for target in targets.values()})
    if not quiet:
        report = errors if "-" in targets.values() else Printer(sys.stdout, color)
        report.lines(what_was_read(inputs))
    return STRICT if options.strict and _odd(inputs) else DONE


@app.command(epilog=_SIMULATE_EXAMPLES)
@click.option("--output", "-o", metavar="DIR", required=True, help="Directory to write into.")
@click.option("--period", metavar="DAYS", default="1d", help="How long: 1d to 999d.")
@click.option(
    "--seed", metavar="NUMBER", type=click.IntRange(min=0), default=1, help="The same seed gives the same bytes."
)
@_saying
def simulate(output: str, period: str, seed: int, quiet: bool, color: str) -> int:
    """Write a believable contact centre to try.

    Its files are queue_log, contacts.csv (the same calls as a table) and answers.csv (the survey after them).
    """
    from cxmetrics.simulate import simulate as make

    if Path(output).exists() and not Path(output).is_dir():
        raise UsageError(f"-o {output}: that is a file, give a directory to write into")
    if not _DAYS.fullmatch(period):
        raise UsageError(f"--period {period}: write a number of days from 1d to 999d, like --period 30d")
    errors = Printer(sys.stderr, color)
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


def _odd(inputs: Sequence[Any]) -> bool:
    """Return whether something in what was read is invalid, noted or cut off."""
    return any(each.invalid or each.notes or not each.complete for each in inputs)


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
        with app.make_context("cxmetrics", list(arguments) or ["--help"]) as context:
            code: int = app.invoke(context)
        sys.stdout.flush()
        return code
    except click.exceptions.Exit as end:  # help or the version was asked for and is printed
        return end.exit_code if arguments else USAGE
    except KeyboardInterrupt:
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
    if isinstance(error, click.UsageError):
        text = " ".join(error.format_message().split()).rstrip(".")
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
    return " ".join(["cxmetrics", *(each for each in arguments[:1] if each in app.commands), "--help"])


def _command(arguments: Sequence[str], remedies: Sequence[tuple[str, str]]) -> str:
    """Return the command to run: what was asked, with the options that answer the question."""
    if not remedies:
        return ""
    return f"; run: cxmetrics {shlex.join([*arguments, *(text for pair in remedies for text in pair)])}"

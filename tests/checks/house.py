# SPDX-License-Identifier: Apache-2.0
"""The rules of the house that no compiler knows. Prints what is wrong and `N passed, N failed`.

Each rule is a function from a tree to what is wrong in it, with a fault that `self_test` plants: a rule that
does not find its own fault has failed.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("*.hpp", "*.cpp")
KINDS = "py pyi sh md txt toml json yaml cmake in html svg ipynb"
TEXT = (*CODE, *(f"*.{kind}" for kind in KINDS.split()))

# Headers without a test file of their own, each with the reason.
UNTESTED: dict[str, str] = {}

# The Arrow specification names these, so that two libraries can declare its structs in one program.
ARROW_MACROS = {
    "ARROW_C_DATA_INTERFACE",
    "ARROW_C_STREAM_INTERFACE",
    "ARROW_FLAG_DICTIONARY_ORDERED",
    "ARROW_FLAG_NULLABLE",
    "ARROW_FLAG_MAP_KEYS_SORTED",
}

# Variables that outlive a call, each with the reason.
CACHES: dict[str, str] = {
    "src/time/zone.cpp": "zones are read once, behind a lock, and never change",
}

# In two parts, so that this file does not hold them.
FOREIGN_PATHS = re.compile("|".join(["/wo" + r"rk/", "/r" + r"oot\b", "/ho" + r"me/\w", "/tm" + r"p/"]))

FORBIDDEN: dict[str, str] = {
    r"\bstd::(cout|cerr|clog)\b|\b(std::)?(printf|puts|fputs)\s*\(": "a library prints nothing",
    r"\bstd::(abort|exit|terminate|quick_exit)\b|\b(abort|exit)\s*\(": "a library ends no program: throw",
    r"\bassert\s*\(": "a library ends no program: throw, or make it impossible",
    r"\bstd::hash\b": "std::hash differs between libraries: use subject",
    r"\bstd::locale\b|\bsetlocale\b": "depends on the locale: use from_chars and to_chars",
    r"\b(strto\w+|sto(d|f|i|l|ll|ul|ull)|ato[dfil]+)\s*\(": "depends on the locale: use from_chars",
    r"\b(isspace|isdigit|isalpha|isalnum|tolower|toupper)\s*\(": "depends on the locale: compare with ASCII",
    r"\b__int128\b": "no __int128: use uint128",
    r"#\s*pragma\s+once": "use an include guard",
    r"\bTODO\b|\bFIXME\b|\bXXX\b": "finish it, or leave it out",
}
MUTABLE = re.compile(r"^\s*(?:inline\s+)?(?:static|thread_local)\s+(?!.*\b(?:const|constexpr)\b)[^()]*[;={]")


@dataclass(frozen=True)
class Rule:
    """A rule: what is wrong in a tree, and the file and text of a fault that it must find."""

    check: Callable[[Path], Iterator[str]]
    fault: tuple[str, str]


def files(root: Path, *patterns: str, under: str = ".") -> Iterator[Path]:
    """The files of the project; what is built, installed or hidden is not."""
    for pattern in patterns:
        for file in sorted((root / under).rglob(pattern)):
            parts = file.relative_to(root).parts
            if file.is_file() and not (parts[0] in ("build", "out") or any(p.startswith(".") for p in parts)):
                yield file


def text_of(file: Path) -> str:
    """The text of a file."""
    return file.read_text(encoding="utf-8")


def code_of(file: Path) -> list[str]:
    """The lines of a C++ file with comments and texts taken out."""
    text = re.sub(r'"(?:\\.|[^"\\\n])*"', '""', text_of(file))
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), text, flags=re.DOTALL)
    return [re.sub(r"//.*", "", line) for line in text.splitlines()]


def library_lines(root: Path) -> Iterator[tuple[str, str]]:
    """Every line of code of the library, with where it stands."""
    for under in ("include", "src"):
        for file in files(root, *CODE, under=under):
            for number, line in enumerate(code_of(file), 1):
                yield f"{file.relative_to(root)}:{number}", line


def every_header_has_a_test(root: Path) -> Iterator[str]:
    """Headers mirror tests/unit."""
    include, unit = root / "include/cxmetrics", root / "tests/unit"
    headers = {f.relative_to(include).with_suffix("").as_posix() for f in include.rglob("*.hpp")}
    tests = {f.relative_to(unit).as_posix().removesuffix("_test.cpp") for f in unit.rglob("*_test.cpp")}
    for name in sorted(headers - tests - set(UNTESTED)):
        yield f"include/cxmetrics/{name}.hpp: has no tests/unit/{name}_test.cpp"
    for name in sorted(tests - headers):
        if not (root / f"src/{name}.cpp").exists() and not (root / f"src/{name}.hpp").exists():
            yield f"tests/unit/{name}_test.cpp: tests no header of that name"
    for name in sorted(set(UNTESTED) & (tests | (set(UNTESTED) - headers))):
        yield f"tests/checks/house.py: {name} is listed as untested, but has a test or is gone"


def sources_mirror_headers(root: Path) -> Iterator[str]:
    """Rooms of src are rooms of include; kernels are compiled for all of them."""
    rooms = {f.name for f in (root / "include/cxmetrics").glob("*")}
    for directory in sorted((root / "src").glob("*")):
        if directory.is_dir() and directory.name not in rooms | {"cmake", "kernels"}:
            yield f"src/{directory.name}: include/cxmetrics has no such room"


def library_is_quiet(root: Path) -> Iterator[str]:
    """Nothing that prints, ends the program, depends on the locale or stays unfinished."""
    for where, line in library_lines(root):
        for pattern, reason in FORBIDDEN.items():
            if re.search(pattern, line):
                yield f"{where}: {reason}: {line.strip()}"


def no_mutable_globals(root: Path) -> Iterator[str]:
    """No static or thread-local variable that can change."""
    for where, line in library_lines(root):
        if MUTABLE.search(line) and where.split(":")[0] not in CACHES:
            yield f"{where}: state that outlives a call: {line.strip()}"


def macros_are_ours(root: Path) -> Iterator[str]:
    """Macros start with CXMETRICS_."""
    for where, line in library_lines(root):
        match = re.match(r"\s*#\s*define\s+(\w+)", line)
        if match and not match[1].startswith("CXMETRICS_") and match[1] not in ARROW_MACROS:
            yield f"{where}: the macro {match[1]} does not start with CXMETRICS_"


def guards_name_the_file(root: Path) -> Iterator[str]:
    """Include guards are CXMETRICS_ROOM_FILE_HPP."""
    include = root / "include/cxmetrics"
    for file in files(root, "*.hpp", under="include/cxmetrics"):
        guard = "CXMETRICS_" + re.sub(r"\W", "_", file.relative_to(include).as_posix()).upper()
        if f"#ifndef {guard}\n#define {guard}\n" not in text_of(file):
            yield f"{file.relative_to(root)}: the include guard is not {guard}"


def headers_are_short(root: Path) -> Iterator[str]:
    """400 lines of a header are more than one idea."""
    for file in files(root, "*.hpp", under="include"):
        if (count := len(text_of(file).splitlines())) > 400:
            yield f"{file.relative_to(root)}: {count} lines, more than 400"


def unit_tests_keep_their_names(root: Path) -> Iterator[str]:
    """Several unit tests are one source: each keeps its names in a namespace that is called like its file."""
    for file in files(root, "*_test.cpp", under="tests/unit"):
        opened = next((line for line in code_of(file) if line.strip() and not line.startswith("#")), "")
        if opened != f"namespace {file.stem} {{":
            yield f"{file.relative_to(root)}: its code does not begin with namespace {file.stem}"


def code_is_ascii(root: Path) -> Iterator[str]:
    """C++ and CMake are ASCII."""
    for file in files(root, *CODE, "CMakeLists.txt", "*.cmake", "*.cmake.in"):
        for number, line in enumerate(text_of(file).splitlines(), 1):
            if not line.isascii():
                yield f"{file.relative_to(root)}:{number}: not ASCII: {line.strip()}"


def files_say_their_licence(root: Path) -> Iterator[str]:
    """The first or second line of every source file is its licence."""
    for file in files(root, *CODE, "*.py", "*.pyi", "*.sh", "CMakeLists.txt", "*.cmake"):
        if "SPDX-License-Identifier: Apache-2.0" not in "".join(text_of(file).splitlines(keepends=True)[:2]):
            yield f"{file.relative_to(root)}: does not begin with its SPDX-License-Identifier"


def no_paths_of_a_machine(root: Path) -> Iterator[str]:
    """No path of somebody's machine."""
    for file in files(root, *TEXT):
        for number, line in enumerate(text_of(file).splitlines(), 1):
            if match := FOREIGN_PATHS.search(line):
                yield f"{file.relative_to(root)}:{number}: a path of one machine: {match[0]}"


def version_is_one(root: Path) -> Iterator[str]:
    """CMakeLists.txt has the version; the changelog's first entry is it, and nothing else repeats it."""
    match = re.search(r"(?m)^  VERSION (\d+\.\d+\.\d+)$", text_of(root / "CMakeLists.txt"))
    if not match:
        yield "CMakeLists.txt: has no line `  VERSION x.y.z`"
        return
    entries = re.findall(r"(?m)^## (\S+)", text_of(root / "CHANGELOG.md"))
    if match[1] not in entries[:2]:
        yield f"CHANGELOG.md: has no entry for version {match[1]} at its top"
    for file in files(root, *CODE, "*.py", under="python"):
        if match[1] in text_of(file):
            yield f"{file.relative_to(root)}: repeats the version {match[1]}: read it from the build"


def links_lead_somewhere(root: Path) -> Iterator[str]:
    """Links in the documents to files of the project."""
    for file in files(root, "*.md"):
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", re.sub(r"(?s)```.*?```|`[^`]*`", "", text_of(file))):
            if "://" not in link and not link.startswith("mailto:") and not (file.parent / link).exists():
                yield f"{file.relative_to(root)}: the link {link} leads nowhere"


def scripts_run(root: Path) -> Iterator[str]:
    """What a person calls can be executed."""
    for name in ("scripts/setup", "scripts/demo", "scripts/test", ".ci/run"):
        if not (root / name).exists() or not (root / name).stat().st_mode & 0o111:
            yield f"{name}: is not there, or cannot be executed"


RULES = (
    Rule(every_header_has_a_test, ("include/cxmetrics/core/lonely.hpp", "")),
    Rule(sources_mirror_headers, ("src/attic/x.cpp", "")),
    Rule(library_is_quiet, ("src/core/x.cpp", 'void f() { std::cout << "x"; }')),
    Rule(no_mutable_globals, ("src/core/x.cpp", "static int counter = 0;")),
    Rule(macros_are_ours, ("src/core/x.cpp", "#define MAX 1")),
    Rule(guards_name_the_file, ("include/cxmetrics/core/x.hpp", "#ifndef X_HPP\n#define X_HPP\n#endif\n")),
    Rule(headers_are_short, ("include/cxmetrics/core/x.hpp", "\n" * 401)),
    Rule(unit_tests_keep_their_names, ("tests/unit/core/x_test.cpp", "int x;\nnamespace x_test {\n}\n")),
    Rule(code_is_ascii, ("src/core/x.cpp", "// \N{EURO SIGN}\n")),
    Rule(files_say_their_licence, ("python/cxmetrics/x.py", '"""No licence."""\n')),
    Rule(no_paths_of_a_machine, ("docs/x.md", "see /ho" + "me/somebody/notes\n")),
    Rule(version_is_one, ("CHANGELOG.md", "## 9.9.9\n")),
    Rule(links_lead_somewhere, ("docs/x.md", "[there](nowhere.md)\n")),
    Rule(scripts_run, (".ci/run", "echo\n")),
)


def self_test() -> Iterator[str]:
    """The rules that are silent about their own planted fault."""
    for rule in RULES:
        with tempfile.TemporaryDirectory() as directory:
            tree = Path(directory)
            name, text = rule.fault
            version = {"CMakeLists.txt": "  VERSION 0.1.0\n", "CHANGELOG.md": "## 0.1.0\n"}
            for file, content in (version | {name: text}).items():
                (tree / file).parent.mkdir(parents=True, exist_ok=True)
                (tree / file).write_text(content, encoding="utf-8")
            if not any(name.rsplit("/", 1)[0] in problem for problem in rule.check(tree)):
                yield f"self-test: {rule.check.__name__} does not find the fault planted in {name}"


def main() -> int:
    """Check this tree and the rules themselves."""
    missed, failed = list(self_test()), 0
    for problem in missed:
        print(problem)
    failed += bool(missed)
    for rule in RULES:
        problems = list(rule.check(ROOT))
        for problem in problems:
            print(f"{rule.check.__name__}: {problem}")
        failed += bool(problems)
    print(f"{len(RULES) + 1 - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: Apache-2.0
"""Every notebook runs from its first cell to its last, as a person would run it, and stands in the tree without output.

A cell runs as Jupyter runs it: its last expression is shown, by the richest of its representations. Nothing of Jupyter
is needed for that.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
from pathlib import Path
from typing import Any

import cxmetrics as cx
import pytest

FOLDER = Path(__file__).parents[2] / "examples" / "notebooks"
DATA = Path(os.environ.get("CXMETRICS_DATA", Path(__file__).parents[3] / "shared" / "data"))
NOTEBOOKS = pytest.mark.parametrize("notebook", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)


def cells(notebook: Path) -> list[dict[str, Any]]:
    """Return the cells of a notebook."""
    found: list[dict[str, Any]] = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return found


def run(notebook: Path) -> tuple[str, dict[str, Any]]:
    """Run a notebook; return what it shows, and its names."""
    names: dict[str, Any] = {"__name__": "__main__"}
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        for cell in cells(notebook):
            if cell["cell_type"] != "code":
                continue
            tree = ast.parse("".join(cell["source"]))
            last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, cell["id"], "exec"), names)
            if isinstance(last, ast.Expr):
                value = eval(compile(ast.Expression(last.value), cell["id"], "eval"), names)
                if value is not None:
                    print(value._repr_html_() if hasattr(value, "_repr_html_") else repr(value))
    return shown.getvalue(), names


def test_there_are_notebooks() -> None:
    assert {path.stem for path in FOLDER.glob("*.ipynb")} >= {"which_service_level", "survey_done_right"}


@NOTEBOOKS
def test_a_notebook_stands_in_the_tree_without_output(notebook: Path) -> None:
    for cell in cells(notebook):
        assert cell.get("outputs", []) == [], cell["id"]
        assert cell.get("execution_count") is None, cell["id"]


@NOTEBOOKS
@pytest.mark.filterwarnings("ignore::cxmetrics.DataWarning")
def test_a_notebook_runs_without_the_real_data(notebook: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CXMETRICS_DATA", str(tmp_path))
    shown, _ = run(notebook)
    assert "simulated" in shown


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no reference data at {DATA}: set CXMETRICS_DATA")
@pytest.mark.filterwarnings("ignore::cxmetrics.DataWarning")
def test_the_service_levels_of_the_real_log_are_45_points_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = FOLDER / "which_service_level.ipynb"
    monkeypatch.setenv("CXMETRICS_DATA", str(DATA))
    shown, names = run(notebook)
    assert "simulated" not in shown
    # What the text says, the cells show.
    text = "".join("".join(cell["source"]) for cell in cells(notebook) if cell["cell_type"] == "markdown")
    assert "36.4 % at 20 s and 81.1 % at 120 s: these are the 45 points" in text
    assert "36.4 % to 81.1 %: 45 points" in shown
    assert "5.5 points apart, 36.4 to 41.9 %; at 60 s it is 9.6" in text
    assert "formulas alone, at 20 s: 5.5 points\nformulas alone, at 60 s: 9.6 points" in shown
    assert "second level at 60 s is 78 of 106, 73 answered and 5" in text
    second = names["cx"].service_level(names["calls"], within="60s", formula="asterisk_sl2")
    assert (second.counts["above"], second.n, second.counts["abandoned_within"]) == (78, 106, 5)
    assert isinstance(names["at_20s"], cx.Reconciliation)
    assert "Below the line stand 107 calls at 20 s and 106 from 60 s on, of 108 that entered" in text.replace("\n", " ")
    counts = [(r.n, r.counts["waiting_beyond"], r.pending) for r in names["by_threshold"].values()]
    assert (counts[0], counts[2]) == ((107, 1, 1), (106, 0, 2))


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no reference data at {DATA}: set CXMETRICS_DATA")
@pytest.mark.filterwarnings("ignore::cxmetrics.DataWarning")
def test_the_survey_done_right_is_the_real_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXMETRICS_DATA", str(DATA))
    shown, names = run(FOLDER / "survey_done_right.ipynb")
    assert "simulated" not in shown
    assert names["nps"].value == pytest.approx(-24.691883)  # the file's reference figure
    assert "adjusted_wald   +47.5 to +100.0" in shown
    split = names["split"].to_arrow().to_pylist()
    assert len(split) > 3
    for row in split:
        assert row["nps_mix"] + row["nps_within"] == pytest.approx(row["nps_difference"])
    assert names["equal_stages"].effective_n < names["equal_stages"].n / 2

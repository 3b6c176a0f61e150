# SPDX-License-Identifier: Apache-2.0
"""Every process that runs tests takes the locale of its environment where one is asked for, and makes a month once."""

import locale
import os
from pathlib import Path

import pytest


def pytest_configure() -> None:
    """Set the locale, and refuse to run in one that has another decimal point than was promised."""
    if point := os.environ.get("CXMETRICS_DECIMAL_POINT"):
        locale.setlocale(locale.LC_ALL, "")
        assert locale.localeconv()["decimal_point"] == point


@pytest.fixture(scope="session")
def simulated_month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a simulated month, to be read only: they take seconds to make."""
    from cxmetrics.simulate import simulate

    directory = tmp_path_factory.mktemp("month")
    simulate(directory, period="30d", seed=1)
    return directory

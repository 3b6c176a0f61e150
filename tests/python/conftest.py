# SPDX-License-Identifier: Apache-2.0
"""Every process that runs tests takes the locale of its environment where one is asked for."""

import locale
import os


def pytest_configure() -> None:
    """Set the locale, and refuse to run in one that has another decimal point than was promised."""
    if point := os.environ.get("CXMETRICS_DECIMAL_POINT"):
        locale.setlocale(locale.LC_ALL, "")
        assert locale.localeconv()["decimal_point"] == point

# SPDX-License-Identifier: Apache-2.0
"""What holds for every metric is asked of every metric: none is without an example, however it came to be there."""

from __future__ import annotations

import every_metric
from cxmetrics import _core
from cxmetrics._definition import definitions


def test_every_compiled_metric_has_an_example() -> None:
    assert {each.state_name() for each in every_metric.EXAMPLES} == set(_core.METRICS)


def test_every_definition_of_python_has_an_example_and_names_compiled_metrics() -> None:
    assert {type(each) for each in every_metric.EXAMPLES} == definitions()
    assert {name for kind in definitions() for name in kind.state_names()} == set(_core.METRICS)

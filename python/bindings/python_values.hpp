// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_BINDINGS_PYTHON_VALUES_HPP
#define CXMETRICS_BINDINGS_PYTHON_VALUES_HPP

#include <string>

#include <pybind11/pybind11.h>

#include <cxmetrics/engine/input_column.hpp>

namespace cxmetrics::python {

/// A column of Python objects, copied: None, pandas' NA and NaT and NaN among others are missing; int, float,
/// Decimal, bool, str, datetime, date, timedelta, time. Texts with numbers are all texts; ints with floats
/// are floats. Errors: column_error naming the first row of another kind, and where kinds do not mix.
input_column from_sequence(const pybind11::list& values, const std::string& name, const std::string& source);

}  // namespace cxmetrics::python

#endif  // CXMETRICS_BINDINGS_PYTHON_VALUES_HPP

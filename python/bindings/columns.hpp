// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_BINDINGS_COLUMNS_HPP
#define CXMETRICS_BINDINGS_COLUMNS_HPP

#include <memory>
#include <string>
#include <vector>

#include <pybind11/pybind11.h>

#include <cxmetrics/engine/input_column.hpp>

namespace cxmetrics::python {

namespace py = pybind11;

/// Whatever Python calls a column: a numpy array, a pandas Series or Index, anything with __arrow_c_stream__
/// or
/// __arrow_c_array__, a list or tuple, a buffer. Nothing is copied where the values lie in an array of
/// numbers or in Arrow; the object is kept alive by the column. Errors: column_error for what is no column,
/// naming type and shape, and for mixed values, naming the row.
input_column column_from(py::handle object, const std::string& name);

/// What an object with __arrow_c_stream__ or __arrow_c_array__ exports: the columns of a table, or one
/// column.
struct arrow_table {
  bool is_table;
  std::vector<input_column> columns;
};
arrow_table columns_from(py::handle object);

void bind_columns(py::module_& module);

}  // namespace cxmetrics::python

#endif  // CXMETRICS_BINDINGS_COLUMNS_HPP

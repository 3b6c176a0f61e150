// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_BINDINGS_COLUMNS_HPP
#define CXMETRICS_BINDINGS_COLUMNS_HPP

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <pybind11/pybind11.h>

#include <cxmetrics/engine/canonical_reader.hpp>
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

/// The rows of a reader a block at a time, without the interpreter's lock: use(span) is called for each
/// block. Ctrl-C is answered between millions of rows.
template <class T, class F>
void for_each_block(canonical_reader<T>& reader, F&& use) {
  constexpr std::size_t block = 1 << 14, breath = std::size_t{1} << 21;
  std::vector<T> values(std::min(block, reader.column().size()));
  std::size_t row = 0;
  while (row < reader.column().size()) {
    const std::size_t stop = std::min(reader.column().size(), row + breath);
    {
      const py::gil_scoped_release unlocked;
      while (row < stop) {
        const std::span<T> part(values.data(), std::min(values.size(), stop - row));
        reader.read(row, part);
        use(std::span<const T>(part));
        row += part.size();
      }
    }
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
  }
}

void bind_columns(py::module_& module);

}  // namespace cxmetrics::python

#endif  // CXMETRICS_BINDINGS_COLUMNS_HPP

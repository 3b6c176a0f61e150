// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_BINDINGS_COLUMNS_HPP
#define CXMETRICS_BINDINGS_COLUMNS_HPP

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <pybind11/pybind11.h>

#include <cxmetrics/engine/canonical_reader.hpp>
#include <cxmetrics/engine/input_column.hpp>
#include <cxmetrics/engine/parallel.hpp>

#include "breath.hpp"

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

/// Reads all rows of a column with readers that `make` makes, into `out` or, where that is null, to see what
/// they hold; returns the one that knows what was found. Without the interpreter's lock, by all cores of the
/// machine; texts by one, whose reader must see them all. Ctrl-C is answered between blocks.
template <class T, class Make>
auto read_all(const Make& make, T* out) {
  constexpr std::size_t block = 1 << 14;
  auto first = make();
  const bool whole = first->column().type().what == meaning::text;
  const unsigned threads = whole ? 1 : std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
  std::vector<decltype(make())> readers(threads);
  const std::size_t rows = first->column().size();
  readers.front() = std::move(first);
  breath alive;
  const py::gil_scoped_release unlocked;
  in_parallel(rows, threads, [&](std::size_t part, std::size_t begin, std::size_t end) {
    if (!readers[part]) readers[part] = make();
    std::vector<T> values(out == nullptr ? std::min(block, end - begin) : 0);
    for (std::size_t row = begin; row < end && alive.go_on(part == 0); row += block) {
      const std::size_t size = std::min(block, end - row);
      readers[part]->read(row, {out == nullptr ? values.data() : out + row, size});
    }
  });
  for (std::size_t part = 1; part < readers.size(); ++part)
    if (readers[part]) readers.front()->absorb(*readers[part]);
  return std::move(readers.front());
}

void bind_columns(py::module_& module);

}  // namespace cxmetrics::python

#endif  // CXMETRICS_BINDINGS_COLUMNS_HPP

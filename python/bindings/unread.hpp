// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_PYTHON_UNREAD_HPP
#define CXMETRICS_PYTHON_UNREAD_HPP

#include <cstddef>
#include <memory>
#include <span>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

namespace cxmetrics::python {

namespace py = pybind11;

/// One thread's reading of a column, a block at a time.
class block_reader {
 public:
  virtual ~block_reader() = default;
  /// The canonical values of rows first, first + 1, ..., in rising order and each once; good until the next
  /// call.
  [[nodiscard]] virtual const void* read(std::size_t first, std::size_t size) = 0;
};

using block_readers = std::span<const std::unique_ptr<block_reader>>;

/// A column whose canonical values nobody has asked for yet. They are read into an array, or by a pass over
/// the rows that needs each block once, while it is in the cache; what is found in them is the same.
class unread_column {
 public:
  virtual ~unread_column() = default;

  [[nodiscard]] virtual std::size_t size() const = 0;
  /// No values, in an array of their type.
  [[nodiscard]] virtual py::array none() const = 0;
  /// Whether rows can be read by several threads; the reader of texts, unless a dictionary has them, must see
  /// them all.
  [[nodiscard]] virtual bool by_blocks() const = 0;

  [[nodiscard]] virtual std::unique_ptr<block_reader> start() const = 0;
  /// What the threads of a pass have found together, in the order of their rows; null for one without rows.
  virtual void settle(block_readers parts) = 0;

  /// All values: the column's own memory where that is canonical as it stands.
  [[nodiscard]] virtual py::array values() = 0;
  /// Every so many-th value.
  [[nodiscard]] virtual py::array sample(std::size_t step) = 0;
  /// What was found. Errors: the first invalid row, unless such rows are counted, and columns that no reader
  /// can refuse before it has seen them all.
  [[nodiscard]] virtual py::dict found(bool count_invalid) = 0;
};

/// How many threads may read a column for this one: as many as it asked for, else the default.
[[nodiscard]] unsigned reading_threads();

}  // namespace cxmetrics::python

#endif  // CXMETRICS_PYTHON_UNREAD_HPP

// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_PYTHON_VECTORS_HPP
#define CXMETRICS_PYTHON_VECTORS_HPP

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <cxmetrics/core/error.hpp>

namespace cxmetrics::python {

/// What an array of numpy holds, where it lies.
template <class T>
std::span<const T> span_of(const pybind11::array_t<T, pybind11::array::c_style>& column) {
  if (column.ndim() != 1) throw column_error("a column is an array of one dimension");
  return {column.data(), static_cast<std::size_t>(column.size())};
}

/// A vector as an array of numpy, which owns it: nothing is copied.
template <class T>
pybind11::array_t<T> array_of(std::vector<T>&& values) {
  auto owned = std::make_unique<std::vector<T>>(std::move(values));
  const auto size = static_cast<pybind11::ssize_t>(owned->size());
  const T* data = owned->data();
  const pybind11::capsule owner(owned.get(), [](void* p) { delete static_cast<std::vector<T>*>(p); });
  (void)owned.release();
  return pybind11::array_t<T>(size, data, owner);
}

}  // namespace cxmetrics::python

#endif  // CXMETRICS_PYTHON_VECTORS_HPP

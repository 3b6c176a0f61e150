// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_PYTHON_OPTIONS_HPP
#define CXMETRICS_PYTHON_OPTIONS_HPP

#include <pybind11/pybind11.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <cxmetrics/core/error.hpp>
#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/state/intervals.hpp>

namespace cxmetrics::python {

namespace py = pybind11;

/// The keyword arguments of a definition, as the Python layer hands them over: durations in microseconds.
class options {
 public:
  explicit options(py::dict values) : values_(std::move(values)) {}

  [[nodiscard]] const py::dict& values() const noexcept { return values_; }
  [[nodiscard]] bool has(const char* name) const { return !get(name).is_none(); }
  [[nodiscard]] std::optional<std::int64_t> integer(const char* name) const {
    const py::object value = get(name);
    if (value.is_none()) return std::nullopt;
    return value.cast<std::int64_t>();
  }
  [[nodiscard]] std::optional<duration> length(const char* name) const {
    const auto us = integer(name);
    if (!us) return std::nullopt;
    return duration(*us);
  }
  [[nodiscard]] std::optional<bool> flag(const char* name) const {
    const py::object value = get(name);
    if (value.is_none()) return std::nullopt;
    return value.cast<bool>();
  }
  [[nodiscard]] confidence level() const {
    const py::object value = get("level");
    return value.is_none() ? confidence() : confidence(value.cast<double>());
  }
  /// One of several words: its index. Any other word is an error that lists them.
  template <std::size_t Size>
  [[nodiscard]] std::size_t word(const char* name, const std::array<std::string_view, Size>& words) const {
    const py::object value = get(name);
    if (value.is_none()) return 0;
    const auto text = value.cast<std::string>();
    std::string known;
    for (std::size_t i = 0; i < Size; ++i) {
      if (words[i] == text) return i;
      known += (i == 0 ? "\"" : ", \"") + std::string(words[i]) + "\"";
    }
    throw error(std::string(name) + "=\"" + text + "\" is unknown: use " + (Size > 1 ? "one of " : "") +
                known);
  }

 private:
  [[nodiscard]] py::object get(const char* name) const {
    return values_.contains(name) ? py::object(values_[name]) : py::none();
  }
  py::dict values_;
};

}  // namespace cxmetrics::python

#endif  // CXMETRICS_PYTHON_OPTIONS_HPP

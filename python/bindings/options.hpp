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
    return as<std::int64_t>(name, value, "a whole number");
  }
  [[nodiscard]] std::optional<duration> length(const char* name) const {
    const auto us = integer(name);
    if (!us) return std::nullopt;
    return duration(*us);
  }
  [[nodiscard]] std::optional<bool> flag(const char* name) const {
    const py::object value = get(name);
    if (value.is_none()) return std::nullopt;
    return as<bool>(name, value, "True or False");
  }
  [[nodiscard]] confidence level() const {
    const py::object value = get("level");
    return value.is_none() ? confidence() : confidence(as<double>("level", value, "a number such as 0.95"));
  }
  /// One of several words: its index. Any other word is an error that lists them.
  template <std::size_t Size>
  [[nodiscard]] std::size_t word(const char* name, const std::array<std::string_view, Size>& words) const {
    const py::object value = get(name);
    if (value.is_none()) return 0;
    const bool is_text = py::isinstance<py::str>(value);
    const auto text = py::str(value).cast<std::string>();
    std::string known;
    for (std::size_t i = 0; i < Size; ++i) {
      if (is_text && words[i] == text) return i;
      known += (i == 0 ? "\"" : ", \"") + std::string(words[i]) + "\"";
    }
    const std::string said = is_text ? "\"" + text + "\"" : py::repr(value).cast<std::string>();
    throw error(std::string(name) + "=" + said + " is unknown: use " + (Size > 1 ? "one of " : "") + known);
  }

 private:
  [[nodiscard]] py::object get(const char* name) const {
    return values_.contains(name) ? py::object(values_[name]) : py::none();
  }
  /// A value of a type, or an error that says what to give instead.
  template <class T>
  [[nodiscard]] static T as(const char* name, const py::object& value, const char* wanted) {
    py::detail::make_caster<T> caster;
    if (caster.load(value, true)) return py::detail::cast_op<T>(caster);
    throw error(std::string(name) + "=" + py::repr(value).cast<std::string>() + " is not " + wanted);
  }
  py::dict values_;
};

}  // namespace cxmetrics::python

#endif  // CXMETRICS_PYTHON_OPTIONS_HPP

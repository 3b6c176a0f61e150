// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_PYTHON_BREATH_HPP
#define CXMETRICS_PYTHON_BREATH_HPP

#include <pybind11/pybind11.h>

#include <atomic>
#include <cstddef>

namespace cxmetrics::python {

/// Lets Ctrl-C stop a long computation that runs without the interpreter's lock: its workers ask go_on() once
/// a block, and the caller's own thread looks for signals meanwhile.
class breath {
 public:
  /// Whether to go on; throws in the caller's thread, and stops the others, where a signal handler raised.
  bool go_on(bool is_caller) {
    constexpr unsigned often = 32;  // blocks of some thousand rows: a few milliseconds
    if (is_caller && ++blocks_ % often == 0) look();
    return !stopped_;
  }
  /// Looks for signals, in the caller's thread.
  void look() {
    const pybind11::gil_scoped_acquire locked;
    if (PyErr_CheckSignals() == 0) return;
    stopped_ = true;
    throw pybind11::error_already_set();
  }

 private:
  unsigned blocks_ = 0;
  std::atomic<bool> stopped_ = false;
};

}  // namespace cxmetrics::python

#endif  // CXMETRICS_PYTHON_BREATH_HPP

// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_PYTHON_INTERRUPTIBLE_HPP
#define CXMETRICS_PYTHON_INTERRUPTIBLE_HPP

#include <pybind11/pybind11.h>

#include <chrono>
#include <cstddef>
#include <future>
#include <stop_token>
#include <thread>
#include <utility>

namespace cxmetrics::python {

/// f(stop) over so many rows, without the interpreter's lock. Many rows are worked on in another thread,
/// while this one, the only one that may, looks for Ctrl-C: where a signal handler raises, f is asked to
/// stop, is waited for, and what was raised is thrown.
template <class F>
auto interruptible(std::size_t rows, F f) {
  constexpr std::size_t few = std::size_t{1} << 21;  // less than a second of anything
  constexpr auto a_moment = std::chrono::milliseconds(50);
  const pybind11::gil_scoped_release unlocked;
  if (rows < few) return f(std::stop_token());
  std::stop_source source;
  std::packaged_task<decltype(f(std::stop_token()))()> task([&] { return f(source.get_token()); });
  auto result = task.get_future();
  const std::jthread worker(std::move(task));
  while (result.wait_for(a_moment) != std::future_status::ready) {
    const pybind11::gil_scoped_acquire locked;
    if (PyErr_CheckSignals() == 0) continue;
    source.request_stop();
    {
      const pybind11::gil_scoped_release waiting;
      result.wait();
    }
    throw pybind11::error_already_set();
  }
  return result.get();
}

}  // namespace cxmetrics::python

#endif  // CXMETRICS_PYTHON_INTERRUPTIBLE_HPP

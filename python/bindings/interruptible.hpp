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

/// f(stop) without the interpreter's lock, for so many values (rows, times what is done with each). Where
/// they are many, another thread works, and this one looks for Ctrl-C, which Python's main thread alone can:
/// where a signal handler raises, f is asked to stop, is waited for, and what was raised is thrown.
template <class F>
auto interruptible(std::size_t values, F f) {
  constexpr std::size_t few = std::size_t{1} << 21;  // of which no use takes a second
  constexpr auto a_moment = std::chrono::milliseconds(50);
  const pybind11::gil_scoped_release unlocked;
  if (values < few) return f(std::stop_token());
  std::packaged_task<decltype(f(std::stop_token()))(std::stop_token)> task(std::move(f));
  auto result = task.get_future();
  std::jthread worker(std::move(task));
  while (result.wait_for(a_moment) != std::future_status::ready) {
    const pybind11::gil_scoped_acquire locked;
    if (PyErr_CheckSignals() == 0) continue;
    worker.request_stop();
    {
      const pybind11::gil_scoped_release waiting;
      worker.join();
    }
    throw pybind11::error_already_set();
  }
  return result.get();
}

}  // namespace cxmetrics::python

#endif  // CXMETRICS_PYTHON_INTERRUPTIBLE_HPP

// SPDX-License-Identifier: Apache-2.0
#include "interruptible.hpp"

#include <chrono>
#include <future>
#include <thread>
#include <utility>

#include <pybind11/pybind11.h>

namespace cxmetrics::python {

void run_interruptibly(std::size_t values, const std::function<void(const std::stop_token&)>& work) {
  constexpr std::size_t few = std::size_t{1} << 21;  // of which no use takes a second
  constexpr auto a_moment = std::chrono::milliseconds(50);
  const pybind11::gil_scoped_release unlocked;
  if (values < few) return work(std::stop_token());
  std::packaged_task<void(std::stop_token)> task(std::cref(work));
  auto done = task.get_future();
  std::jthread worker(std::move(task));
  while (done.wait_for(a_moment) != std::future_status::ready) {
    const pybind11::gil_scoped_acquire locked;
    if (PyErr_CheckSignals() == 0) continue;
    worker.request_stop();
    {
      const pybind11::gil_scoped_release waiting;
      worker.join();
    }
    throw pybind11::error_already_set();
  }
  done.get();
}

}  // namespace cxmetrics::python

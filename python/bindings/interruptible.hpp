// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_PYTHON_INTERRUPTIBLE_HPP
#define CXMETRICS_PYTHON_INTERRUPTIBLE_HPP

#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <type_traits>
#include <utility>

namespace cxmetrics::python {

/// work(stop) without the interpreter's lock, for so many values (rows, times what is done with each). Where
/// they are many, another thread works, and this one looks for Ctrl-C, which Python's main thread alone can:
/// where a signal handler raises, work is asked to stop, is waited for, and what was raised is thrown.
void run_interruptibly(std::size_t values, const std::function<void(const std::stop_token&)>& work);

/// The same; returns what f returns.
template <class F>
auto interruptible(std::size_t values, F f) {
  using value = std::invoke_result_t<F&, const std::stop_token&>;
  if constexpr (std::is_void_v<value>) {
    run_interruptibly(values, f);
  } else {
    std::optional<value> out;
    run_interruptibly(values, [&](const std::stop_token& stop) { out.emplace(f(stop)); });
    return *std::move(out);
  }
}

}  // namespace cxmetrics::python

#endif  // CXMETRICS_PYTHON_INTERRUPTIBLE_HPP

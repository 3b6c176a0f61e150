// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_PYTHON_LOOKS_HPP
#define CXMETRICS_PYTHON_LOOKS_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

#include <pybind11/pybind11.h>

#include <cxmetrics/core/column.hpp>
#include <cxmetrics/engine/ends_of.hpp>
#include <cxmetrics/time/bucket.hpp>

namespace cxmetrics::python {

// What is odd but legal in a column is counted while it is read: a look sees every block once, in each
// thread.

/// Nothing is odd.
struct no_look {
  template <class T>
  void operator()(std::span<const T>) noexcept {}
  void merge(const no_look&) noexcept {}
  void say(pybind11::dict&) const {}
};

/// How many durations are 0, and how many longer than a limit.
struct duration_look {
  std::int64_t limit;
  std::uint64_t zeros = 0, longer = 0;

  void operator()(std::span<const std::int64_t> values) noexcept {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) return count_avx2(values);
#endif
    count(values);
  }
  void merge(const duration_look& other) noexcept {
    zeros += other.zeros;
    longer += other.longer;
  }
  void say(pybind11::dict& found) const {
    found["zeros"] = zeros;
    found["longer"] = longer;
  }

 private:
  [[gnu::always_inline]] inline void count(std::span<const std::int64_t> values) noexcept {
    std::uint64_t z = 0, l = 0;
    for (const std::int64_t us : values) {
      z += us == 0 ? 1U : 0U;
      l += us > limit ? 1U : 0U;
    }
    zeros += z;
    longer += l;
  }
#if defined(__x86_64__)
  [[gnu::target("avx2")]] void count_avx2(std::span<const std::int64_t> values) noexcept { count(values); }
#endif
};

/// At how many instants a day begins. Every zone's midnight is at a quarter of an hour of UTC, which is asked
/// first. Rows in order of time mostly have none between them; of others each is asked: a quarter is 2^8
/// times an odd number of microseconds, so a multiple of it, multiplied by the inverse of the odd number and
/// rotated, is small, and nothing else is.
struct midnight_look {
  bucketer days;
  std::uint64_t midnights = 0;

  void operator()(std::span<const std::int64_t> times) {
    constexpr std::size_t few = 128;
    for (std::size_t begin = 0; begin < times.size(); begin += few) {
      const std::span<const std::int64_t> some = times.subspan(begin, std::min(few, times.size() - begin));
      const auto [least, greatest] = ends_of(some);
      if (quarters_below(least) == quarters_below(greatest + 1) || !any_quarter(some)) continue;
      for (const std::int64_t us : some) {
        if (!is_quarter(us) || !is_value(us)) continue;
        const instant t{duration{us}};
        midnights += days.floor(t) == t ? 1U : 0U;
      }
    }
  }
  void merge(const midnight_look& other) noexcept { midnights += other.midnights; }
  void say(pybind11::dict& found) const { found["midnights"] = midnights; }

 private:
  static constexpr std::uint64_t quarter = 900'000'000;
  static constexpr int twos = std::countr_zero(quarter);
  static constexpr std::uint64_t inverse = [] {
    std::uint64_t x = quarter >> twos;  // right in three bits, and each step doubles them
    for (int i = 0; i < 5; ++i) x *= 2 - (quarter >> twos) * x;
    return x;
  }();
  static constexpr std::uint64_t first = (std::uint64_t{1} << 63) / quarter * quarter + quarter;

  // Counted from a quarter before all instants: 1970 is one too.
  [[nodiscard]] static constexpr std::uint64_t from_first(std::int64_t us) noexcept {
    return static_cast<std::uint64_t>(us) + first;
  }
  [[nodiscard]] static constexpr std::uint64_t quarters_below(std::int64_t us) noexcept {
    return (from_first(us) + quarter - 1) / quarter;
  }
  [[nodiscard]] static constexpr bool is_quarter(std::int64_t us) noexcept {
    return std::rotr(from_first(us) * inverse, twos) <= std::numeric_limits<std::uint64_t>::max() / quarter;
  }
  [[nodiscard]] static bool any_quarter(std::span<const std::int64_t> times) noexcept {
    bool any = false;
    for (const std::int64_t us : times) any |= is_quarter(us);
    return any;
  }
};

}  // namespace cxmetrics::python

#endif  // CXMETRICS_PYTHON_LOOKS_HPP

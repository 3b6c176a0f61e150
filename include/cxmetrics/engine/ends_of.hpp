// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_ENGINE_ENDS_OF_HPP
#define CXMETRICS_ENGINE_ENDS_OF_HPP

#include <algorithm>
#include <limits>
#include <span>

namespace cxmetrics {
inline namespace v0 {

/// The least and the greatest of some values.
template <class T>
struct value_ends {
  T least = std::numeric_limits<T>::max();
  T greatest = std::numeric_limits<T>::min();
};

namespace detail {

template <class T>
[[gnu::always_inline]] inline value_ends<T> ends_in_loop(std::span<const T> values) noexcept {
  T least = value_ends<T>{}.least, greatest = value_ends<T>{}.greatest;
  for (const T value : values) {
    least = std::min(least, value);
    greatest = std::max(greatest, value);
  }
  return {least, greatest};
}

#if defined(__x86_64__)
template <class T>
[[gnu::target("avx2")]] value_ends<T> ends_avx2(std::span<const T> values) noexcept {
  return ends_in_loop(values);
}
#endif

}  // namespace detail

/// The least and the greatest of whole numbers; of none the greatest and the least that there could be. Wide
/// numbers are compared in vector registers only where the running processor has AVX2.
template <class T>
[[nodiscard]] value_ends<T> ends_of(std::span<const T> values) noexcept {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return detail::ends_avx2(values);
#endif
  return detail::ends_in_loop(values);
}

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_ENGINE_ENDS_OF_HPP

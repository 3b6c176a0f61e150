// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CORE_COLUMN_HPP
#define CXMETRICS_CORE_COLUMN_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>

#include <cxmetrics/core/ledger.hpp>

namespace cxmetrics {
inline namespace v0 {

/// The values of a canonical column that are no values: every canonical column is one plain array, and what
/// was absent, excluded or impossible in the input stands in it as one of these three. Only the engine looks
/// at them.
template <class T>
struct absent;

template <>
struct absent<std::int8_t> {  ///< survey scores
  static constexpr std::int8_t missing = -128, invalid = -127, excluded = -126;
};
template <>
struct absent<std::uint8_t> {  ///< labels of a small fixed set
  static constexpr std::uint8_t missing = 255, invalid = 254, excluded = 253;
};
template <>
struct absent<std::int64_t> {  ///< instants and durations in microseconds
  static constexpr std::int64_t missing = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int64_t invalid = missing + 1, excluded = missing + 2;
};

/// What a canonical value is before any metric has seen it: counted means "a value, ask the metric".
template <class T>
[[nodiscard]] constexpr verdict presence(T value) noexcept {
  if (value == absent<T>::missing) return verdict::missing;
  if (value == absent<T>::invalid) return verdict::invalid;
  if (value == absent<T>::excluded) return verdict::excluded;
  return verdict::counted;
}

/// Whether a canonical value is a value at all, in one comparison.
template <class T>
[[nodiscard]] constexpr bool is_value(T value) noexcept {
  if constexpr (std::is_signed_v<T>)
    return value > absent<T>::excluded;
  else
    return value < absent<T>::excluded;
}

/// A string that can be a template argument: the names of columns.
template <std::size_t Size>
struct fixed_string {
  char text[Size]{};
  // NOLINTNEXTLINE(google-explicit-constructor): a literal is a name
  consteval fixed_string(const char (&literal)[Size]) { std::copy_n(literal, Size, text); }
  [[nodiscard]] constexpr std::string_view view() const noexcept { return {text, Size - 1}; }
};

/// One column that a metric reads: its name and canonical type.
template <fixed_string Name, class T>
struct column {
  static constexpr std::string_view name = Name.view();
  using type = T;
};

/// The columns that a metric reads, in the order of collect's arguments.
/// The kernels, the law suite and the doors are generic over this list.
template <class... Column>
struct columns {
  using values = std::tuple<typename Column::type...>;
  using spans = std::tuple<std::span<const typename Column::type>...>;
  static constexpr std::size_t count = sizeof...(Column);
  static constexpr std::array<std::string_view, sizeof...(Column)> names{Column::name...};
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CORE_COLUMN_HPP

// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_TESTS_LAWS_ROWS_HPP
#define CXMETRICS_TESTS_LAWS_ROWS_HPP

#include <rapidcheck.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/instant.hpp>

namespace laws {

/// Random values of a canonical column: one generator a type, none a metric. Mostly values, at times an edge
/// of something, at times one that is none.
template <class T>
rc::Gen<T> any_value();

template <class T>
rc::Gen<T> none_of() {
  return rc::gen::element(cxmetrics::absent<T>::missing, cxmetrics::absent<T>::invalid,
                          cxmetrics::absent<T>::excluded);
}

template <>
inline rc::Gen<std::int8_t> any_value() {  // scores
  return rc::gen::weightedOneOf<std::int8_t>({{16, rc::gen::cast<std::int8_t>(rc::gen::inRange(0, 11))},
                                              {2, rc::gen::element<std::int8_t>(-1, 11, 12, 100, 127, -125)},
                                              {2, none_of<std::int8_t>()}});
}
template <>
inline rc::Gen<std::uint8_t> any_value() {  // labels
  return rc::gen::weightedOneOf<std::uint8_t>(
      {{16, rc::gen::cast<std::uint8_t>(rc::gen::inRange(0, 14))},
       {3, rc::gen::element<std::uint8_t>(14, 15, 16, 17, 18, 19, 20, 21, 127, 128, 252)},
       {2, none_of<std::uint8_t>()}});
}
template <>
inline rc::Gen<std::int64_t> any_value() {  // durations of every scale, from a microsecond to two years
  const auto scaled =
      rc::gen::map(rc::gen::pair(rc::gen::inRange(0, 47), rc::gen::arbitrary<std::uint64_t>()),
                   [](std::pair<int, std::uint64_t> x) {
                     return static_cast<std::int64_t>(x.second & ((std::uint64_t{1} << x.first) - 1));
                   });
  constexpr std::int64_t longest = cxmetrics::max_duration.count(), second = 1'000'000;
  return rc::gen::weightedOneOf<std::int64_t>(
      {{16, scaled},
       {4,
        rc::gen::element<std::int64_t>(0, 5 * second, 5 * second + 1, 20 * second, 20 * second + 1, longest)},
       {1, rc::gen::element<std::int64_t>(-1, longest + 1, std::numeric_limits<std::int64_t>::max(),
                                          std::numeric_limits<std::int64_t>::min() + 3)},
       {2, none_of<std::int64_t>()}});
}

/// A random row of a list of columns.
template <class Values>
struct any_row_of;
template <class... T>
struct any_row_of<std::tuple<T...>> {
  static rc::Gen<std::tuple<T...>> generator() { return rc::gen::tuple(any_value<T>()...); }
};

/// Rows as columns.
template <class Values>
class table;
template <class... T>
class table<std::tuple<T...>> {
 public:
  explicit table(const std::vector<std::tuple<T...>>& rows) {
    for (const auto& row : rows) push_back(row, std::index_sequence_for<T...>{});
  }
  [[nodiscard]] std::tuple<std::span<const T>...> spans() const {
    return std::apply([](const auto&... column) { return std::tuple(std::span<const T>(column)...); },
                      columns_);
  }

 private:
  template <std::size_t... I>
  void push_back(const std::tuple<T...>& row, std::index_sequence<I...>) {
    (std::get<I>(columns_).push_back(std::get<I>(row)), ...);
  }
  std::tuple<std::vector<T>...> columns_;
};

}  // namespace laws

#endif  // CXMETRICS_TESTS_LAWS_ROWS_HPP

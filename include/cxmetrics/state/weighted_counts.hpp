// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_STATE_WEIGHTED_COUNTS_HPP
#define CXMETRICS_STATE_WEIGHTED_COUNTS_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <cxmetrics/core/codec.hpp>

namespace cxmetrics {
inline namespace v0 {

/// A weight in steps of 2^-20: what a row counts for. Range: 0 .. 2^20, that is 0 .. max_weight steps.
inline constexpr std::int64_t weight_one = std::int64_t{1} << 20;
inline constexpr std::int64_t max_weight = std::int64_t{1} << 40;

/// Rows, the sum of their weights and the sum of the squares: what an effective size and a variance are read
/// from. In steps of 2^-20 and 2^-40.
struct weight_sums {
  std::uint64_t n = 0;
  uint128 sum;
  uint128 squares;

  friend constexpr bool operator==(const weight_sums&, const weight_sums&) = default;

  /// The weight must lie in 1 .. max_weight: the metric has looked.
  constexpr void add(std::int64_t weight) {
    const auto w = static_cast<std::uint64_t>(weight);
    merge({1, {w, 0}, multiply(w, w)});
  }
  constexpr void merge(const weight_sums& other) {
    const weight_sums merged{checked_add(n, other.n), checked_add(sum, other.sum),
                             checked_add(squares, other.squares)};
    *this = merged;
  }
};

/// How many rows fell into each of a fixed number of classes, and what they weigh: exact, whatever the order.
/// Merge law: exact. Bytes: 40 a class, empty or full.
/// Overflow: none before 2^48 rows of the greatest weight in one class; merging throws then.
template <std::size_t Size>
struct weighted_counts {
  static constexpr std::size_t size = Size;
  static constexpr std::string_view merge_law = "exact";

  std::array<weight_sums, Size> of{};

  friend constexpr bool operator==(const weighted_counts&, const weighted_counts&) = default;

  [[nodiscard]] constexpr std::uint64_t total() const noexcept {
    std::uint64_t sum = 0;
    for (const weight_sums& c : of) sum += c.n;
    return sum;
  }
  /// Throws state_error, and changes nothing, where a sum would overflow.
  constexpr void merge(const weighted_counts& other) {
    static_cast<void>(checked_add(total(), other.total()));
    weighted_counts merged = *this;
    for (std::size_t i = 0; i < Size; ++i) merged.of[i].merge(other.of[i]);
    *this = merged;
  }
  void encode(writer& w) const {
    for (const weight_sums& c : of) {
      w.put(c.n);
      w.put(c.sum);
      w.put(c.squares);
    }
  }
  [[nodiscard]] static weighted_counts decode(reader& r) {
    weighted_counts out;
    std::uint64_t rows = 0;  // a total that does not fit a word was written by nobody
    for (weight_sums& c : out.of) {
      rows = checked_add(rows, c.n = r.get());
      c.sum = r.get_uint128();
      c.squares = r.get_uint128();
      const bool possible = c.n != 0 ? uint128{c.n, 0} <= c.sum && c.sum <= c.squares &&
                                           c.sum <= multiply(c.n, static_cast<std::uint64_t>(max_weight))
                                     : c.sum == uint128{} && c.squares == uint128{};
      if (!possible) throw state_error("state bytes hold sums that no weights have: they are damaged");
    }
    return out;
  }
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_STATE_WEIGHTED_COUNTS_HPP

// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_STATE_COUNTS_HPP
#define CXMETRICS_STATE_COUNTS_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <cxmetrics/core/codec.hpp>

namespace cxmetrics {
inline namespace v0 {

/// How many rows fell into each of a fixed number of classes.
/// Merge law: exact. Bytes: 8 a class, empty or full.
template <std::size_t Size>
struct counts {
  static constexpr std::size_t size = Size;
  static constexpr std::string_view merge_law = "exact";

  std::array<std::uint64_t, Size> of{};

  friend constexpr bool operator==(const counts&, const counts&) = default;

  [[nodiscard]] constexpr std::uint64_t total() const noexcept {
    std::uint64_t sum = 0;
    for (std::uint64_t count : of) sum += count;
    return sum;
  }
  /// Throws state_error, and changes nothing, where the total would overflow.
  constexpr void merge(const counts& other) {
    static_cast<void>(checked_add(total(), other.total()));
    counts sum;
    for (std::size_t i = 0; i < Size; ++i) sum.of[i] = of[i] + other.of[i];
    *this = sum;
  }
  /// Takes out what was merged in before; throws state_error, and changes nothing, where it was not.
  constexpr void unmerge(const counts& other) {
    for (std::size_t i = 0; i < Size; ++i)
      if (other.of[i] > of[i]) throw state_error("what was never merged in cannot be taken out");
    for (std::size_t i = 0; i < Size; ++i) of[i] -= other.of[i];
  }
  void encode(writer& w) const {
    for (std::uint64_t count : of) w.put(count);
  }
  [[nodiscard]] static counts decode(reader& r) {
    counts c;
    std::uint64_t sum = 0;  // a total that does not fit a word was written by nobody
    for (std::uint64_t& count : c.of) sum = checked_add(sum, count = r.get());
    return c;
  }
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_STATE_COUNTS_HPP

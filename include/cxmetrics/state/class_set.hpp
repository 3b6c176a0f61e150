// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_STATE_CLASS_SET_HPP
#define CXMETRICS_STATE_CLASS_SET_HPP

#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include <cxmetrics/state/counts.hpp>

namespace cxmetrics {
inline namespace v0 {

/// Some of the classes of a state that is counts: what stands above or below the line of a share. At most 64
/// classes. Two shares of one state differ by the classes in one set and not in the other.
struct class_set {
  std::uint64_t bits = 0;

  constexpr class_set() = default;
  constexpr class_set(std::initializer_list<std::size_t> classes) {
    for (std::size_t c : classes) bits |= std::uint64_t{1} << c;
  }
  friend constexpr bool operator==(class_set, class_set) = default;
  friend constexpr class_set operator|(class_set a, class_set b) noexcept {
    a.bits |= b.bits;
    return a;
  }
  /// What is in a and not in b.
  friend constexpr class_set operator-(class_set a, class_set b) noexcept {
    a.bits &= ~b.bits;
    return a;
  }
  [[nodiscard]] constexpr bool has(std::size_t c) const noexcept { return (bits >> c & 1) != 0; }
  /// Whether every class of the other is in this one.
  [[nodiscard]] constexpr bool includes(class_set other) const noexcept {
    return (other - *this) == class_set();
  }
  /// How many rows are in one of the classes.
  template <std::size_t Size>
  [[nodiscard]] constexpr std::uint64_t count(const counts<Size>& s) const noexcept {
    static_assert(Size <= 64);
    std::uint64_t sum = 0;
    for (std::size_t c = 0; c < Size; ++c) sum += has(c) ? s.of[c] : 0;
    return sum;
  }
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_STATE_CLASS_SET_HPP

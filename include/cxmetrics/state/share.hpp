// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_STATE_SHARE_HPP
#define CXMETRICS_STATE_SHARE_HPP

#include <cstdint>
#include <string_view>

#include <cxmetrics/core/codec.hpp>
#include <cxmetrics/core/result.hpp>

namespace cxmetrics {
inline namespace v0 {

/// So many of so many: what every proportion is read from. hits <= n, always.
/// Merge law: exact. Bytes: 16.
struct share {
  static constexpr std::string_view merge_law = "exact";

  std::uint64_t hits = 0;
  std::uint64_t n = 0;

  friend constexpr bool operator==(const share&, const share&) = default;

  constexpr void add(bool hit) noexcept {
    hits += hit ? 1 : 0;
    ++n;
  }
  /// Throws state_error, and changes nothing, where a count would overflow.
  constexpr void merge(const share& other) {
    const std::uint64_t all = checked_add(n, other.n);  // hits <= n: they fit if n does
    hits += other.hits;
    n = all;
  }
  constexpr void unmerge(const share& other) {
    if (other.n > n || other.hits > hits || other.n - other.hits > n - hits)
      throw state_error("what was never merged in cannot be taken out");
    hits -= other.hits;
    n -= other.n;
  }
  void encode(writer& w) const {
    w.put(hits);
    w.put(n);
  }
  [[nodiscard]] static share decode(reader& r) {
    share s;
    s.hits = r.get();
    s.n = r.get();
    if (s.hits > s.n) throw state_error("state bytes hold a share of more than all: they are damaged");
    return s;
  }

  /// 100 * hits / n; absent where n is 0.
  [[nodiscard]] constexpr figure percent() const noexcept {
    if (n == 0) return std::nullopt;
    return 100.0 * static_cast<double>(hits) / static_cast<double>(n);
  }
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_STATE_SHARE_HPP

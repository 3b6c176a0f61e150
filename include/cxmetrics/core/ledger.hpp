// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CORE_LEDGER_HPP
#define CXMETRICS_CORE_LEDGER_HPP

#include <cstdint>

namespace cxmetrics {
inline namespace v0 {

/// What became of one row. A metric answers counted, excluded (its definition leaves the row out) or invalid
/// (no such value exists); missing is the engine's, for a metric never sees an absent value.
enum class verdict : std::uint8_t { counted, excluded, invalid, missing };

/// Where every row went. rows() is the number of rows fed, always: nothing is lost in silence.
struct ledger {
  std::uint64_t counted = 0;   ///< decided by the definition, and in the figure's denominator
  std::uint64_t excluded = 0;  ///< left out by the definition
  std::uint64_t invalid = 0;   ///< no such value exists
  std::uint64_t missing = 0;   ///< absent in the input
  std::uint64_t pending = 0;   ///< not decided yet

  [[nodiscard]] constexpr std::uint64_t rows() const noexcept {
    return counted + excluded + invalid + missing + pending;
  }
  friend constexpr bool operator==(const ledger&, const ledger&) = default;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CORE_LEDGER_HPP

// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SURVEY_WEIGHTED_HPP
#define CXMETRICS_SURVEY_WEIGHTED_HPP

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/ledger.hpp>
#include <cxmetrics/core/result.hpp>
#include <cxmetrics/state/weighted_counts.hpp>

namespace cxmetrics {
inline namespace v0 {

/// A metric of scores that can also be read from weighted ones.
template <class M>
concept weighable = coded<M> && std::same_as<typename M::reads, columns<column<"score", std::int8_t>>> &&
                    requires(const M m, const weighted_counts<M::state::size> s, const ledger rows) {
                      { m.read(s, rows) } -> std::same_as<result>;
                    };

/// The same metric of answers that do not count alike: each has a weight, to make up for who answered and who
/// was asked. Also called: post-stratified, raked or design-weighted. Not to be confused with: a mean of
/// group figures. Reads: score as the metric does, and weight (1 .. 2^40 steps of 2^-20, so up to 1,048,576);
/// a row of weight 0 is excluded. The factor of all weights does not matter. Effective size: (sum of
/// weights)^2 / sum of squares. It does not merge with the unweighted metric: its name in the bytes is
/// another. Merge law: exact. Source: L. Kish, Survey Sampling (1965), section 11.7; D. A. Binder,
/// International Statistical Review 51 (1983) 279, for the variance.
template <weighable M>
struct weighted {
 private:
  static constexpr std::string_view prefix = "weighted_";
  static constexpr auto full_name = [] {
    std::array<char, prefix.size() + M::name.size()> text{};
    std::copy(M::name.begin(), M::name.end(), std::copy(prefix.begin(), prefix.end(), text.begin()));
    return text;
  }();

 public:
  static constexpr std::string_view name{full_name.data(), full_name.size()};
  static constexpr std::uint64_t version = M::version;
  static constexpr bool weighs_scores = true;  ///< a score is its own class; the engine has a kernel for it
  using reads = columns<column<"score", std::int8_t>, column<"weight", std::int64_t>>;
  using state = weighted_counts<M::state::size>;

  M of{};

  friend constexpr bool operator==(const weighted&, const weighted&) = default;

  [[nodiscard]] constexpr std::uint8_t code(std::int8_t score) const noexcept { return of.code(score); }
  [[nodiscard]] constexpr verdict look(std::int8_t score, std::int64_t weight) const noexcept {
    if (code(score) >= M::state::size || weight < 0 || weight > max_weight) return verdict::invalid;
    return weight == 0 ? verdict::excluded : verdict::counted;
  }
  constexpr void collect(state& s, std::int8_t score, std::int64_t weight) const {
    s.of[code(score)].add(weight);
  }
  [[nodiscard]] std::string complaint(std::int8_t score, std::int64_t weight) const {
    if (code(score) >= M::state::size) return of.complaint(score);
    return "weight of " + std::to_string(weight) + " steps of 2^-20 is outside 0 to 2^40 (1,048,576)";
  }
  [[nodiscard]] static constexpr ledger account(const state& s) noexcept { return {.counted = s.total()}; }
  void encode(writer& w) const { of.encode(w); }
  [[nodiscard]] static weighted decode(reader& r) { return {M::decode(r)}; }
  [[nodiscard]] std::string shown() const
    requires requires(const M m) { m.shown(); }
  {
    return of.shown();
  }

  /// The figure as the metric reads it, from weights: the intervals of shares and of the NPS take the
  /// effective size for n, those of means the linearised variance.
  template <class... How>
  [[nodiscard]] result read(const state& s, const ledger& rows, How&&... how) const {
    return of.read(s, rows, std::forward<How>(how)...);
  }
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_SURVEY_WEIGHTED_HPP

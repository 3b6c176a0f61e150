// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SURVEY_CSAT_HPP
#define CXMETRICS_SURVEY_CSAT_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/ledger.hpp>
#include <cxmetrics/core/result.hpp>
#include <cxmetrics/state/counts.hpp>
#include <cxmetrics/state/intervals.hpp>
#include <cxmetrics/state/weighted_counts.hpp>
#include <cxmetrics/survey/scale.hpp>

namespace cxmetrics {
inline namespace v0 {

/// The scales on which satisfaction is asked for.
enum class csat_scale : std::uint8_t {
  one_to_five,  ///< satisfied are 4 and 5: the top two boxes
  one_to_ten,   ///< the Dutch report mark: its mean is the figure; satisfied are 8 to 10
  smileys       ///< three faces, 1 to 3: satisfied is the top one
};
inline constexpr std::array<survey_scale, 3> csat_scales{{{1, 5}, {1, 10}, {1, 3}}};
inline constexpr std::array<std::string_view, 3> csat_scale_names{"1-5", "1-10", "1-3"};

enum class csat_figure : std::uint8_t {
  satisfied,  ///< the share of satisfied answers, in per cent
  mean        ///< the mean score
};
inline constexpr std::array<std::string_view, 2> csat_figure_names{"satisfied", "mean"};

/// How a figure is read from answers: it does not touch the state.
struct csat_reading {
  std::optional<csat_figure> figure{};               ///< absent: the mean of 1-10, the share of the others
  std::optional<std::int64_t> satisfied_from{};      ///< the lowest satisfied score; absent: 4, 8 or 3
  share_interval interval = share_interval::wilson;  ///< of the share; the mean has a t interval
};

/// Customer satisfaction: the share of satisfied answers, or the mean score: see `about`. Reads: score, whole
/// numbers of its scale; anything else is invalid. Every score is kept, so the cut-off is chosen when the
/// figure is read. Merge law: exact; states of unlike scales do not merge. Source: docs/metrics/csat.md.
struct csat {
  static constexpr std::string_view name = "csat";
  static constexpr std::uint64_t version = 1;
  static constexpr description about{
      .what = "The share of satisfied answers to \"how satisfied are you?\", in per cent, or the mean score.",
      .also_called = "top-two-box score; on 1-10 report mark, in Dutch rapportcijfer",
      .not_to_be_confused_with =
          "an NPS; a figure from another scale, question or country (the ten-point school scale is "
          "culturally Dutch)",
      .excluded = "of weight 0",
      .invalid = "no whole number of the scale",
      .missing = "not answered"};
  static constexpr bool value_is_code = true;  ///< a score is its own class
  using reads = columns<column<"score", std::int8_t>>;
  using state = counts<11>;

  csat_scale scale = csat_scale::one_to_five;

  friend constexpr bool operator==(const csat&, const csat&) = default;

  [[nodiscard]] constexpr const survey_scale& range() const noexcept {
    return csat_scales[static_cast<std::size_t>(scale)];
  }
  /// What is read where nothing else is asked for: Dutch report marks are given as a mean.
  [[nodiscard]] constexpr csat_figure usual_figure() const noexcept {
    return scale == csat_scale::one_to_ten ? csat_figure::mean : csat_figure::satisfied;
  }
  [[nodiscard]] constexpr std::uint8_t code(std::int8_t score) const noexcept { return range().code(score); }
  [[nodiscard]] constexpr bool is_plain(std::int8_t score) const noexcept { return range().has(score); }
  [[nodiscard]] static constexpr std::uint8_t plain_code(std::int8_t score) noexcept {
    return static_cast<std::uint8_t>(score);
  }
  [[nodiscard]] std::string complaint(std::int8_t score) const { return range().complaint(score); }
  [[nodiscard]] std::string shown() const { return range().shown(); }
  [[nodiscard]] static constexpr ledger account(const state& s) noexcept { return {.counted = s.total()}; }
  void encode(writer& w) const { range().encode(w); }
  [[nodiscard]] static csat decode(reader& r) {
    return {static_cast<csat_scale>(survey_scale::decode_one_of(csat_scales, r))};
  }

  /// The figure with its counts, interval and ledger; of plain answers and of weighted ones. Absent where
  /// there is no answer; the mean has no interval where all answers are alike.
  /// Errors: scale_error where satisfied_from is no score above the lowest.
  [[nodiscard]] result read(const state& s, const ledger& rows, csat_reading how = {},
                            confidence c = {}) const;
  [[nodiscard]] result read(const weighted_counts<11>& s, const ledger& rows, csat_reading how = {},
                            confidence c = {}) const;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_SURVEY_CSAT_HPP

// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SURVEY_CES_HPP
#define CXMETRICS_SURVEY_CES_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/ledger.hpp>
#include <cxmetrics/core/result.hpp>
#include <cxmetrics/state/counts.hpp>
#include <cxmetrics/state/intervals.hpp>
#include <cxmetrics/state/weighted_counts.hpp>
#include <cxmetrics/survey/nps.hpp>
#include <cxmetrics/survey/scale.hpp>

namespace cxmetrics {
inline namespace v0 {

/// The two questions that go by the name of customer effort score; they point in opposite directions.
enum class ces_scale : std::uint8_t {
  agreement,  ///< CES 2.0 (2013): "made it easy", 1 to 7, high is good
  effort      ///< CES 1.0 (2010): "how much effort", 1 to 5, low is good
};
inline constexpr std::array<survey_scale, 2> ces_scales{{{1, 7}, {1, 5, true}}};
inline constexpr std::array<std::string_view, 2> ces_scale_names{"1-7", "1-5"};

enum class ces_figure : std::uint8_t {
  mean,         ///< the mean score; the only figure of CES 1.0
  agree_share,  ///< the share of 5, 6 and 7, in per cent
  top2,         ///< the share of 6 and 7, in per cent
  net           ///< the share of 6 and 7 less that of 1, 2 and 3, in points
};
inline constexpr std::array<std::string_view, 4> ces_figure_names{"mean", "agree_share", "top2", "net"};

/// How a figure is read from answers: it does not touch the state. The mean has a t interval.
struct ces_reading {
  ces_figure figure = ces_figure::mean;
  share_interval share = share_interval::wilson;   ///< of agree_share and top2
  nps_interval net = nps_interval::adjusted_wald;  ///< of net, which is built like an NPS
};

/// Customer effort score: how easy it was to get something done: see `about`. Reads: score, whole numbers of
/// its scale; anything else is invalid. Every score is kept. Merge law: exact; states of unlike scales do not
/// merge. Source: M. Dixon, K. Freeman and N. Toman, Harvard Business Review, July 2010 (1.0); CEB, 2013
/// (2.0); docs/metrics/ces.md.
struct ces {
  static constexpr std::string_view name = "ces";
  static constexpr std::uint64_t version = 1;
  static constexpr description about{
      .what =
          "How easy it was to get something done: agreement that it was made easy from 1 to 7 (2.0, high is "
          "good), or effort from 1 to 5 (1.0, low is good).",
      .also_called = "effort score",
      .not_to_be_confused_with = "a mean over both scales, whose directions are opposite; CSAT",
      .excluded = "of weight 0",
      .invalid = "no whole number of the scale",
      .missing = "not answered"};
  static constexpr bool value_is_code = true;  ///< a score is its own class
  using reads = columns<column<"score", std::int8_t>>;
  using state = counts<11>;

  ces_scale scale = ces_scale::agreement;

  friend constexpr bool operator==(const ces&, const ces&) = default;

  [[nodiscard]] constexpr const survey_scale& range() const noexcept {
    return ces_scales[static_cast<std::size_t>(scale)];
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
  [[nodiscard]] static ces decode(reader& r) {
    return {static_cast<ces_scale>(survey_scale::decode_one_of(ces_scales, r))};
  }

  /// The figure with its counts, interval and ledger; of plain answers and of weighted ones. Absent where
  /// there is no answer; the mean has no interval where all answers are alike.
  /// Errors: scale_error for a share or net of CES 1.0, which has none.
  [[nodiscard]] result read(const state& s, const ledger& rows, ces_reading how = {},
                            confidence c = {}) const;
  [[nodiscard]] result read(const weighted_counts<11>& s, const ledger& rows, ces_reading how = {},
                            confidence c = {}) const;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_SURVEY_CES_HPP

// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_HANDLE_TIME_HPP
#define CXMETRICS_CONTACT_HANDLE_TIME_HPP

#include <cstdint>
#include <string>
#include <string_view>

#include <cxmetrics/contact/outcome.hpp>
#include <cxmetrics/contact/wait_time.hpp>
#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/ledger.hpp>
#include <cxmetrics/core/result.hpp>
#include <cxmetrics/state/intervals.hpp>

namespace cxmetrics {
inline namespace v0 {

/// A time that an agent spent on an answered contact: the whole distribution, in seconds; the value of the
/// figure is the median. What is unfinished is pending, what was not answered excluded, and an answered
/// contact without the time (it still talks, or nobody measured it) missing. Merge law: exact.
/// Source: docs/metrics/handle_time.md.
template <class What>
struct answered_time {
  static constexpr std::string_view name = What::name;
  static constexpr std::uint64_t version = 1;
  using reads = columns<typename What::column, column<"outcome", std::uint8_t>>;
  using state = waits;

  friend constexpr bool operator==(const answered_time&, const answered_time&) = default;

  [[nodiscard]] constexpr verdict look(std::int64_t time, std::uint8_t how) const noexcept {
    if (time < 0 || time > max_duration.count() || how >= outcome_codes) return verdict::invalid;
    if (static_cast<outcome>(how) == outcome::unfinished) return verdict::counted;
    if (static_cast<outcome>(how) != outcome::answered || (What::only_positive && time == 0))
      return verdict::excluded;
    return verdict::counted;
  }
  void collect(state& s, std::int64_t time, std::uint8_t how) const {
    if (static_cast<outcome>(how) == outcome::unfinished)
      ++s.pending;
    else
      s.distribution.add(duration(time));
  }
  [[nodiscard]] std::string complaint(std::int64_t time, std::uint8_t how) const {
    if (how >= outcome_codes) return "outcome " + std::to_string(how) + " does not exist";
    return std::string(What::column::name) + " of " + std::to_string(time) +
           " us is outside 0 to 2^46 us (2.2 years)";
  }
  [[nodiscard]] static ledger account(const state& s) noexcept {
    return {.counted = s.distribution.moments.n, .pending = s.pending};
  }
  void encode(writer&) const {}
  [[nodiscard]] static answered_time decode(reader&) { return {}; }

  /// The median in seconds with its interval; the distribution itself is in the state.
  [[nodiscard]] result read(const state& s, const ledger& rows,
                            std::optional<confidence> c = confidence()) const;
};

namespace detail {

struct talk_time {
  static constexpr std::string_view name = "talk_time", title = "Talk time", of = "answered";
  static constexpr description about{
      .what = "From the answer to the end of the conversation: the whole distribution, in seconds.",
      .also_called = "its mean is the average talk time (ATT)",
      .not_to_be_confused_with = "handle time, which adds hold and wrap-up",
      .excluded = "not answered",
      .invalid = "a time outside 0 to 2.2 years, or an outcome that does not exist",
      .missing = "answered, without the time",
      .pending = "still waiting"};
  static constexpr bool only_positive = false;
  using column = cxmetrics::column<"talk", std::int64_t>;
};
struct handle_time {
  static constexpr std::string_view name = "handle_time", title = "Handle time", of = "answered";
  static constexpr description about{
      .what = "Talk, hold and wrap-up of an answered contact together: the whole distribution, in seconds.",
      .also_called = "its mean is the average handle time (AHT)",
      .not_to_be_confused_with = "talk time, which leaves out hold and after-contact work",
      .excluded = "not answered",
      .invalid = "a time outside 0 to 2.2 years, or an outcome that does not exist",
      .missing = "answered, without the time",
      .pending = "still waiting"};
  static constexpr bool only_positive = false;
  using column = cxmetrics::column<"handle", std::int64_t>;
};
struct hold_time_of_answered {
  static constexpr std::string_view name = "hold_time_of_answered", title = "Hold time", of = "answered";
  static constexpr description about{
      .what =
          "How long answered contacts were on hold, 0 for those that were not: the distribution, in seconds.",
      .also_called = "hold time per answered contact",
      .not_to_be_confused_with = "hold time of the held, whose mean is longer",
      .excluded = "not answered",
      .invalid = "a time outside 0 to 2.2 years, or an outcome that does not exist",
      .missing = "answered, without the time",
      .pending = "still waiting"};
  static constexpr bool only_positive = false;
  using column = cxmetrics::column<"hold", std::int64_t>;
};
struct hold_time {
  static constexpr std::string_view name = "hold_time", title = "Hold time", of = "held";
  static constexpr description about{
      .what = "How long answered contacts that were put on hold stayed there: the distribution, in seconds.",
      .also_called = "average customer hold time (Amazon Connect)",
      .not_to_be_confused_with = "hold time over all answered contacts, whose mean is shorter",
      .excluded = "not answered, or never on hold",
      .invalid = "a time outside 0 to 2.2 years, or an outcome that does not exist",
      .missing = "answered, without the time",
      .pending = "still waiting"};
  static constexpr bool only_positive = true;
  using column = cxmetrics::column<"hold", std::int64_t>;
};

}  // namespace detail

/// From the answer to the end of the conversation. Its mean is the average talk time (ATT).
using talk_time = answered_time<detail::talk_time>;
/// Talk, hold and wrap-up (after-contact work) together. Its mean is the average handle time (AHT).
using handle_time = answered_time<detail::handle_time>;
/// How long answered contacts were on hold, of those that were: the others are excluded.
using hold_time = answered_time<detail::hold_time>;
/// How long answered contacts were on hold; 0 for those that were not.
using hold_time_of_answered = answered_time<detail::hold_time_of_answered>;

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_HANDLE_TIME_HPP

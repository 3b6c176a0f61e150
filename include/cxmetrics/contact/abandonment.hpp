// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_ABANDONMENT_HPP
#define CXMETRICS_CONTACT_ABANDONMENT_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include <cxmetrics/contact/contact_clock.hpp>
#include <cxmetrics/contact/outcome.hpp>
#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/core/ledger.hpp>
#include <cxmetrics/core/result.hpp>
#include <cxmetrics/state/class_set.hpp>
#include <cxmetrics/state/counts.hpp>
#include <cxmetrics/state/intervals.hpp>

namespace cxmetrics {
inline namespace v0 {

/// Which ways of leaving are abandons, and of what they are a share: two sets of classes of one state.
struct abandonment_formula {
  std::string_view name;
  class_set above{};
  class_set below{};
  std::string_view above_text{};
  std::string_view below_text{};

  friend constexpr bool operator==(const abandonment_formula&, const abandonment_formula&) = default;

  /// The formula of a name, checked when it is compiled: abandonment_formula::named("offered").
  [[nodiscard]] static consteval abandonment_formula named(std::string_view name);
  /// The formula of a name; absent for any other text.
  [[nodiscard]] static constexpr std::optional<abandonment_formula> find(std::string_view name);
};

/// Every formula: adding one is an entry here and its line in docs/metrics/abandonment.md, which has the
/// sources.
inline constexpr auto abandonment_formulas = [] {
  using enum outcome;
  using f = abandonment_formula;
  const auto of = [](std::initializer_list<outcome> some) {
    class_set set;
    for (outcome o : some) set = set | class_set{static_cast<std::size_t>(o)};
    return set;
  };
  const class_set left = of({abandoned}), refused = of({refused_full, refused_closed});
  const class_set lost = of({abandoned, timeout, left_empty, withdrawn, system_failure});
  const class_set offered =
      lost | refused | of({answered, exit_key, callback_requested, transferred_blind, transferred_attended});
  const class_set brief{outcome_count};
  return std::array{
      f{"offered", left, offered, "abandoned", "offered"},
      f{"answered_and_abandoned", left, of({answered, abandoned}), "abandoned", "(answered + abandoned)"},
      f{"amazon", left, offered - refused, "abandoned", "queued"},
      f{"genesys", left | brief | of({system_failure}), offered | brief, "abandoned or disconnected",
        "offered"},
      f{"asterisk", lost, lost | of({answered}), "lost", "(answered + lost)"},
      f{"freeswitch", offered - refused - of({answered}), offered - refused, "left unanswered", "queued"},
      f{"zendesk", offered - of({answered}), offered, "not answered", "offered"},
  };
}();

consteval abandonment_formula abandonment_formula::named(std::string_view name) { return find(name).value(); }
constexpr std::optional<abandonment_formula> abandonment_formula::find(std::string_view name) {
  for (const abandonment_formula& f : abandonment_formulas)
    if (f.name == name) return f;
  return std::nullopt;
}

/// The share of offered contacts whose customer left before an answer, in per cent: see `about`.
/// Reads: outcome, or the standing of a short abandon in its place. Contacts still waiting are pending. Merge
/// law: exact. Source: docs/metrics/abandonment.md names the denominators of the systems read.
struct abandonment {
  static constexpr std::string_view name = "abandonment";
  static constexpr std::uint64_t version = 3;
  static constexpr description about{
      .what = "The share of offered contacts whose customer left the queue before an answer, in per cent.",
      .also_called = "abandonment rate, lost calls",
      .not_to_be_confused_with =
          "the share not answered, which also holds time-outs, exits by key and callbacks; "
          "Asterisk's own counter, which adds time-outs, empty queues, withdrawals and "
          "failures",
      .invalid = "an outcome that does not exist, or not answered without saying how",
      .missing = "no outcome",
      .pending = "still waiting"};
  using reads = columns<column<"outcome", std::uint8_t>>;
  using state = counts<outcome_count + 1>;  // the last class is the short abandons

  std::optional<duration> short_abandon{};   ///< abandons after at most this wait are left out
  contact_clock clock = contact_clock::leg;  ///< what the columns hold

  friend constexpr bool operator==(const abandonment&, const abandonment&) = default;

  /// `unanswered` is invalid here: whoever was not answered has not necessarily left.
  [[nodiscard]] constexpr std::uint8_t code(std::uint8_t how) const noexcept {
    if (how < outcome_count) return how;
    return short_abandon && how == static_cast<std::uint8_t>(standing::short_abandoned)
               ? static_cast<std::uint8_t>(outcome_count)
               : reject::invalid;
  }
  [[nodiscard]] std::string complaint(std::uint8_t how) const {
    if (how == static_cast<std::uint8_t>(outcome::unanswered))
      return "not answered is not abandoned: abandonment needs a column of outcomes, a yes or no is not "
             "enough";
    return "outcome " + std::to_string(how) + " does not exist";
  }
  /// What to say of a contact: its outcome, or that it was abandoned within the limit.
  [[nodiscard]] constexpr std::uint8_t outcome_of(outcome how, duration wait) const noexcept {
    const bool brief = how == outcome::abandoned && wait <= short_abandon.value_or(duration::min());
    return brief ? static_cast<std::uint8_t>(standing::short_abandoned) : static_cast<std::uint8_t>(how);
  }
  [[nodiscard]] static constexpr std::uint64_t count(const state& s, outcome o) noexcept {
    return s.of[static_cast<std::size_t>(o)];
  }
  [[nodiscard]] static constexpr std::uint64_t short_count(const state& s) noexcept {
    return s.of[outcome_count];
  }
  [[nodiscard]] static constexpr ledger account(const state& s) noexcept {
    const std::uint64_t pending = count(s, outcome::unfinished), brief = short_count(s);
    return {.counted = s.total() - pending - brief, .excluded = brief, .pending = pending};
  }
  void encode(writer& w) const {
    w.put_signed(short_abandon ? short_abandon->count() : -1);
    w.put(static_cast<std::uint64_t>(clock));
  }
  [[nodiscard]] static abandonment decode(reader& r) {
    const std::int64_t brief = r.get_signed();
    if (brief < -1 || brief > max_duration.count())
      throw state_error("state bytes hold an impossible limit: they are damaged");
    return {brief < 0 ? std::nullopt : std::optional(duration(brief)), decode_contact_clock(r)};
  }

  /// The figure with its counts, interval and ledger. Absent where nothing stands below the line.
  [[nodiscard]] result read(const state& s, const ledger& rows,
                            const abandonment_formula& formula = abandonment_formula::named("offered"),
                            confidence c = {}, share_interval method = share_interval::wilson) const;
};

/// Throws unit_error unless the limit lies in 0 .. max_duration.
void validate(const abandonment& metric);

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_ABANDONMENT_HPP

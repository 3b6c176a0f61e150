// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_OUTCOME_HPP
#define CXMETRICS_CONTACT_OUTCOME_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cxmetrics {
inline namespace v0 {

/// How a contact left its queue. `unfinished` has not left: the data end first. Never an abandon.
enum class outcome : std::uint8_t {
  answered,
  abandoned,     ///< the customer left
  timeout,       ///< the queue's own limit
  left_empty,    ///< sent away because no agent was there any more
  exit_key,      ///< the customer pressed a key to leave
  withdrawn,     ///< taken out by another system
  refused_full,  ///< refused at the door
  refused_closed,
  callback_requested,
  transferred_blind,
  transferred_attended,
  system_failure,  ///< lost by the system: no common codec, a restart
  unfinished,
  unanswered  ///< from a bare yes or no: not answered, and nobody says how it left
};

/// The outcomes that input may name; `unanswered` has no name there.
inline constexpr std::size_t outcome_count = 13;
inline constexpr std::size_t outcome_codes = outcome_count + 1;

/// The identifiers of api.md, in the order of the enumerators.
inline constexpr std::array<std::string_view, outcome_count> outcome_names{"answered",
                                                                           "abandoned",
                                                                           "timeout",
                                                                           "left_empty",
                                                                           "exit_key",
                                                                           "withdrawn",
                                                                           "refused_full",
                                                                           "refused_closed",
                                                                           "callback_requested",
                                                                           "transferred_blind",
                                                                           "transferred_attended",
                                                                           "system_failure",
                                                                           "unfinished"};

/// What a definition may say of a row in the place of its outcome. No input names these and no door writes
/// them: a metric that has no use for one refuses it.
enum class standing : std::uint8_t {
  short_abandoned = outcome_codes,  ///< abandoned within the definition's limit
  short_answered,                   ///< answered, and over within the definition's limit
  arrived = 128                     ///< added to one of these or to an outcome: only that the contact entered
};

[[nodiscard]] constexpr std::string_view name_of(outcome o) noexcept {
  return o == outcome::unanswered ? "unanswered" : outcome_names[static_cast<std::size_t>(o)];
}
/// The outcome of a name; absent for any other text.
[[nodiscard]] constexpr std::optional<outcome> outcome_of(std::string_view name) noexcept {
  for (std::size_t i = 0; i < outcome_count; ++i)
    if (outcome_names[i] == name) return static_cast<outcome>(i);
  return std::nullopt;
}

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_OUTCOME_HPP

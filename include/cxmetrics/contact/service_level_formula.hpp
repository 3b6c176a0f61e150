// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_SERVICE_LEVEL_FORMULA_HPP
#define CXMETRICS_CONTACT_SERVICE_LEVEL_FORMULA_HPP

#include <array>
#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string_view>

#include <cxmetrics/contact/outcome.hpp>
#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/state/class_set.hpp>

namespace cxmetrics {
inline namespace v0 {

/// The classes of a service level's state: two an outcome, within and beyond the threshold, then those below.
struct service_level_classes {
  static constexpr std::size_t short_abandoned = 2 * outcome_codes;  ///< and the next one: beyond
  static constexpr std::size_t short_answered = short_abandoned + 2;
  // that a contact entered, by what formulas tell apart of those offered
  static constexpr std::size_t arrived = short_answered + 1;
  static constexpr std::size_t arrived_refused_full = arrived + 1;
  static constexpr std::size_t arrived_refused_closed = arrived + 2;
  static constexpr std::size_t arrived_short_abandoned = arrived + 3;
  static constexpr std::size_t arrived_short_answered = arrived + 4;
  static constexpr std::size_t size = arrived + 5;

  [[nodiscard]] static constexpr class_set within(std::initializer_list<outcome> some) {
    class_set set;
    for (outcome o : some) set = set | class_set{2 * static_cast<std::size_t>(o)};
    return set;
  }
  [[nodiscard]] static constexpr class_set beyond(std::initializer_list<outcome> some) {
    class_set set;
    for (outcome o : some) set = set | class_set{2 * static_cast<std::size_t>(o) + 1};
    return set;
  }
  [[nodiscard]] static constexpr class_set both(std::initializer_list<outcome> some) {
    return within(some) | beyond(some);
  }
};

/// Genesys Cloud's three switches, as in its settings. Short abandons are those within the definition's
/// limit.
struct genesys_switches {
  bool include_flow_outs = false;
  bool include_short_abandons = false;
  bool include_abandons = true;
  friend constexpr bool operator==(const genesys_switches&, const genesys_switches&) = default;
};

/// Which contacts stand above and below the line of a service level: two sets of classes of one state, so
/// that every formula is read from the same counts. A formula of one's own is a value like these.
struct service_level_formula {
  std::string_view name;
  class_set above{};
  class_set below{};
  std::string_view above_text = "answered";  ///< "... within 20s"
  std::string_view below_text{};
  std::string_view source{};  ///< who writes it so; empty: one's own
  duration only_within{};     ///< a law's own threshold; 0: any
  std::string_view note{};
  genesys_switches switches{};

  friend constexpr bool operator==(const service_level_formula&, const service_level_formula&) = default;

  /// Whether a bare yes or no of answers does not serve: the formula tells ways of not being answered apart.
  [[nodiscard]] constexpr bool needs_outcomes() const;
  /// Whether it divides by all that were offered, however they left: under attribution event, by what
  /// arrived.
  [[nodiscard]] constexpr bool of_arrivals() const;
  /// The formula of a name, checked when it is compiled: service_level_formula::named("offered").
  [[nodiscard]] static consteval service_level_formula named(std::string_view name);
  /// The formula of a name; absent for any other text.
  [[nodiscard]] static constexpr std::optional<service_level_formula> find(std::string_view name);
};

namespace detail::level_sets {

using enum outcome;
using classes = service_level_classes;

inline constexpr class_set hits = classes::within({answered});
inline constexpr class_set all_answered = classes::both({answered});
inline constexpr class_set all_abandoned = classes::both({abandoned});
// Left for another place: a menu, a voice box, a callback, another queue.
inline constexpr class_set flow_outs = classes::both(
    {timeout, left_empty, exit_key, callback_requested, transferred_blind, transferred_attended});
inline constexpr class_set dequeued = classes::both({withdrawn});
inline constexpr class_set refused = classes::both({refused_full, refused_closed});
inline constexpr class_set failed = classes::both({system_failure});
inline constexpr class_set not_answered =
    all_abandoned | flow_outs | dequeued | refused | failed | classes::both({unanswered});
inline constexpr class_set all_offered = all_answered | not_answered | classes::beyond({unfinished});
// Cisco: the first of answered, abandoned, threshold passed. An error never counts.
inline constexpr class_set all_beyond =
    classes::beyond({timeout, left_empty, exit_key, callback_requested, transferred_blind,
                     transferred_attended, withdrawn, refused_full, refused_closed, unfinished});
inline constexpr class_set events = all_answered | all_abandoned | all_beyond;
// What Asterisk's queue counts as abandoned.
inline constexpr class_set lost_within =
    classes::within({abandoned, timeout, left_empty, withdrawn, system_failure});
inline constexpr class_set lost =
    lost_within | classes::beyond({abandoned, timeout, left_empty, withdrawn, system_failure});
inline constexpr class_set short_abandons{classes::short_abandoned, classes::short_abandoned + 1};

}  // namespace detail::level_sets

/// Genesys Cloud's service level with its switches. A disconnect by the system counts as an abandon.
/// Source: help.mypurecloud.com/articles/configure-the-service-level-calculation/
[[nodiscard]] constexpr service_level_formula genesys(genesys_switches on = {}) {
  namespace sets = detail::level_sets;
  service_level_formula f{.name = "genesys",
                          .above = sets::hits,
                          .below = sets::all_answered,
                          .below_text = "answered",
                          .source = "Genesys Cloud, Configure the service level calculation",
                          .switches = on};
  if (on.include_abandons) {
    f.below = f.below | sets::all_abandoned | sets::failed;
    if (on.include_short_abandons) f.below = f.below | sets::short_abandons;
    f.below_text = "(answered + abandoned)";
  }
  if (on.include_flow_outs) {
    f.below = f.below | sets::flow_outs | sets::dequeued;
    f.below_text = on.include_abandons ? "(answered + abandoned + flow-outs)" : "(answered + flow-outs)";
  }
  return f;
}

/// Every formula, in the order of its list in docs/metrics/service_level.md, which has the sources. Adding
/// one is an entry here and its line there.
inline constexpr auto service_level_formulas = [] {
  using namespace detail::level_sets;
  using in = service_level_classes;
  using f = service_level_formula;
  constexpr std::string_view koole = "Koole, Call Center Optimization (2013), section 2.3";
  constexpr std::string_view cisco = "Cisco UCCE, CTI server guide, p. 117";
  constexpr std::string_view avaya = "Avaya BCMS, p. 18, 53, 90";
  constexpr std::string_view asterisk = "Asterisk, apps/app_queue.c";
  return std::array{
      f{"offered", hits, all_offered, "answered", "offered", koole},
      f{"answered_only", hits, all_answered, "answered", "answered", koole},
      f{"abandons_ignored", hits, events - in::within({abandoned}), "answered", "(events - abandoned within)",
        cisco},
      f{"abandons_negative", hits, events, "answered", "events", cisco},
      f{"abandons_positive", in::within({answered, abandoned}), events, "answered or abandoned", "events",
        cisco},
      genesys(),
      f{"amazon", in::within({answered, abandoned, callback_requested}), all_offered - refused,
        "answered, abandoned or to be called back", "queued",
        "Amazon Connect, Administrator Guide, historical metrics definitions"},
      f{"avaya_split", hits, all_answered | all_abandoned | flow_outs | dequeued, "answered",
        "(answered + abandoned + outflows + dequeued)", avaya},
      f{"avaya_vdn", hits, all_answered | all_abandoned | flow_outs | refused | failed, "answered",
        "(answered + abandoned + outflows + busy or disconnected)", avaya},
      f{"asterisk_sl1", hits, all_answered, "answered", "answered", asterisk},
      f{"asterisk_sl2", hits | lost_within, all_answered | lost, "answered or lost", "(answered + lost)",
        asterisk},
      f{"wazo_qos", hits, all_answered, "answered", "answered", "Wazo, wazo-call-logd, queue_stat.py"},
      f{"es_law_10_2025", hits, all_offered, "answered", "offered", "Spain, Law 10/2025",
        std::chrono::seconds(180),
        "Law 10/2025 asks for 95 of 100 calls over a year; its clock runs from the first second of the call, "
        "or from "
        "the "
        "request for a person in a menu: the wait must be measured so"},
  };
}();

constexpr bool service_level_formula::needs_outcomes() const {
  namespace sets = detail::level_sets;
  const class_set left = sets::not_answered - (sets::not_answered - below);
  return !sets::all_answered.includes(above) || (left != class_set() && left != sets::not_answered);
}
constexpr bool service_level_formula::of_arrivals() const {
  return below.includes(detail::level_sets::all_offered - detail::level_sets::refused);
}
consteval service_level_formula service_level_formula::named(std::string_view name) {
  return find(name).value();
}
constexpr std::optional<service_level_formula> service_level_formula::find(std::string_view name) {
  for (const service_level_formula& f : service_level_formulas)
    if (f.name == name) return f;
  return std::nullopt;
}

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_SERVICE_LEVEL_FORMULA_HPP

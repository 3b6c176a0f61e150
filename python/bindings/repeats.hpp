// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_PYTHON_REPEATS_HPP
#define CXMETRICS_PYTHON_REPEATS_HPP

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <cxmetrics/contact/first_contact_resolution.hpp>

#include "states.hpp"

namespace cxmetrics::python {

namespace py = pybind11;

constexpr std::array<std::string_view, 2> transfer_rules{"ignored", "fails"};
constexpr std::array<std::string_view, 2> resolution_bases{"gross", "net"};
/// The intervals of a share, and the one with the variance between customers.
constexpr std::array<std::string_view, 4> repeat_intervals{"wilson", "clopper_pearson", "jeffreys",
                                                           "clustered"};

/// The outcomes of a list of names; none given: all.
inline outcome_set outcomes_of(const py::dict& from, const char* name) {
  if (!from.contains(name) || from[name].is_none()) return {};
  std::vector<outcome> members;
  for (const auto& label : from[name].cast<std::vector<std::string>>()) {
    const auto found = outcome_of(label);
    if (!found)
      throw error(
          std::string(name) + "=[..., \"" + label +
          "\"] is no outcome: use some of answered, abandoned, timeout, left_empty, exit_key, withdrawn, "
          "refused_full, refused_closed, callback_requested, transferred_blind, transferred_attended, "
          "system_failure, unfinished");
    members.push_back(*found);
  }
  return outcome_set(std::span<const outcome>(members));
}

/// The collect parameters of first-contact resolution, as Python hands them over.
inline repeat_rule repeat_rule_of(const py::dict& from) {
  const options o(from);
  const repeat_rule rule{o.length("window").value_or(duration{}),
                         static_cast<repeat_clock>(o.word("clock", repeat_clock_names)),
                         static_cast<repeat_order>(o.word("rule", repeat_order_names)),
                         static_cast<reason_match>(o.word("reason", reason_match_names)),
                         outcomes_of(from, "first"),
                         outcomes_of(from, "repeats")};
  validate(rule);
  return rule;
}

inline py::object names_of(const outcome_set& set) {
  if (set.is_all()) return py::none();
  py::list names;
  for (std::size_t i = 0; i < outcome_count; ++i)
    if (set.has(static_cast<outcome>(i))) names.append(std::string(outcome_names[i]));
  return names;
}

inline py::dict parameters_of(const repeat_rule& rule) {
  py::dict out;
  out["window"] = rule.window.count();
  out["clock"] = std::string(repeat_clock_names[static_cast<std::size_t>(rule.clock)]);
  out["rule"] = std::string(repeat_order_names[static_cast<std::size_t>(rule.order)]);
  out["reason"] = std::string(reason_match_names[static_cast<std::size_t>(rule.reason)]);
  out["first"] = names_of(rule.first);
  out["repeats"] = names_of(rule.repeats);
  return out;
}

inline first_contact_resolution resolution_of(const repeat_rule& rule) {
  return {rule.window, rule.clock, rule.order, rule.reason, rule.first, rule.repeats};
}

template <>
struct face<first_contact_resolution> {
  static first_contact_resolution make(const options& o) { return resolution_of(repeat_rule_of(o.values())); }
  static py::dict parameters(const first_contact_resolution& m) { return parameters_of(m.rule()); }
  static auto reading(const first_contact_resolution&, const options& how) {
    const auto at = [&](const char* name) -> std::optional<instant> {
      if (const auto us = how.integer(name)) return instant(duration(*us));
      return std::nullopt;
    };
    repeat_reading reading{.known = {at("since"), at("until")},
                           .transfer_fails = how.word("transfer", transfer_rules) == 1,
                           .net = how.word("basis", resolution_bases) == 1};
    if (const auto early = how.integer("left_unknown"))
      reading.left_unknown = static_cast<std::uint64_t>(*early);
    const py::dict values = how.values();
    const std::size_t interval = how.word("interval", repeat_intervals);
    const bool clustered = interval == share_interval_names.size();
    if (clustered && values.contains("spread") && !values["spread"].is_none()) {
      const auto [customers, good_good, good_all, all_all] =
          values["spread"].cast<std::tuple<std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t>>();
      reading.spread = customer_spread{customers, good_good, good_all, all_all};
    }
    const bool unknown = clustered && !reading.spread;
    const auto method = clustered ? share_interval::wilson : static_cast<share_interval>(interval);
    return [reading, level = how.level(), method, unknown](const tally<first_contact_resolution>& t) {
      if (unknown && t.ledger().counted != 0)
        throw state_error(
            "interval=\"clustered\" needs all contacts of a customer at once: fill the state from a table, "
            "or read "
            "it with interval=\"wilson\"");
      return t.result(reading, level, method);
    };
  }
};

}  // namespace cxmetrics::python

#endif  // CXMETRICS_PYTHON_REPEATS_HPP

// SPDX-License-Identifier: Apache-2.0
// The metrics of contacts: how options become a definition, and how its figure is read; and what only they
// have.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include <cxmetrics/contact/abandonment.hpp>
#include <cxmetrics/contact/first_contact_resolution.hpp>
#include <cxmetrics/contact/handle_time.hpp>
#include <cxmetrics/contact/largest_queue.hpp>
#include <cxmetrics/contact/service_level.hpp>
#include <cxmetrics/contact/transfer_rate.hpp>
#include <cxmetrics/contact/transfers_per_contact.hpp>
#include <cxmetrics/contact/wait_time.hpp>

#include "bind.hpp"
#include "interruptible.hpp"
#include "registry.hpp"
#include "repeats.hpp"
#include "vectors.hpp"

namespace cxmetrics::python {

template <class Formula, std::size_t Size>
constexpr std::array<std::string_view, Size> names_of(const std::array<Formula, Size>& formulas) {
  std::array<std::string_view, Size> names{};
  for (std::size_t i = 0; i < Size; ++i) names[i] = formulas[i].name;
  return names;
}
constexpr auto service_level_names = names_of(service_level_formulas);
constexpr auto abandonment_names = names_of(abandonment_formulas);

py::object microseconds(std::optional<duration> limit) {
  return limit ? py::cast(limit->count()) : py::none();
}

contact_clock clock_of(const options& o) {
  return static_cast<contact_clock>(o.word("clock", contact_clock_names));
}

template <>
struct face<service_level> {
  static service_level make(const options& o) {
    const service_level metric{
        .within = o.length("within").value_or(duration{}),
        .short_abandon = o.length("short_abandon"),
        .comparison = static_cast<threshold_comparison>(o.word("comparison", threshold_comparison_names)),
        .short_answer = o.length("short_answer"),
        .attribution = static_cast<level_attribution>(o.word("attribution", level_attribution_names)),
        .clock = clock_of(o)};
    validate(metric);
    return metric;
  }
  static py::dict parameters(const service_level& m) {
    py::dict out;
    out["within"] = m.within.count();
    out["short_abandon"] = microseconds(m.short_abandon);
    out["comparison"] = std::string(threshold_comparison_names[static_cast<std::size_t>(m.comparison)]);
    out["short_answer"] = microseconds(m.short_answer);
    out["attribution"] = std::string(level_attribution_names[static_cast<std::size_t>(m.attribution)]);
    out["clock"] = std::string(name_of(m.clock));
    return out;
  }
  static service_level_formula formula(const options& how) {
    const service_level_formula found = service_level_formulas[how.word("formula", service_level_names)];
    const auto flow_outs = how.flag("include_flow_outs"), shorts = how.flag("include_short_abandons"),
               abandons = how.flag("include_abandons");
    if (!flow_outs && !shorts && !abandons) return found;
    if (found.name != genesys().name)
      throw error(
          "include_flow_outs=, include_short_abandons= and include_abandons= are switches of "
          "formula=\"genesys\": \"" +
          std::string(found.name) + "\" has none");
    genesys_switches on;
    on.include_flow_outs = flow_outs.value_or(on.include_flow_outs);
    on.include_short_abandons = shorts.value_or(on.include_short_abandons);
    on.include_abandons = abandons.value_or(on.include_abandons);
    return genesys(on);
  }
  static auto reading(const service_level&, const options& how) {
    return [by = formula(how), level = how.level(), interval = share_method(how)](
               const tally<service_level>& t) { return t.result(by, level, interval); };
  }
};

template <>
struct face<abandonment> {
  static abandonment make(const options& o) {
    const abandonment metric{o.length("short_abandon"), clock_of(o)};
    validate(metric);
    return metric;
  }
  static py::dict parameters(const abandonment& m) {
    py::dict out;
    out["short_abandon"] = microseconds(m.short_abandon);
    out["clock"] = std::string(name_of(m.clock));
    return out;
  }
  static auto reading(const abandonment&, const options& how) {
    return
        [by = abandonment_formulas[how.word("formula", abandonment_names)], level = how.level(),
         interval = share_method(how)](const tally<abandonment>& t) { return t.result(by, level, interval); };
  }
};

template <>
struct face<transfer_rate> {
  static transfer_rate make(const options&) { return {}; }
  static py::dict parameters(const transfer_rate&) { return {}; }
  static auto reading(const transfer_rate&, const options& how) {
    return [level = how.level(), interval = share_method(how)](const tally<transfer_rate>& t) {
      return t.result(level, interval);
    };
  }
};

template <>
struct face<transfers_per_contact> {
  static transfers_per_contact make(const options&) { return {}; }
  static py::dict parameters(const transfers_per_contact&) { return {}; }
  static auto reading(const transfers_per_contact&, const options& how) {
    return [level = how.level()](const tally<transfers_per_contact>& t) { return t.result(level); };
  }
};

template <class What>
struct face<answered_time<What>> {
  static answered_time<What> make(const options&) { return {}; }
  static py::dict parameters(const answered_time<What>&) { return {}; }
  static auto reading(const answered_time<What>&, const options& how) {
    return [level = how.level()](const tally<answered_time<What>>& t) { return t.result(level); };
  }
};

template <>
struct face<wait_time> {
  static wait_time make(const options& o) {
    return {static_cast<wait_population>(o.word("of", wait_population_names)), clock_of(o)};
  }
  static py::dict parameters(const wait_time& m) {
    py::dict out;
    out["of"] = std::string(wait_population_names[static_cast<std::size_t>(m.of)]);
    out["clock"] = std::string(name_of(m.clock));
    return out;
  }
  static auto reading(const wait_time&, const options& how) {
    return [level = how.level()](const tally<wait_time>& t) { return t.result(level); };
  }
};

void add_contact_metrics(registry& to) {
  add<service_level, abandonment, wait_time, transfer_rate, talk_time, handle_time, hold_time_of_answered,
      hold_time, first_contact_resolution, transfers_per_contact>(to);
}

py::list level_differences(const any_state& s, const py::dict& how, const py::dict& from) {
  const auto* level = dynamic_cast<const state_of<service_level>*>(&s);
  if (level == nullptr)
    throw state_error("a state of " + std::string(s.name()) + " has no formulas of a service level");
  const auto formula = [](const py::dict& words) { return face<service_level>::formula(options(words)); };
  py::list out;
  for (const level_difference& d : differences(level->content().state(), formula(how), formula(from)))
    out.append(py::make_tuple(d.what, d.count, d.above, d.below));
  return out;
}

namespace {

/// The rows of contacts by a definition of a service level: wait, outcome, instants, and whose they are.
py::tuple level_rows_of(const py::dict& parameters, const py::array_t<std::int64_t, py::array::c_style>& wait,
                        const py::array_t<std::uint8_t, py::array::c_style>& outcome,
                        const std::optional<py::array_t<std::int64_t, py::array::c_style>>& entered) {
  const service_level metric = face<service_level>::make(options(parameters));
  const auto waits = span_of(wait);
  const auto outcomes = span_of(outcome);
  const auto entries = entered ? span_of(*entered) : std::span<const std::int64_t>();
  level_rows rows = interruptible(waits.size(), [&](const std::stop_token& /*one short pass*/) {
    return rows_of(metric, waits, outcomes, entries);
  });
  return py::make_tuple(array_of(std::move(rows.wait)), array_of(std::move(rows.outcome)),
                        array_of(std::move(rows.at)), array_of(std::move(rows.contact)));
}

template <std::size_t Size>
py::tuple texts(const std::array<std::string_view, Size>& names) {
  py::list out;
  for (std::string_view name : names) out.append(std::string(name));
  return py::tuple(out);
}

}  // namespace

void bind_contact_metrics(py::module_& m) {
  m.attr("SERVICE_LEVEL_FORMULAS") = texts(service_level_names);
  py::dict laws;  // a law's formula is about the law's threshold
  for (const service_level_formula& f : service_level_formulas)
    if (f.only_within.count() != 0) laws[py::str(std::string(f.name))] = f.only_within.count();
  m.attr("SERVICE_LEVEL_LAWS") = laws;
  m.attr("ABANDONMENT_FORMULAS") = texts(abandonment_names);
  using instants = py::array_t<std::int64_t, py::array::c_style>;
  m.def("largest_queue", [](const instants& entered, const instants& wait) -> py::object {
    const auto peak = largest_queue(span_of(entered), span_of(wait));
    if (!peak) return py::none();
    return py::make_tuple(peak->contacts, peak->since.time_since_epoch().count());
  });
  m.def("level_rows", &level_rows_of, py::arg("parameters"), py::arg("wait"), py::arg("outcome"),
        py::arg("entered") = py::none());
  m.attr("SHORT_ABANDONED") = static_cast<int>(standing::short_abandoned);
  m.attr("SHORT_ANSWERED") = static_cast<int>(standing::short_answered);
}

}  // namespace cxmetrics::python

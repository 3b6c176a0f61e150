// SPDX-License-Identifier: Apache-2.0
// Every metric that Python knows: its face, and one line in the registry.
#include <pybind11/stl.h>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cxmetrics/contact/abandonment.hpp>
#include <cxmetrics/contact/first_contact_resolution.hpp>
#include <cxmetrics/contact/handle_time.hpp>
#include <cxmetrics/contact/largest_queue.hpp>
#include <cxmetrics/contact/service_level.hpp>
#include <cxmetrics/contact/transfer_rate.hpp>
#include <cxmetrics/contact/transfers_per_contact.hpp>
#include <cxmetrics/contact/wait_time.hpp>
#include <cxmetrics/survey/ces.hpp>
#include <cxmetrics/survey/csat.hpp>
#include <cxmetrics/survey/nps.hpp>
#include <cxmetrics/survey/response_rate.hpp>
#include <cxmetrics/survey/weighted.hpp>

#include "bind.hpp"
#include "interruptible.hpp"
#include "repeats.hpp"
#include "states.hpp"
#include "vectors.hpp"

namespace cxmetrics::python {

constexpr std::array<std::string_view, 3> nps_intervals{"adjusted_wald", "score", "wald"};
constexpr std::array<std::string_view, 1> mean_intervals{"t"};

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

share_interval share_method(const options& how) {
  return static_cast<share_interval>(how.word("interval", share_interval_names));
}

contact_clock clock_of(const options& o) {
  return static_cast<contact_clock>(o.word("clock", contact_clock_names));
}

template <>
struct face<nps> {
  static nps make(const options&) { return {}; }
  static py::dict parameters(const nps&) { return {}; }
  static auto reading(const nps&, const options& how) {
    return [interval = static_cast<nps_interval>(how.word("interval", nps_intervals)),
            level = how.level()](const auto& t) { return t.result(interval, level); };
  }
};

template <>
struct face<csat> {
  static csat make(const options& o) { return {static_cast<csat_scale>(o.word("scale", csat_scale_names))}; }
  static py::dict parameters(const csat& m) {
    py::dict out;
    out["scale"] = std::string(csat_scale_names[static_cast<std::size_t>(m.scale)]);
    return out;
  }
  static auto reading(const csat& m, const options& how) {
    csat_reading reading{.satisfied_from = how.integer("satisfied_from")};
    if (how.has("figure")) reading.figure = static_cast<csat_figure>(how.word("figure", csat_figure_names));
    if (reading.figure.value_or(m.usual_figure()) == csat_figure::mean)
      static_cast<void>(how.word("interval", mean_intervals));
    else
      reading.interval = share_method(how);
    return [reading, level = how.level()](const auto& t) { return t.result(reading, level); };
  }
};

template <>
struct face<ces> {
  static ces make(const options& o) { return {static_cast<ces_scale>(o.word("scale", ces_scale_names))}; }
  static py::dict parameters(const ces& m) {
    py::dict out;
    out["scale"] = std::string(ces_scale_names[static_cast<std::size_t>(m.scale)]);
    return out;
  }
  static auto reading(const ces&, const options& how) {
    ces_reading reading{.figure = static_cast<ces_figure>(how.word("figure", ces_figure_names))};
    if (reading.figure == ces_figure::net)
      reading.net = static_cast<nps_interval>(how.word("interval", nps_intervals));
    else if (reading.figure == ces_figure::mean)
      static_cast<void>(how.word("interval", mean_intervals));
    else
      reading.share = share_method(how);
    return [reading, level = how.level()](const auto& t) { return t.result(reading, level); };
  }
};

template <class M>
struct face<weighted<M>> {
  static weighted<M> make(const options& o) { return {face<M>::make(o)}; }
  static py::dict parameters(const weighted<M>& m) { return face<M>::parameters(m.of); }
  static auto reading(const weighted<M>& m, const options& how) { return face<M>::reading(m.of, how); }
};

template <>
struct face<response_rate> {
  static response_rate make(const options&) { return {}; }
  static py::dict parameters(const response_rate&) { return {}; }
  static auto reading(const response_rate&, const options& how) {
    return [interval = share_method(how), level = how.level()](const tally<response_rate>& t) {
      return t.result(interval, level);
    };
  }
};

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

namespace {

struct entry {
  std::unique_ptr<any_state> (*make)(const options&);
  std::unique_ptr<any_state> (*decode)(std::string_view);
};

template <metric M>
std::pair<const std::string_view, entry> bound() {
  return {M::name, {&state_of<M>::make, &state_of<M>::decode}};
}

const std::map<std::string_view, entry>& registry() {
  static const std::map<std::string_view, entry> metrics{
      bound<nps>(),
      bound<csat>(),
      bound<ces>(),
      bound<response_rate>(),
      bound<weighted<nps>>(),
      bound<weighted<csat>>(),
      bound<weighted<ces>>(),
      bound<service_level>(),
      bound<abandonment>(),
      bound<wait_time>(),
      bound<transfer_rate>(),
      bound<talk_time>(),
      bound<handle_time>(),
      bound<hold_time_of_answered>(),
      bound<hold_time>(),
      bound<first_contact_resolution>(),
      bound<transfers_per_contact>(),
  };
  return metrics;
}

const entry& find(std::string_view name) {
  const auto found = registry().find(name);
  if (found == registry().end()) {
    std::string shown;  // the name may come from damaged bytes
    for (char c : name.substr(0, 60)) shown += c >= ' ' && c <= '~' ? c : '?';
    throw state_error("this build knows no metric \"" + shown + "\": use the cxmetrics that does");
  }
  return found->second;
}

std::unique_ptr<any_state> decode(std::string_view bytes) {
  reader r(bytes);
  return find(read_name(r)).decode(bytes);
}

py::dict ledger_dict(const ledger& l) {
  py::dict out;
  out["n"] = l.counted;
  out["excluded"] = l.excluded;
  out["invalid"] = l.invalid;
  out["missing"] = l.missing;
  out["pending"] = l.pending;
  return out;
}

/// A result as plain Python values: the class that people see is Python's.
py::dict result_dict(const result& r) {
  py::dict out, counts, parameters;
  for (const named_count& c : r.counts()) counts[py::str(c.name)] = c.count;
  for (const named_text& p : r.parameters()) parameters[py::str(p.name)] = p.text;
  out["metric"] = r.metric();
  out["title"] = r.title();
  out["unit"] = r.unit();
  out["value"] = r.value() ? py::cast(*r.value()) : py::none();
  out["interval"] = r.interval() ? py::object(py::make_tuple(r.interval()->low, r.interval()->high,
                                                             r.interval()->level, r.interval()->method))
                                 : py::none();
  out["rows"] = ledger_dict(r.ledger());
  out["counts"] = counts;
  out["formula"] = r.formula();
  out["parameters"] = parameters;
  out["effective_n"] = r.weighting() ? py::cast(r.weighting()->effective_n) : py::none();
  out["standard_error"] = r.weighting() ? py::cast(r.weighting()->standard_error) : py::none();
  out["notes"] = r.notes();
  out["source"] = r.source();
  out["text"] = r.to_text();
  return out;
}

/// What makes the difference between a service level and the one by another formula.
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

/// The rows of contacts by a definition of a service level: wait, outcome, instants, and whose they are.
py::tuple level_rows_of(const py::dict& parameters, const py::array_t<std::int64_t, py::array::c_style>& wait,
                        const py::array_t<std::uint8_t, py::array::c_style>& outcome,
                        const std::optional<py::array_t<std::int64_t, py::array::c_style>>& entered) {
  const auto span_of = [](const auto& a) { return std::span(a.data(), static_cast<std::size_t>(a.size())); };
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

py::object optional(const figure& f) { return f ? py::cast(*f) : py::none(); }

// An array that lies in memory as T says, one value after the other; absent for any other.
template <class T>
std::optional<std::span<const T>> plain_array(const py::array& column) {
  if (!py::isinstance<py::array_t<T>>(column) || column.ndim() != 1 ||
      (column.size() > 1 && column.strides(0) != static_cast<py::ssize_t>(sizeof(T))))
    return std::nullopt;
  return std::span<const T>(static_cast<const T*>(column.data()), static_cast<std::size_t>(column.size()));
}

using group_array = py::array_t<std::uint32_t, py::array::c_style>;

std::span<const std::uint32_t> span_of(const group_array& groups) {
  return {groups.data(), static_cast<std::size_t>(groups.size())};
}

}  // namespace

void bind_metrics(py::module_& m) {
  py::list metrics;
  for (const auto& [name, unused] : registry()) metrics.append(std::string(name));
  m.attr("METRICS") = py::tuple(metrics);
  m.attr("SERVICE_LEVEL_FORMULAS") = texts(service_level_names);
  py::dict laws;  // a law's formula is about the law's threshold
  for (const service_level_formula& f : service_level_formulas)
    if (f.only_within.count() != 0) laws[py::str(std::string(f.name))] = f.only_within.count();
  m.attr("SERVICE_LEVEL_LAWS") = laws;
  m.attr("ABANDONMENT_FORMULAS") = texts(abandonment_names);
  using instants = py::array_t<std::int64_t, py::array::c_style>;
  m.def("largest_queue", [](const instants& entered, const instants& wait) -> py::object {
    const auto span_of = [](const instants& a) {
      return std::span(a.data(), static_cast<std::size_t>(a.size()));
    };
    const auto peak = largest_queue(span_of(entered), span_of(wait));
    if (!peak) return py::none();
    return py::make_tuple(peak->contacts, peak->since.time_since_epoch().count());
  });
  m.def("level_rows", &level_rows_of, py::arg("parameters"), py::arg("wait"), py::arg("outcome"),
        py::arg("entered") = py::none());
  m.attr("SHORT_ABANDONED") = static_cast<int>(standing::short_abandoned);
  m.attr("SHORT_ANSWERED") = static_cast<int>(standing::short_answered);

  py::class_<any_grid> grid(m, "Grid", "One state a group.");  // before a signature names it
  py::class_<any_state>(m, "State", "A tally of any metric; the Python class cxmetrics.State wraps it.")
      .def_static("make", [](const std::string& name,
                             const py::dict& parameters) { return find(name).make(options(parameters)); })
      .def_static("decode", [](const py::bytes& bytes) { return decode(bytes); })
      .def_property_readonly("name", [](const any_state& s) { return std::string(s.name()); })
      .def_property_readonly("reads",
                             [](const any_state& s) {
                               py::list names;
                               for (std::string_view name : s.reads()) names.append(std::string(name));
                               return names;
                             })
      .def("update", &any_state::update, py::arg("columns"), py::kw_only(), py::arg("count_invalid"),
           py::arg("threads"))
      .def(
          "update_direct",
          [](any_state& s, const py::array& column, unsigned threads) {
            const auto scores = plain_array<std::int8_t>(column);
            return scores && s.update_direct(*scores, threads);
          },
          py::arg("column"), py::kw_only(), py::arg("threads"))
      .def(
          "update_plain",
          [](any_state& s, const py::array& column, const py::array& weight_column, unsigned threads) {
            const auto scores = plain_array<std::int8_t>(column);
            const auto weights = plain_array<double>(weight_column);
            return scores && weights && scores->size() == weights->size() &&
                   s.update_plain(*scores, *weights, threads);
          },
          py::arg("scores"), py::arg("weights"), py::kw_only(), py::arg("threads"))
      .def("add_counts", &any_state::add_counts, py::arg("rows"))
      .def("merge", &any_state::merge)
      .def("parameters", &any_state::parameters)
      .def("encode", [](const any_state& s) { return py::bytes(s.encode()); })
      .def("clone", &any_state::clone)
      .def("read", [](const any_state& s, const py::dict& how) { return result_dict(s.read(options(how))); })
      .def("explain",
           [](const any_state& s, const py::dict& how) {
             py::list lines;
             for (const named_text& line : s.read(options(how)).explain())
               lines.append(py::make_tuple(line.name, line.text));
             return lines;
           })
      .def("has_distribution", [](const any_state& s) { return s.distribution() != nullptr; })
      .def("mean", [](const any_state& s) { return optional(s.distribution()->moments.mean_seconds()); })
      .def("longest",
           [](const any_state& s) -> py::object {
             const auto longest = s.longest();
             return longest ? py::cast(static_cast<double>(longest->count()) / 1e6) : py::none();
           })
      .def("quantile",
           [](const any_state& s, double q) { return optional(s.distribution()->quantile_seconds(q)); })
      .def("quantile_interval",
           [](const any_state& s, double q, double level) -> py::object {
             const auto i = s.distribution()->quantile_interval(q, confidence(level));
             if (!i) return py::none();
             return py::make_tuple(i->low, i->high, i->level, i->method);
           })
      .def("share_within",
           [](const any_state& s, std::int64_t us) {
             return optional(s.distribution()->percent_within(duration(us)));
           })
      .def("level_differences", &level_differences, py::arg("how"), py::arg("base"))
      .def(
          "grid", [](const any_state& s, std::size_t groups) { return s.make_grid(groups); },
          py::arg("groups"));

  grid.def("__len__", &any_grid::size)
      .def(
          "read",
          [](const any_grid& g, const py::dict& how, std::size_t groups, unsigned threads) {
            figure_columns found = g.read(options(how), groups, threads);
            py::list columns;
            for (auto& column : found.figures) columns.append(array_of(std::move(column)));
            columns.append(array_of(std::move(found.n)));
            return columns;
          },
          py::arg("how"), py::kw_only(), py::arg("groups"), py::arg("threads"),
          "The figures of the first groups as columns: value, low and high, or median, p90 and mean; and n.")
      .def(
          "compare",
          [](const any_grid& g, const any_grid& baseline, const py::dict& how, const std::string& method,
             unsigned threads) {
            comparison_columns found = g.compare(baseline, options(how), method, threads);
            py::list columns;
            for (auto& column : found.figures) columns.append(array_of(std::move(column)));
            for (auto& column : found.n) columns.append(array_of(std::move(column)));
            return py::make_tuple(columns, found.notes);
          },
          py::arg("baseline"), py::arg("how"), py::kw_only(), py::arg("method"), py::arg("threads"),
          "Every group less the same one of a baseline, as columns: value, baseline, difference, low, high, "
          "z, "
          "p, n and the baseline's n; and the notes of comparisons, with how many have each.")
      .def(
          "pick",
          [](const any_grid& g, const group_array& from) {
            const std::span<const std::uint32_t> groups = span_of(from);
            const py::gil_scoped_release released;
            return g.pick(groups);
          },
          py::arg("groups"), "Copies of some groups; 2^32 - 1 is one without rows.")
      .def("others", &any_grid::others, "For each group the sum of all others.")
      .def(py::pickle(
          [](const any_grid& g) {  // the bytes of an empty state, which say what it is of, and of each group
            std::vector<std::string> states(g.size());
            {
              const py::gil_scoped_release released;
              for (std::size_t i = 0; i < g.size(); ++i) states[i] = g.at(i)->encode();
            }
            py::list kept;
            for (const std::string& bytes : states) kept.append(py::bytes(bytes));
            return py::make_tuple(py::bytes(g.empty()->encode()), kept);
          },
          [](const py::tuple& kept) {
            const auto states = kept[1].cast<std::vector<py::bytes>>();
            const std::vector<std::string_view> bytes(states.begin(), states.end());
            const auto empty = decode(kept[0].cast<py::bytes>());
            const py::gil_scoped_release released;
            return empty->make_grid(bytes);
          }))
      .def("update", [](any_grid& g, const group_array& groups,
                        const std::vector<py::array>& columns) { g.update(span_of(groups), columns); })
      .def("at", &any_grid::at)
      .def("regroup", [](const any_grid& g, const group_array& to, std::size_t size) {
        const std::span<const std::uint32_t> groups = span_of(to);
        const py::gil_scoped_release released;
        return g.regroup(groups, size);
      });
}

}  // namespace cxmetrics::python

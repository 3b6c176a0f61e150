// SPDX-License-Identifier: Apache-2.0
// Every metric that Python knows: its face, and one line in the registry.
#include <pybind11/stl.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cxmetrics/contact/abandonment.hpp>
#include <cxmetrics/contact/first_contact_resolution.hpp>
#include <cxmetrics/contact/service_level.hpp>
#include <cxmetrics/contact/wait_time.hpp>
#include <cxmetrics/survey/nps.hpp>

#include "bind.hpp"
#include "repeats.hpp"
#include "states.hpp"

namespace cxmetrics::python {

constexpr std::array<std::string_view, 3> nps_intervals{"adjusted_wald", "score", "wald"};
constexpr std::array<std::string_view, 1> share_intervals{"wilson"};
constexpr std::array<std::string_view, 1> abandonment_formulas{"offered"};

template <>
struct face<nps> {
  static nps make(const options&) { return {}; }
  static py::dict parameters(const nps&) { return {}; }
  static result read(const tally<nps>& t, const options& how) {
    return t.result(static_cast<nps_interval>(how.word("interval", nps_intervals)), how.level());
  }
};

template <>
struct face<service_level> {
  static service_level make(const options& o) {
    const service_level metric{.within = o.length("within").value_or(duration{}),
                               .short_abandon = o.length("short_abandon")};
    validate(metric);
    return metric;
  }
  static py::dict parameters(const service_level& m) {
    py::dict out;
    out["within"] = m.within.count();
    out["short_abandon"] = m.short_abandon ? py::cast(m.short_abandon->count()) : py::none();
    return out;
  }
  static result read(const tally<service_level>& t, const options& how) {
    static_cast<void>(how.word("interval", share_intervals));
    return t.result(static_cast<service_level_formula>(how.word("formula", service_level_formula_names)),
                    how.level());
  }
};

template <>
struct face<abandonment> {
  static abandonment make(const options&) { return {}; }
  static py::dict parameters(const abandonment&) { return {}; }
  static result read(const tally<abandonment>& t, const options& how) {
    static_cast<void>(how.word("formula", abandonment_formulas));
    return t.result(how.level());
  }
};

template <>
struct face<wait_time> {
  static wait_time make(const options& o) {
    return {static_cast<wait_population>(o.word("of", wait_population_names))};
  }
  static py::dict parameters(const wait_time& m) {
    py::dict out;
    out["of"] = std::string(wait_population_names[static_cast<std::size_t>(m.of)]);
    return out;
  }
  static result read(const tally<wait_time>& t, const options& how) { return t.result(how.level()); }
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
      bound<service_level>(),
      bound<abandonment>(),
      bound<wait_time>(),
      bound<first_contact_resolution>(),
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
  out["notes"] = r.notes();
  out["source"] = r.source();
  out["text"] = r.to_text();
  return out;
}

py::object optional(const figure& f) { return f ? py::cast(*f) : py::none(); }

using group_array = py::array_t<std::uint32_t, py::array::c_style>;

std::span<const std::uint32_t> span_of(const group_array& groups) {
  return {groups.data(), static_cast<std::size_t>(groups.size())};
}

}  // namespace

void bind_metrics(py::module_& m) {
  py::class_<any_state>(m, "State", "A tally of any metric; the Python class cxmetrics.State wraps it.")
      .def_static("make", [](const std::string& name,
                             const py::dict& parameters) { return find(name).make(options(parameters)); })
      .def_static("decode",
                  [](const py::bytes& bytes) {
                    const auto view = static_cast<std::string_view>(bytes);
                    reader r(view);
                    return find(read_name(r)).decode(view);
                  })
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
            if (!py::isinstance<py::array_t<std::int8_t>>(column) || column.ndim() != 1 ||
                (column.size() > 1 && column.strides(0) != 1))
              return false;
            return s.update_direct(
                {static_cast<const std::int8_t*>(column.data()), static_cast<std::size_t>(column.size())},
                threads);
          },
          py::arg("column"), py::kw_only(), py::arg("threads"))
      .def("merge", &any_state::merge)
      .def("parameters", &any_state::parameters)
      .def("encode", [](const any_state& s) { return py::bytes(s.encode()); })
      .def("clone", &any_state::clone)
      .def("read", [](const any_state& s, const py::dict& how) { return result_dict(s.read(options(how))); })
      .def("has_distribution", [](const any_state& s) { return s.distribution() != nullptr; })
      .def("mean", [](const any_state& s) { return optional(s.distribution()->moments.mean_seconds()); })
      .def("longest",
           [](const any_state& s) -> py::object {
             const duration_distribution& d = *s.distribution();
             if (d.moments.n == 0) return py::none();
             return py::cast(static_cast<double>(d.longest.count()) / 1e6);
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
      .def("grid", &any_state::make_grid, py::arg("groups"));

  py::class_<any_grid>(m, "Grid", "One state a group.")
      .def("__len__", &any_grid::size)
      .def("update", [](any_grid& g, const group_array& groups,
                        const std::vector<py::array>& columns) { g.update(span_of(groups), columns); })
      .def("at", &any_grid::at)
      .def("regroup", [](const any_grid& g, const group_array& to, std::size_t size) {
        return g.regroup(span_of(to), size);
      });
}

}  // namespace cxmetrics::python

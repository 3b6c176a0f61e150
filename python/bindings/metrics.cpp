// SPDX-License-Identifier: Apache-2.0
// What Python sees of every metric: one state, and one state a group.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bind.hpp"
#include "registry.hpp"
#include "states.hpp"
#include "vectors.hpp"

namespace cxmetrics::python {

namespace {

const registry& all_metrics() {
  static const registry metrics = [] {
    registry all;
    add_survey_metrics(all);
    add_contact_metrics(all);
    return all;
  }();
  return metrics;
}

const maker& find(std::string_view name) {
  const auto found = all_metrics().find(name);
  if (found == all_metrics().end()) {
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

// An array that lies in memory as T says, one value after the other; absent for any other.
template <class T>
std::optional<std::span<const T>> plain_array(const py::array& column) {
  if (!py::isinstance<py::array_t<T>>(column) || column.ndim() != 1 ||
      (column.size() > 1 && column.strides(0) != static_cast<py::ssize_t>(sizeof(T))))
    return std::nullopt;
  return std::span<const T>(static_cast<const T*>(column.data()), static_cast<std::size_t>(column.size()));
}

using group_array = py::array_t<std::uint32_t, py::array::c_style>;

}  // namespace

void bind_metrics(py::module_& m) {
  py::list metrics;
  for (const auto& [name, unused] : all_metrics()) metrics.append(std::string(name));
  m.attr("METRICS") = py::tuple(metrics);
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
      .def("mean",
           [](const any_state& s) { return number_or_none(s.distribution()->moments.mean_seconds()); })
      .def("longest",
           [](const any_state& s) -> py::object {
             const auto longest = s.longest();
             return longest ? py::cast(static_cast<double>(longest->count()) / 1e6) : py::none();
           })
      .def("quantile",
           [](const any_state& s, double q) { return number_or_none(s.distribution()->quantile_seconds(q)); })
      .def("quantile_interval",
           [](const any_state& s, double q, double level) -> py::object {
             const auto i = s.distribution()->quantile_interval(q, confidence(level));
             if (!i) return py::none();
             return py::make_tuple(i->low, i->high, i->level, i->method);
           })
      .def("share_within",
           [](const any_state& s, std::int64_t us) {
             return number_or_none(s.distribution()->percent_within(duration(us)));
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

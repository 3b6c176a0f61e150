// SPDX-License-Identifier: Apache-2.0
// Who came back: over columns at once, and one contact after another.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <cxmetrics/contact/repeat_tracker.hpp>
#include <cxmetrics/contact/repeats.hpp>
#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/error.hpp>
#include <cxmetrics/core/shard.hpp>
#include <cxmetrics/engine/count_codes.hpp>

#include "bind.hpp"

namespace cxmetrics::python {

namespace py = pybind11;

namespace {

using int64_array = py::array_t<std::int64_t, py::array::c_style>;
constexpr std::int64_t none = absent<std::int64_t>::missing;

std::span<const std::int64_t> span_of(const int64_array& column) {
  if (column.ndim() != 1) throw column_error("a column is an array of one dimension");
  return {column.data(), static_cast<std::size_t>(column.size())};
}
instant instant_of(std::int64_t us) { return instant(duration(us)); }
std::int64_t us_of(instant t) { return t.time_since_epoch().count(); }

repeat_rule rule_of(std::int64_t window_us, std::string_view clock) {
  const auto* const at = std::find(repeat_clock_names.begin(), repeat_clock_names.end(), clock);
  if (at == repeat_clock_names.end())
    throw error("clock=\"" + std::string(clock) + "\" is unknown: use one of \"ended\", \"entered\"");
  return {duration(window_us), static_cast<repeat_clock>(at - repeat_clock_names.begin())};
}

/// The followup of every row, how many rows have which, and as of when.
py::tuple repeat_classes(const int64_array& customer, const int64_array& entered,
                         const std::optional<int64_array>& ended, std::int64_t window_us,
                         const std::string& clock, std::optional<std::int64_t> until_us, unsigned threads) {
  const repeat_rule rule = rule_of(window_us, clock);
  std::optional<instant> until;
  if (until_us) until = instant_of(*until_us);
  const repeat_columns columns{span_of(customer), span_of(entered),
                               ended ? span_of(*ended) : std::span<const std::int64_t>{}};
  py::array_t<std::uint8_t> classes(static_cast<py::ssize_t>(columns.customer.size()));
  const std::span<std::uint8_t> out(classes.mutable_data(), columns.customer.size());
  code_counter seen;
  {
    const py::gil_scoped_release released;
    until = classify_repeats(columns, rule, until, out, threads);
    seen.add(out);
  }
  py::dict counts;
  for (std::size_t i = 0; i < followup_count; ++i)
    counts[py::str(followup_names[i])] = seen.count(static_cast<std::uint8_t>(i));
  counts["missing"] = seen.count(reject::missing);
  counts["invalid"] = seen.count(reject::invalid);
  counts["excluded"] = seen.count(reject::excluded);
  return py::make_tuple(classes, counts, until ? py::object(py::int_(us_of(*until))) : py::none());
}

using customer_ids = std::variant<int64_array, std::vector<std::string>>;

/// Tells a tracker contacts; returns how many rows have no customer or no entry: they are counted, not
/// followed.
std::size_t tell(repeat_tracker& tracker, const customer_ids& customer, const int64_array& position,
                 const int64_array& entered, const std::optional<int64_array>& ended) {
  const auto places = span_of(position), entries = span_of(entered);
  const auto ends = ended ? span_of(*ended) : std::span<const std::int64_t>{};
  const auto* const numbers = std::get_if<int64_array>(&customer);
  const auto* const texts = std::get_if<std::vector<std::string>>(&customer);
  const std::span<const std::int64_t> ids = numbers ? span_of(*numbers) : std::span<const std::int64_t>{};
  const std::size_t rows = numbers ? ids.size() : texts->size();
  if (places.size() != rows || entries.size() != rows || (ended && ends.size() != rows))
    throw column_error("the columns of contacts have different lengths: give one value a row in each");
  std::size_t unknown = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    if (presence(entries[row]) != verdict::counted || (numbers && presence(ids[row]) != verdict::counted)) {
      ++unknown;
      continue;
    }
    customer_contact c{numbers ? subject_of(ids[row]) : subject_of((*texts)[row]), instant_of(entries[row]),
                       static_cast<std::uint64_t>(places[row]), std::nullopt};
    if (ended && ends[row] != none) c.ended = instant_of(ends[row]);
    tracker.add(c);
  }
  return unknown;
}

/// Records as columns: position, entered, ended, followup, gap.
class record_columns {
 public:
  void operator()(const followed_contact& f) {
    position_.push_back(static_cast<std::int64_t>(f.what.position));
    entered_.push_back(us_of(f.what.entered));
    ended_.push_back(f.what.ended ? us_of(*f.what.ended) : none);
    followup_.push_back(static_cast<std::uint8_t>(f.after));
    gap_.push_back(f.gap ? f.gap->count() : none);
  }
  [[nodiscard]] py::dict take() const {
    py::dict out;
    out["position"] = array_of(position_);
    out["entered"] = array_of(entered_);
    out["ended"] = array_of(ended_);
    out["followup"] = array_of(followup_);
    out["gap"] = array_of(gap_);
    return out;
  }

 private:
  template <class T>
  static py::array_t<T> array_of(const std::vector<T>& values) {
    return py::array_t<T>(static_cast<py::ssize_t>(values.size()), values.data());
  }
  std::vector<std::int64_t> position_, entered_, ended_, gap_;
  std::vector<std::uint8_t> followup_;
};

py::bytes bytes_of(const repeat_tracker& tracker) {
  writer w;
  tracker.encode(w);
  return py::bytes(std::move(w).take());
}
repeat_tracker tracker_from(const py::bytes& bytes) {
  reader r{std::string_view(bytes)};
  repeat_tracker tracker = repeat_tracker::decode(r);
  r.expect_end();
  return tracker;
}

}  // namespace

void bind_repeats(py::module_& m) {
  py::list names;
  for (std::string_view name : followup_names) names.append(py::str(name));
  m.attr("FOLLOWUPS") = py::tuple(names);

  m.def("repeat_classes", &repeat_classes, py::arg("customer"), py::arg("entered"),
        py::arg("ended").none(true), py::kw_only(), py::arg("window_us"), py::arg("clock") = "ended",
        py::arg("until_us") = py::none(), py::arg("threads") = 1U);

  py::class_<repeat_tracker>(m, "RepeatTracker")
      .def(py::init([](std::int64_t window_us, const std::string& clock, std::uint64_t modulus,
                       std::optional<std::vector<std::uint64_t>> residues) {
             if (!residues && modulus != 1)
               throw error("a shard of several parts names its residues: residues=[0]");
             return repeat_tracker(rule_of(window_us, clock),
                                   residues ? shard(modulus, *std::move(residues)) : shard());
           }),
           py::kw_only(), py::arg("window_us"), py::arg("clock") = "ended", py::arg("modulus") = 1U,
           py::arg("residues") = py::none())
      .def("add", &tell, py::arg("customer"), py::kw_only(), py::arg("position"), py::arg("entered"),
           py::arg("ended") = py::none())
      .def(
          "advance",
          [](repeat_tracker& t, std::optional<std::int64_t> watermark) {
            record_columns records;
            t.advance(watermark ? instant_of(*watermark) : instant::max(), records);
            return records.take();
          },
          py::arg("watermark"))
      .def(
          "open",
          [](const repeat_tracker& t, std::int64_t now) {
            record_columns records;
            t.open(instant_of(now), records);
            return records.take();
          },
          py::arg("now"))
      .def("merge", &repeat_tracker::merge, py::arg("other"))
      .def_property_readonly("late", &repeat_tracker::late)
      .def_property_readonly("remembered", &repeat_tracker::remembered)
      .def_property_readonly("watermark", [](const repeat_tracker& t) { return us_of(t.watermark()); })
      .def(
          "__eq__", [](const repeat_tracker& a, const repeat_tracker& b) { return a == b; },
          py::is_operator())
      .def("__copy__", [](const repeat_tracker& t) { return t; })
      .def("__bytes__", &bytes_of)
      .def_static("from_bytes", &tracker_from, py::arg("data"))
      .def(py::pickle(&bytes_of, &tracker_from));

  m.def(
      "customer_part",
      [](std::variant<std::int64_t, std::string> id, std::uint64_t modulus) {
        return std::visit(
            [&](const auto& i) { return shard::residue_of(subject_of(i), shard(modulus, {}).modulus()); },
            id);
      },
      py::arg("customer"), py::arg("modulus"));
}

}  // namespace cxmetrics::python

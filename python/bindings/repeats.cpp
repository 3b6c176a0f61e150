// SPDX-License-Identifier: Apache-2.0
// Who came back: over columns at once, and one contact after another.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
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
#include "interruptible.hpp"
#include "repeats.hpp"
#include "vectors.hpp"

namespace cxmetrics::python {

namespace {

using int64_array = py::array_t<std::int64_t, py::array::c_style>;
constexpr std::int64_t none = absent<std::int64_t>::missing;

instant instant_of(std::int64_t us) { return instant(duration(us)); }
std::int64_t us_of(instant t) { return t.time_since_epoch().count(); }

/// The columns that a rule reads, by the names of repeat_columns; what is absent or None is not there.
class column_set {
 public:
  explicit column_set(const py::dict& arrays)
      : customer_(int64(arrays, "customer")),
        entered_(int64(arrays, "entered")),
        ended_(int64(arrays, "ended")),
        reason_(int64(arrays, "reason")),
        outcome_(labels(arrays, "outcome")),
        transferred_(labels(arrays, "transferred")),
        unresolvable_(labels(arrays, "unresolvable")) {}

  [[nodiscard]] repeat_columns spans() const {
    return {span_of(customer_), span_of(entered_),     span_of(ended_),       span_of(reason_),
            span_of(outcome_),  span_of(transferred_), span_of(unresolvable_)};
  }

 private:
  using label_array = py::array_t<std::uint8_t, py::array::c_style>;

  template <class Array>
  static Array get(const py::dict& arrays, const char* name) {
    return arrays.contains(name) && !arrays[name].is_none() ? arrays[name].cast<Array>() : Array(0);
  }
  static int64_array int64(const py::dict& arrays, const char* name) {
    return get<int64_array>(arrays, name);
  }
  static label_array labels(const py::dict& arrays, const char* name) {
    return get<label_array>(arrays, name);
  }

  int64_array customer_, entered_, ended_, reason_;
  label_array outcome_, transferred_, unresolvable_;
};

known_span known_of(std::optional<std::int64_t> since_us, std::optional<std::int64_t> until_us) {
  known_span known;
  if (since_us) known.since = instant_of(*since_us);
  if (until_us) known.until = instant_of(*until_us);
  return known;
}
py::object optional(const std::optional<instant>& t) {
  return t ? py::object(py::int_(us_of(*t))) : py::none();
}

/// The followup of every row.
py::array_t<std::uint8_t> repeat_classes(const py::dict& arrays, const py::dict& rule,
                                         std::optional<std::int64_t> until_us, unsigned threads) {
  const column_set columns(arrays);
  const repeat_rule checked = repeat_rule_of(rule);
  const repeat_columns spans = columns.spans();
  py::array_t<std::uint8_t> classes(static_cast<py::ssize_t>(spans.customer.size()));
  const std::span<std::uint8_t> out(classes.mutable_data(), spans.customer.size());
  interruptible(out.size(), [&](const std::stop_token& stop) {
    static_cast<void>(classify_repeats(spans, checked, known_of(std::nullopt, until_us), out, threads, stop));
  });
  return classes;
}

/// One state a window, how many of its contacts are left_unknown, and since and until when.
py::tuple repeat_states(const py::dict& arrays, const py::dict& rule,
                        const std::vector<std::int64_t>& windows_us, std::optional<std::int64_t> since_us,
                        std::optional<std::int64_t> until_us, unsigned threads) {
  const column_set columns(arrays);
  repeat_rule checked = repeat_rule_of(rule);
  std::vector<duration> windows;
  for (std::int64_t us : windows_us) windows.emplace_back(us);
  const repeat_columns spans = columns.spans();
  const std::size_t decided = spans.customer.size() * std::max<std::size_t>(windows.size(), 1);
  const counted_repeats found = interruptible(decided, [&](const std::stop_token& stop) {
    return count_repeats(spans, checked, windows, known_of(since_us, until_us), threads, stop);
  });
  py::list states;
  for (std::size_t w = 0; w < windows.size(); ++w) {
    checked.window = windows[w];
    cell<first_contact_resolution> content;
    const auto& seen = found.windows[w].of;
    std::copy_n(seen.begin(), followup_count, content.state.of.begin());
    content.rejected = {seen[reject::excluded], seen[reject::invalid], seen[reject::missing]};
    std::unique_ptr<any_state> state = std::make_unique<state_of<first_contact_resolution>>(
        tally<first_contact_resolution>(resolution_of(checked), content));
    states.append(py::make_tuple(py::cast(std::move(state)), found.windows[w].left_unknown));
  }
  return py::make_tuple(states, optional(found.known.since), optional(found.known.until));
}

outcome known_outcome(const std::string& label) {
  const auto found = outcome_of(label);
  if (!found) throw column_error("outcome=\"" + label + "\" is no outcome: use answered, abandoned, ...");
  return *found;
}

using ids = std::vector<py::object>;
using customer_ids = std::variant<int64_array, ids>;

/// The subject of an id as a column has it: a whole number of any width, or a text.
subject subject_of_id(const py::handle& id, const char* what, std::optional<std::size_t> row = std::nullopt) {
  const auto refuse = [&](const std::string& why) {
    throw column_error((row ? "row " + std::to_string(*row) + ": " : "") + what + "=" + why);
  };
  if (PyUnicode_Check(id.ptr()) != 0) return subject_of(id.cast<std::string>());
  if (PyIndex_Check(id.ptr()) == 0)
    refuse(std::string(py::repr(id)) +
           " is neither a whole number nor a text: give the id as one of them, as all others are given");
  const auto number = py::reinterpret_steal<py::object>(PyNumber_Index(id.ptr()));
  if (!number) throw py::error_already_set();
  int overflow = 0;
  const long long narrow = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
  if (overflow == 0) return subject_of(std::int64_t{narrow});
  constexpr std::size_t widest = 255;  // bits beside the sign, as columns have them
  if (const auto bits = number.attr("bit_length")().cast<std::size_t>(); bits > widest)
    refuse("a whole number of " + std::to_string(bits) + " bits does not fit 256: give such ids as texts");
  return subject_of_digits(std::string(py::str(number)));
}

/// Tells a tracker contacts; returns how many rows have no customer or no entry: they are counted, not
/// followed. The other columns have a value a row, or are None.
std::size_t tell(repeat_tracker& tracker, const customer_ids& customer, const int64_array& position,
                 const int64_array& entered, const std::optional<int64_array>& ended,
                 const std::optional<ids>& reason, const std::optional<std::vector<std::string>>& outcomes,
                 const std::optional<std::vector<bool>>& transferred,
                 const std::optional<std::vector<bool>>& resolvable) {
  const auto places = span_of(position), entries = span_of(entered);
  const auto ends = ended ? span_of(*ended) : std::span<const std::int64_t>{};
  const auto* const numbers = std::get_if<int64_array>(&customer);
  const auto* const objects = std::get_if<ids>(&customer);
  const std::span<const std::int64_t> known = numbers ? span_of(*numbers) : std::span<const std::int64_t>{};
  const std::size_t rows = numbers ? known.size() : objects->size();
  const auto fits = [&](const auto& column) { return !column || column->size() == rows; };
  if (places.size() != rows || entries.size() != rows || (ended && ends.size() != rows) || !fits(reason) ||
      !fits(outcomes) || !fits(transferred) || !fits(resolvable))
    throw column_error("the columns of contacts have different lengths: give one value a row in each");
  std::size_t unknown = 0;
  std::vector<customer_contact> contacts;  // all of them are known before the first is told
  contacts.reserve(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    if (presence(entries[row]) != verdict::counted || (numbers && presence(known[row]) != verdict::counted)) {
      ++unknown;
      continue;
    }
    customer_contact c{numbers ? subject_of(known[row]) : subject_of_id((*objects)[row], "customer", row),
                       instant_of(entries[row]), static_cast<std::uint64_t>(places[row]), std::nullopt};
    if (ended && ends[row] != none) c.ended = instant_of(ends[row]);
    if (reason && !(*reason)[row].is_none()) c.reason = subject_of_id((*reason)[row], "reason", row);
    if (outcomes) c.how = known_outcome((*outcomes)[row]);
    c.transferred = transferred && (*transferred)[row];
    c.unresolvable = resolvable && !(*resolvable)[row];
    contacts.push_back(c);
  }
  for (const customer_contact& c : contacts) tracker.add(c);
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

  m.def("repeat_classes", &repeat_classes, py::arg("columns"), py::arg("rule"), py::kw_only(),
        py::arg("until_us") = py::none(), py::arg("threads") = 1U);
  m.def("repeat_states", &repeat_states, py::arg("columns"), py::arg("rule"), py::kw_only(),
        py::arg("windows_us"), py::arg("since_us") = py::none(), py::arg("until_us") = py::none(),
        py::arg("threads") = 1U);

  py::class_<repeat_tracker>(m, "RepeatTracker")
      .def(py::init([](const py::dict& rule, std::uint64_t modulus,
                       std::optional<std::vector<std::uint64_t>> residues) {
             if (!residues && modulus != 1)
               throw error("a shard of several parts names its residues: residues=[0]");
             return repeat_tracker(repeat_rule_of(rule),
                                   residues ? shard(modulus, *std::move(residues)) : shard());
           }),
           py::arg("rule"), py::kw_only(), py::arg("modulus") = 1U, py::arg("residues") = py::none())
      .def("add", &tell, py::arg("customer"), py::kw_only(), py::arg("position"), py::arg("entered"),
           py::arg("ended") = py::none(), py::arg("reason") = py::none(), py::arg("outcome") = py::none(),
           py::arg("transferred") = py::none(), py::arg("resolvable") = py::none())
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
      .def_property_readonly("rule", [](const repeat_tracker& t) { return parameters_of(t.rule()); })
      .def_property_readonly(
          "shard",
          [](const repeat_tracker& t) { return py::make_tuple(t.share().modulus(), t.share().residues()); })
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
      [](const py::object& id, std::uint64_t modulus) {
        return shard::residue_of(subject_of_id(id, "customer"), shard(modulus, {}).modulus());
      },
      py::arg("customer"), py::arg("modulus"));
}

}  // namespace cxmetrics::python

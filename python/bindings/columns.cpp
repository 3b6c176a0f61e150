// SPDX-License-Identifier: Apache-2.0
#include "columns.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <thread>
#include <utility>

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/error.hpp>
#include <cxmetrics/engine/key_codes.hpp>
#include <cxmetrics/time/bucket.hpp>

namespace cxmetrics::python {

namespace {

constexpr std::array<const char*, 10> meaning_names{"nothing", "truth", "integer", "real",  "text",
                                                    "zoned",   "local", "length",  "clock", "other"};

const char* name_of(meaning what) { return meaning_names[static_cast<std::size_t>(what)]; }

py::dict to_dict(const reading& found) {
  py::dict out;
  out["rows"] = found.rows;
  out["missing"] = found.missing;
  out["invalid"] = found.invalid;
  out["excluded"] = found.excluded;
  out["first_invalid"] = found.first_invalid;
  out["least"] = found.least;
  out["greatest"] = found.greatest;
  out["ambiguous"] = found.ambiguous;
  out["nonexistent"] = found.nonexistent;
  out["coarse"] = found.coarse;
  out["unknown"] = found.unknown;
  return out;
}

// The column's own memory as a numpy array that nobody can write to, where it lies in one piece without
// nulls.
template <class T>
std::optional<py::array> borrowed(const input_column& column, storage wanted) {
  if (column.chunks().size() != 1) return std::nullopt;
  const auto spans = column.raw<T>(wanted);
  if (!spans) return std::nullopt;
  auto* kept = new input_column(column);
  const py::capsule owner(kept, [](void* held) { delete static_cast<input_column*>(held); });
  py::array_t<T> view(static_cast<py::ssize_t>(spans->front().size()), spans->front().data(), owner);
  view.attr("setflags")(py::arg("write") = false);
  return view;
}

// Whether scores, instants or durations are canonical as they stand if no value of them is absent.
template <class T>
bool as_it_stands(const column_type& type) {
  return type.what == meaning::integer ? sizeof(T) == 1
                                       : (type.what == meaning::zoned || type.what == meaning::length) &&
                                             type.numerator == type.denominator;
}

// The canonical values of a column, and the reader that knows what it found: where all is as it should be,
// the column is looked at and not copied.
template <class T, class Make>
auto values_of(const input_column& column, storage wanted, const Make& make) {
  if (auto view = as_it_stands<T>(column.type()) ? borrowed<T>(column, wanted) : std::nullopt) {
    auto reader = read_all<T>(make, nullptr);
    const reading& found = reader->found();
    if (found.missing + found.invalid + found.excluded == 0)
      return std::pair{py::array(*view), std::move(reader)};
  }
  py::array_t<T> out(static_cast<py::ssize_t>(column.size()));
  auto reader = read_all<T>(make, out.mutable_data());
  return std::pair{py::array(out), std::move(reader)};
}

template <class T>
void check(const canonical_reader<T>& reader, bool count_invalid) {
  if (!count_invalid) reader.expect_valid();
}

py::tuple scores(const input_column& column, const missing_texts& missing, bool count_invalid,
                 std::int8_t least, std::int8_t greatest, const missing_texts& excluded) {
  const auto [values, reader] = values_of<std::int8_t>(
      column, storage::int8, [&] { return read_scores(column, missing, {least, greatest}, excluded); });
  check(*reader, count_invalid);
  return py::make_tuple(values, to_dict(reader->found()));
}

py::tuple instants(const input_column& column, const missing_texts& missing,
                   const std::optional<std::string>& tz, const std::string& time_format,
                   const std::string& unit, bool count_invalid) {
  time_rules rules;
  if (tz) rules.where = zone::locate(*tz);
  rules.format = time_format;
  rules.unit = unit;
  rules.missing = missing;
  const auto [values, reader] =
      values_of<std::int64_t>(column, storage::int64, [&] { return read_instants(column, rules); });
  check(*reader, count_invalid);
  reader->finish();
  py::dict found = to_dict(reader->found());
  found["naive"] = reader->naive();
  found["order"] = reader->order();
  return py::make_tuple(values, found);
}

py::tuple durations(const input_column& column, const missing_texts& missing, const std::string& unit,
                    bool count_invalid) {
  const auto [values, reader] =
      values_of<std::int64_t>(column, storage::int64, [&] { return read_durations(column, unit, missing); });
  check(*reader, count_invalid);
  return py::make_tuple(values, to_dict(reader->found()));
}

py::tuple weights(const input_column& column, const missing_texts& missing, bool count_invalid) {
  const auto [values, reader] =
      values_of<std::int64_t>(column, storage::nothing, [&] { return read_weights(column, missing); });
  check(*reader, count_invalid);
  return py::make_tuple(values, to_dict(reader->found()));
}

// Unknown labels are the caller's to refuse: it knows the remedy.
py::tuple labels(const input_column& column, const std::map<std::string, std::uint8_t, std::less<>>& codes,
                 const missing_texts& missing) {
  const auto [values, reader] =
      values_of<std::uint8_t>(column, storage::nothing, [&] { return read_labels(column, codes, missing); });
  return py::make_tuple(values, to_dict(reader->found()));
}

py::tuple truths(const input_column& column, std::uint8_t yes, std::uint8_t no, const missing_texts& missing,
                 bool count_invalid) {
  const auto [values, reader] = values_of<std::uint8_t>(
      column, storage::nothing, [&] { return read_truths(column, yes, no, missing); });
  check(*reader, count_invalid);
  return py::make_tuple(values, to_dict(reader->found()));
}

using time_array = py::array_t<std::int64_t, py::array::c_style>;

// One number for each of some questions, added up over the values that are there.
template <std::size_t Size, class F>
std::array<std::uint64_t, Size> count_values(const time_array& values, const F& count) {
  const std::span<const std::int64_t> all(values.data(), static_cast<std::size_t>(values.size()));
  constexpr unsigned threads = 8;
  std::array<std::array<std::uint64_t, Size>, threads> parts{};
  const py::gil_scoped_release unlocked;
  in_parallel(all.size(), std::clamp(std::thread::hardware_concurrency(), 1U, threads),
              [&](std::size_t part, std::size_t begin, std::size_t end) {
                parts[part] = count(all.subspan(begin, end - begin));
              });
  std::array<std::uint64_t, Size> sum{};
  for (const auto& part : parts)
    for (std::size_t i = 0; i < Size; ++i) sum[i] += part[i];
  return sum;
}

// How many durations there are, how many of them are 0, and how many longer than a limit.
std::array<std::uint64_t, 3> count_durations(const time_array& values, std::int64_t limit) {
  return count_values<3>(values, [limit](std::span<const std::int64_t> part) {
    std::uint64_t present = 0, zeros = 0, longer = 0;
    for (const std::int64_t us : part) {
      present += is_value(us) ? 1U : 0U;
      zeros += us == 0 ? 1U : 0U;
      longer += us > limit ? 1U : 0U;
    }
    return std::array{present, zeros, longer};
  });
}

// How many instants there are, and at how many of them a day begins; without a zone they are local times.
std::array<std::uint64_t, 2> count_midnights(const time_array& times, const std::optional<std::string>& tz) {
  const bucketer days(parse_every("1d"), tz ? zone::locate(*tz) : zone::utc());
  return count_values<2>(times, [&](std::span<const std::int64_t> part) {
    constexpr std::int64_t quarter = 900'000'000;  // every zone's midnight is at a quarter of an hour of UTC
    bucketer day = days;
    std::uint64_t present = 0, midnights = 0;
    for (const std::int64_t us : part) {
      present += is_value(us) ? 1U : 0U;
      // A quarter of an hour is a multiple of 256 us, which is quickly seen.
      if ((us & 0xff) != 0 || us % quarter != 0 || !is_value(us)) continue;
      const instant t{duration{us}};
      midnights += day.floor(t) == t ? 1U : 0U;
    }
    return std::array{present, midnights};
  });
}

template <class T>
py::array view_of(const std::vector<T>& values, py::handle owner) {
  py::array_t<T> view(static_cast<py::ssize_t>(values.size()), values.data(), owner);
  view.attr("setflags")(py::arg("write") = false);
  return view;
}

py::list labels_of(const key_codes& keys) {
  py::list out;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys.is_text())
      out.append(py::reinterpret_steal<py::object>(PyUnicode_DecodeUTF8(
          keys.texts[i].data(), static_cast<Py_ssize_t>(keys.texts[i].size()), "replace")));
    else if (keys.type.what == meaning::truth)
      out.append(keys.numbers[i] != 0);
    else
      out.append(keys.numbers[i]);
  }
  return out;
}

py::array subjects_of(const key_codes& keys, std::uint64_t low, std::uint64_t high) {
  py::array_t<std::uint64_t> out({static_cast<py::ssize_t>(keys.size()), py::ssize_t{2}});
  std::uint64_t* at = out.mutable_data();
  const py::gil_scoped_release unlocked;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const subject whose = keys.whose(i, {low, high});
    *at++ = whose.low;
    *at++ = whose.high;
  }
  return out;
}

// Ids as numbers, with what was found; None where a dictionary must be made of them.
py::object ids(const input_column& column, const missing_texts& missing, bool placeholders) {
  const key_rules rules{missing, true, placeholders};
  const unsigned threads = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
  const auto look = [&](std::span<std::int64_t> out) {
    const py::gil_scoped_release unlocked;
    return read_ids(column, rules, out, threads);
  };
  py::array values;
  std::optional<id_reading> found;
  if (const auto view = borrowed<std::int64_t>(column, storage::int64);
      view && column.type().what == meaning::integer) {
    found = look({});
    if (!found) return py::none();
    values = *view;
  }
  if (!found || found->missing + found->invalid != 0) {
    py::array_t<std::int64_t> written(static_cast<py::ssize_t>(column.size()));
    found = look({written.mutable_data(), column.size()});
    if (!found) return py::none();
    values = written;
  }
  py::dict said;
  said["missing"] = found->missing;
  said["invalid"] = found->invalid;
  said["first_invalid"] = found->first_invalid;
  said["most_rows"] = found->most_rows;
  return py::make_tuple(values, said);
}

key_codes encode(const std::vector<input_column>& columns, const missing_texts& missing, bool identify,
                 bool placeholders) {
  const py::gil_scoped_release unlocked;
  std::vector<key_codes> parts;
  for (const input_column& column : columns)
    parts.push_back(encode_keys(column, {missing, identify, placeholders}));
  return parts.size() == 1 ? std::move(parts.front()) : combine_keys(parts);
}

// What the clock showed at instants; absent ones stay absent.
py::array local_times(const py::array_t<std::int64_t, py::array::c_style>& times, const std::string& tz) {
  offset_lookup zone_of(zone::locate(tz));
  py::array_t<std::int64_t> out(times.size());
  const std::int64_t* in = times.data();
  std::int64_t* to = out.mutable_data();
  const auto size = static_cast<std::size_t>(times.size());
  const py::gil_scoped_release unlocked;
  for (std::size_t i = 0; i < size; ++i)
    to[i] = presence(in[i]) == verdict::counted
                ? zone_of.to_local(instant(duration(in[i]))).time_since_epoch().count()
                : in[i];
  return out;
}

}  // namespace

void bind_columns(py::module_& module) {
  py::class_<input_column>(module, "Column", "A column of whatever a table holds, read where it lies.")
      .def(py::init(&column_from), py::arg("values"), py::arg("name"))
      .def("__len__", &input_column::size)
      .def_property_readonly("name", &input_column::name)
      .def_property_readonly("type", [](const input_column& c) { return c.type().shown; })
      .def_property_readonly("zone", [](const input_column& c) { return c.type().zone; })
      .def_property_readonly("meaning", [](const input_column& c) { return name_of(c.type().what); })
      .def_property_readonly("chunks", [](const input_column& c) { return c.chunks().size(); })
      .def("renamed", &input_column::renamed, py::arg("name"))
      .def("show", &input_column::show, py::arg("row"))
      .def("__repr__", [](const input_column& c) {
        return "<" + describe(c) + ", " + std::to_string(c.size()) + " rows>";
      });
  module.def(
      "columns",
      [](py::handle object) {
        arrow_table found = columns_from(object);
        return py::make_tuple(found.is_table, py::cast(std::move(found.columns)));
      },
      py::arg("table"), "Whether anything with __arrow_c_stream__ is a table, and its columns.");

  module.def("read_scores", &scores, py::arg("column"), py::arg("missing"), py::arg("count_invalid"),
             py::arg("least") = 0, py::arg("greatest") = 10, py::arg("excluded") = missing_texts());
  module.def("read_weights", &weights, py::arg("column"), py::arg("missing"), py::arg("count_invalid"));
  module.def("read_instants", &instants, py::arg("column"), py::arg("missing"), py::arg("tz"),
             py::arg("time_format"), py::arg("unit"), py::arg("count_invalid"));
  module.def("read_durations", &durations, py::arg("column"), py::arg("missing"), py::arg("unit"),
             py::arg("count_invalid"));
  module.def("read_labels", &labels, py::arg("column"), py::arg("codes"), py::arg("missing"));
  module.def("read_truths", &truths, py::arg("column"), py::arg("yes"), py::arg("no"), py::arg("missing"),
             py::arg("count_invalid"));
  module.def("count_durations", &count_durations, py::arg("values"), py::arg("limit"));
  module.def("count_midnights", &count_midnights, py::arg("times"), py::arg("tz"));
  module.def("local_times", &local_times, py::arg("times"), py::arg("tz"));
  module.def("default_missing", &default_missing);

  py::class_<key_codes>(module, "Keys",
                        "A column of keys as small numbers, in the order of first appearance.")
      .def("__len__", &key_codes::size)
      .def_property_readonly(
          "codes", [](py::object self) { return view_of(self.cast<const key_codes&>().codes, self); })
      .def_property_readonly(
          "counts", [](py::object self) { return view_of(self.cast<const key_codes&>().counts, self); })
      .def_property_readonly("labels", &labels_of)
      .def_property_readonly("meaning", [](const key_codes& k) { return name_of(k.type.what); })
      .def_readonly("missing", &key_codes::missing_rows)
      .def_readonly("invalid", &key_codes::invalid_rows)
      .def_readonly("first_invalid", &key_codes::first_invalid)
      .def_readonly("first_repeated", &key_codes::first_repeated)
      .def("subjects", &subjects_of, py::arg("low") = 0, py::arg("high") = 0);
  module.def("read_ids", &ids, py::arg("column"), py::arg("missing"), py::arg("placeholders") = true);
  module.def("encode_keys", &encode, py::arg("columns"), py::arg("missing"), py::arg("identify") = false,
             py::arg("placeholders") = true);
}

}  // namespace cxmetrics::python

// SPDX-License-Identifier: Apache-2.0
#include "columns.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/error.hpp>
#include <cxmetrics/engine/key_codes.hpp>

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

// The column's own memory as a numpy array that nobody can write to, where it already is canonical.
template <class T>
std::optional<py::array> borrowed(const input_column& column, storage wanted, const reading& found) {
  if (found.invalid != 0 || found.missing != 0 || found.excluded != 0 || column.chunks().size() != 1)
    return std::nullopt;
  const auto spans = column.raw<T>(wanted);
  if (!spans) return std::nullopt;
  auto* kept = new input_column(column);
  const py::capsule owner(kept, [](void* held) { delete static_cast<input_column*>(held); });
  py::array_t<T> view(static_cast<py::ssize_t>(spans->front().size()), spans->front().data(), owner);
  view.attr("setflags")(py::arg("write") = false);
  return view;
}

template <class T>
py::array filled(canonical_reader<T>& reader) {
  py::array_t<T> out(static_cast<py::ssize_t>(reader.column().size()));
  T* at = out.mutable_data();
  for_each_block(reader, [&](std::span<const T> block) { at = std::copy(block.begin(), block.end(), at); });
  return out;
}

template <class T>
void check(const canonical_reader<T>& reader, bool count_invalid) {
  if (!count_invalid) reader.expect_valid();
}

py::tuple scores(const input_column& column, const missing_texts& missing, bool count_invalid,
                 std::int8_t least, std::int8_t greatest, const missing_texts& excluded) {
  const auto reader = read_scores(column, missing, {least, greatest}, excluded);
  py::array values;
  if (column.raw_int8() && column.chunks().size() == 1) {
    for_each_block(*reader, [](std::span<const std::int8_t>) {});
    if (auto view = borrowed<std::int8_t>(column, storage::int8, reader->found())) {
      return py::make_tuple(*view, to_dict(reader->found()));
    }
    const auto again = read_scores(column, missing, {least, greatest}, excluded);
    values = filled(*again);
  } else {
    values = filled(*reader);
  }
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
  const auto reader = read_instants(column, std::move(rules));
  py::array values = filled(*reader);
  check(*reader, count_invalid);
  reader->finish();
  py::dict found = to_dict(reader->found());
  found["naive"] = reader->naive();
  found["order"] = reader->order();
  return py::make_tuple(values, found);
}

py::tuple durations(const input_column& column, const missing_texts& missing, const std::string& unit,
                    bool count_invalid) {
  const auto reader = read_durations(column, unit, missing);
  py::array values = filled(*reader);
  check(*reader, count_invalid);
  return py::make_tuple(values, to_dict(reader->found()));
}

py::tuple weights(const input_column& column, const missing_texts& missing, bool count_invalid) {
  const auto reader = read_weights(column, missing);
  py::array values = filled(*reader);
  check(*reader, count_invalid);
  return py::make_tuple(values, to_dict(reader->found()));
}

// Unknown labels are the caller's to refuse: it knows the remedy.
py::tuple labels(const input_column& column, std::map<std::string, std::uint8_t, std::less<>> codes,
                 const missing_texts& missing) {
  const auto reader = read_labels(column, std::move(codes), missing);
  py::array values = filled(*reader);
  return py::make_tuple(values, to_dict(reader->found()));
}

py::tuple truths(const input_column& column, std::uint8_t yes, std::uint8_t no, const missing_texts& missing,
                 bool count_invalid) {
  const auto reader = read_truths(column, yes, no, missing);
  py::array values = filled(*reader);
  check(*reader, count_invalid);
  return py::make_tuple(values, to_dict(reader->found()));
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

key_codes encode(const std::vector<input_column>& columns, const missing_texts& missing, bool identify,
                 bool placeholders) {
  const py::gil_scoped_release unlocked;
  std::vector<key_codes> parts;
  for (const input_column& column : columns)
    parts.push_back(encode_keys(column, {missing, identify, placeholders}));
  return combine_keys(parts);
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
  module.def("encode_keys", &encode, py::arg("columns"), py::arg("missing"), py::arg("identify") = false,
             py::arg("placeholders") = true);
}

}  // namespace cxmetrics::python

// SPDX-License-Identifier: Apache-2.0
#include "columns.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <thread>
#include <type_traits>
#include <utility>

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/error.hpp>
#include <cxmetrics/core/parallel.hpp>
#include <cxmetrics/engine/ends_of.hpp>
#include <cxmetrics/engine/key_codes.hpp>
#include <cxmetrics/time/zone.hpp>

#include "interruptible.hpp"
#include "unread.hpp"

namespace cxmetrics::python {

namespace {

constexpr std::array<const char*, 10> meaning_names{"nothing", "truth", "integer", "real",  "text",
                                                    "zoned",   "local", "length",  "clock", "other"};

const char* name_of(meaning what) { return meaning_names[static_cast<std::size_t>(what)]; }

template <class Values>
py::array view_of(const Values& values, py::handle owner) {
  using T = std::remove_cv_t<typename Values::value_type>;
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
    else if (keys.is_wide(i))
      out.append(py::reinterpret_steal<py::object>(PyLong_FromString(keys.texts[i].c_str(), nullptr, 10)));
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
  const unsigned threads = reading_threads();
  const auto look = [&](std::span<std::int64_t> out) {
    return interruptible(column.size(), [&](const std::stop_token& stop) {
      return read_ids(column, rules, out, threads, stop);
    });
  };
  py::array values;
  std::optional<id_reading> found;
  const auto spans = column.raw<std::int64_t>(storage::int64);
  if (spans && spans->size() == 1 && column.type().what == meaning::integer) {
    found = look({});
    if (!found) return py::none();
    values = view_of(spans->front(), py::cast(column));
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
  const std::size_t values = columns.empty() ? 0 : columns.size() * columns.front().size();
  return interruptible(values, [&](const std::stop_token& stop) {
    std::vector<key_codes> parts;
    for (const input_column& column : columns)
      parts.push_back(encode_keys(column, {missing, identify, placeholders}, stop));
    return parts.size() == 1 ? std::move(parts.front()) : combine_keys(parts, stop);
  });
}

// The indices of a dictionary as an array, if they are of that type and each of them is a place of a key.
template <class Index>
std::optional<py::array> codes_in_place(const input_column& column, storage stored, std::size_t keys) {
  const column_chunk& chunk = column.chunks().front();
  if (chunk.stored != stored || chunk.stride != sizeof(Index) ||
      reinterpret_cast<std::uintptr_t>(chunk.data) % alignof(Index) != 0)
    return std::nullopt;
  const std::span indices(reinterpret_cast<const Index*>(chunk.data), chunk.size);
  const unsigned threads = reading_threads();
  std::vector<value_ends<Index>> ends(threads);
  std::vector<bool> seen(keys);
  {
    const py::gil_scoped_release unlocked;
    in_parallel(indices.size(), threads, [&](std::size_t part, std::size_t begin, std::size_t end) {
      ends[part] = ends_of(indices.subspan(begin, end - begin));
    });
    for (const value_ends<Index>& each : ends)
      if (each.least <= each.greatest &&
          (std::cmp_less(each.least, 0) || std::cmp_greater_equal(each.greatest, keys)))
        return std::nullopt;
    const std::size_t step = std::max<std::size_t>(1, indices.size() / (1 << 16));
    for (std::size_t row = 0; row < indices.size(); row += step)
      seen[static_cast<std::size_t>(indices[row])] = true;
  }
  if (2 * static_cast<std::size_t>(std::count(seen.begin(), seen.end(), true)) < keys) return std::nullopt;
  return view_of(indices, py::cast(column));
}

// The indices of a dictionary are codes as they lie, where each of its entries is a key, no two of them
// alike, and most of them have rows: unused ones would make cells for nothing.
std::optional<std::pair<py::array, key_codes>> codes_as_they_lie(const input_column& column,
                                                                 const missing_texts& missing) {
  if (column.chunks().size() != 1) return std::nullopt;
  const column_chunk& chunk = column.chunks().front();
  if (!chunk.dictionary || chunk.has_nulls() || chunk.swapped) return std::nullopt;
  key_codes keys = encode_keys(input_column(column.name(), column.type(), {*chunk.dictionary}), {missing});
  if (keys.size() != chunk.dictionary->size) return std::nullopt;
  std::optional<py::array> codes;
  const auto try_as = [&]<class Index>(Index, storage stored) {
    if (!codes) codes = codes_in_place<Index>(column, stored, keys.size());
  };
  try_as(std::int8_t{}, storage::int8);
  try_as(std::uint8_t{}, storage::uint8);
  try_as(std::int16_t{}, storage::int16);
  try_as(std::uint16_t{}, storage::uint16);
  try_as(std::int32_t{}, storage::int32);
  try_as(std::uint32_t{}, storage::uint32);
  if (!codes) return std::nullopt;
  return std::pair{*std::move(codes), std::move(keys)};
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
      .def_property_readonly("dates", [](const key_codes& k) { return k.type.dates; })
      .def_property_readonly("zone", [](const key_codes& k) { return k.type.zone; })
      .def_readonly("missing", &key_codes::missing_rows)
      .def_readonly("invalid", &key_codes::invalid_rows)
      .def_readonly("first_invalid", &key_codes::first_invalid)
      .def_readonly("first_repeated", &key_codes::first_repeated)
      .def("subjects", &subjects_of, py::arg("low") = 0, py::arg("high") = 0);
  module.def("read_ids", &ids, py::arg("column"), py::arg("missing"), py::arg("placeholders") = true);
  module.def("encode_keys", &encode, py::arg("columns"), py::arg("missing"), py::arg("identify") = false,
             py::arg("placeholders") = true);
  module.def("codes_as_they_lie", &codes_as_they_lie, py::arg("column"), py::arg("missing"),
             "The codes of a dictionary's rows and its keys, where nothing has to be copied; else None.");
}

}  // namespace cxmetrics::python

// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include <pybind11/numpy.h>

#include <cxmetrics/core/error.hpp>
#include <cxmetrics/interop/arrow.hpp>

#include "columns.hpp"
#include "python_values.hpp"

namespace cxmetrics::python {

namespace {

std::string type_name(py::handle object) { return py::str(py::type::handle_of(object).attr("__name__")); }

std::string module_of(py::handle object) { return py::str(py::type::handle_of(object).attr("__module__")); }

bool comes_from(py::handle object, const std::string& package) {
  const std::string module = module_of(object);
  return module == package || module.rfind(package + ".", 0) == 0;
}

// Keeps a Python object alive from wherever the last column is let go.
std::shared_ptr<const void> keep(py::object object) {
  return {new py::object(std::move(object)), [](py::object* kept) {
            const py::gil_scoped_acquire locked;
            delete kept;
          }};
}

// ---- numpy

struct numpy_type {
  meaning what;
  storage stored;
};

std::optional<numpy_type> plain_numpy_type(char kind, py::ssize_t width) {
  const auto of_width = [&](std::array<storage, 4> by_width) {
    return width == 1 ? by_width[0] : width == 2 ? by_width[1] : width == 4 ? by_width[2] : by_width[3];
  };
  switch (kind) {
    case 'b': return numpy_type{meaning::truth, storage::bytes};
    case 'i':
      return numpy_type{meaning::integer,
                        of_width({storage::int8, storage::int16, storage::int32, storage::int64})};
    case 'u':
      return numpy_type{meaning::integer,
                        of_width({storage::uint8, storage::uint16, storage::uint32, storage::uint64})};
    case 'f':
      if (width > 8) return std::nullopt;
      return numpy_type{meaning::real,
                        of_width({storage::float16, storage::float16, storage::float32, storage::float64})};
    case 'M': return numpy_type{meaning::local, storage::int64};
    case 'm': return numpy_type{meaning::length, storage::int64};
    case 'S': return numpy_type{meaning::text, storage::fixed_bytes};
    case 'U': return numpy_type{meaning::text, storage::fixed_ucs4};
    default: return std::nullopt;
  }
}

// Microseconds in a unit of numpy's times, as a fraction; absent for months and years, which have no one
// length.
std::optional<std::pair<std::int64_t, std::int64_t>> numpy_unit(const std::string& unit) {
  constexpr std::array<std::pair<std::string_view, std::pair<std::int64_t, std::int64_t>>, 10> units{
      {{"W", {604'800'000'000, 1}},
       {"D", {86'400'000'000, 1}},
       {"h", {3'600'000'000, 1}},
       {"m", {60'000'000, 1}},
       {"s", {1'000'000, 1}},
       {"ms", {1'000, 1}},
       {"us", {1, 1}},
       {"ns", {1, 1'000}},
       {"ps", {1, 1'000'000}},
       {"fs", {1, 1'000'000'000}}}};
  for (const auto& [name, microseconds] : units)
    if (name == unit) return microseconds;
  return std::nullopt;
}

std::string shape_of(const py::array& array) { return py::str(array.attr("shape")); }

input_column from_numpy(py::array array, const std::string& name) {
  if (array.ndim() != 1)
    throw column_error("column \"" + name + "\" is an array of shape " + shape_of(array) +
                       ": give one dimension, one value a row");
  const py::dtype dtype = array.dtype();
  if (dtype.kind() == 'O') return from_sequence(py::list(array), name, "object");
  column_type type;
  type.shown = "numpy " + std::string(py::str(py::str(dtype.attr("name"))));
  const auto found = plain_numpy_type(dtype.kind(), dtype.itemsize());
  type.what = found ? found->what : meaning::other;
  if (dtype.kind() == 'M' || dtype.kind() == 'm') {
    const auto [unit, count] = py::module_::import("numpy")
                                   .attr("datetime_data")(dtype)
                                   .cast<std::pair<std::string, std::int64_t>>();
    const auto microseconds = numpy_unit(unit);
    if (!microseconds && dtype.kind() == 'M' && unit != "generic")
      return from_numpy(array.attr("astype")("datetime64[D]"), name);
    type.dates = dtype.kind() == 'M' && unit == "D";
    if (microseconds && !__builtin_mul_overflow(microseconds->first, count, &type.numerator))
      type.denominator = microseconds->second;
    else
      type.what = meaning::other;
  }
  column_chunk chunk;
  chunk.stored = type.what == meaning::other ? storage::nothing : found->stored;
  chunk.size = static_cast<std::size_t>(array.shape(0));
  chunk.stride = array.strides(0);
  chunk.width = static_cast<std::size_t>(dtype.itemsize());
  chunk.swapped = !dtype.attr("isnative").cast<bool>();
  chunk.data = static_cast<const std::byte*>(array.data());
  const py::object masked = py::module_::import("numpy").attr("ma").attr("MaskedArray");
  if (py::isinstance(array, masked)) {
    const py::module_ numpy = py::module_::import("numpy");
    const py::object present = numpy.attr("logical_not")(numpy.attr("ma").attr("getmaskarray")(array));
    py::array bits = numpy.attr("packbits")(present, py::arg("bitorder") = "little");
    chunk.validity = static_cast<const std::byte*>(bits.data());
    chunk.owner = keep(py::make_tuple(array, bits));
  } else {
    chunk.owner = keep(array);
  }
  std::vector<column_chunk> chunks;
  chunks.push_back(std::move(chunk));
  return {name, std::move(type), std::move(chunks)};
}

// ---- Arrow

template <class Struct>
Struct* in_capsule(py::handle capsule, const char* name) {
  if (!PyCapsule_IsValid(capsule.ptr(), name))
    throw column_error("an Arrow export gave a " + type_name(capsule) + " where a capsule named \"" + name +
                       "\" was expected: the producer is at fault");
  return static_cast<Struct*>(PyCapsule_GetPointer(capsule.ptr(), name));
}

arrow_columns from_arrow(py::handle object, const arrow_options& options) {
  if (py::hasattr(object, "__arrow_c_stream__")) {
    const py::object capsule = object.attr("__arrow_c_stream__")();
    auto* stream = in_capsule<ArrowArrayStream>(capsule, "arrow_array_stream");
    const py::gil_scoped_release unlocked;
    return import_arrow(*stream, options);
  }
  const py::tuple pair = object.attr("__arrow_c_array__")();
  if (pair.size() != 2)
    throw column_error("an Arrow export gave no pair of schema and array: the producer is at fault");
  const auto* schema = in_capsule<ArrowSchema>(pair[0], "arrow_schema");
  auto* array = in_capsule<ArrowArray>(pair[1], "arrow_array");
  const py::gil_scoped_release unlocked;
  return import_arrow(*schema, *array, options);
}

bool exports_arrow(py::handle object) {
  return py::hasattr(object, "__arrow_c_stream__") || py::hasattr(object, "__arrow_c_array__");
}

input_column one_column(py::handle object, const std::string& name, bool nan_is_missing) {
  arrow_columns found = from_arrow(object, {nan_is_missing, name});
  if (found.is_table)
    throw column_error("column \"" + name + "\" is a table of " + std::to_string(found.columns.size()) +
                       " columns: give one of them");
  return found.columns.front().renamed(name);
}

// ---- pandas: plain numpy where it is that, else through pyarrow, whose nulls are pandas' missing values

input_column from_pandas(py::handle object, const std::string& name) {
  const py::object dtype = object.attr("dtype");
  if (py::isinstance<py::dtype>(dtype)) return from_numpy(object.attr("to_numpy")(), name);
  py::object pyarrow;
  try {
    pyarrow = py::module_::import("pyarrow");
  } catch (py::error_already_set& error) {
    if (!error.matches(PyExc_ImportError)) throw;
    return from_sequence(py::list(py::reinterpret_borrow<py::object>(object)), name, py::str(dtype));
  }
  try {
    const input_column found =
        one_column(pyarrow.attr("array")(object, py::arg("from_pandas") = true), name, true);
    column_type type = found.type();
    if (type.what != meaning::other) type.shown = "pandas " + std::string(py::str(dtype));
    return {name, std::move(type), found.chunks()};
  } catch (py::error_already_set& error) {
    if (!error.matches(pyarrow.attr("ArrowException"))) throw;
    return from_sequence(py::list(py::reinterpret_borrow<py::object>(object)), name, py::str(dtype));
  }
}

bool is_pandas_column(py::handle object) {
  return comes_from(object, "pandas") && py::hasattr(object, "dtype") && py::hasattr(object, "to_numpy");
}

bool has_buffer(py::handle object) {
  return PyObject_CheckBuffer(object.ptr()) != 0 && !py::isinstance<py::bytes>(object);
}

}  // namespace

input_column column_from(py::handle object, const std::string& name) {
  if (py::isinstance<input_column>(object)) return object.cast<const input_column&>().renamed(name);
  if (py::isinstance<py::array>(object)) return from_numpy(py::reinterpret_borrow<py::array>(object), name);
  if (is_pandas_column(object)) return from_pandas(object, name);
  if (exports_arrow(object)) return one_column(object, name, comes_from(object, "pandas"));
  if (py::isinstance<py::list>(object) || py::isinstance<py::tuple>(object) || PyRange_Check(object.ptr()))
    return from_sequence(py::list(py::reinterpret_borrow<py::object>(object)), name, type_name(object));
  if (has_buffer(object) || py::hasattr(object, "__array__"))
    return from_numpy(py::module_::import("numpy").attr("asarray")(object), name);
  throw column_error("column \"" + name + "\" is a " + type_name(object) +
                     ": give a list, an array, a Series or another column with one value a row");
}

arrow_table columns_from(py::handle object) {
  if (!exports_arrow(object))
    throw column_error("a " + type_name(object) +
                       " is no table that can be read: give a DataFrame, an Arrow table, a "
                       "relation, a dict of columns, or a path");
  arrow_columns found = from_arrow(object, {comes_from(object, "pandas"), "values"});
  return {found.is_table, std::move(found.columns)};
}

}  // namespace cxmetrics::python

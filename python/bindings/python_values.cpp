// SPDX-License-Identifier: Apache-2.0
#include "python_values.hpp"

#include <datetime.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include <cxmetrics/core/error.hpp>

#include "columns.hpp"

namespace cxmetrics::python {

namespace {

enum class kind : std::uint8_t {
  missing,
  truth,
  whole,
  real,
  text,
  local,
  zoned,
  length,
  clock,
  numpy_time,
  other
};

constexpr std::array<const char*, 11> kind_names{
    "missing",        "bool",      "int",         "float",      "text", "time without zone",
    "time with zone", "timedelta", "time of day", "numpy time", "other"};

// The types that are looked up once a column.
struct types {
  py::object generic = py::module_::import("numpy").attr("generic");
  py::object datetime64 = py::module_::import("numpy").attr("datetime64");
  py::object timedelta64 = py::module_::import("numpy").attr("timedelta64");
  py::object decimal = py::module_::import("decimal").attr("Decimal");
  py::object uuid = py::module_::import("uuid").attr("UUID");
};

// Of a decimal.Decimal: ids come so from databases, and are not to be rounded. What 256 bits cannot hold is
// no id, and would be written in full.
bool is_whole(py::handle value) {
  constexpr std::int64_t digits = 77;
  return value.attr("is_finite")().cast<bool>() && value.attr("adjusted")().cast<std::int64_t>() < digits &&
         value.equal(value.attr("to_integral_value")());
}

kind slow_kind(py::handle value, const types& known) {
  const std::string type = py::str(py::type::handle_of(value).attr("__name__"));
  if (type == "NAType" || type == "NaTType") return kind::missing;
  if (PyBool_Check(value.ptr())) return kind::truth;
  if (PyLong_Check(value.ptr())) return kind::whole;
  if (PyFloat_Check(value.ptr())) return kind::real;
  if (PyUnicode_Check(value.ptr())) return kind::text;
  if (PyDateTime_Check(value.ptr())) return value.attr("utcoffset")().is_none() ? kind::local : kind::zoned;
  if (PyDate_Check(value.ptr())) return kind::local;
  if (py::isinstance(value, known.datetime64) || py::isinstance(value, known.timedelta64))
    return kind::numpy_time;
  if (PyDelta_Check(value.ptr())) return kind::length;
  if (PyTime_Check(value.ptr())) return kind::clock;
  if (py::isinstance(value, known.decimal)) return is_whole(value) ? kind::whole : kind::real;
  if (py::isinstance(value, known.uuid)) return kind::text;
  if (py::isinstance(value, known.generic)) {
    const py::object plain = value.attr("item")();
    return py::isinstance(plain, known.generic) ? kind::other : slow_kind(plain, known);
  }
  return kind::other;
}

kind kind_of(py::handle value, const types& known) {
  PyObject* object = value.ptr();
  if (object == Py_None) return kind::missing;
  if (PyLong_CheckExact(object)) return kind::whole;
  if (PyFloat_CheckExact(object)) return kind::real;
  if (PyUnicode_CheckExact(object)) return kind::text;
  return slow_kind(value, known);
}

std::string shown(py::handle value) {
  constexpr std::size_t most_bits = 1024;  // Python writes no number of thousands of digits
  if (PyLong_Check(value.ptr()))
    if (const auto bits = value.attr("bit_length")().cast<std::size_t>(); bits > most_bits)
      return "a whole number of " + std::to_string(bits) + " bits";
  std::string text = py::repr(value);
  constexpr std::size_t longest = 60;
  if (text.size() <= longest) return text;
  std::size_t end = longest;  // not inside a character of UTF-8
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0u) == 0x80) --end;
  return text.substr(0, end) + "...";
}

[[noreturn]] void refuse(const std::string& name, std::size_t row, const std::string& what) {
  throw column_error("column \"" + name + "\", row " + std::to_string(row) + ": " + what);
}

bool mix_as_text(kind a) {
  return a == kind::text || a == kind::whole || a == kind::real || a == kind::truth;
}

// The one kind that a column of both kinds has; other where there is none.
kind joined(kind a, kind b) {
  if (a == b || b == kind::missing) return a;
  if (a == kind::missing) return b;
  if (a == kind::text || b == kind::text) return mix_as_text(a) && mix_as_text(b) ? kind::text : kind::other;
  if ((a == kind::whole && b == kind::real) || (a == kind::real && b == kind::whole)) return kind::real;
  return kind::other;
}

struct owned_values {
  std::vector<std::int64_t> whole;
  std::vector<std::byte> wide;  // what 64 bits do not hold, and then all whole numbers: 32 bytes each
  std::vector<double> real;
  std::vector<std::uint8_t> truth;
  std::vector<std::int64_t> ends{0};
  std::string text;
  std::vector<std::uint8_t> validity;
};

// Python's macros cast as C does.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"

std::int64_t days_from_civil(PyObject* date) {
  using namespace std::chrono;
  const year_month_day day{year{PyDateTime_GET_YEAR(date)},
                           month{static_cast<unsigned>(PyDateTime_GET_MONTH(date))},
                           std::chrono::day{static_cast<unsigned>(PyDateTime_GET_DAY(date))}};
  return sys_days{day}.time_since_epoch().count();
}

std::int64_t clock_microseconds(std::int64_t hours, std::int64_t minutes, std::int64_t seconds,
                                std::int64_t micro) {
  return ((hours * 60 + minutes) * 60 + seconds) * 1'000'000 + micro;
}

std::int64_t delta_microseconds(PyObject* delta) {
  return (std::int64_t{PyDateTime_DELTA_GET_DAYS(delta)} * 86'400 + PyDateTime_DELTA_GET_SECONDS(delta)) *
             1'000'000 +
         PyDateTime_DELTA_GET_MICROSECONDS(delta);
}

std::int64_t time_microseconds(PyObject* value, kind what) {
  if (what == kind::length) return delta_microseconds(value);
  if (what == kind::clock)
    return clock_microseconds(PyDateTime_TIME_GET_HOUR(value), PyDateTime_TIME_GET_MINUTE(value),
                              PyDateTime_TIME_GET_SECOND(value), PyDateTime_TIME_GET_MICROSECOND(value));
  std::int64_t us = days_from_civil(value) * 86'400'000'000;
  if (PyDateTime_Check(value))
    us += clock_microseconds(PyDateTime_DATE_GET_HOUR(value), PyDateTime_DATE_GET_MINUTE(value),
                             PyDateTime_DATE_GET_SECOND(value), PyDateTime_DATE_GET_MICROSECOND(value));
  if (what == kind::zoned) us -= delta_microseconds(py::handle(value).attr("utcoffset")().ptr());
  return us;
}

#pragma GCC diagnostic pop

class sequence_reader {
 public:
  sequence_reader(const py::list& values, const std::string& name) : values_(values), name_(name) {
    find_kind();
  }

  [[nodiscard]] bool has_numpy_times() const noexcept { return kind_ == kind::numpy_time; }

  input_column read(const std::string& source) {
    owned_->validity.assign((values_.size() + 7) / 8, 0);
    reserve();
    for (std::size_t row = 0; row < values_.size(); ++row) {
      const py::handle value = values_[row];
      const kind what = kind_of(value, known_);
      const bool there = what != kind::missing;
      if (there)
        owned_->validity[row / 8] = static_cast<std::uint8_t>(owned_->validity[row / 8] | 1u << (row % 8));
      add(value, what, row);
    }
    column_chunk chunk;
    chunk.size = values_.size();
    chunk.validity = reinterpret_cast<const std::byte*>(owned_->validity.data());
    chunk.stored = stored_as();
    if (is_wide()) chunk.width = wide_width;
    chunk.stride = kind_ == kind::truth ? 1 : is_wide() ? static_cast<std::ptrdiff_t>(wide_width) : 8;
    chunk.data = kind_ == kind::text    ? reinterpret_cast<const std::byte*>(owned_->text.data())
                 : kind_ == kind::real  ? reinterpret_cast<const std::byte*>(owned_->real.data())
                 : kind_ == kind::truth ? reinterpret_cast<const std::byte*>(owned_->truth.data())
                 : is_wide()            ? owned_->wide.data()
                                        : reinterpret_cast<const std::byte*>(owned_->whole.data());
    chunk.offsets = reinterpret_cast<const std::byte*>(owned_->ends.data());
    chunk.owner = owned_;
    std::vector<column_chunk> chunks;
    chunks.push_back(std::move(chunk));
    column_type type;
    type.what = meaning_of();
    type.dates = kind_ == kind::local && dates_;
    type.zone = zone_name_.value_or("");
    type.shown = source + " of " + kind_names[static_cast<std::size_t>(kind_)];
    return {name_, std::move(type), std::move(chunks)};
  }

 private:
  void find_kind() {
    for (std::size_t row = 0; row < values_.size(); ++row) {
      const py::handle value = values_[row];
      const kind what = kind_of(value, known_);
      if (what == kind::other)
        refuse(name_, row,
               shown(value) + " is a " + std::string(py::str(py::type::handle_of(value).attr("__name__"))) +
                   ": give numbers, texts, truths or times, one a row, or cast it to text");
      const kind both = joined(kind_, what);
      if (both == kind::other)
        refuse(name_, row,
               shown(value) + " is a " + kind_names[static_cast<std::size_t>(what)] +
                   " among values that are " + kind_names[static_cast<std::size_t>(kind_)] +
                   ": give values of one kind");
      kind_ = both;
    }
  }

  void reserve() {
    if (kind_ == kind::text)
      owned_->ends.reserve(values_.size() + 1);
    else if (kind_ == kind::real)
      owned_->real.reserve(values_.size());
    else
      owned_->whole.reserve(values_.size());
  }

  void add(py::handle value, kind what, std::size_t row) {
    switch (kind_) {
      case kind::text: return add_text(value, what, row);
      case kind::real: return owned_->real.push_back(what == kind::missing ? 0.0 : real_of(value, row));
      case kind::truth:
        owned_->truth.push_back(what != kind::missing && PyObject_IsTrue(value.ptr()) == 1);
        return;
      case kind::whole: return add_whole(value, what, row);
      default: owned_->whole.push_back(what == kind::missing ? 0 : time_microseconds(value.ptr(), what));
    }
    if (what == kind::local) dates_ = dates_ && !PyDateTime_Check(value.ptr());
    if (what == kind::zoned) look_at_zone(value.attr("tzinfo"));
  }

  // The zone of a column is that of its times, if all have one. pytz has an object for each offset of a zone.
  void look_at_zone(const py::object& zone) {
    if (zone_ && zone_.is(zone)) return;
    zone_ = zone;
    const std::string name = name_of_zone(zone);
    if (zone_name_.value_or(name) != name)
      zone_name_ = "";
    else
      zone_name_ = name;
  }

  // Of zoneinfo and of pytz; others have no name.
  [[nodiscard]] static std::string name_of_zone(const py::object& zone) {
    for (const char* name : {"key", "zone"})
      if (const py::object said = py::getattr(zone, name, py::none()); py::isinstance<py::str>(said))
        return said.cast<std::string>();
    return {};
  }

  double real_of(py::handle value, std::size_t row) const {
    const double number = PyFloat_AsDouble(value.ptr());
    const bool failed = PyErr_Occurred() != nullptr;
    if (failed && PyErr_ExceptionMatches(PyExc_OverflowError) == 0) throw py::error_already_set();
    PyErr_Clear();
    const bool is_decimal = std::isinf(number) && py::isinstance(value, known_.decimal);
    if (failed || (is_decimal && value.attr("is_finite")().cast<bool>()))
      refuse(name_, row,
             shown(value) + " is more than a float holds: correct it, or give such numbers as texts");
    return number;
  }

  void add_text(py::handle value, kind what, std::size_t row) {
    if (PyUnicode_Check(value.ptr())) {
      Py_ssize_t size = 0;
      if (const char* text = PyUnicode_AsUTF8AndSize(value.ptr(), &size); text != nullptr) {
        owned_->text.append(text, static_cast<std::size_t>(size));
      } else {  // a lone surrogate
        PyErr_Clear();
        owned_->text +=
            py::str(value.attr("encode")("utf-8", "replace").attr("decode")("utf-8")).cast<std::string>();
      }
    } else if (what != kind::missing) {
      try {
        owned_->text += py::str(value).cast<std::string>();
      } catch (py::error_already_set& error) {
        if (!error.matches(PyExc_ValueError)) throw;
        refuse(name_, row, shown(value) + " is more than Python writes as text: give such numbers as texts");
      }
    }
    owned_->ends.push_back(static_cast<std::int64_t>(owned_->text.size()));
  }

  [[nodiscard]] bool is_wide() const noexcept { return kind_ == kind::whole && !owned_->wide.empty(); }

  void add_whole(py::handle value, kind what, std::size_t row) {
    int overflow = 0;
    py::object number = py::int_(0);
    if (what != kind::missing) number = py::reinterpret_steal<py::object>(PyNumber_Long(value.ptr()));
    if (!number) throw py::error_already_set();
    if (!is_wide()) {
      const long long result = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
      if (overflow == 0) return owned_->whole.push_back(result);
      for (const std::int64_t earlier : owned_->whole) add_wide(py::int_(earlier), row);
    }
    add_wide(number, row);
  }

  void add_wide(const py::object& number, std::size_t row) {
    try {
      const auto bytes =
          number.attr("to_bytes")(wide_width, "little", py::arg("signed") = true).cast<std::string>();
      const auto* at = reinterpret_cast<const std::byte*>(bytes.data());
      owned_->wide.insert(owned_->wide.end(), at, at + bytes.size());
    } catch (py::error_already_set& error) {
      if (!error.matches(PyExc_OverflowError)) throw;
      refuse(name_, row, shown(number) + " does not fit 256 bits: give such numbers as texts");
    }
  }

  [[nodiscard]] storage stored_as() const {
    switch (kind_) {
      case kind::missing: return storage::nothing;
      case kind::text: return storage::text64;
      case kind::real: return storage::float64;
      case kind::truth: return storage::bytes;
      case kind::whole: return is_wide() ? storage::decimal : storage::int64;
      default: return storage::int64;
    }
  }

  [[nodiscard]] meaning meaning_of() const {
    switch (kind_) {
      case kind::missing: return meaning::nothing;
      case kind::truth: return meaning::truth;
      case kind::whole: return is_wide() ? meaning::real : meaning::integer;
      case kind::real: return meaning::real;
      case kind::text: return meaning::text;
      case kind::local: return meaning::local;
      case kind::zoned: return meaning::zoned;
      case kind::length: return meaning::length;
      case kind::clock: return meaning::clock;
      default: return meaning::other;
    }
  }

  static constexpr std::size_t wide_width = 32;

  const py::list& values_;
  const std::string& name_;
  types known_;
  kind kind_ = kind::missing;
  bool dates_ = true;                     // as long as no time of day was seen
  py::object zone_;                       // of the time seen last
  std::optional<std::string> zone_name_;  // of the times seen so far: empty where they differ
  std::shared_ptr<owned_values> owned_ = std::make_shared<owned_values>();
};

}  // namespace

input_column from_sequence(const py::list& values, const std::string& name, const std::string& source) {
  if (PyDateTimeAPI == nullptr) {
    PyDateTime_IMPORT;
    if (PyDateTimeAPI == nullptr) throw py::error_already_set();
  }
  sequence_reader reader(values, name);
  if (reader.has_numpy_times()) return column_from(py::module_::import("numpy").attr("array")(values), name);
  return reader.read(source);
}

}  // namespace cxmetrics::python

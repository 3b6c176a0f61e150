// SPDX-License-Identifier: Apache-2.0
// Durations, zones and buckets.
#include <pybind11/chrono.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <span>
#include <string>

#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/error.hpp>
#include <cxmetrics/time/bucket.hpp>
#include <cxmetrics/time/duration_text.hpp>
#include <cxmetrics/time/instant_text.hpp>
#include <cxmetrics/time/zone.hpp>

#include "bind.hpp"
#include "time.hpp"

namespace cxmetrics::python {

namespace py = pybind11;

std::chrono::weekday weekday_of(const std::string& name) {
  constexpr const char* names[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
  for (unsigned i = 0; i < 7; ++i)
    if (name == names[i]) return std::chrono::weekday(i);
  throw error("week_start=\"" + name +
              "\" is no day: use \"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\" or \"sun\"");
}

namespace {

using int64_array = py::array_t<std::int64_t, py::array::c_style>;

bool is_instant(std::int64_t us) { return presence(us) == verdict::counted; }

/// A function of instants over a column; what is no instant is missing in the answer too.
template <class F>
int64_array mapped(const int64_array& times, F f) {
  int64_array out(times.size());
  const std::span<const std::int64_t> in(times.data(), static_cast<std::size_t>(times.size()));
  std::int64_t* to = out.mutable_data();
  const py::gil_scoped_release released;
  for (std::size_t i = 0; i < in.size(); ++i)
    to[i] = is_instant(in[i]) ? f(instant(duration(in[i]))) : absent<std::int64_t>::missing;
  return out;
}

}  // namespace

void bind_time(py::module_& m) {
  m.def("parse_duration", [](const std::string& text) { return parse_duration(text).count(); });
  m.def("format_duration", [](std::int64_t us) { return format_duration(duration(us)); });
  m.def("parse_every", [](const std::string& text) { return format_every(parse_every(text)); });
  m.def("set_zone_directories", &set_zone_directories);
  m.def("check_zone", [](const std::string& name) { return zone::locate(name).name(); });
  m.def("format_instants", [](const int64_array& times, const std::string& tz) {
    const zone where = zone::locate(tz);
    py::list out;
    for (py::ssize_t i = 0; i < times.size(); ++i) {
      const std::int64_t us = times.at(i);
      out.append(is_instant(us) ? py::object(py::str(format_instant(instant(duration(us)), where)))
                                : py::none());
    }
    return out;
  });
  m.def(
      "bucket_starts",
      [](const int64_array& times, const std::string& length, const std::string& tz,
         const std::string& week_start) {
        bucketer b(parse_every(length), zone::locate(tz), weekday_of(week_start));
        return mapped(times, [&](instant t) { return b.floor(t).time_since_epoch().count(); });
      },
      py::arg("times"), py::arg("every"), py::arg("tz"), py::arg("week_start"));
  m.def(
      "bucket_ends",
      [](const int64_array& starts, const std::string& length, const std::string& tz,
         const std::string& week_start) {
        bucketer b(parse_every(length), zone::locate(tz), weekday_of(week_start));
        return mapped(starts, [&](instant t) { return b.next(t).time_since_epoch().count(); });
      },
      py::arg("starts"), py::arg("every"), py::arg("tz"), py::arg("week_start"));
  m.def(
      "fold_positions",
      [](const int64_array& times, const std::string& length, const std::string& cycle, const std::string& tz,
         const std::string& week_start) {
        bucket_fold f(parse_every(length), parse_every(cycle), zone::locate(tz), weekday_of(week_start));
        return mapped(
            times, [&](instant t) { return static_cast<std::int64_t>(f.position(t).count()) * 1'000'000; });
      },
      py::arg("times"), py::arg("every"), py::arg("cycle"), py::arg("tz"), py::arg("week_start"));
}

}  // namespace cxmetrics::python

// SPDX-License-Identifier: Apache-2.0
#include <pybind11/pybind11.h>

#include <cxmetrics/core/error.hpp>

#include "bind.hpp"

namespace py = pybind11;

PYBIND11_MODULE(_core, m) {
  m.doc() = "The compiled part of cxmetrics; use the package.";
  m.attr("__version__") = CXMETRICS_VERSION;

  // Later registrations are asked first: the base comes before what derives from it.
  using namespace cxmetrics;
  const auto base = py::register_exception<error>(m, "Error", PyExc_ValueError);
  py::register_exception<column_error>(m, "ColumnError", base);
  py::register_exception<scale_error>(m, "ScaleError", base);
  py::register_exception<unit_error>(m, "UnitError", base);
  py::register_exception<state_error>(m, "StateError", base);
  for (const char* name : {"Error", "ColumnError", "ScaleError", "UnitError", "StateError"})
    m.attr(name).attr("__module__") = "cxmetrics";  // where people find them

  python::bind_columns(m);
  python::bind_readers(m);
  python::bind_metrics(m);
  python::bind_contact_metrics(m);
  python::bind_compare(m);
  python::bind_queue_log(m);
  python::bind_repeats(m);
  python::bind_summarize(m);
  python::bind_time(m);
}

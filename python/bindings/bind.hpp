// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_PYTHON_BIND_HPP
#define CXMETRICS_PYTHON_BIND_HPP

#include <pybind11/pybind11.h>

namespace cxmetrics::python {

// One function a file of this folder; module.cpp calls them all.
void bind_columns(pybind11::module_& m);
void bind_compare(pybind11::module_& m);
void bind_contact_metrics(pybind11::module_& m);
void bind_metrics(pybind11::module_& m);
void bind_queue_log(pybind11::module_& m);
void bind_readers(pybind11::module_& m);
void bind_repeats(pybind11::module_& m);
void bind_summarize(pybind11::module_& m);
void bind_time(pybind11::module_& m);

}  // namespace cxmetrics::python

#endif  // CXMETRICS_PYTHON_BIND_HPP

// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_PYTHON_TIME_HPP
#define CXMETRICS_PYTHON_TIME_HPP

#include <chrono>
#include <string>

namespace cxmetrics::python {

/// "mon" and so on; an error that lists them for anything else.
std::chrono::weekday weekday_of(const std::string& name);

}  // namespace cxmetrics::python

#endif  // CXMETRICS_PYTHON_TIME_HPP

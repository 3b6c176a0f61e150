// SPDX-License-Identifier: Apache-2.0
// The metrics of surveys: how options become a definition, and how its figure is read.
#include <pybind11/pybind11.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <cxmetrics/survey/ces.hpp>
#include <cxmetrics/survey/csat.hpp>
#include <cxmetrics/survey/nps.hpp>
#include <cxmetrics/survey/response_rate.hpp>
#include <cxmetrics/survey/weighted.hpp>

#include "registry.hpp"

namespace cxmetrics::python {

constexpr std::array<std::string_view, 3> nps_intervals{"adjusted_wald", "score", "wald"};
constexpr std::array<std::string_view, 1> mean_intervals{"t"};

template <>
struct face<nps> {
  static nps make(const options&) { return {}; }
  static py::dict parameters(const nps&) { return {}; }
  static auto reading(const nps&, const options& how) {
    return [interval = static_cast<nps_interval>(how.word("interval", nps_intervals)),
            level = how.level()](const auto& t) { return t.result(interval, level); };
  }
};

template <>
struct face<csat> {
  static csat make(const options& o) { return {static_cast<csat_scale>(o.word("scale", csat_scale_names))}; }
  static py::dict parameters(const csat& m) {
    py::dict out;
    out["scale"] = std::string(csat_scale_names[static_cast<std::size_t>(m.scale)]);
    return out;
  }
  static auto reading(const csat& m, const options& how) {
    csat_reading reading{.satisfied_from = how.integer("satisfied_from")};
    if (how.has("figure")) reading.figure = static_cast<csat_figure>(how.word("figure", csat_figure_names));
    if (reading.figure.value_or(m.usual_figure()) == csat_figure::mean)
      static_cast<void>(how.word("interval", mean_intervals));
    else
      reading.interval = share_method(how);
    return [reading, level = how.level()](const auto& t) { return t.result(reading, level); };
  }
};

template <>
struct face<ces> {
  static ces make(const options& o) { return {static_cast<ces_scale>(o.word("scale", ces_scale_names))}; }
  static py::dict parameters(const ces& m) {
    py::dict out;
    out["scale"] = std::string(ces_scale_names[static_cast<std::size_t>(m.scale)]);
    return out;
  }
  static auto reading(const ces&, const options& how) {
    ces_reading reading{.figure = static_cast<ces_figure>(how.word("figure", ces_figure_names))};
    if (reading.figure == ces_figure::net)
      reading.net = static_cast<nps_interval>(how.word("interval", nps_intervals));
    else if (reading.figure == ces_figure::mean)
      static_cast<void>(how.word("interval", mean_intervals));
    else
      reading.share = share_method(how);
    return [reading, level = how.level()](const auto& t) { return t.result(reading, level); };
  }
};

template <class M>
struct face<weighted<M>> {
  static weighted<M> make(const options& o) { return {face<M>::make(o)}; }
  static py::dict parameters(const weighted<M>& m) { return face<M>::parameters(m.of); }
  static auto reading(const weighted<M>& m, const options& how) { return face<M>::reading(m.of, how); }
};

template <>
struct face<response_rate> {
  static response_rate make(const options&) { return {}; }
  static py::dict parameters(const response_rate&) { return {}; }
  static auto reading(const response_rate&, const options& how) {
    return [interval = share_method(how), level = how.level()](const tally<response_rate>& t) {
      return t.result(interval, level);
    };
  }
};

void add_survey_metrics(registry& to) {
  add<nps, csat, ces, response_rate, weighted<nps>, weighted<csat>, weighted<ces>>(to);
}

}  // namespace cxmetrics::python

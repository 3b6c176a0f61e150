// SPDX-License-Identifier: Apache-2.0
// Metrics of survey answers under the laws of the house (docs/map.md): one line each. Something new is one
// line more.
#include <cxmetrics/survey/ces.hpp>
#include <cxmetrics/survey/csat.hpp>
#include <cxmetrics/survey/nps.hpp>
#include <cxmetrics/survey/response_rate.hpp>
#include <cxmetrics/survey/weighted.hpp>

#include "metric_laws.hpp"

using namespace cxmetrics;
using namespace laws;

TEST_CASE("metric: nps") { metric_laws<nps>({{}}); }
TEST_CASE("metric: csat") { metric_laws<csat>({{}, {csat_scale::one_to_ten}, {csat_scale::smileys}}); }
TEST_CASE("metric: ces") { metric_laws<ces>({{}, {ces_scale::effort}}); }
TEST_CASE("metric: response_rate") { metric_laws<response_rate>({{}}); }
TEST_CASE("metric: weighted<nps>") { metric_laws<weighted<nps>>({{}}); }
TEST_CASE("metric: weighted<csat>") { metric_laws<weighted<csat>>({{}, {{csat_scale::one_to_ten}}}); }
TEST_CASE("metric: weighted<ces>") { metric_laws<weighted<ces>>({{}, {{ces_scale::effort}}}); }

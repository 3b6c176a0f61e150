// SPDX-License-Identifier: Apache-2.0
// Any bytes, read as every kind of state: state_error, or a state that writes those bytes again, merges with
// itself or refuses to, and can be read.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <cxmetrics/contact/abandonment.hpp>
#include <cxmetrics/contact/chain_tracker.hpp>
#include <cxmetrics/contact/first_contact_resolution.hpp>
#include <cxmetrics/contact/handle_time.hpp>
#include <cxmetrics/contact/repeat_tracker.hpp>
#include <cxmetrics/contact/service_level.hpp>
#include <cxmetrics/contact/transfer_rate.hpp>
#include <cxmetrics/contact/transfers_per_contact.hpp>
#include <cxmetrics/contact/wait_time.hpp>
#include <cxmetrics/core/shard.hpp>
#include <cxmetrics/engine/tally.hpp>
#include <cxmetrics/survey/ces.hpp>
#include <cxmetrics/survey/csat.hpp>
#include <cxmetrics/survey/nps.hpp>
#include <cxmetrics/survey/response_rate.hpp>
#include <cxmetrics/survey/weighted.hpp>

using namespace cxmetrics;

namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

template <metric M>
void try_tally(const std::string& bytes) {
  try {
    tally<M> t = tally<M>::decode(bytes);
    require(t.encode() == bytes);
    static_cast<void>(t.result().to_text());
    t.merge(t);
    require(tally<M>::decode(t.encode()) == t);
  } catch (const state_error&) {}
}

// The header is given, so that what is behind it is reached at once; and the whole input, so that the header
// is tried.
template <metric M>
void try_metric(std::string_view body) {
  writer w;
  put_header(w, M::name, M::version);
  try_tally<M>(std::move(w).take() + std::string(body));
  try_tally<M>(std::string(body));
}

template <class State>
void try_state(std::string_view bytes) {
  try {
    reader r(bytes);
    const State s = State::decode(r);
    r.expect_end();
    writer w;
    s.encode(w);
    require(std::move(w).take() == bytes);
  } catch (const state_error&) {}
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 17) {
    case 0: try_metric<nps>(body); break;
    case 1: try_metric<service_level>(body); break;
    case 2: try_metric<abandonment>(body); break;
    case 3: try_metric<wait_time>(body); break;
    case 4: try_metric<first_contact_resolution>(body); break;
    case 5: try_state<shard>(body); break;
    case 6: try_metric<csat>(body); break;
    case 7: try_metric<ces>(body); break;
    case 8: try_metric<weighted<nps>>(body); break;
    case 9: try_metric<weighted<csat>>(body); break;
    case 10: try_metric<weighted<ces>>(body); break;
    case 11: try_metric<response_rate>(body); break;
    case 12: try_metric<talk_time>(body); break;
    case 13: try_metric<transfer_rate>(body); break;
    case 14: try_metric<transfers_per_contact>(body); break;
    case 15: try_state<chain_tracker>(body); break;
    default: try_state<repeat_tracker>(body);
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// Any bytes as a checkpoint of a contact tracker: refused, or the canonical bytes of a tracker that works.
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

#include <cxmetrics/contact/contact_tracker.hpp>
#include <cxmetrics/core/error.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cxmetrics;
  const std::string bytes(data, data + size);
  try {
    reader r(bytes);
    contact_tracker t = contact_tracker::decode(r);
    r.expect_end();
    writer w;
    t.encode(w);
    if (std::move(w).take() != bytes) throw std::logic_error("bytes that are not canonical were taken");
    std::size_t emitted = 0;
    t.open(t.watermark(), [](const contact&) {});
    const std::size_t open = t.open_count();
    t.advance(instant::max(), [&](const contact&) { ++emitted; });
    if (emitted < open) throw std::logic_error("a contact is lost");
  } catch (const state_error&) {
    return 0;
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_CONTACT_TRACKER_BYTES_HPP
#define CXMETRICS_SRC_CONTACT_TRACKER_BYTES_HPP

// How the fields of contacts stand in the bytes of trackers and their events.

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <cxmetrics/contact/events.hpp>
#include <cxmetrics/core/codec.hpp>
#include <cxmetrics/core/error.hpp>

namespace cxmetrics::tracker_bytes {

[[noreturn]] inline void damaged(std::string_view what) {
  throw state_error("these state bytes are damaged: " + std::string(what));
}

// What the bytes are of, and in which version: they begin with it.
struct heading {
  std::string_view tracker;
  std::uint64_t version;
};
inline void put(writer& w, heading h) {
  w.put(h.tracker);
  w.put(h.version);
}
inline void expect(reader& r, heading h) {
  if (r.get_text() != h.tracker) throw state_error("these are no state bytes of a " + std::string(h.tracker));
  if (const std::uint64_t found = r.get(); found != h.version)
    throw state_error("these state bytes were made by version " + std::to_string(found) + " of the " +
                      std::string(h.tracker) + "; this build has version " + std::to_string(h.version) +
                      ": compute them again from the contacts");
}

inline void put(writer& w, instant at) { w.put_signed(at.time_since_epoch().count()); }
[[nodiscard]] inline instant get_instant(reader& r) { return instant(duration(r.get_signed())); }

inline void put(writer& w, duration d) { w.put_signed(d.count()); }
[[nodiscard]] inline duration get_duration(reader& r) {
  const duration d(r.get_signed());
  if (d < duration::zero() || d > max_duration)
    damaged(std::to_string(d.count()) + " us is no duration of a contact");
  return d;
}

inline void put(writer& w, subject s) {
  w.put(s.low);
  w.put(s.high);
}
[[nodiscard]] inline subject get_subject(reader& r) {
  const std::uint64_t low = r.get();
  return {low, r.get()};
}

inline void put(writer& w, outcome how) { w.put(static_cast<std::uint64_t>(how)); }
[[nodiscard]] inline outcome get_outcome(reader& r) {
  const std::uint64_t how = r.get();
  if (how >= outcome_count) damaged("no outcome has the number " + std::to_string(how));
  return static_cast<outcome>(how);
}

// The number of a queue, or of transfers.
inline void put(writer& w, std::uint32_t number) { w.put(std::uint64_t{number}); }
[[nodiscard]] inline std::uint32_t get_number(reader& r) {
  const std::uint64_t number = r.get();
  if (number > std::numeric_limits<std::uint32_t>::max())
    damaged("the number " + std::to_string(number) + " is too large");
  return static_cast<std::uint32_t>(number);
}

}  // namespace cxmetrics::tracker_bytes

#endif  // CXMETRICS_SRC_CONTACT_TRACKER_BYTES_HPP

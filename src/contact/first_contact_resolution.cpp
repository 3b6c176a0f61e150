// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/first_contact_resolution.hpp>

#include <cxmetrics/state/estimates.hpp>
#include <cxmetrics/time/duration_text.hpp>
#include <cxmetrics/time/instant_text.hpp>

#include "../core/number_text.hpp"
#include "../state/proportion.hpp"

namespace cxmetrics {
inline namespace v0 {

result first_contact_resolution::read(const state& s, const ledger& rows, std::optional<instant> until,
                                      confidence c, share_interval method) const {
  const share back{resolved(s), resolved(s) + repeats(s)};
  const std::string within = format_duration(window);
  const std::uint64_t overlapping =
      count(s, followup::resolved_overlapped) + count(s, followup::repeat_overlapped);

  result_parts out;
  out.metric = name;
  out.title = "First-contact resolution within " + within;
  out.unit = "%";
  out.value = back.percent();
  out.interval = interval_of(back, method, c);
  out.denominator = denominator_of(back);
  out.estimates = estimates_of(back);
  out.about = about;
  out.worked = "100 x {resolved} without a repeat / {n} matured = {value}";
  out.ledger = rows;
  out.counts = {{"resolved", resolved(s)},
                {"repeat", repeats(s)},
                {"pending", count(s, followup::pending)},
                {"open", count(s, followup::open)},
                {"overlapping", overlapping},
                {"unknown", rows.missing}};
  out.formula = "matured contacts without another contact of the same customer within " + within +
                " after the " + (clock == repeat_clock::ended ? "end" : "entry") + " / matured contacts";
  out.parameters = {{"window", within},
                    {"clock", std::string(repeat_clock_names[static_cast<std::size_t>(clock)])},
                    {"rule", "rolling"}};
  if (until) out.parameters.push_back({"until", format_instant(*until, zone::utc()), true});
  out.source =
      std::string(
          "Call Centre Helper and WFM Labs: no repeat of the same customer within a window; interval: ") +
      source_of(method);
  if (back.n != 0)
    out.notes.emplace_back(
        "the interval takes contacts of one customer as independent: it is too narrow where few customers "
        "come often");
  if (back.n == 0 && rows.pending != 0)
    out.notes.push_back("the window of " + within + " is not over for any of " + count_text(rows.pending) +
                        " contacts: too early to tell");
  return result(std::move(out));
}

}  // namespace v0
}  // namespace cxmetrics

// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/first_contact_resolution.hpp>

#include <algorithm>
#include <cmath>

#include <cxmetrics/state/estimates.hpp>
#include <cxmetrics/time/duration_text.hpp>
#include <cxmetrics/time/instant_text.hpp>

#include "../core/number_text.hpp"
#include "../state/proportion.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

using metric = first_contact_resolution;

template <std::size_t Size, class Enum>
std::string name_of(const std::array<std::string_view, Size>& names, Enum e) {
  return std::string(names[static_cast<std::size_t>(e)]);
}

// A ratio of sums over customers, p = sum good / sum all, has the variance
//   m / (m - 1) * sum over customers of (good - p all)^2 / (sum all)^2          (Cochran, 3rd ed., 6.4)
// and n contacts say as much about p as n_eff = p (1 - p) / variance independent ones do. Wilson's interval
// is taken with n_eff. Where all contacts are alike the variance is no guide: then one contact a customer
// counts.
std::optional<confidence_interval> clustered(share s, const customer_spread& by, confidence c) {
  if (s.n == 0 || by.customers == 0) return std::nullopt;
  const double n = static_cast<double>(s.n), p = static_cast<double>(s.hits) / n,
               m = static_cast<double>(by.customers);
  double effective = m;
  if (s.hits != 0 && s.hits != s.n && by.customers > 1) {
    const double squares = static_cast<double>(by.good_good) - 2 * p * static_cast<double>(by.good_all) +
                           p * p * static_cast<double>(by.all_all);
    const double variance = m / (m - 1) * std::max(squares, 0.0) / (n * n);
    if (variance > 0) effective = std::min(n, p * (1 - p) / variance);
  }
  confidence_interval out = interval_of(proportion{s.hits == s.n ? effective : p * effective, effective},
                                        share_interval::wilson, c);
  out.method = "clustered";
  return out;
}

std::string words_of(const metric& m, const std::string& within, const repeat_reading& how) {
  const std::string firsts =
      how.net ? "matured contacts that can be resolved at the first desk" : "matured contacts";
  return firsts + " without another contact of the same customer" +
         (m.reason == reason_match::none    ? ""
          : m.reason == reason_match::exact ? " for the same reason"
                                            : " for a reason of the same group") +
         " within " + within + " after the " + (m.clock == repeat_clock::ended ? "end" : "entry") +
         (how.transfer_fails ? " and without a transfer" : "") + " / " + firsts;
}

std::vector<named_text> parameters_of(const metric& m, const std::string& within, const repeat_reading& how) {
  std::vector<named_text> out{{"window", within},
                              {"clock", name_of(repeat_clock_names, m.clock)},
                              {"rule", name_of(repeat_order_names, m.order)},
                              {"reason", name_of(reason_match_names, m.reason)},
                              {"first", m.first.to_text()},
                              {"repeats", m.repeats.to_text()},
                              {"transfer", how.transfer_fails ? "fails" : "ignored"},
                              {"basis", how.net ? "net" : "gross"}};
  if (how.known.since) out.push_back({"since", format_instant(*how.known.since, zone::utc()), true});
  if (how.known.until) {
    out.push_back({"until", format_instant(*how.known.until, zone::utc()), true});
    if (how.known.until->time_since_epoch() >= duration::min() + m.window)
      out.push_back({"matured_to", format_instant(*how.known.until - m.window, zone::utc()), true});
  }
  return out;
}

}  // namespace

result first_contact_resolution::read(const state& s, const ledger& rows, const repeat_reading& how,
                                      confidence c, share_interval method) const {
  const auto is_read = [&](matured m) { return !how.net || !m.unresolvable; };
  const auto fails = [&](matured m) { return how.transfer_fails && m.transferred && !m.repeated; };
  const std::uint64_t resolved =
      count_if(s, [&](matured m) { return is_read(m) && !m.repeated && !fails(m); });
  const std::uint64_t repeats_seen = count_if(s, [&](matured m) { return is_read(m) && m.repeated; });
  const share back{resolved, count_if(s, is_read)};
  const std::uint64_t left_out = count_if(s, [&](matured m) { return !is_read(m); });
  const std::string within = format_duration(window);

  result_parts out;
  out.metric = name;
  out.title = "First-contact resolution within " + within;
  out.unit = "%";
  out.value = back.percent();
  out.interval = how.spread ? clustered(back, *how.spread, c) : interval_of(back, method, c);
  out.denominator = denominator_of(back);
  out.estimates = estimates_of(back);
  out.about = about;
  out.worked = "100 x {resolved} without a repeat / {n} matured = {value}";
  out.ledger = rows;
  out.ledger.counted -= left_out;
  out.ledger.excluded += left_out;
  const std::uint64_t overlapping = count_if(s, [&](matured m) { return is_read(m) && m.overlapped; });
  out.counts = {{"resolved", resolved},
                {"repeat", repeats_seen},
                {"pending", count(s, followup::pending)},
                {"open", count(s, followup::open)},
                {"overlapping", overlapping},
                {"unknown", rows.missing}};
  if (how.left_unknown) out.counts.push_back({"left_unknown", *how.left_unknown});
  if (order == repeat_order::chain) out.counts.push_back({"chained", count(s, followup::chained)});
  if (!first.is_all()) out.counts.push_back({"ineligible", count(s, followup::ineligible)});
  if (reason != reason_match::none)
    out.counts.push_back({"without_reason", count(s, followup::without_reason)});
  if (how.transfer_fails)
    out.counts.push_back({"transferred", count_if(s, [&](matured m) { return is_read(m) && fails(m); })});
  if (how.net) out.counts.push_back({"unresolvable", left_out});
  out.formula = words_of(*this, within, how);
  out.parameters = parameters_of(*this, within, how);
  out.source =
      "Call Centre Helper and WFM Labs: no repeat of the same customer within a window; gross and net: "
      "MetricNet; interval: ";
  out.source +=
      how.spread ? "Wilson (1927) with the variance between customers (Cochran 1977)" : source_of(method);
  if (back.n != 0 && !how.spread)
    out.notes.emplace_back(
        "the interval takes contacts of one customer as independent: it is too narrow where few customers "
        "come often");
  if (back.n != 0 && overlapping >= back.n - overlapping)
    out.notes.push_back(
        "during " + count_text(overlapping) + " of " + count_text(back.n) +
        " contacts another of the same customer came in: if a row is an event of a contact and no "
        "contact of its own, keep one row each");
  if (back.n == 0 && rows.pending != 0)
    out.notes.push_back("the window of " + within + " is not over for any of " + count_text(rows.pending) +
                        " contacts: too early to tell");
  if (how.left_unknown && *how.left_unknown != 0 && order == repeat_order::chain)
    out.notes.push_back(
        count_text(*how.left_unknown) +
        " contacts of the first window of the data may be repeats of earlier ones, and no firsts");
  if (how.net && left_out != 0) {
    const share gross{count_if(s, [&](matured m) { return !m.repeated && !fails(m); }), rows.counted};
    out.notes.push_back("gross: " + fixed_text(*gross.percent(), 1) + " % of " + count_text(gross.n) +
                        " contacts, with those that cannot be resolved at the first desk");
  }
  return result(std::move(out));
}

}  // namespace v0
}  // namespace cxmetrics

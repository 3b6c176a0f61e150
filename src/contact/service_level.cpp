// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/service_level.hpp>

#include <cxmetrics/core/error.hpp>
#include <cxmetrics/state/estimates.hpp>
#include <cxmetrics/state/share.hpp>
#include <cxmetrics/time/duration_text.hpp>

#include "../state/proportion.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

using classes = service_level_classes;

std::string yes_or_no(bool on) { return on ? "yes" : "no"; }

// How many entered, of those that a formula has below its line where it divides by what was offered.
std::uint64_t arrivals(const service_level::state& s, const service_level_formula& formula) {
  const auto below = [&](std::size_t c, std::size_t arrival) {
    return formula.below.has(c) ? s.of[arrival] : 0;
  };
  return s.of[classes::arrived] +
         below(2 * static_cast<std::size_t>(outcome::refused_full), classes::arrived_refused_full) +
         below(2 * static_cast<std::size_t>(outcome::refused_closed), classes::arrived_refused_closed) +
         below(classes::short_abandoned, classes::arrived_short_abandoned);
}
// How many entered, whatever became of them.
std::uint64_t arrivals(const service_level::state& s) {
  std::uint64_t all =
      s.of[2 * static_cast<std::size_t>(outcome::unfinished)];  // pending: of these there is one row
  for (std::size_t c = classes::arrived; c < classes::size; ++c) all += s.of[c];
  return all;
}

void check_limit(const char* name, const std::optional<duration>& limit) {
  if (limit && (limit->count() < 0 || *limit > max_duration))
    throw unit_error(name + ("=" + format_duration(*limit)) + " is no limit: use one from 0s, like \"5s\"");
}

}  // namespace

void validate(const service_level& metric) {
  if (metric.within.count() < 1 || metric.within > max_duration)
    throw unit_error("within=" + format_duration(metric.within) +
                     " is no threshold: use one from 1us to 2.2 years, like \"20s\"");
  check_limit("short_abandon", metric.short_abandon);
  check_limit("short_answer", metric.short_answer);
}

result service_level::read(const state& s, const cxmetrics::ledger& rows,
                           const service_level_formula& formula, confidence c, share_interval method) const {
  const std::string threshold = format_duration(within), called(formula.name);
  if (formula.only_within.count() != 0 && formula.only_within != within) {
    const std::string own = format_duration(formula.only_within);
    throw unit_error("formula=\"" + called + "\" is about " + own + ", not " + threshold + ": use within=\"" +
                     own + "\"");
  }
  if (count(s, outcome::unanswered) != 0 && formula.needs_outcomes())
    throw column_error("formula=\"" + called +
                       "\" tells abandoned contacts from others that were not answered: it needs a column of "
                       "outcomes, a yes or no is not enough");

  const bool of_arrivals = attribution == level_attribution::event && formula.of_arrivals();
  const share found{formula.above.count(s), of_arrivals ? arrivals(s, formula) : formula.below.count(s)};

  result_parts out;
  out.metric = name;
  out.title = "Service level " + threshold + " (" + called + ")";
  out.unit = "%";
  out.value = found.percent();
  out.denominator = denominator_of(found);
  out.about = about;
  if (found.hits <= found.n) {
    out.interval = interval_of(found, method, c);
    out.estimates = estimates_of(found);
  } else if (found.n != 0) {
    out.notes.emplace_back(
        "more were answered in time than arrived: they arrived before, and there is no interval");
  }
  out.ledger = rows;
  out.ledger.counted = found.n;
  out.ledger.excluded += rows.counted - found.n;  // decided, but not in this formula's denominator
  const std::string above = std::string(formula.above_text) +
                            (comparison == threshold_comparison::below ? " in less than " : " within ") +
                            threshold;
  const std::string below = std::string(formula.below_text) + (of_arrivals ? " where they arrived" : "");
  out.formula = above + " / " + below;
  out.worked = "100 x {" +
               std::string(formula.above == detail::level_sets::hits ? "answered_within" : "above") + "} " +
               above + " / {n} " + below + " = {value}";
  out.parameters = {
      {"within", threshold},
      {"comparison", std::string(threshold_comparison_names[static_cast<std::size_t>(comparison)])},
      {"formula", called}};
  if (formula.name == genesys().name) {
    out.parameters.push_back({"include_flow_outs", yes_or_no(formula.switches.include_flow_outs)});
    out.parameters.push_back({"include_short_abandons", yes_or_no(formula.switches.include_short_abandons)});
    out.parameters.push_back({"include_abandons", yes_or_no(formula.switches.include_abandons)});
  }
  if (short_abandon) {
    const std::string brief = format_duration(*short_abandon);
    out.parameters.push_back({"short_abandon", brief});
    const bool matters = formula.below.includes(detail::level_sets::classes::within({outcome::abandoned})) &&
                         !formula.below.includes(detail::level_sets::short_abandons);
    if (matters) out.formula += " without abandons within " + brief;
  }
  if (short_answer) {
    const std::string brief = format_duration(*short_answer);
    out.parameters.push_back({"short_answer", brief});
    out.formula += " without contacts over within " + brief;
  }
  out.parameters.push_back(
      {"attribution", std::string(level_attribution_names[static_cast<std::size_t>(attribution)])});
  out.parameters.push_back({"clock", std::string(name_of(clock))});
  if (clock == contact_clock::contact) out.formula += ", of contacts from their first queue on";
  std::uint64_t others = 0;
  for (std::size_t o = 0; o < outcome_codes; ++o) others += count(s, static_cast<outcome>(o));
  others -= count(s, outcome::answered) + count(s, outcome::abandoned) + count(s, outcome::unfinished);
  out.counts = {{"answered_within", within_count(s, outcome::answered)},
                {"answered", count(s, outcome::answered)},
                {"abandoned", count(s, outcome::abandoned) + short_count(s)},
                {"abandoned_within", within_count(s, outcome::abandoned) + s.of[classes::short_abandoned]},
                {"other_exits", others},
                {"waiting_beyond", beyond_count(s, outcome::unfinished)}};
  if (formula.above != detail::level_sets::hits) out.counts.push_back({"above", found.hits});
  if (short_abandon) out.counts.push_back({"short_abandons", short_count(s)});
  if (short_answer) out.counts.push_back({"short_answers", s.of[classes::short_answered]});
  if (attribution == level_attribution::event) {
    out.counts.push_back({"arrived", arrivals(s)});
    out.notes.emplace_back(
        "attribution=\"event\": offered is counted where contacts arrive, answered and abandoned where that "
        "happens, so that buckets do not add up on their own");
  }
  if (!formula.note.empty()) out.notes.emplace_back(formula.note);
  out.source = std::string(formula.source) + (formula.source.empty() ? "interval: " : "; interval: ") +
               source_of(method);
  return result(std::move(out));
}

level_rows rows_of(const service_level& metric, std::span<const std::int64_t> wait,
                   std::span<const std::uint8_t> outcome, std::span<const std::int64_t> entered) {
  if (wait.size() != outcome.size() || (!entered.empty() && entered.size() != wait.size()))
    throw column_error("the columns of contacts have different lengths: give one value a contact in each");
  const std::size_t size = wait.size();
  const bool twice = metric.attribution == level_attribution::event;
  const auto is_known = [&](std::size_t i) { return is_value(wait[i]) && is_value(outcome[i]); };
  level_rows out;
  out.contact.resize(twice ? 2 * size : size);
  for (std::size_t i = 0; i < size; ++i) out.contact[i] = static_cast<std::int64_t>(i);
  // The decided ones stand behind all; a place is written before it is known to stay.
  std::size_t rows = size;
  for (std::size_t i = 0; twice && i < size; ++i) {
    out.contact[rows] = static_cast<std::int64_t>(i);
    rows += is_known(i) && metric.is_decided(wait[i], outcome[i]) ? 1U : 0U;
  }
  out.contact.resize(rows);
  out.wait.resize(rows);
  out.outcome.resize(rows);
  out.at.resize(entered.empty() ? 0 : rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const auto i = static_cast<std::size_t>(out.contact[row]);
    const bool arrives = twice && row < size;
    const unsigned beside = arrives && is_known(i) ? static_cast<unsigned>(standing::arrived) : 0;
    out.wait[row] = wait[i];
    out.outcome[row] = static_cast<std::uint8_t>(outcome[i] | beside);
    if (entered.empty()) continue;
    const instant from{duration(entered[i])};
    const bool moves = !arrives && is_value(entered[i]) && is_value(wait[i]);
    const auto how = static_cast<cxmetrics::outcome>(outcome[i]);
    out.at[row] = (moves ? metric.belongs_to(from, duration(wait[i]), how) : from).time_since_epoch().count();
  }
  return out;
}

std::vector<level_difference> differences(const service_level::state& s, const service_level_formula& formula,
                                          const service_level_formula& from) {
  const auto change = [](class_set now, class_set before, std::size_t c) {
    return static_cast<int>(now.has(c)) - static_cast<int>(before.has(c));
  };
  std::vector<level_difference> out;
  const auto look = [&](std::string what, std::initializer_list<std::size_t> some) {
    level_difference d{std::move(what), 0, change(formula.above, from.above, *some.begin()),
                       change(formula.below, from.below, *some.begin())};
    for (std::size_t c : some) d.count += s.of[c];
    if (d.count != 0 && (d.above != 0 || d.below != 0)) out.push_back(std::move(d));
  };
  for (std::size_t o = 0; o <= outcome_codes; ++o) {  // the short abandons follow the outcomes
    const auto how = static_cast<outcome>(o);
    const std::string what(o == outcome_codes           ? "short_abandoned"
                           : how == outcome::unfinished ? "waiting"
                                                        : name_of(how));
    const std::size_t in = 2 * o, late = in + 1;
    if (change(formula.above, from.above, in) == change(formula.above, from.above, late) &&
        change(formula.below, from.below, in) == change(formula.below, from.below, late)) {
      look(what, {in, late});
    } else {
      look(what + "_within", {in});
      look(what + "_beyond", {late});
    }
  }
  return out;
}

}  // namespace v0
}  // namespace cxmetrics

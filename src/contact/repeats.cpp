// SPDX-License-Identifier: Apache-2.0
#include "cxmetrics/contact/repeats.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stop_token>
#include <string>
#include <type_traits>
#include <vector>

#include "cxmetrics/core/error.hpp"
#include "cxmetrics/time/duration_text.hpp"
#include "repeat_forms.hpp"
#include "repeat_groups.hpp"
#include "repeat_latest.hpp"
#include "repeat_parts.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

using namespace repeats_detail;

known_span known_or(known_span said, const range& seen) {
  if (!seen.is_empty()) {
    said.since = said.since.value_or(instant_of(seen.least));
    said.until = said.until.value_or(instant_of(seen.greatest));
  }
  return said;
}

template <class Row>
known_span classify_as(const repeat_columns& in, const repeat_rule& rule, known_span known,
                       std::uint8_t* classes, std::size_t threads, const std::stop_token& stop) {
  const row_reader reader(in, rule, stop);
  dealer rows(reader, threads);
  rows.look([&](std::size_t, std::size_t row, std::uint8_t label) { classes[row] = label; });
  known = known_or(known, rows.entries());
  if (!known.until) return known;
  const each_row sink{rule, *known.until, classes};
  std::vector<group_reader<Row>> groups(threads, group_reader<Row>(rule));
  rows.deal(whole_rows<Row>(),
            [&](std::size_t worker, Row* part, std::size_t size) { groups[worker](part, size, sink); });
  return known;
}

// Counts the parts, each in the plain way if it can be.
template <class Form>
void count_parts(const dealer& rows, const Form& form, const repeat_rule& rule,
                 std::vector<each_window>& sinks) {
  using whole = typename Form::whole;
  struct readers {
    latest_reader<Form> latest;
    group_reader<whole> groups;
    std::vector<whole> unpacked;
  };
  std::vector<readers> of(sinks.size(), readers{{form, rule}, group_reader<whole>(rule), {}});
  const bool is_plain = !whole::is_tagged && rule.order == repeat_order::rolling;
  rows.deal(form, [&](std::size_t worker, typename Form::row* part, std::size_t size) {
    readers& mine = of[worker];
    if constexpr (!whole::is_tagged)
      if (is_plain && mine.latest(part, size, sinks[worker])) return;
    if constexpr (std::is_same_v<typename Form::row, whole>) {
      mine.groups(part, size, sinks[worker]);
    } else {
      mine.unpacked.clear();
      for (std::size_t i = 0; i < size; ++i) mine.unpacked.push_back(form.unpacked(part[i]));
      mine.groups(mine.unpacked.data(), size, sinks[worker]);
    }
  });
}

template <class Row>
counted_repeats count_as(const repeat_columns& in, const repeat_rule& rule, std::span<const duration> windows,
                         known_span known, std::size_t threads, const std::stop_token& stop) {
  const row_reader reader(in, rule, stop);
  dealer rows(reader, threads);
  std::vector<repeat_counts> rejected(threads);
  rows.look([&](std::size_t worker, std::size_t, std::uint8_t label) { ++rejected[worker].of[label]; });
  known = known_or(known, rows.entries());
  counted_repeats out{std::vector<repeat_counts>(windows.size()), known};
  const auto add = [](repeat_counts& to, const repeat_counts& more) {
    for (std::size_t c = 0; c < to.of.size(); ++c) to.of[c] += more.of[c];
    to.left_unknown += more.left_unknown;
  };
  for (repeat_counts& w : out.windows)
    for (const repeat_counts& r : rejected) add(w, r);
  if (!known.until || !known.since) return out;
  std::vector<each_window> sinks(threads, each_window{rule, *known.until, *known.since, windows,
                                                      std::vector<repeat_counts>(windows.size())});
  bool as_words = false;
  if constexpr (!Row::has_end && !Row::is_tagged)
    if (const words form(rows); rule.reason == reason_match::none && form.fit()) {
      as_words = true;
      count_parts(rows, form, rule, sinks);
    }
  if (!as_words) count_parts(rows, whole_rows<Row>(), rule, sinks);
  for (const each_window& sink : sinks)
    for (std::size_t w = 0; w < windows.size(); ++w) add(out.windows[w], sink.seen[w]);
  return out;
}

void check(const repeat_columns& in, const repeat_rule& rule) {
  validate(rule);
  const std::size_t rows = in.customer.size();
  const auto fits = [&](std::size_t size) { return size == 0 || size == rows; };
  if (in.entered.size() != rows || !fits(in.ended.size()) || !fits(in.reason.size()) ||
      !fits(in.outcome.size()) || !fits(in.transferred.size()) || !fits(in.unresolvable.size()))
    throw column_error("the columns of contacts have different lengths: give one value a row in each");
  if (rows != 0 && rule.reads_outcomes() && in.outcome.empty())
    throw column_error("the rule names outcomes, and there is no column of them");
  if (rows != 0 && rule.reason != reason_match::none && in.reason.empty())
    throw column_error("the rule matches reasons, and there is no column of them");
  if (rows > std::numeric_limits<std::uint32_t>::max())
    throw column_error(std::to_string(rows) + " contacts are more than 2^32 - 1: split them by customer");
}

std::size_t workers(std::size_t rows, unsigned threads) noexcept {
  return std::clamp<std::size_t>(threads, 1, std::max<std::size_t>(1, rows / rows_a_part));
}

}  // namespace

void validate(const repeat_rule& rule) {
  if (rule.window < duration(0) || rule.window > max_duration)
    throw unit_error("window=" + format_duration(rule.window) + " is outside 0 to 2^46 us (2.2 years)");
}

known_span classify_repeats(const repeat_columns& contacts, const repeat_rule& rule, known_span known,
                            std::span<std::uint8_t> classes, unsigned threads, const std::stop_token& stop) {
  check(contacts, rule);
  const std::size_t rows = contacts.customer.size();
  if (classes.size() != rows)
    throw column_error("the columns of contacts have different lengths: give one value a row in each");
  return rule.clock == repeat_clock::ended
             ? classify_as<row_of<true, true>>(contacts, rule, known, classes.data(), workers(rows, threads),
                                               stop)
             : classify_as<row_of<false, true>>(contacts, rule, known, classes.data(), workers(rows, threads),
                                                stop);
}

counted_repeats count_repeats(const repeat_columns& contacts, const repeat_rule& rule,
                              std::span<const duration> windows, known_span known, unsigned threads,
                              const std::stop_token& stop) {
  for (duration window : windows) {
    repeat_rule one = rule;
    one.window = window;
    validate(one);
  }
  check(contacts, rule);
  const std::size_t t = workers(contacts.customer.size(), threads);
  const bool tagged =
      !contacts.outcome.empty() || !contacts.transferred.empty() || !contacts.unresolvable.empty();
  if (rule.clock == repeat_clock::ended)
    return tagged ? count_as<row_of<true, true>>(contacts, rule, windows, known, t, stop)
                  : count_as<row_of<true, false>>(contacts, rule, windows, known, t, stop);
  return tagged ? count_as<row_of<false, true>>(contacts, rule, windows, known, t, stop)
                : count_as<row_of<false, false>>(contacts, rule, windows, known, t, stop);
}

}  // namespace v0
}  // namespace cxmetrics

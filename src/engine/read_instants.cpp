// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <stop_token>

#include "cxmetrics/core/error.hpp"
#include "cxmetrics/core/parallel.hpp"
#include "cxmetrics/time/instant_text.hpp"
#include "reader_of.hpp"
#include "text_number.hpp"
#include "time_pattern.hpp"
#include "time_unit.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

using engine_detail::is_civil;
using engine_detail::month_day_nano;
using engine_detail::rounding;
using time_absent = absent<std::int64_t>;

// What the texts of a column prove about the order of day and month.
struct order_proof {
  bool any = false;                      // a date of numbers that is not led by its year
  std::string only_dmy, only_mdy, both;  // the first text of each kind

  void see(std::string_view text) {
    if (leads_with_year(text)) return;
    if (parse_iso_time(text) || parse_date_time(text, date_order::ymd)) return;
    const bool dmy = parse_date_time(text, date_order::dmy).has_value();
    const bool mdy = parse_date_time(text, date_order::mdy).has_value();
    if (!dmy && !mdy) return;
    any = true;
    std::string& first = dmy && mdy ? both : dmy ? only_dmy : only_mdy;
    if (first.empty()) first = text;
  }

 private:
  // Four digits and no fifth are no day and no month.
  static bool leads_with_year(std::string_view text) noexcept {
    const auto is_digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
    return text.size() > 4 && is_digit(0) && is_digit(1) && is_digit(2) && is_digit(3) && !is_digit(4);
  }
};

std::string date_words(std::string_view text, date_order order) {
  constexpr std::array<std::string_view, 12> months{"January",   "February", "March",    "April",
                                                    "May",       "June",     "July",     "August",
                                                    "September", "October",  "November", "December"};
  const auto day = std::chrono::floor<std::chrono::days>(parse_date_time(text, order)->local);
  const std::chrono::year_month_day date{day};
  return std::to_string(unsigned{date.day()}) + " " + std::string(months[unsigned{date.month()} - 1]) + " " +
         std::to_string(int{date.year()});
}

date_order proven_order(const input_column& column, const engine_detail::missing_set& missing, bool& chosen,
                        const std::stop_token& stop) {
  order_proof proof;
  std::size_t row = 0;
  const auto see_all = [&](const column_chunk& chunk) {
    engine_detail::visit(chunk, [&](auto values) {
      if constexpr (std::is_same_v<decltype(values(std::size_t{})), std::string_view>)
        for (std::size_t i = 0; i < chunk.size; ++i) {
          if (i % 4096 == 0) go_on(stop);
          if (!chunk.is_null(i))
            if (const std::string_view text = engine_detail::trimmed(values(i)); !missing.has(text))
              proof.see(text);
        }
    });
  };
  for (const column_chunk& chunk : column.chunks()) {
    engine_detail::naming(column, row, [&] {
      if (chunk.dictionary)
        engine_detail::of_entries(0, [&] { see_all(*chunk.dictionary); });
      else
        see_all(chunk);
    });
    row += chunk.size;
  }
  chosen = proof.any;
  if (!proof.any) return date_order::ymd;
  const std::string remedy = ": say which, time_format=\"dmy\" or time_format=\"mdy\"";
  if (!proof.only_dmy.empty() && !proof.only_mdy.empty())
    throw column_error(describe(column) + " holds dates of both orders, \"" + proof.only_dmy +
                       "\" (day first) and \"" + proof.only_mdy +
                       "\" (month first): clean it, or give time_format= and invalid=\"count\"");
  if (!proof.only_dmy.empty()) return date_order::dmy;
  if (!proof.only_mdy.empty()) return date_order::mdy;
  throw column_error(describe(column) + ": no date proves the order of day and month, \"" + proof.both +
                     "\" is " + date_words(proof.both, date_order::dmy) + " or " +
                     date_words(proof.both, date_order::mdy) + remedy);
}

[[noreturn]] void refuse_numbers(const std::string& described, const std::string& value) {
  throw unit_error(described + " holds numbers where times should be (" + value +
                   "): convert them to dates and times, or give the unit in which they count since 1970");
}

[[noreturn]] void refuse_digits(const std::string& described, std::string_view text) {
  throw unit_error(described + " holds digits where times should be (\"" + std::string(text) +
                   "\"): say how they are written, time_format=\"%y%m%d\" or another strptime pattern, or in "
                   "which unit they count since 1970, unit=");
}

struct instant_rule {
  static constexpr bool by_value = false, names_unknown = false;  // doubtful local times are counted a row

  column_type type;
  std::string described;
  engine_detail::missing_set missing;
  std::int64_t unit;  // microseconds of a number's unit
  std::optional<offset_lookup> zone_of{};
  date_order order = date_order::ymd;
  bool order_chosen = false;
  std::optional<engine_detail::time_pattern> pattern{};
  std::string format{};
  std::uint64_t ambiguous = 0, nonexistent = 0;
  bool saw_naive = false, saw_offset = false;

  [[nodiscard]] std::optional<std::pair<std::int64_t, std::int64_t>> unchanged() const noexcept {
    if (type.what != meaning::zoned || type.numerator != type.denominator) return std::nullopt;
    return std::pair{engine_detail::first_civil, engine_detail::end_civil - 1};
  }
  std::int64_t operator()(std::int64_t value) {
    if (type.what == meaning::integer) {
      std::int64_t us = 0;
      if (missing.has(value)) return time_absent::missing;
      return __builtin_mul_overflow(value, unit, &us) ? time_absent::invalid : civil(us);
    }
    if (value == engine_detail::not_a_time) return time_absent::missing;
    const auto us = engine_detail::to_microseconds(value, type, rounding::down);
    if (!us) return time_absent::invalid;
    return type.what == meaning::local ? from_local(*us) : civil(*us);
  }
  std::int64_t operator()(std::uint64_t value) {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return value <= most ? (*this)(static_cast<std::int64_t>(value)) : time_absent::invalid;
  }
  std::int64_t operator()(double value) {
    if (std::isnan(value)) return missing.has_nan() ? time_absent::missing : time_absent::invalid;
    if (missing.has(value)) return time_absent::missing;
    const double us = std::floor(value * static_cast<double>(unit));
    return us > -1e18 && us < 1e18 ? civil(static_cast<std::int64_t>(us)) : time_absent::invalid;
  }
  std::int64_t operator()(std::string_view text) {
    text = engine_detail::trimmed(text);
    if (missing.has(text)) return time_absent::missing;
    std::optional<parsed_time> read;
    if (pattern) {
      read = pattern->read(text);
    } else {
      read = parse_iso_time(text);
      if (!read) read = parse_date_time(text, order);
      if (!read && order_chosen) read = parse_date_time(text, date_order::ymd);
      if (!read)
        if (const auto number = engine_detail::parse_real(text)) return from_number(*number, text);
    }
    if (!read) return time_absent::invalid;
    const std::int64_t local = read->local.time_since_epoch().count();
    if (!read->offset) return from_local(local);
    saw_offset = true;
    return civil(local - std::chrono::microseconds(*read->offset).count());
  }
  std::int64_t operator()(bool) noexcept { return time_absent::invalid; }
  std::int64_t operator()(month_day_nano) noexcept { return time_absent::invalid; }

  [[nodiscard]] std::string complaint() const {
    const std::string count = ", or count such rows with invalid=\"count\"";
    if (!format.empty())
      return "is no time as time_format=\"" + format + "\" says: correct one of them" + count;
    return "is no time of the years 1 to 9999 that can be read: say how it is written, time_format=\"dmy\", "
           "\"mdy\", \"ymd\" or a strptime pattern" +
           count;
  }

 private:
  static std::int64_t civil(std::int64_t us) noexcept { return is_civil(us) ? us : time_absent::invalid; }

  std::int64_t from_number(double number, std::string_view text) {
    if (unit == 0) refuse_digits(described, text);
    return (*this)(number);
  }
  std::int64_t from_local(std::int64_t us) {
    if (!is_civil(us)) return time_absent::invalid;
    saw_naive = true;
    if (!zone_of) return us;
    local_kind kind{};
    const instant t = zone_of->to_instant(local_instant{duration{us}}, kind);
    ambiguous += kind == local_kind::ambiguous ? 1 : 0;
    nonexistent += kind == local_kind::nonexistent ? 1 : 0;
    return civil(t.time_since_epoch().count());
  }
};

class instants final : public engine_detail::reader_of<std::int64_t, instant_rule, instant_reader> {
 public:
  using reader_of::reader_of;

  void read(std::size_t first, std::span<std::int64_t> out) override {
    reader_of::read(first, out);
    found_.ambiguous = rule_.ambiguous;
    found_.nonexistent = rule_.nonexistent;
  }
  void absorb(const canonical_reader& later) override {
    reader_of::absorb(later);
    const auto& other = dynamic_cast<const instants&>(later);
    rule_.saw_naive = rule_.saw_naive || other.rule_.saw_naive;
    rule_.saw_offset = rule_.saw_offset || other.rule_.saw_offset;
  }
  [[nodiscard]] bool naive() const override { return rule_.saw_naive && !rule_.zone_of; }
  [[nodiscard]] std::string order() const override {
    constexpr std::array<const char*, 3> names{"dmy", "mdy", "ymd"};
    return rule_.order_chosen ? names[static_cast<std::size_t>(rule_.order)] : "";
  }
  void finish() const override {
    if (naive() && rule_.saw_offset)
      throw unit_error(describe(column_) +
                       " mixes times with and without an offset from UTC: say where the others "
                       "were written down, tz=\"Europe/Amsterdam\"");
    constexpr std::int64_t year_1971 = 31'536'000'000'000;
    if (found_.least && *found_.least >= 0 && *found_.greatest < year_1971)
      throw unit_error(describe(column_) +
                       " lies in the year 1970 altogether: numbers were probably read in the wrong "
                       "unit; give dates and times, or convert the numbers with their real unit");
  }
};

}  // namespace

std::unique_ptr<instant_reader> read_instants(input_column column, time_rules rules,
                                              const std::stop_token& stop) {
  instant_rule rule{column.type(), describe(column),
                    engine_detail::missing_set(rules.missing, column.type().nan_is_missing),
                    engine_detail::unit_microseconds(rules.unit)};
  switch (column.type().what) {
    case meaning::integer:
    case meaning::real:
      if (rule.unit == 0) refuse_numbers(describe(column), column.size() == 0 ? "none yet" : column.show(0));
      break;
    case meaning::text:
      if (rules.format == "dmy" || rules.format == "mdy" || rules.format == "ymd") {
        rule.order = rules.format == "dmy"   ? date_order::dmy
                     : rules.format == "mdy" ? date_order::mdy
                                             : date_order::ymd;
        rule.order_chosen = true;
      } else if (!rules.format.empty()) {
        rule.pattern.emplace(rules.format);
      } else {
        rule.order = proven_order(column, rule.missing, rule.order_chosen, stop);
      }
      break;
    case meaning::zoned:
    case meaning::local:
    case meaning::nothing: break;
    default: throw column_error(describe(column) + " holds no times: give the column of dates and times");
  }
  rule.format = std::move(rules.format);
  if (rules.where) rule.zone_of.emplace(*rules.where);
  return std::make_unique<instants>(std::move(column), std::move(rule));
}

}  // namespace v0
}  // namespace cxmetrics

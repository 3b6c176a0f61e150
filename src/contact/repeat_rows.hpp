// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_CONTACT_REPEAT_ROWS_HPP
#define CXMETRICS_SRC_CONTACT_REPEAT_ROWS_HPP

// What the columns say of one row before any other is looked at, and what a row carries on its way.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "cxmetrics/contact/repeats.hpp"
#include "cxmetrics/core/column.hpp"
#include "cxmetrics/core/concepts.hpp"
#include "cxmetrics/core/error.hpp"
#include "cxmetrics/core/parallel.hpp"

namespace cxmetrics::repeats_detail {

constexpr std::int64_t none = absent<std::int64_t>::missing;
constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

inline instant instant_of(std::int64_t us) noexcept { return instant(duration(us)); }
inline std::uint64_t between(std::int64_t from, std::int64_t to) noexcept {
  return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

// A row carries what its pass will read, and nothing else: an end where that is the clock; its number and
// marks where each row gets its class, or where not every contact is both a first and a repeat.
enum marks : std::uint8_t { is_first = 1, is_repeat = 2, is_transferred = 4, is_unresolvable = 8 };

template <bool HasEnd>
struct end_part {
  std::int64_t ended;
};
template <>
struct end_part<false> {};
template <bool IsTagged>
struct tag_part {
  std::uint32_t row;
  std::uint8_t marked;
};
template <>
struct tag_part<false> {};

template <bool HasEnd, bool IsTagged>
struct row_of : end_part<HasEnd>, tag_part<IsTagged> {
  static constexpr bool has_end = HasEnd, is_tagged = IsTagged;
  std::uint64_t hash;  // of the customer; equal hashes, equal customers
  std::int64_t entered;

  [[nodiscard]] std::int64_t clock() const noexcept {
    if constexpr (HasEnd)
      return this->ended;
    else
      return entered;
  }
  [[nodiscard]] bool has(marks m) const noexcept {
    if constexpr (IsTagged)
      return (this->marked & m) != 0;
    else
      return m == is_first || m == is_repeat;
  }
};

// The finalizer of MurmurHash3 (Austin Appleby, public domain): every step can be undone.
inline std::uint64_t mix(std::uint64_t x) noexcept {
  x = (x ^ x >> 33) * 0xff51afd7ed558ccd;
  x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53;
  return x ^ x >> 33;
}

// The least and the greatest of some values.
struct range {
  std::int64_t least = std::numeric_limits<std::int64_t>::max(), greatest = none;

  [[nodiscard]] bool is_empty() const noexcept { return least > greatest; }
  void add(std::int64_t value) noexcept {
    least = std::min(least, value);
    greatest = std::max(greatest, value);
  }
  void add(const range& other) noexcept {
    least = std::min(least, other.least);
    greatest = std::max(greatest, other.greatest);
  }
};

class row_reader {
 public:
  row_reader(const repeat_columns& in, const repeat_rule& rule, std::stop_token stop)
      : in_(in),
        stop_(std::move(stop)),
        first_(rule.first),
        repeats_(rule.repeats),
        with_ends_(rule.clock == repeat_clock::ended && !in.ended.empty()),
        with_outcomes_(!in.outcome.empty()),
        with_reasons_(rule.reason != reason_match::none) {}

  [[nodiscard]] std::size_t rows() const noexcept { return in_.customer.size(); }
  [[nodiscard]] std::int64_t entered(std::size_t row) const noexcept { return in_.entered[row]; }
  [[nodiscard]] std::int64_t ended(std::size_t row) const noexcept {
    return with_ends_ ? in_.ended[row] : none;
  }
  // Of the values among some rows.
  [[nodiscard]] range customers(std::size_t first, std::size_t last) const noexcept {
    return range_of(in_.customer.subspan(first, last - first));
  }
  [[nodiscard]] range entries(std::size_t first, std::size_t last) const noexcept {
    return range_of(in_.entered.subspan(first, last - first));
  }
  // Who came, and for what where that matters, as a number.
  [[nodiscard]] std::int64_t who(std::size_t row) const noexcept {
    const std::int64_t customer = in_.customer[row];
    return with_reasons_ ? static_cast<std::int64_t>(static_cast<std::uint64_t>(customer) << 32 |
                                                     static_cast<std::uint64_t>(in_.reason[row]))
                         : customer;
  }
  template <class Row>
  [[nodiscard]] Row read(std::size_t row) const noexcept {
    Row out;
    out.hash = mix(static_cast<std::uint64_t>(who(row)));
    out.entered = in_.entered[row];
    if constexpr (Row::has_end) out.ended = ended(row);
    if constexpr (Row::is_tagged) {
      out.row = static_cast<std::uint32_t>(row);
      out.marked = marked(row);
    }
    return out;
  }

  // Errors: stopped.
  void go_on() const { cxmetrics::go_on(stop_); }

  // Calls take(row) for the rows of which others decide, and reject(row, label) for those that are something
  // by themselves. Rows are looked at in blocks, and most blocks are plain: values in all that is read.
  template <class Take, class Reject>
  void each_contact(std::size_t begin, std::size_t end, Take take, Reject reject) const {
    for (std::size_t first = begin; first != end;) {
      go_on();
      const std::size_t last = std::min(end, first + block);
      if (is_plain(first, last)) {
        for (; first != last; ++first) take(first);
        continue;
      }
      for (; first != last; ++first)
        if (std::uint8_t label = 0; is_contact(first, label))
          take(first);
        else
          reject(first, label);
    }
  }
  static constexpr std::size_t block = 1024;

 private:
  static constexpr auto longest = static_cast<std::uint64_t>(max_duration.count());

  [[nodiscard]] bool is_plain(std::size_t first, std::size_t last) const noexcept {
    if (with_outcomes_ || with_reasons_) return false;
    bool plain = true;
    for (std::size_t row = first; row != last; ++row)
      plain &= is_value(in_.customer[row]) && is_value(in_.entered[row]);
    if (with_ends_)
      for (std::size_t row = first; row != last; ++row)
        plain &= in_.ended[row] >= in_.entered[row] && between(in_.entered[row], in_.ended[row]) <= longest;
    return plain;
  }
  [[nodiscard]] bool is_contact(std::size_t row, std::uint8_t& label) const {
    const std::int64_t customer = in_.customer[row], at = in_.entered[row], end = ended(row);
    label = reject::excluded;
    if (with_outcomes_ && presence(in_.outcome[row]) == verdict::excluded) return false;  // whoever it is of
    verdict seen =
        std::max({presence(customer), presence(at), end == none ? verdict::counted : presence(end)});
    if (seen < verdict::invalid && end != none &&
        !detail::is_within(instant_of(at), instant_of(end), max_duration))
      seen = verdict::invalid;
    if (seen == verdict::missing) label = reject::missing;
    if (seen == verdict::invalid) label = reject::invalid;
    if (seen != verdict::counted) return false;
    if (!with_reasons_) return true;
    check_code(customer, "customer", row);
    if (presence(in_.reason[row]) != verdict::counted) {
      label = static_cast<std::uint8_t>(followup::without_reason);
      return false;
    }
    check_code(in_.reason[row], "reason", row);
    return true;
  }
  [[nodiscard]] std::uint8_t marked(std::size_t row) const noexcept {
    std::uint8_t out = is_first | is_repeat;
    if (with_outcomes_) {
      out = static_cast<std::uint8_t>((is_in(first_, in_.outcome[row]) ? is_first : 0) |
                                      (is_in(repeats_, in_.outcome[row]) ? is_repeat : 0));
    }
    if (!in_.transferred.empty() && in_.transferred[row] == 1) out |= is_transferred;
    if (!in_.unresolvable.empty() && in_.unresolvable[row] == 1) out |= is_unresolvable;
    return out;
  }
  [[nodiscard]] static range range_of(std::span<const std::int64_t> values) noexcept {
    range all;
    for (std::int64_t value : values) all.add(value);
    if (is_value(all.least)) return all;
    all = {};
    for (std::int64_t value : values)
      if (is_value(value)) all.add(value);
    return all;
  }
  // An outcome that is not known is in no set but that of all.
  static bool is_in(const outcome_set& set, std::uint8_t how) noexcept {
    return set.is_all() || (how < outcome_codes && set.has(static_cast<outcome>(how)));
  }
  static void check_code(std::int64_t code, std::string_view what, std::size_t row) {
    if (code < 0 || code > std::numeric_limits<std::uint32_t>::max())
      throw column_error("row " + std::to_string(row) + ": " + std::string(what) + " " +
                         std::to_string(code) +
                         " is no code from 0 to 2^32 - 1: where reasons are matched, give the codes of "
                         "dictionaries");
  }

  repeat_columns in_;
  std::stop_token stop_;
  outcome_set first_, repeats_;
  bool with_ends_, with_outcomes_, with_reasons_;
};

}  // namespace cxmetrics::repeats_detail

#endif  // CXMETRICS_SRC_CONTACT_REPEAT_ROWS_HPP

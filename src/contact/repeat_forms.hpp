// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_CONTACT_REPEAT_FORMS_HPP
#define CXMETRICS_SRC_CONTACT_REPEAT_FORMS_HPP

// The two forms of a row on its way: whole, or as one word where the clock is the entry and both ranges fit.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "repeat_parts.hpp"

namespace cxmetrics::repeats_detail {

template <class Row>
struct whole_rows {
  using row = Row;
  using whole = Row;

  Row make(const row_reader& in, std::size_t number) const noexcept { return in.read<Row>(number); }
  [[nodiscard]] Row unpacked(const Row& r) const noexcept { return r; }

  static int key_bits() noexcept { return 64; }
  [[nodiscard]] Row nobody() const noexcept {
    Row r{};
    r.entered = none;
    return r;
  }
  [[nodiscard]] bool is_nobody(const Row& r) const noexcept { return r.entered == none; }
  [[nodiscard]] bool is_same(const Row& a, const Row& b) const noexcept { return a.hash == b.hash; }
  [[nodiscard]] std::size_t home(const Row& r, int bits) const noexcept { return r.hash >> (64 - bits); }
  [[nodiscard]] std::int64_t entered(const Row& r) const noexcept { return r.entered; }
  [[nodiscard]] std::int64_t clock(const Row& r) const noexcept { return r.clock(); }
  [[nodiscard]] bool is_after(const Row& next, const Row& r) const noexcept {
    return next.entered > std::max(r.entered, r.clock());
  }
  // A row of the same customer that no other is after.
  [[nodiscard]] Row last_of(Row r) const noexcept {
    r.entered = std::numeric_limits<std::int64_t>::max();
    return r;
  }
};

// What the part does not imply of a customer, above the time since the first entry.
class words {
 public:
  using row = std::uint64_t;
  using whole = row_of<false, false>;

  explicit words(const dealer& rows) noexcept
      : split_(rows.split()), first_(rows.entries().least), least_(split_.others(rows.customers().least)) {
    key_bits_ = static_cast<int>(std::bit_width(between(least_, split_.others(rows.customers().greatest))));
    time_bits_ = static_cast<int>(std::bit_width(between(first_, rows.entries().greatest)));
  }
  // With a bit to spare, that nobody's word has.
  [[nodiscard]] bool fit() const noexcept { return key_bits_ + time_bits_ < 64; }

  row make(const row_reader& in, std::size_t number) const noexcept {
    return between(least_, split_.others(in.who(number))) << time_bits_ | between(first_, in.entered(number));
  }
  [[nodiscard]] whole unpacked(row word) const noexcept {
    whole r;
    r.hash = mix(word >> time_bits_);
    r.entered = entered(word);
    return r;
  }

  [[nodiscard]] int key_bits() const noexcept { return std::max(1, key_bits_); }
  [[nodiscard]] row nobody() const noexcept { return never; }
  [[nodiscard]] bool is_nobody(row word) const noexcept { return word == never; }
  [[nodiscard]] bool is_same(row a, row b) const noexcept { return (a ^ b) >> time_bits_ == 0; }
  // A place of its own for each customer where there are as many.
  [[nodiscard]] std::size_t home(row word, int bits) const noexcept {
    const std::uint64_t key = word >> time_bits_;
    return bits >= key_bits_ ? key : key * 0x9e3779b97f4a7c15 >> (64 - bits);
  }
  [[nodiscard]] std::int64_t entered(row word) const noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(first_) + (word & time_mask()));
  }
  [[nodiscard]] std::int64_t clock(row word) const noexcept { return entered(word); }
  [[nodiscard]] bool is_after(row next, row word) const noexcept { return next > word; }
  [[nodiscard]] row last_of(row word) const noexcept { return word | time_mask(); }

 private:
  [[nodiscard]] std::uint64_t time_mask() const noexcept { return (std::uint64_t{1} << time_bits_) - 1; }

  splitter split_;
  std::int64_t first_, least_;
  int key_bits_, time_bits_;
};

}  // namespace cxmetrics::repeats_detail

#endif  // CXMETRICS_SRC_CONTACT_REPEAT_FORMS_HPP

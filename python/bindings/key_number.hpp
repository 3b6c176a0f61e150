// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_PYTHON_KEY_NUMBER_HPP
#define CXMETRICS_PYTHON_KEY_NUMBER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include <cxmetrics/core/error.hpp>
#include <cxmetrics/engine/ends_of.hpp>

namespace cxmetrics::python {

/// Where the codes of a column of keys lie, as wide as they came.
using key_column = std::variant<const std::int8_t*, const std::uint8_t*, const std::int16_t*,
                                const std::uint16_t*, const std::int32_t*, const std::uint32_t*>;

/// The keys of a row as one number: digits of mixed radix, the digit of a code being its place in order, so
/// that numbers are in order too.
class key_number {
 public:
  /// For each column its codes in the order of their labels; no key, code -1, comes last.
  explicit key_number(const std::vector<std::vector<std::int32_t>>& orders) {
    std::uint64_t size = 1;
    for (const std::vector<std::int32_t>& order : orders) {
      digits& d = parts_.emplace_back();
      d.size = static_cast<std::uint32_t>(order.size()) + 1;
      d.place.resize(d.size);
      d.place[0] = d.size - 1;
      for (std::uint32_t i = 0; i + 1 < d.size; ++i) d.place.at(static_cast<std::size_t>(order[i]) + 1) = i;
      d.code = order;
      d.code.push_back(-1);
      size *= d.size;
      if (size > std::numeric_limits<std::uint32_t>::max())
        throw column_error("the keys have more than 2^32 combinations: group by fewer columns");
    }
    size_ = static_cast<std::uint32_t>(size);
  }

  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t columns() const noexcept { return parts_.size(); }

  /// The numbers of a block of rows, from the codes of each column.
  void of_rows(const std::vector<key_column>& codes, std::size_t first, std::span<std::uint32_t> out) const {
    if (parts_.empty()) std::fill(out.begin(), out.end(), 0U);
    for (std::size_t c = 0; c < parts_.size(); ++c)
      std::visit([&](const auto* code) { add(parts_[c], code + first, c == 0, out); }, codes[c]);
  }
  /// The code of one column in a number.
  [[nodiscard]] std::int32_t code(std::uint32_t number, std::size_t column) const {
    for (std::size_t c = parts_.size(); c-- > column + 1;) number /= parts_[c].size;
    return parts_[column].code[number % parts_[column].size];
  }

 private:
  struct digits {
    std::uint32_t size;
    std::vector<std::uint32_t> place;  // of code + 1
    std::vector<std::int32_t> code;    // of a place
  };

  template <class Code>
  static void add(const digits& d, const Code* code, bool is_first, std::span<std::uint32_t> out) {
    const auto [least, greatest] = ends_of(std::span(code, out.size()));
    if (!out.empty() && (std::cmp_less(least, -1) || std::cmp_greater_equal(greatest, d.size - 1)))
      throw column_error("a code of a key column has no label: pass it through a door");
    const std::uint32_t* const place = d.place.data() + 1;
    if (is_first)
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = place[code[i]];
    else
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = out[i] * d.size + place[code[i]];
  }

  std::vector<digits> parts_;
  std::uint32_t size_ = 1;
};

}  // namespace cxmetrics::python

#endif  // CXMETRICS_PYTHON_KEY_NUMBER_HPP

// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_ENGINE_ORDERED_NUMBERS_HPP
#define CXMETRICS_ENGINE_ORDERED_NUMBERS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <cxmetrics/core/error.hpp>

namespace cxmetrics {
inline namespace v0 {

/// Distinct numbers in rising order, and the place of each: how cells that were met in any order become the
/// rows of a table. Errors: column_error for more than 2^32 - 2 different ones.
/// Cost: two passes over a table of all numbers that there could be, where they lie close together; else a
/// sort, and a search for each place.
class ordered_numbers {
 public:
  /// Numbers below `limit`, in any order and each as often as it comes.
  ordered_numbers(std::vector<std::uint64_t> numbers, std::uint64_t limit) : numbers_(std::move(numbers)) {
    if (limit <= close * numbers_.size()) {
      places_.resize(static_cast<std::size_t>(limit));
      for (const std::uint64_t number : numbers_) places_[static_cast<std::size_t>(number)] = 1;
      numbers_.clear();
      for (std::size_t number = 0; number < places_.size(); ++number)
        if (std::exchange(places_[number], static_cast<std::uint32_t>(numbers_.size())) != 0)
          numbers_.push_back(number);
    } else {
      std::sort(numbers_.begin(), numbers_.end());
      numbers_.erase(std::unique(numbers_.begin(), numbers_.end()), numbers_.end());
    }
    if (numbers_.size() >= std::numeric_limits<std::uint32_t>::max())
      throw column_error("more than 2^32 - 2 groups: group by less");
  }

  [[nodiscard]] std::size_t size() const noexcept { return numbers_.size(); }
  [[nodiscard]] std::span<const std::uint64_t> numbers() const noexcept { return numbers_; }
  /// The place of a number that is one of these.
  [[nodiscard]] std::uint32_t place_of(std::uint64_t number) const noexcept {
    if (!places_.empty()) return places_[static_cast<std::size_t>(number)];
    return static_cast<std::uint32_t>(std::lower_bound(numbers_.begin(), numbers_.end(), number) -
                                      numbers_.begin());
  }

 private:
  static constexpr std::uint64_t close = 16;  // a table has at most so many numbers for each that is there

  std::vector<std::uint64_t> numbers_;
  std::vector<std::uint32_t> places_;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_ENGINE_ORDERED_NUMBERS_HPP

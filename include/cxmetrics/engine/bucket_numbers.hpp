// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_ENGINE_BUCKET_NUMBERS_HPP
#define CXMETRICS_ENGINE_BUCKET_NUMBERS_HPP

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include <cxmetrics/time/bucket.hpp>

namespace cxmetrics {
inline namespace v0 {

/// Numbers the buckets of instants 1, 2, ... in the order in which they are first seen; 0 is for what is no
/// instant. A bucket is called by its start, or, where buckets are folded into a profile, by its place there.
/// Time is cut into slots of a power of two, shorter than a bucket, so that a slot holds at most one change
/// of bucket: which, a table remembers. Cost: a shift and two look-ups a row, less where many rows in a row
/// lie in one slot; the bucketer is asked once a slot. Bytes: 16 a slot between the first instant and the
/// last, at most 16 MB; further ones are looked up. Not for use by two threads at a time; copy it.
class bucket_numbers {
 public:
  explicit bucket_numbers(bucketer buckets, std::optional<bucket_fold> fold = std::nullopt);

  /// The number of each instant, in microseconds; both of one length.
  void place(std::span<const std::int64_t> times, std::span<std::uint32_t> numbers);

  /// Bucket `number` is called labels()[number]; labels()[0] is missing.
  [[nodiscard]] std::span<const std::int64_t> labels() const noexcept { return labels_; }

 private:
  struct slot {
    std::int64_t change = 0;        // from here on `after`
    std::uint32_t before = unseen;  // its number, or none: the bucketer has to be asked
    std::uint32_t after = unseen;
  };
  static constexpr std::uint32_t unseen = 0xffffffff;

  std::uint32_t number_of(std::int64_t time) {
    const auto at = static_cast<std::uint64_t>((time >> shift_) - first_);
    if (at >= slots_.size()) return seek(time);
    const slot& here = slots_[at];
    const std::uint32_t number = time >= here.change ? here.after : here.before;
    return number == unseen ? seek(time) : number;
  }
  std::uint32_t seek(std::int64_t time);
  std::uint32_t number_of_bucket(std::int64_t start);
  bool reach(std::int64_t at);
  bool fill(std::span<const std::int64_t> times, std::span<std::uint32_t> numbers);

  bucketer buckets_;
  std::optional<bucket_fold> fold_;
  int shift_;
  std::int64_t first_ = 0;  // the number of the first slot
  std::vector<slot> slots_;
  std::vector<std::int64_t> labels_;
  std::map<std::int64_t, std::uint32_t> known_;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_ENGINE_BUCKET_NUMBERS_HPP

// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_STATE_LOG_HISTOGRAM_HPP
#define CXMETRICS_STATE_LOG_HISTOGRAM_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <cxmetrics/core/codec.hpp>
#include <cxmetrics/core/instant.hpp>

namespace cxmetrics {
inline namespace v0 {

/// A distribution of durations in buckets of equal relative width: 64 to an octave, so a value read from it
/// is within 1/128 of the true one; below 128 us it is exact. Bucket numbers come from integer arithmetic
/// alone. Why not a t-digest, KLL or P-square: adding bucket counts is associative and commutative, merging
/// centroids is not; shards in another order would give another figure. Merge law: exact. Bytes: 16 empty,
/// about 2 kB for waits of a second to an hour, at most 21 kB (2,625 buckets).
class log_histogram {
 public:
  static constexpr std::string_view merge_law = "exact";
  static constexpr std::size_t per_octave = 64;

  /// The bucket of a value in microseconds.
  [[nodiscard]] static constexpr std::uint32_t bucket_of(std::uint64_t us) noexcept {
    if (us < per_octave) return static_cast<std::uint32_t>(us);
    const auto octave = static_cast<std::uint32_t>(std::bit_width(us)) - 7;  // us >> octave lies in 64 .. 127
    return static_cast<std::uint32_t>(per_octave) * octave + static_cast<std::uint32_t>(us >> octave);
  }
  /// The smallest value of a bucket.
  [[nodiscard]] static constexpr std::uint64_t low_of(std::uint32_t bucket) noexcept {
    if (bucket < 2 * per_octave) return bucket;
    return static_cast<std::uint64_t>(per_octave + bucket % per_octave) << (bucket / per_octave - 1);
  }
  /// The value that stands for a bucket: its middle.
  [[nodiscard]] static constexpr double middle_of(std::uint32_t bucket) noexcept {
    return (static_cast<double>(low_of(bucket)) + static_cast<double>(low_of(bucket + 1) - 1)) / 2;
  }
  static constexpr std::uint32_t last_bucket() noexcept {
    return bucket_of(static_cast<std::uint64_t>(max_duration.count()));
  }

  friend bool operator==(const log_histogram&, const log_histogram&) = default;

  /// The value must lie in 0 .. max_duration: the metric has looked.
  void add(duration value) { ++at(bucket_of(static_cast<std::uint64_t>(value.count()))); }

  void merge(const log_histogram& other) {
    static_cast<void>(
        checked_add(total(), other.total()));  // look first: a throw must leave the state unchanged
    if (other.counts_.empty()) return;
    widen(other.first_, other.counts_.size());
    std::uint64_t* const mine = counts_.data() + (other.first_ - first_);
    for (std::size_t i = 0; i < other.counts_.size(); ++i) mine[i] += other.counts_[i];
  }
  void encode(writer& w) const {
    w.put(std::uint64_t{first_});
    w.put(static_cast<std::uint64_t>(counts_.size()));
    for (std::uint64_t count : counts_) w.put(count);
  }
  [[nodiscard]] static log_histogram decode(reader& r) {
    log_histogram h;
    const std::uint64_t first = r.get();
    const std::size_t size = r.get_size(8);
    if (size == 0 ? first != 0 : first > last_bucket() || size > last_bucket() + 1 - first)
      throw state_error("state bytes hold buckets beyond the longest duration: they are damaged");
    h.first_ = static_cast<std::uint32_t>(first);
    h.counts_.resize(size);
    std::uint64_t sum = 0;  // a total that does not fit a word was written by nobody
    for (std::uint64_t& count : h.counts_) sum = checked_add(sum, count = r.get());
    if (size != 0 && (h.counts_.front() == 0 || h.counts_.back() == 0))
      throw state_error("state bytes hold an untrimmed histogram: they are damaged");
    return h;
  }

  /// How many values lie in one bucket.
  [[nodiscard]] std::uint64_t count_in(std::uint32_t bucket) const noexcept {
    return bucket < first_ || bucket - first_ >= counts_.size() ? 0 : counts_[bucket - first_];
  }
  /// The buckets in use, first to last, with their counts; f(bucket, count).
  template <class F>
  void each(F f) const {
    for (std::size_t i = 0; i < counts_.size(); ++i)
      if (counts_[i] != 0) f(first_ + static_cast<std::uint32_t>(i), counts_[i]);
  }
  /// The bucket of the value of a rank, 1 being the smallest; 0 where there are fewer values.
  [[nodiscard]] std::uint32_t bucket_of_rank(std::uint64_t rank) const noexcept {
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen >= rank) return first_ + static_cast<std::uint32_t>(i);
    }
    return 0;
  }
  /// The highest bucket in use; 0 where there is none.
  [[nodiscard]] std::uint32_t last_in_use() const noexcept {
    return counts_.empty() ? 0 : first_ + static_cast<std::uint32_t>(counts_.size()) - 1;
  }
  [[nodiscard]] std::uint64_t total() const noexcept {
    std::uint64_t sum = 0;
    for (std::uint64_t count : counts_) sum += count;
    return sum;
  }

 private:
  // Makes room for so many buckets from `first` on, once and no more than is needed. The first and the last
  // of them are filled then, so that the span stays trimmed.
  void widen(std::uint32_t first, std::size_t size) {
    const std::uint32_t begin = counts_.empty() ? first : std::min(first_, first);
    const std::size_t end = std::max(first_ + counts_.size(), first + size);
    if (end - begin == counts_.size()) return;
    std::vector<std::uint64_t> wide(end - begin);
    std::copy(counts_.begin(), counts_.end(), wide.begin() + (counts_.empty() ? 0 : first_ - begin));
    counts_ = std::move(wide);
    first_ = begin;
  }
  std::uint64_t& at(std::uint32_t bucket) {
    if (counts_.empty()) {
      first_ = bucket;
      counts_.push_back(0);
    } else if (bucket < first_) {
      counts_.insert(counts_.begin(), first_ - bucket, 0);
      first_ = bucket;
    } else if (bucket - first_ >= counts_.size()) {
      counts_.resize(bucket - first_ + 1);
    }
    return counts_[bucket - first_];
  }

  std::uint32_t first_ = 0;  // only the span in use, trimmed at both ends: small and canonical
  std::vector<std::uint64_t> counts_;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_STATE_LOG_HISTOGRAM_HPP

// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_ENGINE_GROUPING_HPP
#define CXMETRICS_ENGINE_GROUPING_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <cxmetrics/engine/bucket_numbers.hpp>

namespace cxmetrics {
inline namespace v0 {

/// What the rows of a group share: a key, and the label of a bucket (missing where there are none).
struct group_key {
  std::uint32_t key;
  std::int64_t bucket;

  friend bool operator==(const group_key&, const group_key&) = default;
};

/// Numbers the groups of rows for a grid: that of a row is found from its key and the bucket of its instant.
/// Group 0 holds the rows without an instant, which stand in no bucket.
/// While keys and buckets are few, a group is found by multiplication: every bucket has a group for every
/// key, seen or not. Beyond `most_dense` groups only what is seen gets one, by hashing: memory is bounded by
/// the groups that are there. Cost: 1 to 2 ns a row, by hashing 5 to 50. Not for use by two threads at a
/// time; copy it.
class grouping {
 public:
  /// Keys are 0 .. keys-1; without `buckets` they alone make the groups.
  explicit grouping(std::uint32_t keys, std::optional<bucket_numbers> buckets = std::nullopt,
                    std::uint64_t most_dense = std::uint64_t{1} << 18);

  /// The groups of a block of rows, from their keys and, where there are buckets, their instants in
  /// microseconds. Errors (column_error): columns of different lengths, a key that does not exist, more than
  /// 2^32 - 1 groups.
  void place(std::span<const std::uint32_t> keys, std::span<const std::int64_t> times,
             std::span<std::uint32_t> groups);

  /// How many groups there are so far, seen or not, with group 0.
  [[nodiscard]] std::size_t size() const noexcept { return 1 + dense_ * keys_ + sparse_.size(); }
  /// The buckets that were seen, in the order in which they were; without buckets one, which is missing.
  [[nodiscard]] std::vector<std::int64_t> buckets() const;
  /// What group 1 .. size()-1 is.
  [[nodiscard]] group_key at(std::size_t group) const;

 private:
  struct numbered {
    std::uint32_t bucket;
    std::uint32_t key;
  };

  std::uint32_t find(numbered wanted);
  void grow();
  [[nodiscard]] std::size_t slot_of(numbered wanted) const noexcept;

  std::uint32_t keys_;
  std::optional<bucket_numbers> buckets_;
  std::uint64_t most_dense_;
  std::size_t dense_ = 0;  // buckets 1 .. dense_ have a group for every key
  std::vector<numbered> sparse_;
  std::vector<std::uint32_t> table_;  // 1 + places in sparse_, or 0; a power of two, at most half full
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_ENGINE_GROUPING_HPP

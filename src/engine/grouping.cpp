// SPDX-License-Identifier: Apache-2.0
#include "cxmetrics/engine/grouping.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <string>

#include "cxmetrics/core/column.hpp"
#include "cxmetrics/core/error.hpp"
#include "cxmetrics/engine/ends_of.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

[[gnu::always_inline]] inline void multiply_in_loop(std::span<const std::uint32_t> keys, std::uint32_t width,
                                                    std::span<std::uint32_t> groups) noexcept {
  for (std::size_t row = 0; row < groups.size(); ++row) {
    const std::uint32_t group = (groups[row] - 1) * width + keys[row] + 1;
    groups[row] = groups[row] == 0 ? 0 : group;
  }
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] void multiply_avx2(std::span<const std::uint32_t> keys, std::uint32_t width,
                                           std::span<std::uint32_t> groups) noexcept {
  multiply_in_loop(keys, width, groups);
}
#endif

// From the numbers of buckets to groups: every bucket has one for each of `width` keys.
void multiply(std::span<const std::uint32_t> keys, std::uint32_t width,
              std::span<std::uint32_t> groups) noexcept {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return multiply_avx2(keys, width, groups);
#endif
  multiply_in_loop(keys, width, groups);
}

}  // namespace

grouping::grouping(std::uint32_t keys, std::optional<bucket_numbers> buckets, std::uint64_t most_dense)
    : keys_(keys), buckets_(std::move(buckets)), most_dense_(most_dense) {}

void grouping::place(std::span<const std::uint32_t> keys, std::span<const std::int64_t> times,
                     std::span<std::uint32_t> groups) {
  if (keys.size() != groups.size() || (buckets_ && times.size() != groups.size()))
    throw column_error("keys, times and groups have different lengths: give one value a row in each");
  if (const std::uint32_t most = ends_of(keys).greatest; most >= keys_ && !keys.empty())
    throw column_error("key " + std::to_string(most) + " does not exist: there are " + std::to_string(keys_));

  std::size_t buckets = 1;
  if (buckets_) {
    buckets_->place(times, groups);
    buckets = buckets_->labels().size() - 1;
  } else {
    std::fill(groups.begin(), groups.end(), 1U);
  }
  while (sparse_.empty() && dense_ < buckets && (dense_ + 1) * keys_ <= most_dense_) ++dense_;
  if (buckets <= dense_) return multiply(keys, keys_, groups);
  for (std::size_t row = 0; row < groups.size(); ++row)
    groups[row] = groups[row] == 0 ? 0 : find({groups[row], keys[row]});
}

std::vector<std::int64_t> grouping::buckets() const {
  if (!buckets_) return {absent<std::int64_t>::missing};
  const std::span<const std::int64_t> labels = buckets_->labels();
  return {labels.begin() + 1, labels.end()};
}

group_key grouping::at(std::size_t group) const {
  const std::size_t before = dense_ * keys_;
  const numbered found = group <= before ? numbered{static_cast<std::uint32_t>((group - 1) / keys_ + 1),
                                                    static_cast<std::uint32_t>((group - 1) % keys_)}
                                         : sparse_.at(group - 1 - before);
  return {found.key, buckets_ ? buckets_->labels()[found.bucket] : absent<std::int64_t>::missing};
}

std::uint32_t grouping::find(numbered wanted) {
  if (wanted.bucket <= dense_) return (wanted.bucket - 1) * keys_ + wanted.key + 1;
  if (2 * (sparse_.size() + 1) > table_.size()) grow();
  std::uint32_t& place = table_[slot_of(wanted)];
  if (place == 0) {
    if (size() >= std::numeric_limits<std::uint32_t>::max())
      throw column_error("more than 2^32 - 1 groups: split the table, or group by less");
    sparse_.push_back(wanted);
    place = static_cast<std::uint32_t>(sparse_.size());
  }
  return static_cast<std::uint32_t>(dense_ * keys_) + place;
}

// Where a pair is in the table, or is to be.
std::size_t grouping::slot_of(numbered wanted) const noexcept {
  const std::uint64_t packed = std::uint64_t{wanted.bucket} << 32 | wanted.key;
  const std::size_t mask = table_.size() - 1;
  // The highest bits of the product depend on all of both numbers.
  auto slot = static_cast<std::size_t>((packed * 0x9e3779b97f4a7c15) >> (64 - std::bit_width(mask)));
  for (; table_[slot] != 0; slot = (slot + 1) & mask) {
    const numbered& here = sparse_[table_[slot] - 1];
    if (here.bucket == wanted.bucket && here.key == wanted.key) break;
  }
  return slot;
}

void grouping::grow() {
  table_.assign(std::max<std::size_t>(1024, std::bit_ceil(4 * (sparse_.size() + 1))), 0);
  for (std::size_t i = 0; i < sparse_.size(); ++i)
    table_[slot_of(sparse_[i])] = static_cast<std::uint32_t>(i + 1);
}

}  // namespace v0
}  // namespace cxmetrics

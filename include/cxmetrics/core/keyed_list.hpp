// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CORE_KEYED_LIST_HPP
#define CXMETRICS_CORE_KEYED_LIST_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace cxmetrics {
inline namespace v0 {

/// Rows that are found by key and walked in the order in which they came: what a tracker remembers of its
/// subjects, the oldest first. A row is named by its slot, which stays the same until the row is erased.
/// `Hash{}(key)` is a 64-bit number whose low bits are well mixed: half a subject, not an integer as it is.
/// Cost: a probe or two a call; no allocation while no more rows live at once than ever before. A large list
/// gives its memory back when it becomes empty. Bytes: sizeof(Key) + sizeof(Value) + 16 a row, give or take
/// growth.
template <class Key, class Value, class Hash>
class keyed_list {
 public:
  using slot = std::uint32_t;
  static constexpr slot none = std::numeric_limits<slot>::max();

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  [[nodiscard]] slot front() const noexcept { return first_; }
  [[nodiscard]] slot next(slot at) const noexcept { return rows_[at].next; }
  [[nodiscard]] const Key& key(slot at) const noexcept { return rows_[at].key; }
  [[nodiscard]] const Value& operator[](slot at) const noexcept { return rows_[at].value; }
  [[nodiscard]] Value& operator[](slot at) noexcept { return rows_[at].value; }

  /// The slot of a key, or none.
  [[nodiscard]] slot find(const Key& key) const noexcept {
    return buckets_.empty() ? none : buckets_[bucket_of(key)];
  }
  /// A new row behind all others. The key must not be there.
  slot push_back(const Key& key, Value value) {
    if (2 * (size_ + 1) > buckets_.size()) grow();
    slot at = free_;
    if (at == none) {
      at = static_cast<slot>(rows_.size());
      rows_.push_back({key, std::move(value), none, last_});
    } else {
      free_ = rows_[at].next;
      rows_[at] = {key, std::move(value), none, last_};
    }
    buckets_[bucket_of(key)] = at;
    (last_ == none ? first_ : rows_[last_].next) = at;
    last_ = at;
    ++size_;
    return at;
  }
  void erase(slot at) {
    row& gone = rows_[at];
    close_gap(bucket_of(gone.key));
    (gone.previous == none ? first_ : rows_[gone.previous].next) = gone.next;
    (gone.next == none ? last_ : rows_[gone.next].previous) = gone.previous;
    gone.next = free_;
    free_ = at;
    if (--size_ == 0 && rows_.size() > 4096) *this = keyed_list();
  }

  /// Same rows in the same order, wherever they lie.
  friend bool operator==(const keyed_list& a, const keyed_list& b) {
    if (a.size_ != b.size_) return false;
    slot j = b.first_;
    for (slot i = a.first_; i != none; i = a.next(i), j = b.next(j))
      if (!(a.key(i) == b.key(j)) || !(a[i] == b[j])) return false;
    return true;
  }

 private:
  struct row {
    Key key;
    Value value;
    slot next;  // of a free row: the next free one
    slot previous;
  };

  [[nodiscard]] std::size_t home(const Key& key) const noexcept {
    return static_cast<std::size_t>(Hash{}(key)) & (buckets_.size() - 1);
  }
  // Where the key is, or where it would go. At least half of the buckets are free, so the walk ends.
  [[nodiscard]] std::size_t bucket_of(const Key& key) const noexcept {
    std::size_t at = home(key);
    while (buckets_[at] != none && !(rows_[buckets_[at]].key == key)) at = (at + 1) & (buckets_.size() - 1);
    return at;
  }
  // Moves back what the freed bucket had pushed on, so that no marks of the dead pile up.
  void close_gap(std::size_t gap) noexcept {
    const std::size_t mask = buckets_.size() - 1;
    for (std::size_t at = (gap + 1) & mask; buckets_[at] != none; at = (at + 1) & mask) {
      const std::size_t wanted = home(rows_[buckets_[at]].key);
      if (((at - wanted) & mask) >= ((at - gap) & mask)) {
        buckets_[gap] = buckets_[at];
        gap = at;
      }
    }
    buckets_[gap] = none;
  }
  void grow() {
    buckets_.assign(std::bit_ceil(4 * (size_ + 1)), none);
    for (slot i = first_; i != none; i = next(i)) buckets_[bucket_of(key(i))] = i;
  }

  std::vector<row> rows_;
  std::vector<slot> buckets_;  // a power of two of them, linear probing
  std::size_t size_ = 0;
  slot first_ = none;
  slot last_ = none;
  slot free_ = none;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CORE_KEYED_LIST_HPP

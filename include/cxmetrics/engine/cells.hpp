// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_ENGINE_CELLS_HPP
#define CXMETRICS_ENGINE_CELLS_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/engine/cell.hpp>

namespace cxmetrics {
inline namespace v0 {

/// The cells of a grid, for a metric that collects in its own way: a cell each.
template <metric M>
class cells {
 public:
  explicit cells(std::size_t size = 0) : content_(size) {}

  [[nodiscard]] std::size_t size() const noexcept { return content_.size(); }
  void resize(std::size_t size) { content_.resize(size); }
  [[nodiscard]] cell<M> at(std::size_t group) const { return content_.at(group); }
  [[nodiscard]] bool has_rows(const M& metric, std::size_t group) const {
    return content_[group].account(metric).rows() != 0;
  }

  /// Counts rows; their groups exist.
  template <class... Span>
  void add(const M& metric, std::span<const std::uint32_t> groups, Span... column) {
    for (std::size_t row = 0; row < groups.size(); ++row) content_[groups[row]].add(metric, column[row]...);
  }
  [[nodiscard]] std::uint64_t invalid() const noexcept {
    std::uint64_t sum = 0;
    for (const cell<M>& each : content_) sum += each.rejected.invalid;
    return sum;
  }
  /// Adds cell `from` of others to one of these. Throws, and changes nothing, where a sum would overflow.
  void merge(std::size_t into, const cells& others, std::size_t from) {
    content_[into].merge(others.content_[from]);
  }

 private:
  std::vector<cell<M>> content_;
};

/// The cells of a grid, for a metric whose state is counts: 32 bits a class and one more for each way of
/// being rejected, side by side and padded to whole lines of a cache. They are emptied into words of 64 bits
/// before one of them can overflow. Bytes a cell: 64 for NPS, 192 for a service level; three times that
/// beyond 2^32 rows.
template <coded M>
class cells<M> {
 public:
  explicit cells(std::size_t size = 0) { resize(size); }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  void resize(std::size_t size) {
    recent_.resize(size * stride);
    if (!folded_.empty()) folded_.resize(size * stride);
    size_ = size;
  }
  [[nodiscard]] cell<M> at(std::size_t group) const {
    cell<M> out;
    for (std::size_t c = 0; c < classes; ++c) out.state.of[c] = count(group, c);
    out.rejected = {.excluded = count(group, place_of(reject::excluded)),
                    .invalid = count(group, place_of(reject::invalid)),
                    .missing = count(group, place_of(reject::missing))};
    return out;
  }
  [[nodiscard]] bool has_rows(const M&, std::size_t group) const noexcept {
    for (std::size_t c = 0; c < stride; ++c)
      if (count(group, c) != 0) return true;
    return false;
  }

  template <class... Span>
  void add(const M& metric, std::span<const std::uint32_t> groups, Span... column) {
    constexpr std::size_t most = std::size_t{1} << 30;  // at once: no counter can overflow unseen
    for (std::size_t begin = 0; begin < groups.size(); begin += most) {
      const std::size_t size = std::min(groups.size() - begin, most);
      make_room(size);
      count_rows(metric, groups.subspan(begin, size), column.subspan(begin, size)...);
    }
  }
  [[nodiscard]] std::uint64_t invalid() const noexcept {
    std::uint64_t sum = 0;
    for (std::size_t group = 0; group < size_; ++group) sum += count(group, place_of(reject::invalid));
    return sum;
  }
  void merge(std::size_t into, const cells& others, std::size_t from) {
    if (folded_.empty() && others.folded_.empty() && others.rows_ <= most_rows - rows_) {
      for (std::size_t c = 0; c < stride; ++c)
        recent_[into * stride + c] += others.recent_[from * stride + c];
      rows_ += others.rows_of(from);
      return;
    }
    cell<M> sum = at(into);
    sum.merge(others.at(from));
    fold();
    for (std::size_t c = 0; c < classes; ++c) folded_[into * stride + c] = sum.state.of[c];
    folded_[into * stride + place_of(reject::excluded)] = sum.rejected.excluded;
    folded_[into * stride + place_of(reject::invalid)] = sum.rejected.invalid;
    folded_[into * stride + place_of(reject::missing)] = sum.rejected.missing;
  }

 private:
  static constexpr std::size_t classes = M::state::size;
  static constexpr std::size_t stride = (classes + 3 + 15) / 16 * 16;  // whole lines of a cache
  static constexpr std::uint64_t most_rows = std::numeric_limits<std::uint32_t>::max();

  /// The codes of classes stay, those of rejected rows (253 to 255) follow them.
  [[nodiscard]] static constexpr std::size_t place_of(std::uint8_t code) noexcept {
    return code < reject::excluded ? code : classes + (code - reject::excluded);
  }
  [[nodiscard]] std::uint64_t count(std::size_t group, std::size_t place) const noexcept {
    const std::size_t i = group * stride + place;
    return recent_[i] + (folded_.empty() ? 0 : folded_[i]);
  }
  [[nodiscard]] std::uint64_t rows_of(std::size_t group) const noexcept {
    std::uint64_t sum = 0;
    for (std::size_t c = 0; c < stride; ++c) sum += recent_[group * stride + c];
    return sum;
  }
  // First where some rows count, which asks for the memory, then the counting: in random order the rows of
  // many groups would else wait for it one by one.
  template <class... Span>
  void count_rows(const M metric, std::span<const std::uint32_t> groups, Span... column) {
    constexpr std::size_t ahead = 256;
    std::array<std::size_t, ahead> place;
    std::uint32_t* const counters = recent_.data();
    for (std::size_t begin = 0; begin < groups.size(); begin += ahead) {
      const std::size_t size = std::min(ahead, groups.size() - begin);
      for (std::size_t i = 0; i < size; ++i) {
        const std::size_t row = begin + i;
        place[i] = std::size_t{groups[row]} * stride + place_of(code_of(metric, column[row]...));
        __builtin_prefetch(counters + place[i], 1);
      }
      for (std::size_t i = 0; i < size; ++i) ++counters[place[i]];
    }
  }
  void make_room(std::uint64_t rows) {
    if (rows > most_rows - rows_) fold();
    rows_ += rows;
  }
  void fold() {
    if (rows_ == 0 && !folded_.empty()) return;
    folded_.resize(recent_.size());
    for (std::size_t i = 0; i < recent_.size(); ++i) folded_[i] += std::exchange(recent_[i], 0);
    rows_ = 0;
  }

  std::size_t size_ = 0;
  std::vector<std::uint32_t> recent_;
  std::vector<std::uint64_t> folded_;  // none until a counter might overflow
  std::uint64_t rows_ = 0;             // at most so many are in `recent_`
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_ENGINE_CELLS_HPP

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
#include <cxmetrics/engine/ends_of.hpp>

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
  void merge(std::size_t into, const cells& others, std::size_t from) { merge(into, others.content_[from]); }
  void merge(std::size_t into, const cell<M>& more) { content_[into].merge(more); }

 private:
  std::vector<cell<M>> content_;
};

/// The cells of a grid, for a metric whose state is counts: 32 bits a class and one more for each way of
/// being rejected. Sixteen of them are a line of the cache; the first lines of all cells lie side by side,
/// and further ones, of rarer classes, are made when a row needs one. Counters are emptied into words of 64
/// bits before one of them can overflow. Bytes a cell: 64 for NPS, 64 to 192 for a service level; three times
/// that beyond 2^32 rows, and where a tally was merged in, as into a table that has travelled.
template <coded M>
class cells<M> {
 public:
  explicit cells(std::size_t size = 0) { resize(size); }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  void resize(std::size_t size) {
    size_ = size;
    for (std::size_t l = 0; l < lines; ++l)
      if (l == 0 || is_made(l)) make(l);
  }
  [[nodiscard]] cell<M> at(std::size_t group) const {
    cell<M> out;
    for (std::size_t c = 0; c < classes; ++c) out.state.of[c] = count(group, c + ways);
    out.rejected = {.excluded = count(group, place_of(reject::excluded)),
                    .invalid = count(group, place_of(reject::invalid)),
                    .missing = count(group, place_of(reject::missing))};
    return out;
  }
  [[nodiscard]] bool has_rows(const M&, std::size_t group) const noexcept {
    for (std::size_t place = 0; place < classes + ways; ++place)
      if (count(group, place) != 0) return true;
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
    if (!is_folded_ && !others.is_folded_ && others.rows_ <= most_rows - rows_) {
      for (std::size_t l = 0; l < lines; ++l) {
        if (!others.is_made(l)) continue;
        make(l);
        for (std::size_t c = 0; c < line; ++c) {
          const std::uint32_t more = others.recent_[l][from * line + c];
          recent_[l][into * line + c] += more;
          rows_ += more;
        }
      }
      return;
    }
    merge(into, others.at(from));
  }
  void merge(std::size_t into, const cell<M>& more) {
    cell<M> sum = at(into);
    sum.merge(more);
    if (!is_folded_ || rows_ != 0) fold();
    for (std::size_t c = 0; c < classes; ++c) folded(into, c + ways) = sum.state.of[c];
    folded(into, place_of(reject::excluded)) = sum.rejected.excluded;
    folded(into, place_of(reject::invalid)) = sum.rejected.invalid;
    folded(into, place_of(reject::missing)) = sum.rejected.missing;
  }

 private:
  static constexpr std::size_t classes = M::state::size, ways = 3, line = 16;
  static constexpr std::size_t lines = (ways + classes + line - 1) / line;
  static constexpr std::uint64_t most_rows = std::numeric_limits<std::uint32_t>::max();

  /// The codes of rejected rows, 253 to 255, come first.
  [[nodiscard]] static constexpr std::uint8_t place_of(std::uint8_t code) noexcept {
    return static_cast<std::uint8_t>(code + ways);
  }
  static_assert(place_of(reject::excluded) == 0 && place_of(reject::missing) == ways - 1);

  [[nodiscard]] bool is_made(std::size_t l) const noexcept { return !recent_[l].empty(); }
  void make(std::size_t l) {
    if (recent_[l].size() >= size_ * line) return;
    recent_[l].resize(size_ * line);
    if (is_folded_) folded_[l].resize(size_ * line);
  }
  [[nodiscard]] std::uint64_t count(std::size_t group, std::size_t place) const noexcept {
    const std::size_t l = place / line, i = group * line + place % line;
    if (!is_made(l)) return 0;
    return recent_[l][i] + (is_folded_ ? folded_[l][i] : 0);
  }
  [[nodiscard]] std::uint64_t& folded(std::size_t group, std::size_t place) {
    make(place / line);
    return folded_[place / line][group * line + place % line];
  }
  // First which counters some rows have, then the counting. Where their groups lie far apart the memory is
  // asked for in between: in random order each row would else wait for it.
  template <class... Span>
  void count_rows(const M& metric, std::span<const std::uint32_t> groups, Span... column) {
    constexpr std::size_t some = 256, near = (std::size_t{1} << 18) / (line * sizeof(std::uint32_t));
    std::array<std::uint8_t, some> place;
    std::array<std::uint32_t*, some> counter;
    for (std::size_t begin = 0; begin < groups.size(); begin += some) {
      const std::size_t size = std::min(some, groups.size() - begin);
      const std::uint32_t* const group = groups.data() + begin;
      const std::uint8_t last = find_places(metric, size, place.data(), column.data() + begin...);
      std::array<std::uint32_t*, lines> counters;
      for (std::size_t l = 0; l < lines; ++l) {
        if (last / line >= l) make(l);
        counters[l] = recent_[l].data();
      }
      const auto of_row = [&counters, group, &place](std::size_t i) {
        return counters[place[i] / line] + (std::size_t{group[i]} * line + place[i] % line);
      };
      const auto [least, most] = ends_of(std::span(group, size));
      if (most - least <= near) {
        for (std::size_t i = 0; i < size; ++i) ++*of_row(i);
        continue;
      }
      for (std::size_t i = 0; i < size; ++i) {
        counter[i] = of_row(i);
        __builtin_prefetch(counter[i], 1);
      }
      for (std::size_t i = 0; i < size; ++i) ++*counter[i];
    }
  }
  // The places of rows among the counters of their cells; returns the last of them. Rows that are all plain
  // take one loop without a branch.
  template <class... Value>
  static std::uint8_t find_places(const M& metric, std::size_t size, std::uint8_t* place,
                                  const Value*... column) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) return find_places_avx2(metric, size, place, column...);
#endif
    return find_places_in_loop(metric, size, place, column...);
  }
#if defined(__x86_64__)
  template <class... Value>
  [[gnu::target("avx2")]] static std::uint8_t find_places_avx2(const M& metric, std::size_t size,
                                                               std::uint8_t* place, const Value*... column) {
    return find_places_in_loop(metric, size, place, column...);
  }
#endif
  template <class... Value>
  [[gnu::always_inline]] static inline std::uint8_t find_places_in_loop(const M metric, std::size_t size,
                                                                        std::uint8_t* place,
                                                                        const Value*... column) {
    bool done = false;
    if constexpr (requires { metric.plain_code(*column...); }) {
      unsigned plain = 1;
      for (std::size_t i = 0; i < size; ++i) {
        plain &= metric.is_plain(column[i]...) ? 1U : 0U;
        place[i] = place_of(metric.plain_code(column[i]...));
      }
      done = plain != 0;
    }
    if (!done)
      for (std::size_t i = 0; i < size; ++i) place[i] = place_of(code_of(metric, column[i]...));
    std::uint8_t last = 0;
    for (std::size_t i = 0; i < size; ++i) last = std::max(last, place[i]);
    return last;
  }
  void make_room(std::uint64_t rows) {
    if (rows > most_rows - rows_) fold();
    rows_ += rows;
  }
  void fold() {
    is_folded_ = true;
    for (std::size_t l = 0; l < lines; ++l) {
      folded_[l].resize(recent_[l].size());
      for (std::size_t i = 0; i < recent_[l].size(); ++i) folded_[l][i] += std::exchange(recent_[l][i], 0);
    }
    rows_ = 0;
  }

  std::size_t size_ = 0;
  std::array<std::vector<std::uint32_t>, lines> recent_;  // none of a line until a row needs it
  std::array<std::vector<std::uint64_t>, lines> folded_;  // none until a counter might overflow
  bool is_folded_ = false;
  std::uint64_t rows_ = 0;  // at most so many are in `recent_`
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_ENGINE_CELLS_HPP

// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_ENGINE_GRID_HPP
#define CXMETRICS_ENGINE_GRID_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <stop_token>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/parallel.hpp>
#include <cxmetrics/engine/cell.hpp>
#include <cxmetrics/engine/cells.hpp>
#include <cxmetrics/engine/tally.hpp>

namespace cxmetrics {
inline namespace v0 {

/// A metric with one state a group: what a grouped table holds. Groups are numbered 0 .. size()-1 by the
/// caller. Cell i is, byte for byte, the tally fed with the rows of group i alone. Merge law: that of the
/// state, cell by cell. Bytes: those of cells<M>, a group.
template <metric M>
class grid {
 public:
  /// The target of a group that regroup() leaves out.
  static constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

  explicit grid(M metric, std::size_t size = 0) : metric_(std::move(metric)), cells_(size) {}

  [[nodiscard]] std::size_t size() const noexcept { return cells_.size(); }
  void resize(std::size_t size) { cells_.resize(size); }

  /// A batch: the group of every row, and one span a column. All of it is applied, or none.
  /// Errors: a group that does not exist, or an invalid row under on_invalid::raise: column_error.
  /// Cost: a pass over the rows and one over the cells, which exist twice meanwhile, and once more a thread.
  void update(std::span<const std::uint32_t> groups, const typename M::reads::spans& batch,
              on_invalid policy = on_invalid::raise, unsigned threads = 1) {
    std::apply(
        [&](auto... column) {
          if (((column.size() != groups.size()) || ...))
            throw column_error(
                "the columns of one batch have different lengths: give one value a row in each");
        },
        batch);
    for (std::size_t row = 0; row < groups.size(); ++row)
      if (groups[row] >= size())
        throw column_error("row " + std::to_string(row) + ": group " + std::to_string(groups[row]) +
                           " does not exist: the grid has " + std::to_string(size()));
    std::vector<cells<M>> part(std::max(threads, 1U));
    in_parallel(groups.size(), threads, [&](std::size_t p, std::size_t begin, std::size_t end) {
      part[p].resize(size());
      std::apply(
          [&](auto... column) {
            part[p].add(metric_, groups.subspan(begin, end - begin), column.subspan(begin, end - begin)...);
          },
          batch);
    });
    cells<M> fresh = cells_;
    for (const cells<M>& each : part) {
      if (policy == on_invalid::raise && each.invalid() != 0)
        throw column_error(first_invalid_row(metric_, batch));
      for (std::size_t i = 0; i < each.size(); ++i) fresh.merge(i, each, i);
    }
    cells_ = std::move(fresh);
  }

  /// Counts a block of rows whose groups are known to exist; invalid rows are counted. What update() does,
  /// without the looks and the copy that make it whole or nothing.
  void add(std::span<const std::uint32_t> groups, const typename M::reads::spans& block) {
    std::apply([&](auto... column) { cells_.add(metric_, groups, column...); }, block);
  }

  void merge(const grid& other) {
    if (!(metric_ == other.metric_) || size() != other.size())
      throw state_error("two grids of " + std::string(M::name) +
                        " with different parameters or groups cannot be merged");
    cells<M> sum = cells_;
    for (std::size_t i = 0; i < size(); ++i) sum.merge(i, other.cells_, i);
    cells_ = std::move(sum);
  }

  /// Adds a number of this definition to a group, which exists. Errors: state_error where its parameters
  /// are others, or a sum would overflow, and nothing is changed.
  void merge(std::size_t group, const tally<M>& more) {
    if (!(metric_ == more.metric())) throw state_error(unlike(metric_, more.metric()));
    cells_.merge(group, more.content());
  }

  /// Coarser groups: cell i is added to cell to[i] of a new grid. Totals and profiles are read from states
  /// added up, never from figures averaged. Errors: column_error where a group is given no new one, or one
  /// that does not exist.
  [[nodiscard]] grid regroup(std::span<const std::uint32_t> to, std::size_t size) const {
    if (to.size() != cells_.size())
      throw column_error("regrouping needs a new group for each of the " + std::to_string(cells_.size()) +
                         " groups, not " + std::to_string(to.size()));
    for (std::size_t i = 0; i < cells_.size(); ++i)
      if (to[i] >= size)
        throw column_error("group " + std::to_string(i) + " cannot become group " + std::to_string(to[i]) +
                           ": the new grid has " + std::to_string(size));
    grid coarse(metric_, size);
    coarse.gather(*this, to);
    return coarse;
  }
  /// Other groups: cell i is a copy of cell from[i], or without rows where that is `nowhere`.
  [[nodiscard]] grid pick(std::span<const std::uint32_t> from) const {
    grid out(metric_, from.size());
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (from[i] == nowhere) continue;
      if (from[i] >= size())
        throw column_error("group " + std::to_string(from[i]) + " does not exist: the grid has " +
                           std::to_string(size()));
      out.cells_.merge(i, cells_, from[i]);
    }
    return out;
  }
  /// What each group is compared with where that is the rest: cell i is the sum of all others. Cost: four
  /// merges a group, for no state can be taken out of a sum. Errors: stopped where `stop` asks for it.
  [[nodiscard]] grid others(const std::stop_token& stop = {}) const {
    grid out(metric_, size());
    cell<M> before, after;
    for (std::size_t i = 0; i < size(); ++i) {
      go_on(stop);
      out.cells_.merge(i, before);
      before.merge(at(i));
    }
    for (std::size_t i = size(); i-- > 0;) {
      go_on(stop);
      out.cells_.merge(i, after);
      after.merge(at(i));
    }
    return out;
  }
  /// Adds cell i of another grid of this definition to cell to[i] of this one, which exists; `nowhere` leaves
  /// it out.
  void gather(const grid& other, std::span<const std::uint32_t> to) {
    for (std::size_t i = 0; i < to.size(); ++i)
      if (to[i] != nowhere) cells_.merge(to[i], other.cells_, i);
  }

  [[nodiscard]] const M& metric() const noexcept { return metric_; }
  [[nodiscard]] cell<M> at(std::size_t group) const { return cells_.at(group); }
  [[nodiscard]] bool has_rows(std::size_t group) const { return cells_.has_rows(metric_, group); }
  /// The same as a number of its own.
  [[nodiscard]] tally<M> tally_of(std::size_t group) const { return tally<M>(metric_, at(group)); }

 private:
  M metric_;
  cells<M> cells_;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_ENGINE_GRID_HPP

// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_ENGINE_GRID_HPP
#define CXMETRICS_ENGINE_GRID_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/engine/cell.hpp>
#include <cxmetrics/engine/tally.hpp>

namespace cxmetrics {
inline namespace v0 {

/// A metric with one state a group: what a grouped table holds. Groups are numbered 0 .. size()-1 by the
/// caller. Cell i is, byte for byte, the tally fed with the rows of group i alone. Merge law: that of the
/// state, cell by cell.
template <metric M>
class grid {
 public:
  explicit grid(M metric, std::size_t size = 0) : metric_(std::move(metric)), cells_(size) {}

  [[nodiscard]] std::size_t size() const noexcept { return cells_.size(); }
  void resize(std::size_t size) { cells_.resize(size); }

  /// A batch: the group of every row, and one span a column. All of it is applied, or none.
  /// Errors: a group that does not exist, or an invalid row under on_invalid::raise: column_error.
  void update(std::span<const std::uint32_t> groups, const typename M::reads::spans& batch,
              on_invalid policy = on_invalid::raise) {
    for (std::size_t row = 0; row < groups.size(); ++row)
      if (groups[row] >= cells_.size())
        throw column_error("row " + std::to_string(row) + ": group " + std::to_string(groups[row]) +
                           " does not exist: the grid has " + std::to_string(cells_.size()));
    std::vector<cell<M>> fresh(cells_.size());
    std::uint64_t invalid = 0;
    std::apply(
        [&](auto... column) {
          if (((column.size() != groups.size()) || ...))
            throw column_error(
                "the columns of one batch have different lengths: give one value a row in each");
          for (std::size_t row = 0; row < groups.size(); ++row)
            invalid += fresh[groups[row]].add(metric_, column[row]...) == verdict::invalid ? 1U : 0U;
        },
        batch);
    if (policy == on_invalid::raise && invalid != 0) throw column_error(first_invalid_row(metric_, batch));
    for (std::size_t i = 0; i < cells_.size(); ++i) fresh[i].merge(cells_[i]);
    cells_ = std::move(fresh);
  }

  void merge(const grid& other) {
    if (!(metric_ == other.metric_) || size() != other.size())
      throw state_error("two grids of " + std::string(M::name) +
                        " with different parameters or groups cannot be merged");
    std::vector<cell<M>> sum = cells_;
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i].merge(other.cells_[i]);
    cells_ = std::move(sum);
  }

  /// Coarser groups: cell i is added to cell to[i] of a new grid. Totals and profiles are read from states
  /// added up, never from figures averaged. Errors: column_error where a group is given no new one, or one
  /// that does not exist.
  [[nodiscard]] grid regroup(std::span<const std::uint32_t> to, std::size_t size) const {
    if (to.size() != cells_.size())
      throw column_error("regrouping needs a new group for each of the " + std::to_string(cells_.size()) +
                         " groups, not " + std::to_string(to.size()));
    grid coarse(metric_, size);
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (to[i] >= size)
        throw column_error("group " + std::to_string(i) + " cannot become group " + std::to_string(to[i]) +
                           ": the new grid has " + std::to_string(size));
      coarse.cells_[to[i]].merge(cells_[i]);
    }
    return coarse;
  }

  [[nodiscard]] const M& metric() const noexcept { return metric_; }
  [[nodiscard]] const cell<M>& at(std::size_t group) const { return cells_.at(group); }
  /// The same as a number of its own.
  [[nodiscard]] tally<M> tally_of(std::size_t group) const { return tally<M>(metric_, cells_.at(group)); }

 private:
  M metric_;
  std::vector<cell<M>> cells_;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_ENGINE_GRID_HPP

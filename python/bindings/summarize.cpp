// SPDX-License-Identifier: Apache-2.0
// Grouped summaries: every column is read once, a block at a time, for all metrics together.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <cxmetrics/core/error.hpp>
#include <cxmetrics/engine/grouping.hpp>
#include <cxmetrics/engine/parallel.hpp>
#include <cxmetrics/time/zone.hpp>

#include "bind.hpp"
#include "breath.hpp"
#include "states.hpp"
#include "time.hpp"

namespace cxmetrics::python {

namespace {

constexpr std::size_t block = 8192;  // rows whose keys, instants and groups stay in the second-level cache

using code_array = py::array_t<std::int32_t, py::array::c_style>;
using time_array = py::array_t<std::int64_t, py::array::c_style>;

/// The keys of a row as one number: digits of mixed radix, the digit of a code being its place in order, so
/// that numbers are in order too.
class key_number {
 public:
  /// For each column its codes in the order of their labels; no key, code -1, comes last.
  explicit key_number(const std::vector<std::vector<std::int32_t>>& orders) {
    std::uint64_t size = 1;
    for (const std::vector<std::int32_t>& order : orders) {
      digits& d = parts_.emplace_back();
      d.size = static_cast<std::uint32_t>(order.size()) + 1;
      d.place.resize(d.size);
      d.place[0] = d.size - 1;
      for (std::uint32_t i = 0; i + 1 < d.size; ++i) d.place.at(static_cast<std::size_t>(order[i]) + 1) = i;
      d.code = order;
      d.code.push_back(-1);
      size *= d.size;
      if (size > std::numeric_limits<std::uint32_t>::max())
        throw column_error("the keys have more than 2^32 combinations: group by fewer columns");
    }
    size_ = static_cast<std::uint32_t>(size);
  }

  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t columns() const noexcept { return parts_.size(); }

  /// The numbers of a block of rows, from the codes of each column.
  void of_rows(const std::vector<const std::int32_t*>& codes, std::size_t first,
               std::span<std::uint32_t> out) const {
    if (parts_.empty()) std::fill(out.begin(), out.end(), 0U);
    for (std::size_t c = 0; c < parts_.size(); ++c) {
      const digits& d = parts_[c];
      const std::int32_t* const code = codes[c] + first;
      std::uint32_t most = 0;
      for (std::size_t i = 0; i < out.size(); ++i)
        most = std::max(most, static_cast<std::uint32_t>(code[i] + 1));
      if (most >= d.size) throw column_error("a code of a key column has no label: pass it through a door");
      const std::uint32_t* const place = d.place.data() + 1;
      if (c == 0)
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = place[code[i]];
      else
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = out[i] * d.size + place[code[i]];
    }
  }
  /// The code of one column in a number.
  [[nodiscard]] std::int32_t code(std::uint32_t number, std::size_t column) const {
    for (std::size_t c = parts_.size(); c-- > column + 1;) number /= parts_[c].size;
    return parts_[column].code[number % parts_[column].size];
  }

 private:
  struct digits {
    std::uint32_t size;
    std::vector<std::uint32_t> place;  // of code + 1
    std::vector<std::int32_t> code;    // of a place
  };
  std::vector<digits> parts_;
  std::uint32_t size_ = 1;
};

/// The rows that some metrics read: the codes of their keys, and the instants to which they belong, if any.
struct placement {
  std::size_t rows;
  std::vector<const std::int32_t*> codes;
  const std::int64_t* clock;
};

/// A metric, and where the values of its columns lie: where each begins, and how wide one is.
struct wanted {
  const any_state* state;
  std::size_t place;
  std::vector<const char*> data;
  std::vector<std::size_t> width;
};

/// What one thread has made of its rows.
struct share_of_rows {
  std::vector<grouping> groups;                  // of each placement
  std::vector<std::unique_ptr<any_grid>> grids;  // of each metric
};

class summary_pass {
 public:
  summary_pass(key_number keys, std::vector<placement> places, std::vector<wanted> metrics)
      : keys_(std::move(keys)), places_(std::move(places)), metrics_(std::move(metrics)) {}

  void run(const std::optional<bucket_numbers>& buckets, unsigned threads) {
    for (unsigned i = 0; i < std::max(threads, 1U); ++i) {
      share_of_rows& share = shares_.emplace_back();
      for (const placement& p : places_)
        share.groups.emplace_back(keys_.size(), p.clock == nullptr ? std::nullopt : buckets,
                                  std::max(std::uint64_t{1} << 18, std::uint64_t{p.rows} / 64));
      for (const wanted& m : metrics_) share.grids.push_back(m.state->make_grid(1));
    }
    for (std::size_t place = 0; place < places_.size(); ++place)
      in_parallel(places_[place].rows, threads, [&](std::size_t part, std::size_t begin, std::size_t end) {
        std::vector<std::uint32_t> keys(block), groups(block);
        std::vector<const void*> values;
        for (std::size_t row = begin; row < end && alive_.go_on(part == 0); row += block) {
          const std::size_t size = std::min(block, end - row);
          add_block(shares_[part], place, row, std::span(keys).first(size), std::span(groups).first(size),
                    values);
        }
      });
  }

  /// Puts the cells in order, by keys and then by buckets, and adds up what the threads have.
  void finish() {
    find_cells();
    for (std::size_t m = 0; m < metrics_.size(); ++m) grids_.push_back(metrics_[m].state->make_grid(size()));
    std::vector<std::uint32_t> to;
    for (std::size_t place = 0; place < places_.size(); ++place)
      for (share_of_rows& share : shares_) {
        to.assign(share.groups[place].size(), nowhere);
        each_cell(share, place, [&](std::size_t group, group_key key) { to[group] = place_of(key); });
        for (std::size_t m = 0; m < metrics_.size(); ++m)
          if (metrics_[m].place == place) {
            grids_[m]->gather(*share.grids[m], to);
            alive_.look();
          }
      }
  }

  [[nodiscard]] std::size_t size() const noexcept { return cells_.size(); }
  [[nodiscard]] py::list codes() const {
    py::list out;
    for (std::size_t c = 0; c < keys_.columns(); ++c) {
      code_array column(static_cast<py::ssize_t>(size()));
      std::int32_t* at = column.mutable_data();
      for (const group_key& cell : cells_) *at++ = keys_.code(cell.key, c);
      out.append(column);
    }
    return out;
  }
  [[nodiscard]] time_array starts() const {
    time_array out(static_cast<py::ssize_t>(size()));
    std::int64_t* at = out.mutable_data();
    for (const group_key& cell : cells_) *at++ = cell.bucket;
    return out;
  }
  [[nodiscard]] py::list grids() {
    py::list out;
    for (auto& grid : grids_) out.append(std::move(grid));
    return out;
  }
  /// The rows of each metric that stand in no bucket.
  [[nodiscard]] py::list without_time() const {
    py::list out;
    for (std::size_t m = 0; m < metrics_.size(); ++m) {
      std::uint64_t rows = 0;
      for (const share_of_rows& share : shares_) rows += share.grids[m]->rows(0);
      out.append(rows);
    }
    return out;
  }

 private:
  static constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

  void add_block(share_of_rows& share, std::size_t place, std::size_t row, std::span<std::uint32_t> keys,
                 std::span<std::uint32_t> groups, std::vector<const void*>& values) const {
    const placement& p = places_[place];
    grouping& grouped = share.groups[place];
    keys_.of_rows(p.codes, row, keys);
    std::span<const std::int64_t> times;
    if (p.clock != nullptr) times = {p.clock + row, keys.size()};
    grouped.place(keys, times, groups);
    for (std::size_t m = 0; m < metrics_.size(); ++m) {
      if (metrics_[m].place != place) continue;
      values.clear();
      for (std::size_t c = 0; c < metrics_[m].data.size(); ++c)
        values.push_back(metrics_[m].data[c] + row * metrics_[m].width[c]);
      if (share.grids[m]->size() < grouped.size()) share.grids[m]->resize(grouped.size());
      share.grids[m]->add(groups, values);
    }
  }

  /// The groups of one placement that have rows; the metrics of a placement see the same rows.
  template <class F>
  void each_cell(const share_of_rows& share, std::size_t place, F f) const {
    std::size_t m = 0;
    while (metrics_[m].place != place) ++m;
    for (std::size_t group = 1; group < share.grids[m]->size(); ++group)
      if (share.grids[m]->has_rows(group)) f(group, share.groups[place].at(group));
  }

  void find_cells() {
    for (std::size_t place = 0; place < places_.size(); ++place)
      for (const share_of_rows& share : shares_)
        each_cell(share, place, [&](std::size_t, group_key key) { cells_.push_back(key); });
    if (keys_.columns() == 0 && places_.size() == 1 && places_[0].clock == nullptr)
      cells_.assign(1, {0, absent<std::int64_t>::missing});  // all rows together, also where there are none
    std::sort(cells_.begin(), cells_.end(), before);
    cells_.erase(std::unique(cells_.begin(), cells_.end()), cells_.end());
    if (cells_.size() >= nowhere) throw column_error("more than 2^32 - 1 groups: group by less");
  }
  [[nodiscard]] std::uint32_t place_of(group_key key) const {
    return static_cast<std::uint32_t>(std::lower_bound(cells_.begin(), cells_.end(), key, before) -
                                      cells_.begin());
  }
  [[nodiscard]] static bool before(const group_key& a, const group_key& b) noexcept {
    return a.key != b.key ? a.key < b.key : a.bucket < b.bucket;
  }

  breath alive_;
  key_number keys_;
  std::vector<placement> places_;
  std::vector<wanted> metrics_;
  std::vector<share_of_rows> shares_;
  std::vector<group_key> cells_;
  std::vector<std::unique_ptr<any_grid>> grids_;
};

/// How time is cut: length of a bucket, profile or none, zone, first day of the week.
using bucket_rule = std::tuple<std::string, std::optional<std::string>, std::string, std::string>;

bucket_numbers numbers_of(const bucket_rule& rule) {
  const auto& [length, fold, tz, week_start] = rule;
  const bucketer buckets(parse_every(length), zone::locate(tz), weekday_of(week_start));
  if (!fold) return bucket_numbers(buckets);
  return bucket_numbers(
      buckets, bucket_fold(buckets.length(), parse_every(*fold), buckets.where(), buckets.week_start()));
}

/// Every array holds one value a row.
template <class Array>
void expect_rows(const Array& array, std::size_t rows) {
  if (static_cast<std::size_t>(array.size()) != rows)
    throw column_error("the columns of one table have different lengths: give one value a row in each");
}

py::tuple summarize(
    const std::vector<std::vector<std::int32_t>>& orders,
    const std::vector<std::tuple<std::size_t, std::vector<code_array>, std::optional<time_array>>>&
        placements,
    const std::vector<std::tuple<const any_state*, std::vector<py::array>, std::size_t>>& metrics,
    const std::optional<bucket_rule>& rule, unsigned threads) {
  std::vector<placement> places;
  for (const auto& [rows, codes, clock] : placements) {
    placement& p = places.emplace_back();
    p.rows = rows;
    if (codes.size() != orders.size())
      throw column_error("every column of keys needs the order of its labels");
    for (const code_array& column : codes) {
      expect_rows(column, rows);
      p.codes.push_back(column.data());
    }
    if (clock) expect_rows(*clock, rows);
    p.clock = clock ? clock->data() : nullptr;
  }
  std::vector<wanted> what;
  for (const auto& [state, columns, place] : metrics) {
    state->expect(columns);
    wanted& m = what.emplace_back();
    m.state = state;
    m.place = place;
    for (const py::array& column : columns) {
      expect_rows(column, places.at(place).rows);
      m.data.push_back(static_cast<const char*>(column.data()));
      m.width.push_back(static_cast<std::size_t>(column.itemsize()));
    }
  }
  summary_pass pass(key_number(orders), std::move(places), std::move(what));
  {
    std::optional<bucket_numbers> buckets;
    if (rule) buckets = numbers_of(*rule);
    const py::gil_scoped_release released;
    pass.run(buckets, threads);
    pass.finish();
  }
  return py::make_tuple(pass.codes(), pass.starts(), pass.grids(), pass.without_time());
}

}  // namespace

void bind_summarize(py::module_& m) {
  m.def("summarize", &summarize, py::arg("orders"), py::arg("placements"), py::arg("metrics"),
        py::arg("buckets"), py::arg("threads"));
}

}  // namespace cxmetrics::python

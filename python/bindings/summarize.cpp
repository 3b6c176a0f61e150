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
#include <stop_token>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <cxmetrics/core/error.hpp>
#include <cxmetrics/core/parallel.hpp>
#include <cxmetrics/engine/grouping.hpp>
#include <cxmetrics/engine/ordered_numbers.hpp>
#include <cxmetrics/time/zone.hpp>

#include "bind.hpp"
#include "interruptible.hpp"
#include "key_number.hpp"
#include "states.hpp"
#include "time.hpp"
#include "unread.hpp"

namespace cxmetrics::python {

namespace {

constexpr std::size_t block = 4096;  // rows whose values, keys and groups stay in the second-level cache

using code_array = py::array_t<std::int32_t, py::array::c_style>;
using time_array = py::array_t<std::int64_t, py::array::c_style>;

/// Where the values of a column lie: in an array, or nowhere yet, and the pass reads them.
struct column_values {
  const char* data = nullptr;
  std::size_t width = 0;
  std::size_t unread = 0;  // its place among the unread columns, where there is no array
};

/// The rows that some metrics read: the codes of their keys, and the instants to which they belong, if any.
struct placement {
  std::size_t rows;
  std::vector<key_column> codes;
  std::optional<column_values> clock;
};

/// A metric, and where the values of its columns lie.
struct wanted {
  const any_state* state;
  std::size_t place;
  std::vector<column_values> columns;
};

/// What one thread has made of its rows.
struct share_of_rows {
  std::vector<grouping> groups;                        // of each placement
  std::vector<std::unique_ptr<any_grid>> grids;        // of each metric
  std::vector<std::unique_ptr<block_reader>> readers;  // of each unread column
};

/// One thread's block of rows.
struct block_of_rows {
  std::size_t first = 0;
  std::vector<std::uint32_t> keys, groups;
  std::vector<const void*> unread;  // where the values of each unread column are
  std::vector<const void*> values;  // and those of a metric

  [[nodiscard]] const void* at(const column_values& column) const {
    return column.data != nullptr ? column.data + first * column.width : unread[column.unread];
  }
};

class summary_pass {
 public:
  /// Where columns are unread, there is one placement: each of their rows is read once.
  summary_pass(key_number keys, std::vector<placement> places, std::vector<wanted> metrics,
               std::vector<unread_column*> unread)
      : keys_(std::move(keys)),
        places_(std::move(places)),
        metrics_(std::move(metrics)),
        unread_(std::move(unread)) {}

  void run(const std::optional<bucket_numbers>& buckets, unsigned threads, const std::stop_token& stop) {
    for (unsigned i = 0; i < std::max(threads, 1U); ++i) {
      share_of_rows& share = shares_.emplace_back();
      for (const placement& p : places_)
        share.groups.emplace_back(keys_.size(), p.clock ? buckets : std::nullopt,
                                  std::max(std::uint64_t{1} << 18, std::uint64_t{p.rows} / 64));
      for (const wanted& m : metrics_) share.grids.push_back(m.state->make_grid(1));
    }
    for (std::size_t place = 0; place < places_.size(); ++place)
      in_parallel(places_[place].rows, threads, [&](std::size_t part, std::size_t begin, std::size_t end) {
        share_of_rows& share = shares_[part];
        for (const unread_column* column : unread_) share.readers.push_back(column->start());
        block_of_rows rows;
        for (std::size_t row = begin; row < end; row += block) {
          go_on(stop);
          rows.first = row;
          rows.keys.resize(std::min(block, end - row));
          rows.groups.resize(rows.keys.size());
          add_block(share, place, rows);
        }
      });
    for (std::size_t i = 0; i < unread_.size(); ++i) {
      std::vector<std::unique_ptr<block_reader>> readers;
      for (share_of_rows& share : shares_)
        if (!share.readers.empty()) readers.push_back(std::move(share.readers[i]));
      unread_[i]->settle(readers);
    }
  }

  /// Puts the cells in order, by keys and then by buckets, and adds up what the threads have.
  void finish(const std::stop_token& stop) {
    find_buckets();
    find_cells();
    for (const wanted& m : metrics_) grids_.push_back(m.state->make_grid(size()));
    std::vector<std::uint32_t> to;
    for (std::size_t place = 0; place < places_.size(); ++place)
      for (share_of_rows& share : shares_) {
        to.assign(share.groups[place].size(), nowhere);
        each_cell(share, place,
                  [&](std::size_t group, std::uint64_t number) { to[group] = cells_->place_of(number); });
        for (std::size_t m = 0; m < metrics_.size(); ++m)
          if (metrics_[m].place == place) {
            grids_[m]->gather(*share.grids[m], to);
            go_on(stop);
          }
      }
  }

  [[nodiscard]] std::size_t size() const noexcept { return cells_->size(); }
  [[nodiscard]] py::list codes() const {
    py::list out;
    for (std::size_t c = 0; c < keys_.columns(); ++c) {
      code_array column(static_cast<py::ssize_t>(size()));
      std::int32_t* at = column.mutable_data();
      for (const std::uint64_t cell : cells_->numbers())
        *at++ = keys_.code(static_cast<std::uint32_t>(cell / buckets_.size()), c);
      out.append(column);
    }
    return out;
  }
  [[nodiscard]] time_array starts() const {
    time_array out(static_cast<py::ssize_t>(size()));
    std::int64_t* at = out.mutable_data();
    for (const std::uint64_t cell : cells_->numbers()) *at++ = buckets_[cell % buckets_.size()];
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

  void add_block(share_of_rows& share, std::size_t place, block_of_rows& rows) const {
    const placement& p = places_[place];
    grouping& grouped = share.groups[place];
    rows.unread.clear();
    for (const auto& reader : share.readers)
      rows.unread.push_back(reader->read(rows.first, rows.keys.size()));
    keys_.of_rows(p.codes, rows.first, rows.keys);
    std::span<const std::int64_t> times;
    if (p.clock) times = {static_cast<const std::int64_t*>(rows.at(*p.clock)), rows.keys.size()};
    grouped.place(rows.keys, times, rows.groups);
    for (std::size_t m = 0; m < metrics_.size(); ++m) {
      if (metrics_[m].place != place) continue;
      rows.values.clear();
      for (const column_values& column : metrics_[m].columns) rows.values.push_back(rows.at(column));
      if (share.grids[m]->size() < grouped.size()) share.grids[m]->resize(grouped.size());
      share.grids[m]->add(rows.groups, rows.values);
    }
  }

  /// The groups of one placement that have rows, and the numbers of their cells: those of their keys, and of
  /// one key the places of their buckets. The metrics of a placement see the same rows.
  template <class F>
  void each_cell(const share_of_rows& share, std::size_t place, F f) const {
    std::size_t m = 0;
    while (metrics_[m].place != place) ++m;
    std::size_t bucket = 0;  // most often that of the group before
    for (std::size_t group = 1; group < share.grids[m]->size(); ++group) {
      if (!share.grids[m]->has_rows(group)) continue;
      const group_key is = share.groups[place].at(group);
      if (buckets_[bucket] != is.bucket)
        bucket = static_cast<std::size_t>(std::lower_bound(buckets_.begin(), buckets_.end(), is.bucket) -
                                          buckets_.begin());
      f(group, std::uint64_t{is.key} * buckets_.size() + bucket);
    }
  }

  void find_buckets() {
    for (const share_of_rows& share : shares_)
      for (const grouping& groups : share.groups) {
        const std::vector<std::int64_t> seen = groups.buckets();
        buckets_.insert(buckets_.end(), seen.begin(), seen.end());
      }
    std::sort(buckets_.begin(), buckets_.end());
    buckets_.erase(std::unique(buckets_.begin(), buckets_.end()), buckets_.end());
  }
  void find_cells() {
    std::vector<std::uint64_t> numbers;
    for (std::size_t place = 0; place < places_.size(); ++place)
      for (const share_of_rows& share : shares_)
        each_cell(share, place, [&](std::size_t, std::uint64_t number) { numbers.push_back(number); });
    if (keys_.columns() == 0 && places_.size() == 1 && !places_[0].clock)
      numbers.assign(1, 0);  // all rows together, also where there are none
    cells_.emplace(std::move(numbers), std::uint64_t{keys_.size()} * buckets_.size());
  }

  key_number keys_;
  std::vector<placement> places_;
  std::vector<wanted> metrics_;
  std::vector<share_of_rows> shares_;
  std::vector<unread_column*> unread_;
  std::vector<std::int64_t> buckets_;  // in order
  std::optional<ordered_numbers> cells_;
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

/// What Python gives as the values of a column: an array of one value a row, or a column that is unread. Each
/// unread column is taken in once.
class given_columns {
 public:
  column_values take(const py::object& given, std::size_t rows) {
    if (py::isinstance<unread_column>(given)) {
      auto* const column = given.cast<unread_column*>();
      expect(column->size(), rows);
      const auto at =
          static_cast<std::size_t>(std::find(unread_.begin(), unread_.end(), column) - unread_.begin());
      if (at == unread_.size()) unread_.push_back(column);
      return {.unread = at};
    }
    const auto array = given.cast<py::array>();
    expect(static_cast<std::size_t>(array.size()), rows);
    return {.data = static_cast<const char*>(array.data()),
            .width = static_cast<std::size_t>(array.itemsize())};
  }
  column_values take_instants(const py::object& given, std::size_t rows) {
    if (py::isinstance<unread_column>(given)) return take(given, rows);
    const auto times = time_array::ensure(given);
    if (!times) throw column_error("instants are no microseconds: pass them through a door");
    return take(held_.emplace_back(times), rows);
  }
  /// An array of the type of a column, for who looks at types.
  [[nodiscard]] static py::array kind(const py::object& given) {
    return py::isinstance<unread_column>(given) ? given.cast<unread_column*>()->none()
                                                : given.cast<py::array>();
  }
  static void expect(std::size_t size, std::size_t rows) {
    if (size != rows)
      throw column_error("the columns of one table have different lengths: give one value a row in each");
  }
  [[nodiscard]] const std::vector<unread_column*>& unread() const noexcept { return unread_; }

 private:
  std::vector<unread_column*> unread_;
  std::vector<py::object> held_;
};

// Codes as they lie in an array of one of the types of a key_column.
template <std::size_t I = 0>
key_column key_column_of(const py::array& codes) {
  using code = std::remove_cvref_t<decltype(*std::declval<std::variant_alternative_t<I, key_column>>())>;
  using typed = py::array_t<code, py::array::c_style>;
  if (py::isinstance<typed>(codes)) return static_cast<const code*>(codes.data());
  if constexpr (I + 1 < std::variant_size_v<key_column>)
    return key_column_of<I + 1>(codes);
  else
    throw column_error(
        "the codes of a key column are no whole numbers of 8 to 32 bits in a row: pass it through a door");
}

py::tuple summarize(
    const std::vector<std::vector<std::int32_t>>& orders,
    const std::vector<std::tuple<std::size_t, std::vector<py::array>, std::optional<py::object>>>& placements,
    const std::vector<std::tuple<const any_state*, std::vector<py::object>, std::size_t>>& metrics,
    const std::optional<bucket_rule>& rule, unsigned threads) {
  given_columns given;
  std::vector<placement> places;
  for (const auto& [rows, codes, clock] : placements) {
    placement& p = places.emplace_back();
    p.rows = rows;
    if (codes.size() != orders.size())
      throw column_error("every column of keys needs the order of its labels");
    for (const py::array& column : codes) {
      given_columns::expect(static_cast<std::size_t>(column.size()), rows);
      p.codes.push_back(key_column_of<>(column));
    }
    if (clock) p.clock = given.take_instants(*clock, rows);
  }
  std::vector<wanted> what;
  for (const auto& [state, columns, place] : metrics) {
    std::vector<py::array> kinds;
    wanted& m = what.emplace_back();
    m.state = state;
    m.place = place;
    for (const py::object& column : columns) {
      kinds.push_back(given_columns::kind(column));
      m.columns.push_back(given.take(column, places.at(place).rows));
    }
    state->expect(kinds);
  }
  if (places.size() > 1 && !given.unread().empty())
    throw column_error("metrics of different rows cannot read one column together: read it first");
  std::optional<bucket_numbers> buckets;
  if (rule) buckets = numbers_of(*rule);
  std::size_t values = 0;
  for (const wanted& m : what) values += places[m.place].rows;
  summary_pass pass(key_number(orders), std::move(places), std::move(what), given.unread());
  interruptible(values, [&](const std::stop_token& stop) {
    pass.run(buckets, threads, stop);
    pass.finish(stop);
  });
  return py::make_tuple(pass.codes(), pass.starts(), pass.grids(), pass.without_time());
}

}  // namespace

void bind_summarize(py::module_& m) {
  m.def("summarize", &summarize, py::arg("orders"), py::arg("placements"), py::arg("metrics"),
        py::arg("buckets"), py::arg("threads"));
}

}  // namespace cxmetrics::python

// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_TESTS_LAWS_METRIC_LAWS_HPP
#define CXMETRICS_TESTS_LAWS_METRIC_LAWS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/error.hpp>
#include <cxmetrics/engine/grid.hpp>
#include <cxmetrics/engine/tally.hpp>

#include "merge_laws.hpp"
#include "rows.hpp"

namespace laws {

/// The laws of one definition. Rows are made from the columns that it declares: nothing here knows a metric.
template <cxmetrics::metric Metric>
class laws_of {
 public:
  using row = typename Metric::reads::values;
  using rows = std::vector<row>;
  using tally = cxmetrics::tally<Metric>;

  explicit laws_of(Metric metric) : metric_(std::move(metric)) {}

  void check() const {
    merge_laws(algebra<tally, row>{[this](const rows& r) { return fill(r); },
                                   [](const tally& t) { return t.encode(); },
                                   [](std::string_view bytes) { return tally::decode(bytes); }, any_row()});
    one_by_one_is_a_batch();
    threads_change_nothing();
    every_row_is_somewhere();
    invalid_rows_change_nothing();
    no_rows_have_no_figure();
    a_cell_is_the_tally_of_its_group();
  }

  /// Of two definitions: they do not mix, and bytes know whose they are.
  void check_against(const Metric& other) const {
    holds(
        "unlike definitions do not merge, and both stay as they are",
        [&] {
          tally ours = fill(*any_rows()), theirs(other);
          theirs.update(table<row>(*any_rows()).spans(), cxmetrics::on_invalid::count);
          const std::string our_bytes = ours.encode(), their_bytes = theirs.encode();
          RC_ASSERT(our_bytes != their_bytes);
          RC_ASSERT_THROWS_AS(ours.merge(theirs), cxmetrics::state_error);
          RC_ASSERT_THROWS_AS(theirs.merge(ours), cxmetrics::state_error);
          RC_ASSERT(ours.encode() == our_bytes);
          RC_ASSERT(theirs.encode() == their_bytes);
          RC_ASSERT(tally::decode(their_bytes).metric() == other);
        },
        20);
  }

 private:
  static rc::Gen<row> any_row() { return any_row_of<row>::generator(); }
  static rc::Gen<rows> any_rows() { return rc::gen::container<rows>(any_row()); }

  [[nodiscard]] tally fill(const rows& r, unsigned threads = 1) const {
    tally t(metric_);
    t.update(table<row>(r).spans(), cxmetrics::on_invalid::count, threads);
    return t;
  }
  [[nodiscard]] cxmetrics::verdict look(const row& r) const {
    return std::apply([&](auto... value) { return cxmetrics::cell<Metric>::look(metric_, value...); }, r);
  }
  [[nodiscard]] bool is_invalid(const row& r) const { return look(r) == cxmetrics::verdict::invalid; }
  [[nodiscard]] rows accepted(const rows& all) const {
    rows some;
    std::copy_if(all.begin(), all.end(), std::back_inserter(some),
                 [&](const row& r) { return !is_invalid(r); });
    return some;
  }
  static cxmetrics::verdict add(tally& t, const row& r) {
    return std::apply([&](auto... value) { return t.add(value...); }, r);
  }

  void one_by_one_is_a_batch() const {
    holds("one row at a time, a batch, and batches of any size are the same bytes", [&] {
      auto random = choices();
      const rows all = *any_rows(), good = accepted(all);
      tally one_by_one(metric_), batch(metric_), pieces(metric_);
      for (const row& r : good) RC_ASSERT(add(one_by_one, r) == look(r));
      batch.update(table<row>(good).spans());
      RC_ASSERT(batch.encode() == one_by_one.encode());
      for (std::size_t from = 0, size = 0; from < all.size(); from += size) {
        size = std::min<std::size_t>(random() % 9, all.size() - from);
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(from);
        pieces.update(table<row>(rows(begin, begin + static_cast<std::ptrdiff_t>(size))).spans(),
                      cxmetrics::on_invalid::count);
      }
      RC_ASSERT(pieces.encode() == fill(all).encode());
    });
  }

  void threads_change_nothing() const {
    holds(
        "one to four threads are the same bytes",
        [&] {
          auto random = choices();
          constexpr std::size_t usual = cxmetrics::usual_grain, small = usual / 16;
          static_assert(small > 255 * 64,
                        "a block fills more counters than a kernel has before it empties them");
          const rows some = *rc::gen::container<rows>(1'000, any_row());
          rows many;
          while (many.size() < 4 * small + 4'567) many.push_back(some[random() % some.size()]);
          const table<row> columns(many);
          const auto filled = [&](unsigned threads, std::size_t grain) {
            tally t(metric_);
            t.update(columns.spans(), cxmetrics::on_invalid::count, threads, {}, grain);
            return t.encode();
          };
          const std::string whole = filled(1, usual);
          for (unsigned threads = 1; threads <= 4; ++threads) RC_ASSERT(filled(threads, small) == whole);
        },
        1);
  }

  void every_row_is_somewhere() const {
    holds("rows = counted + excluded + invalid + missing + pending, in the ledger and in the result", [&] {
      const rows all = *any_rows();
      const tally t = fill(all);
      RC_ASSERT(t.ledger().rows() == all.size());
      RC_ASSERT(t.result().rows() == all.size());
      const auto seen = [&](cxmetrics::verdict v) {
        return static_cast<std::uint64_t>(
            std::count_if(all.begin(), all.end(), [&](const row& r) { return look(r) == v; }));
      };
      RC_ASSERT(t.ledger().invalid == seen(cxmetrics::verdict::invalid));
      RC_ASSERT(t.ledger().missing == seen(cxmetrics::verdict::missing));
      RC_ASSERT(t.ledger().excluded >=
                seen(cxmetrics::verdict::excluded));  // a state may hold rows left out, too
    });
  }

  void invalid_rows_change_nothing() const {
    holds("an invalid row is named, and nothing of its batch is applied", [&] {
      const rows before = accepted(*any_rows()), good = accepted(*any_rows()), tail = *any_rows();
      const row bad = *rc::gen::suchThat(any_row(), [&](const row& r) { return is_invalid(r); });
      tally t = fill(before);
      const std::string bytes = t.encode();
      std::string message;
      try {
        t.update(table<row>(good + rows{bad} + tail).spans());
      } catch (const cxmetrics::column_error& e) {
        message = e.what();
      }
      const std::string complaint =
          std::apply([&](auto... value) { return metric_.complaint(value...); }, bad);
      RC_ASSERT(message == "row " + std::to_string(good.size()) + ": " + complaint);
      RC_ASSERT(t.encode() == bytes);
      RC_ASSERT_THROWS_AS(add(t, bad), cxmetrics::column_error);
      RC_ASSERT(t.encode() == bytes);
    });
  }

  void no_rows_have_no_figure() const {
    const auto empty = tally(metric_).result();
    CHECK_FALSE(empty.value().has_value());
    CHECK_FALSE(empty.interval().has_value());
    CHECK(empty.rows() == 0);
    holds("there is a figure where a row is counted, and none elsewhere; the interval holds it", [&] {
      const auto r = fill(*any_rows()).result();
      RC_ASSERT(r.value().has_value() == (r.n() > 0));
      if (!r.value()) RC_ASSERT(!r.interval().has_value());
      if (r.interval()) {
        RC_ASSERT(r.interval()->low <= r.interval()->high);
        RC_ASSERT(r.interval()->level == 0.95);
      }
      RC_ASSERT(r.metric() == Metric::name);
    });
  }

  void a_cell_is_the_tally_of_its_group() const {
    holds("a cell of a grid is the tally of its group's rows", [&] {
      auto random = choices();
      const rows all = *any_rows();
      const std::size_t size = 1 + random() % 5;
      std::vector<std::uint32_t> group;
      std::vector<rows> of(size);
      for (const row& r : all) {
        group.push_back(static_cast<std::uint32_t>(random() % size));
        of[group.back()].push_back(r);
      }
      cxmetrics::grid<Metric> g(metric_, size);
      g.update(group, table<row>(all).spans(), cxmetrics::on_invalid::count);
      for (std::size_t i = 0; i < size; ++i) RC_ASSERT(g.tally_of(i).encode() == fill(of[i]).encode());
      const std::vector<std::uint32_t> together(size, 0);
      RC_ASSERT(g.regroup(together, 1).tally_of(0).encode() == fill(all).encode());
      const cxmetrics::grid<Metric> others = g.others();
      for (std::size_t i = 0; i < size; ++i) {
        rows rest;
        for (std::size_t j = 0; j < size; ++j)
          if (j != i) rest.insert(rest.end(), of[j].begin(), of[j].end());
        RC_ASSERT(others.tally_of(i).encode() == fill(rest).encode());
      }
    });
  }

  Metric metric_;
};

/// The laws of a metric, with each of several definitions that all differ in their collect parameters.
template <cxmetrics::metric Metric>
void metric_laws(const std::vector<Metric>& definitions) {
  for (const Metric& one : definitions) {
    laws_of<Metric>(one).check();
    for (const Metric& other : definitions)
      if (!(one == other)) laws_of<Metric>(one).check_against(other);
  }
}

}  // namespace laws

#endif  // CXMETRICS_TESTS_LAWS_METRIC_LAWS_HPP

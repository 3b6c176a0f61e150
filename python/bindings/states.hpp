// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_PYTHON_STATES_HPP
#define CXMETRICS_PYTHON_STATES_HPP

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <cxmetrics/engine/grid.hpp>
#include <cxmetrics/engine/tally.hpp>
#include <cxmetrics/state/compare.hpp>
#include <cxmetrics/state/duration_distribution.hpp>

#include "interruptible.hpp"
#include "options.hpp"

namespace cxmetrics::python {

class any_grid;

inline py::object number_or_none(const figure& f) { return f ? py::cast(*f) : py::none(); }

/// A tally of any metric, behind one virtual call a batch.
class any_state {
 public:
  virtual ~any_state() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual std::vector<std::string_view> reads() const = 0;
  /// Throws where arrays are not what is read, column by column.
  virtual void expect(const std::vector<py::array>& columns) const = 0;
  virtual void update(const std::vector<py::array>& columns, bool count_invalid, unsigned threads) = 0;
  /// Rows that lie in memory as the kernel reads them, before anybody has looked at them: true, or false and
  /// unchanged where a value is no class, and the door must say which.
  virtual bool update_direct(std::span<const std::int8_t> values, unsigned threads) = 0;
  /// The same of scores with real weights; false for metrics without weights.
  virtual bool update_plain(std::span<const std::int8_t> scores, std::span<const double> weights,
                            unsigned threads) = 0;
  /// Rows that are given by their counts, one a class; a metric that does not count classes refuses them.
  virtual void add_counts(const std::vector<std::uint64_t>& rows) = 0;
  virtual void merge(const any_state& other) = 0;
  /// What stands in the bytes beside the counts: the collect parameters, durations in microseconds.
  [[nodiscard]] virtual py::dict parameters() const = 0;
  [[nodiscard]] virtual std::string encode() const = 0;
  [[nodiscard]] virtual std::unique_ptr<any_state> clone() const = 0;
  [[nodiscard]] virtual result read(const options& how) const = 0;
  /// The distribution behind a figure of durations; null for other metrics.
  [[nodiscard]] virtual const duration_distribution* distribution() const = 0;
  /// The longest duration of such a figure; absent where there is none.
  [[nodiscard]] virtual std::optional<duration> longest() const = 0;
  [[nodiscard]] virtual std::unique_ptr<any_grid> make_grid(std::size_t groups) const = 0;
  /// A grid of states that have been written as bytes, a group each. Errors: state_error, where bytes are
  /// damaged or of another definition.
  [[nodiscard]] virtual std::unique_ptr<any_grid> make_grid(
      const std::vector<std::string_view>& states) const = 0;
};

/// What a column shows where there is no answer.
inline constexpr double no_answer = std::numeric_limits<double>::quiet_NaN();

/// The columns that a table shows of a metric: value, low and high, or of a distribution median, p90 and
/// mean; and n. What has no answer is NaN.
struct figure_columns {
  std::array<std::vector<double>, 3> figures;
  std::vector<std::int64_t> n;

  explicit figure_columns(std::size_t rows) : n(rows) {
    for (std::vector<double>& column : figures) column.resize(rows);
  }
  void put(std::size_t row, const result& r) {
    figures[0][row] = r.value().value_or(no_answer);
    figures[1][row] = r.interval() ? r.interval()->low : no_answer;
    figures[2][row] = r.interval() ? r.interval()->high : no_answer;
    n[row] = static_cast<std::int64_t>(r.n());
  }
  /// Without the interval of the median, which takes ten times as long and is not shown.
  void put(std::size_t row, const duration_distribution& d, std::uint64_t rows) {
    figures[0][row] = d.quantile_seconds(0.5).value_or(no_answer);
    figures[1][row] = d.quantile_seconds(0.9).value_or(no_answer);
    figures[2][row] = d.moments.mean_seconds().value_or(no_answer);
    n[row] = static_cast<std::int64_t>(rows);
  }
};

/// The columns that a table shows of comparisons: value, baseline, difference with low and high, z and p; and
/// the rows on both sides. What has no answer is NaN. A note of the comparison itself stands with the rows
/// that have it.
struct comparison_columns {
  std::array<std::vector<double>, 7> figures;
  std::array<std::vector<std::int64_t>, 2> n;
  std::vector<std::pair<std::string, std::uint64_t>> notes;

  explicit comparison_columns(std::size_t rows) {
    for (std::vector<double>& column : figures) column.resize(rows);
    for (std::vector<std::int64_t>& column : n) column.resize(rows);
  }
  void put(std::size_t row, const result& r, const result& baseline, const comparison& c) {
    const std::array<double, 7> values{r.value().value_or(no_answer),
                                       baseline.value().value_or(no_answer),
                                       c.value.value_or(no_answer),
                                       c.interval ? c.interval->low : no_answer,
                                       c.interval ? c.interval->high : no_answer,
                                       c.z.value_or(no_answer),
                                       c.p.value_or(no_answer)};
    for (std::size_t i = 0; i < values.size(); ++i) figures[i][row] = values[i];
    n[0][row] = static_cast<std::int64_t>(c.n);
    n[1][row] = static_cast<std::int64_t>(c.baseline_n);
  }
};

/// A stratum: its groups now, and with what they are compared.
using grid_pair = std::pair<const any_grid*, const any_grid*>;

/// A grid of any metric, behind one virtual call a batch.
class any_grid {
 public:
  virtual ~any_grid() = default;
  [[nodiscard]] virtual std::size_t size() const = 0;
  virtual void resize(std::size_t size) = 0;
  virtual void update(std::span<const std::uint32_t> groups, const std::vector<py::array>& columns) = 0;
  /// A block of rows: their groups, which exist, and where the values of each column begin, in
  /// arrays that any_state::expect() has looked at.
  virtual void add(std::span<const std::uint32_t> groups, std::span<const void* const> values) = 0;
  /// Adds cell i of another grid of the same definition to cell to[i] of this one, or leaves it out.
  virtual void gather(const any_grid& other, std::span<const std::uint32_t> to) = 0;
  [[nodiscard]] virtual std::unique_ptr<any_grid> pick(std::span<const std::uint32_t> from) const = 0;
  [[nodiscard]] virtual std::unique_ptr<any_grid> others() const = 0;
  [[nodiscard]] virtual bool has_rows(std::size_t group) const = 0;
  [[nodiscard]] virtual std::uint64_t rows(std::size_t group) const = 0;
  [[nodiscard]] virtual std::unique_ptr<any_state> at(std::size_t group) const = 0;
  [[nodiscard]] virtual std::unique_ptr<any_state> empty() const = 0;
  [[nodiscard]] virtual std::unique_ptr<any_grid> regroup(std::span<const std::uint32_t> to,
                                                          std::size_t size) const = 0;

  /// The figures of the first so many groups.
  [[nodiscard]] figure_columns read(const options& how, std::size_t groups, unsigned threads) const;
  /// Compares each group with the same one of a grid of the same definition.
  [[nodiscard]] comparison_columns compare(const any_grid& baseline, const options& how,
                                           const std::string& method, unsigned threads) const;
  /// Splits the change of each group by strata, of which each is a grid of the same definition and groups.
  [[nodiscard]] std::vector<change_split> split(std::span<const grid_pair> strata, const options& how,
                                                const std::string& method, unsigned threads) const;

  static constexpr std::size_t rows_of_a_figure = 256;  // that are counted while one is read

 private:
  // How the figures of a group of a grid of the same definition are put into the same row of a table's
  // columns.
  [[nodiscard]] virtual std::function<void(figure_columns&, const any_grid&, std::size_t)> figures(
      const options& how) const = 0;
  // How the result of a group of a grid of the same definition is read to be compared.
  [[nodiscard]] virtual std::function<result(const any_grid&, std::size_t)> results(
      const options& how) const = 0;
};

/// What Python says about one metric: how its definition is made, and how a figure is read from its tally,
/// without the interpreter. Specialised per metric.
template <metric M>
struct face;

template <metric M, class Values>
struct bound_columns;
template <metric M, class... Value>
struct bound_columns<M, std::tuple<Value...>> {
  /// Rows of a block, by position.
  [[nodiscard]] static typename M::reads::spans of(std::span<const void* const> values, std::size_t rows) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return typename M::reads::spans{std::span(static_cast<const Value*>(values[I]), rows)...};
    }(std::index_sequence_for<Value...>{});
  }
  /// The spans of a batch, by position; a wrong count, type or layout is a fault of the Python layer.
  [[nodiscard]] static typename M::reads::spans of(const std::vector<py::array>& columns) {
    if (columns.size() != sizeof...(Value))
      throw column_error("one array is needed for every column that is read");
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return typename M::reads::spans{span_of<Value>(columns[I])...};
    }(std::index_sequence_for<Value...>{});
  }

 private:
  template <class T>
  [[nodiscard]] static std::span<const T> span_of(const py::array& column) {
    const auto typed = py::array_t<T, py::array::c_style>::ensure(column);
    if (!typed || !column.dtype().is(typed.dtype()) || column.ndim() != 1 || typed.data() != column.data())
      throw column_error("a column does not lie in memory as its type says: pass it through a door first");
    return {static_cast<const T*>(column.data()), static_cast<std::size_t>(column.size())};
  }
};

/// The distribution behind a figure of durations; null for other metrics.
template <metric M>
[[nodiscard]] const duration_distribution* distribution_of(const tally<M>& t) {
  if constexpr (requires { t.state().distribution; })
    return &t.state().distribution;
  else
    return nullptr;
}

/// How a figure is read that is compared: without the interval of a median, which takes ten times as long as
/// all the rest and is not shown.
template <metric M>
[[nodiscard]] auto reading_to_compare(const M& m, const options& how) {
  if constexpr (requires(const typename M::state& s) { s.distribution; })
    return [](const tally<M>& t) { return t.result(std::optional<confidence>()); };
  else
    return face<M>::reading(m, how);
}

template <metric M>
class state_of;

template <metric M>
class grid_of final : public any_grid {
 public:
  explicit grid_of(grid<M> content) : content_(std::move(content)) {}
  [[nodiscard]] std::size_t size() const override { return content_.size(); }
  void resize(std::size_t size) override { content_.resize(size); }
  void add(std::span<const std::uint32_t> groups, std::span<const void* const> values) override {
    content_.add(groups, bound_columns<M, typename M::reads::values>::of(values, groups.size()));
  }
  void gather(const any_grid& other, std::span<const std::uint32_t> to) override {
    content_.gather(dynamic_cast<const grid_of&>(other).content_, to);
  }
  [[nodiscard]] std::unique_ptr<any_grid> pick(std::span<const std::uint32_t> from) const override {
    return std::make_unique<grid_of>(content_.pick(from));
  }
  [[nodiscard]] std::unique_ptr<any_grid> others() const override {
    return interruptible(size() * rows_of_a_figure,
                         [&](const std::stop_token& stop) -> std::unique_ptr<any_grid> {
                           return std::make_unique<grid_of>(content_.others(stop));
                         });
  }
  [[nodiscard]] bool has_rows(std::size_t group) const override { return content_.has_rows(group); }
  [[nodiscard]] std::uint64_t rows(std::size_t group) const override {
    return content_.tally_of(group).ledger().rows();
  }
  void update(std::span<const std::uint32_t> groups, const std::vector<py::array>& columns) override {
    const auto spans = bound_columns<M, typename M::reads::values>::of(columns);
    const py::gil_scoped_release released;
    content_.update(groups, spans, on_invalid::count);  // the door has raised or counted already
  }
  [[nodiscard]] std::unique_ptr<any_state> at(std::size_t group) const override {
    return std::make_unique<state_of<M>>(content_.tally_of(group));
  }
  [[nodiscard]] std::unique_ptr<any_state> empty() const override {
    return std::make_unique<state_of<M>>(tally<M>(content_.metric()));
  }
  [[nodiscard]] std::unique_ptr<any_grid> regroup(std::span<const std::uint32_t> to,
                                                  std::size_t size) const override {
    return std::make_unique<grid_of>(content_.regroup(to, size));
  }

 private:
  [[nodiscard]] std::function<void(figure_columns&, const any_grid&, std::size_t)> figures(
      const options& how) const override {
    return [reading = face<M>::reading(content_.metric(), how)](figure_columns& out, const any_grid& of,
                                                                std::size_t i) {
      const tally<M> t = dynamic_cast<const grid_of&>(of).content_.tally_of(i);
      if (const duration_distribution* const d = distribution_of(t))
        out.put(i, *d, t.ledger().counted);
      else
        out.put(i, reading(t));
    };
  }
  [[nodiscard]] std::function<result(const any_grid&, std::size_t)> results(
      const options& how) const override {
    return [reading = reading_to_compare(content_.metric(), how)](const any_grid& of, std::size_t i) {
      return reading(dynamic_cast<const grid_of&>(of).content_.tally_of(i));
    };
  }

  grid<M> content_;
};

template <metric M>
class state_of final : public any_state {
 public:
  explicit state_of(tally<M> content) : content_(std::move(content)) {}

  [[nodiscard]] static std::unique_ptr<any_state> make(const options& parameters) {
    return std::make_unique<state_of>(tally<M>(face<M>::make(parameters)));
  }
  [[nodiscard]] static std::unique_ptr<any_state> decode(std::string_view bytes) {
    return std::make_unique<state_of>(tally<M>::decode(bytes));
  }

  [[nodiscard]] std::string_view name() const override { return M::name; }
  [[nodiscard]] std::vector<std::string_view> reads() const override {
    return {M::reads::names.begin(), M::reads::names.end()};
  }
  void expect(const std::vector<py::array>& columns) const override {
    static_cast<void>(bound_columns<M, typename M::reads::values>::of(columns));
  }
  void update(const std::vector<py::array>& columns, bool count_invalid, unsigned threads) override {
    const auto spans = bound_columns<M, typename M::reads::values>::of(columns);
    interruptible(static_cast<std::size_t>(columns.front().size()), [&](const std::stop_token& stop) {
      content_.update(spans, count_invalid ? on_invalid::count : on_invalid::raise, threads, stop);
    });
  }
  bool update_direct(std::span<const std::int8_t> values, unsigned threads) override {
    if constexpr (requires { M::value_is_code; } &&
                  std::same_as<typename M::reads::values, std::tuple<std::int8_t>>) {
      tally<M> fresh(content_.metric());
      interruptible(values.size() / direct_rows, [&](const std::stop_token& stop) {
        fresh.update({values}, on_invalid::count, threads, stop);
      });
      if (fresh.content().rejected != rejections{}) return false;
      content_.merge(fresh);
      return true;
    } else {
      return false;
    }
  }
  bool update_plain(std::span<const std::int8_t> scores, std::span<const double> weights,
                    unsigned threads) override {
    if constexpr (requires { M::weighs_scores; }) {
      return interruptible(scores.size() / direct_rows, [&](const std::stop_token& stop) {
        return content_.update_plain(scores, weights, threads, stop);
      });
    } else {
      return false;
    }
  }
  void add_counts(const std::vector<std::uint64_t>& rows) override {
    if constexpr (requires(typename M::state s) { s.of[0] = std::uint64_t{}; }) {
      typename M::state fresh{};
      if (rows.size() == fresh.of.size()) {
        std::copy(rows.begin(), rows.end(), fresh.of.begin());
        content_.merge(tally<M>(content_.metric(), {fresh, {}}));
        return;
      }
    }
    throw state_error("a state of " + std::string(M::name) + " is not " + std::to_string(rows.size()) +
                      " counts");
  }
  void merge(const any_state& other) override {
    const auto* same = dynamic_cast<const state_of*>(&other);
    if (same == nullptr)
      throw state_error("a state of " + std::string(M::name) + " and one of " + std::string(other.name()) +
                        " cannot be merged: only states of one definition can");
    content_.merge(same->content_);
  }
  [[nodiscard]] py::dict parameters() const override { return face<M>::parameters(content_.metric()); }
  [[nodiscard]] std::string encode() const override { return content_.encode(); }
  [[nodiscard]] std::unique_ptr<any_state> clone() const override {
    return std::make_unique<state_of>(content_);
  }
  [[nodiscard]] result read(const options& how) const override {
    return face<M>::reading(content_.metric(), how)(content_);
  }
  [[nodiscard]] const duration_distribution* distribution() const override {
    return distribution_of(content_);
  }
  [[nodiscard]] std::optional<duration> longest() const override {
    if constexpr (requires { content_.metric().longest(content_.state()); }) {
      return content_.metric().longest(content_.state());
    } else {
      const duration_distribution* const d = distribution();
      return d == nullptr || d->moments.n == 0 ? std::nullopt : std::optional(d->longest);
    }
  }
  [[nodiscard]] std::unique_ptr<any_grid> make_grid(std::size_t groups) const override {
    return std::make_unique<grid_of<M>>(grid<M>(content_.metric(), groups));
  }
  [[nodiscard]] std::unique_ptr<any_grid> make_grid(
      const std::vector<std::string_view>& states) const override {
    grid<M> out(content_.metric(), states.size());
    for (std::size_t i = 0; i < states.size(); ++i) out.merge(i, tally<M>::decode(states[i]));
    return std::make_unique<grid_of<M>>(std::move(out));
  }
  [[nodiscard]] const tally<M>& content() const noexcept { return content_; }

 private:
  static constexpr std::size_t direct_rows =
      64;  // that are counted where they lie while one is read otherwise

  tally<M> content_;
};

}  // namespace cxmetrics::python

#endif  // CXMETRICS_PYTHON_STATES_HPP

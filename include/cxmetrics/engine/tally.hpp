// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_ENGINE_TALLY_HPP
#define CXMETRICS_ENGINE_TALLY_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/parallel.hpp>
#include <cxmetrics/engine/cell.hpp>

namespace cxmetrics {
inline namespace v0 {

/// Whether an invalid row is an error or a count. The door decides, never the metric.
enum class on_invalid : std::uint8_t { raise, count };

/// A metric and its state: one number in the making. Filled a row at a time, in batches, or by merging, the
/// same rows give the same bytes. Errors: an invalid row throws column_error naming the row and the value,
/// and changes nothing (on_invalid::raise). Merge law: that of the state. Unlike definitions do not merge:
/// state_error, both unchanged.
template <metric M>
class tally {
 public:
  using metric_type = M;
  using spans = typename M::reads::spans;

  explicit tally(M metric = {}) : metric_(std::move(metric)) {}
  tally(M metric, cell<M> content) : metric_(std::move(metric)), cell_(std::move(content)) {}

  friend bool operator==(const tally&, const tally&) = default;

  /// One row of canonical values, each of the type that the metric reads: add(std::int8_t{9}).
  template <class... Value>
    requires std::same_as<std::tuple<Value...>, typename M::reads::values>
  verdict add(Value... values) {
    const verdict seen = cell_.look(metric_, values...);
    if (seen == verdict::invalid) throw column_error(invalid_row(metric_, 0, values...));
    cell_.add(metric_, values...);
    return seen;
  }

  /// A batch: one span a column, all of one length. All of it is applied, or none. Threads share it in blocks
  /// (in_blocks), none for fewer rows than `grain`, at least 1; neither changes a byte.
  /// Errors: column_error; stopped where `stop` asks for it.
  void update(const spans& batch, on_invalid policy = on_invalid::raise, unsigned threads = 1,
              const std::stop_token& stop = {}, std::size_t grain = usual_grain) {
    const std::size_t rows = std::apply([](auto... column) { return std::max({column.size()...}); }, batch);
    std::vector<cell<M>> part(std::max(threads, 1U));
    const auto fill = [&](std::size_t p, std::size_t begin, std::size_t end) {
      std::apply([&](auto... column) { part[p].add_batch(metric_, spans{slice(column, begin, end)...}); },
                 batch);
    };
    in_blocks(rows, threads, fill, stop, grain);
    cell<M> fresh = std::move(part.front());
    for (std::size_t p = 1; p < part.size(); ++p) fresh.merge(part[p]);
    if (policy == on_invalid::raise && fresh.rejected.invalid != 0)
      throw column_error(first_invalid_row(metric_, batch));
    cell_.merge(fresh);
  }

  /// Scores with real weights, as they lie in memory: true, or false and unchanged, where a row is not plain
  /// (weigh_scores) or not on the scale, and a door must look at it. The bytes are those of the steps.
  /// Errors: column_error where lengths differ; stopped where `stop` asks for it, and unchanged.
  [[nodiscard]] bool update_plain(std::span<const std::int8_t> scores, std::span<const double> weights,
                                  unsigned threads = 1, const std::stop_token& stop = {})
    requires requires { M::weighs_scores; }
  {
    if (scores.size() != weights.size())
      throw column_error("the columns of one batch have different lengths: give one value a row in each");
    std::vector<cell<M>> part(std::max(threads, 1U));
    std::vector<char> plain(part.size(), 1);
    const auto fill = [&](std::size_t p, std::size_t begin, std::size_t end) {
      for (; begin < end && plain[p] != 0; begin += detail::weigh_block) {
        const std::size_t size = std::min(detail::weigh_block, end - begin);
        plain[p] =
            weigh_scores(scores.subspan(begin, size), weights.subspan(begin, size), part[p].state) ? 1 : 0;
      }
    };
    in_blocks(scores.size(), threads, fill, stop);
    if (std::find(plain.begin(), plain.end(), 0) != plain.end()) return false;
    cell<M> fresh;
    for (const cell<M>& each : part) fresh.merge(each);
    for (std::size_t i = 0; i < M::state::size; ++i)
      if (fresh.state.of[i].n != 0 && !holds_class(metric_, i)) return false;
    cell_.merge(fresh);
    return true;
  }

  void merge(const tally& other) {
    if (!(metric_ == other.metric_)) throw state_error(unlike(metric_, other.metric_));
    cell_.merge(other.cell_);
  }
  tally& operator+=(const tally& other) {
    merge(other);
    return *this;
  }
  friend tally operator+(tally a, const tally& b) {
    a.merge(b);
    return a;
  }

  /// Canonical bytes: equal tallies have equal bytes on every platform.
  [[nodiscard]] std::string encode() const {
    writer w;
    put_header(w, M::name, M::version);
    metric_.encode(w);
    cell_.encode(w);
    return std::move(w).take();
  }
  /// The inverse of encode. Damaged, truncated or foreign bytes give state_error.
  [[nodiscard]] static tally decode(std::string_view bytes) {
    reader r(bytes);
    expect_header(r, M::name, M::version);
    tally t(M::decode(r));
    t.cell_ = cell<M>::decode(r);
    r.expect_end();
    expect_own_classes(t.metric_, t.cell_.state);
    return t;
  }

  [[nodiscard]] const M& metric() const noexcept { return metric_; }
  [[nodiscard]] const typename M::state& state() const noexcept { return cell_.state; }
  [[nodiscard]] cxmetrics::ledger ledger() const { return cell_.account(metric_); }
  /// The figure, read in the compiled part of the library; `how` is the metric's (formula, interval, level).
  template <class... How>
  [[nodiscard]] auto result(How&&... how) const {
    return metric_.read(cell_.state, ledger(), std::forward<How>(how)...);
  }
  [[nodiscard]] const cell<M>& content() const noexcept { return cell_; }

 private:
  // A column that is too short keeps being so in its slice: add_batch says what is wrong.
  template <class Span>
  [[nodiscard]] static Span slice(Span column, std::size_t begin, std::size_t end) {
    return begin < column.size() ? column.subspan(begin, std::min(end, column.size()) - begin) : Span{};
  }

  M metric_;
  cell<M> cell_;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_ENGINE_TALLY_HPP

// SPDX-License-Identifier: Apache-2.0
// What is read of a grid of any metric, all groups of it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <cxmetrics/core/parallel.hpp>
#include <cxmetrics/state/compare.hpp>

#include "interruptible.hpp"
#include "states.hpp"

namespace cxmetrics::python {

namespace {

// The notes of a comparison that are not those of its figures.
std::vector<std::string> own_notes(const result& r, const result& baseline, const comparison& c) {
  std::vector<std::string> own;
  for (const std::string& note : c.notes)
    if (std::ranges::find(r.notes(), note) == r.notes().end() &&
        std::ranges::find(baseline.notes(), note) == baseline.notes().end())
      own.push_back(note);
  return own;
}
// Counts notes, in the order in which they first come.
void count_note(std::vector<std::pair<std::string, std::uint64_t>>& notes, const std::string& note,
                std::uint64_t rows) {
  const auto known = std::ranges::find(notes, note, &std::pair<std::string, std::uint64_t>::first);
  if (known != notes.end())
    known->second += rows;
  else
    notes.emplace_back(note, rows);
}

// f(part, group) for so many groups, of which each takes as long as so many figures, without the
// interpreter's lock.
void each_group(std::size_t groups, std::size_t figures, unsigned threads,
                const std::function<void(std::size_t part, std::size_t group)>& f) {
  const std::size_t some = 64 / std::clamp<std::size_t>(figures, 1, 64), grain = 16 * some;
  interruptible(groups * figures * any_grid::rows_of_a_figure, [&](const std::stop_token& stop) {
    const auto work = [&](std::size_t part, std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        if (i % some == 0) go_on(stop);
        f(part, i);
      }
    };
    in_parallel(groups, threads, work, grain);
  });
}

}  // namespace

figure_columns any_grid::read(const options& how, std::size_t groups, unsigned threads) const {
  const auto figures_of = figures(how);
  figure_columns out(std::min(groups, size()));
  each_group(out.n.size(), 1, threads, [&](std::size_t, std::size_t i) { figures_of(out, *this, i); });
  return out;
}

comparison_columns any_grid::compare(const any_grid& baseline, const options& how, const std::string& method,
                                     unsigned threads) const {
  const auto result_of = results(how);
  const confidence level = how.level();
  comparison_columns out(std::min(size(), baseline.size()));
  std::vector<decltype(out.notes)> notes(std::max(threads, 1U));
  each_group(out.n.front().size(), 2, threads, [&](std::size_t part, std::size_t i) {
    const result r = result_of(*this, i), before = result_of(baseline, i);
    const comparison c = cxmetrics::compare(r, before, method, level);
    out.put(i, r, before, c);
    for (const std::string& note : own_notes(r, before, c)) count_note(notes[part], note, 1);
  });
  for (const auto& each : notes)
    for (const auto& [note, rows] : each) count_note(out.notes, note, rows);
  return out;
}

std::vector<change_split> any_grid::split(std::span<const grid_pair> strata, const options& how,
                                          const std::string& method, unsigned threads) const {
  const auto result_of = results(how);
  const confidence level = how.level();
  std::vector<change_split> out(size());
  each_group(size(), 2 * strata.size(), threads, [&](std::size_t, std::size_t i) {
    std::vector<stratum> both;
    both.reserve(strata.size());
    for (const auto& [now, baseline] : strata) both.push_back({result_of(*now, i), result_of(*baseline, i)});
    out[i] = split_change(both, method, level);
  });
  return out;
}

}  // namespace cxmetrics::python

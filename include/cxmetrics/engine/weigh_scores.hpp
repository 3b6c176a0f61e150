// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_ENGINE_WEIGH_SCORES_HPP
#define CXMETRICS_ENGINE_WEIGH_SCORES_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <cxmetrics/core/column.hpp>
#include <cxmetrics/state/weighted_counts.hpp>

namespace cxmetrics {
inline namespace v0 {

/// A weight as steps of 2^-20, rounded to the nearest, halves to even: the only rounding that a weight ever
/// undergoes. absent<int64_t>::invalid for what is no weight: NaN, less than 0, more than 2^20.
[[nodiscard]] inline std::int64_t weight_steps(double weight) noexcept {
  constexpr auto one = static_cast<double>(weight_one), most = static_cast<double>(max_weight) / one;
  if (!(weight >= 0 && weight <= most)) return absent<std::int64_t>::invalid;
  return static_cast<std::int64_t>(std::nearbyint(weight * one));
}

/// Whether the rounding has changed a weight by more than a thousandth of it: only weights below 1/2048 can
/// be so small beside a step.
[[nodiscard]] inline bool is_coarse(double weight, std::int64_t steps) noexcept {
  const double exact = weight * static_cast<double>(weight_one);
  return std::abs(static_cast<double>(steps) - exact) > exact / 1000;
}

namespace detail {

// What a block is summed into: for each score, in the upper bits of one word its rows, in the lower 40 their
// weights, and in the other word the squares. Four tables, so that equal scores in a row do not wait for each
// other's store; 16 places, so that any byte has one.
typedef std::uint64_t weight_pair __attribute__((vector_size(16)));
using weight_tables = weight_pair[4][16];
inline constexpr std::size_t weigh_block = 4096;    // of plain weights: no word overflows
inline constexpr std::uint64_t finest_plain = 512;  // steps; a rounding is below a thousandth of it
inline constexpr int plain_bits = 25,
                     row_bits = 40;  // plain weights are up to 32, their squares exact in doubles

// Vectors of 16 bytes for every target, of 32 where there is AVX2.
struct lanes_16 {
  static constexpr std::size_t count = 2;
  typedef double real __attribute__((vector_size(16)));
  typedef std::uint64_t word __attribute__((vector_size(16)));
  [[gnu::always_inline]] static inline void pair_up(const word& a, const word& b, weight_pair* out) noexcept {
    out[0] = __builtin_shufflevector(a, b, 0, 2);
    out[1] = __builtin_shufflevector(a, b, 1, 3);
  }
};
struct lanes_32 {
  static constexpr std::size_t count = 4;
  typedef double real __attribute__((vector_size(32)));
  typedef std::uint64_t word __attribute__((vector_size(32)));
  [[gnu::always_inline]] static inline void pair_up(const word& a, const word& b, weight_pair* out) noexcept {
    const word even = __builtin_shufflevector(a, b, 0, 4, 2, 6),
               odd = __builtin_shufflevector(a, b, 1, 5, 3, 7);
    weight_pair halves[2];
    std::memcpy(halves, &even, sizeof even);
    out[0] = halves[0], out[2] = halves[1];
    std::memcpy(halves, &odd, sizeof odd);
    out[1] = halves[0], out[3] = halves[1];
  }
};

// Whether every byte is less than a limit.
inline bool all_below(std::span<const std::int8_t> scores, std::uint8_t limit) noexcept {
  typedef std::uint8_t bytes __attribute__((vector_size(16)));
  bytes others{};
  std::size_t at = 0;
  for (; at + sizeof(bytes) <= scores.size(); at += sizeof(bytes)) {
    bytes score;
    std::memcpy(&score, scores.data() + at, sizeof score);
    others |= reinterpret_cast<bytes>(score >= limit);
  }
  unsigned any = 0;
  for (std::size_t i = 0; i < sizeof(bytes); ++i) any |= others[i];
  for (; at < scores.size(); ++at) any |= static_cast<std::uint8_t>(scores[at]) >= limit ? 1U : 0U;
  return any == 0;
}

template <class Word>
[[gnu::always_inline]] inline void copy_bits(Word& to, const auto& from) noexcept {
  static_assert(sizeof to == sizeof from);
  std::memcpy(&to, &from, sizeof to);
}

// A multiple of four rows; false where a weight is not plain, and the tables are then of no use. Numbers
// below 2^52 are exact in doubles, and adding 2^52 (or 1.5 * 2^52, where there is a fraction to be rounded)
// leaves them in the low bits: so weights become steps, and steps are squared, four at a time, whatever the
// compiler's options.
template <class Lanes, class Weight>
[[gnu::always_inline]] inline bool weigh_rows(const std::int8_t* scores, const Weight* weights,
                                              std::size_t rows, weight_tables& sums) noexcept {
  using word = typename Lanes::word;
  using real = typename Lanes::real;
  constexpr double rounder = 6755399441055744.0, whole = 4503599627370496.0;  // 1.5 * 2^52 and 2^52
  constexpr std::uint64_t rounder_bits = 0x4338000000000000, whole_bits = 0x4330000000000000;
  constexpr std::uint64_t least = std::same_as<Weight, double> ? finest_plain : 1;
  constexpr std::uintptr_t ahead = 4096;  // bytes; an address, for there may be nothing
  word others{};
  for (std::size_t i = 0; i < rows; i += 4) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): there may be nothing that far ahead
    __builtin_prefetch(reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(weights + i) + ahead));
    std::uint32_t score;
    std::memcpy(&score, scores + i, sizeof score);
    for (std::size_t j = 0; j < 4; j += Lanes::count) {
      word steps;
      if constexpr (std::same_as<Weight, double>) {
        real weight;
        std::memcpy(&weight, weights + i + j, sizeof weight);
        const real rounded = weight * static_cast<double>(weight_one) + rounder;
        copy_bits(steps, rounded);
        steps -= rounder_bits;
      } else {
        std::memcpy(&steps, weights + i + j, sizeof steps);
      }
      others |= (steps - least) >> plain_bits;
      real exact;
      copy_bits(exact, steps + whole_bits);
      exact -= whole;
      word squares;
      copy_bits(squares, exact * exact + whole);
      squares -= whole_bits;
      weight_pair row[Lanes::count];
      Lanes::pair_up(steps + (std::uint64_t{1} << row_bits), squares, row);
#pragma GCC unroll 4
      for (std::size_t lane = 0; lane < Lanes::count; ++lane)
        sums[j + lane][score >> (8 * (j + lane)) & 15] += row[lane];
    }
  }
  std::uint64_t parts[Lanes::count];
  std::memcpy(parts, &others, sizeof others);
  std::uint64_t any = 0;
  for (const std::uint64_t part : parts) any |= part;
  return any == 0;
}

#if defined(__x86_64__)
template <class Weight>
[[gnu::target("avx2")]] bool weigh_rows_avx2(const std::int8_t* scores, const Weight* weights,
                                             std::size_t rows, weight_tables& sums) noexcept {
  return weigh_rows<lanes_32>(scores, weights, rows, sums);
}
#endif

}  // namespace detail

/// Adds at most 4,096 rows to what each score weighs: true, or false and nothing added, where a score is none
/// of 0 .. Classes-1 or a weight is not plain (of steps: 1 .. 2^25; of doubles: 1/2048 .. 32, so that
/// rounding them needs no word). The widest registers of the running processor are used. Cost: a pass over
/// memory, about 0.9 ns a row and core; tests/bench has the ratios.
template <std::size_t Classes, class Weight>
  requires std::same_as<Weight, double> || std::same_as<Weight, std::int64_t>
[[nodiscard]] bool weigh_scores(std::span<const std::int8_t> scores, std::span<const Weight> weights,
                                weighted_counts<Classes>& into) {
  static_assert(Classes <= 15);  // the last place takes what is none
  if (!detail::all_below(scores, Classes)) return false;
  detail::weight_tables sums{};
  const std::size_t whole = scores.size() / 4 * 4;
#if defined(__x86_64__)
  if (!(__builtin_cpu_supports("avx2")
            ? detail::weigh_rows_avx2(scores.data(), weights.data(), whole, sums)
            : detail::weigh_rows<detail::lanes_16>(scores.data(), weights.data(), whole, sums)))
    return false;
#else
  if (!detail::weigh_rows<detail::lanes_16>(scores.data(), weights.data(), whole, sums)) return false;
#endif
  if (whole < scores.size()) {  // the last rows, filled up with rows of no class
    std::array<std::int8_t, 4> score{};
    std::array<Weight, 4> weight{};
    for (std::size_t i = 0; i < 4; ++i) {
      score[i] = whole + i < scores.size() ? scores[whole + i] : std::int8_t{15};
      weight[i] = weights[std::min(whole + i, scores.size() - 1)];
    }
    if (!detail::weigh_rows<detail::lanes_16>(score.data(), weight.data(), 4, sums)) return false;
  }
  weighted_counts<Classes> found;
  for (std::size_t c = 0; c < Classes; ++c) {
    const detail::weight_pair sum = sums[0][c] + sums[1][c] + sums[2][c] + sums[3][c];
    found.of[c] = {
        sum[0] >> detail::row_bits, {sum[0] & ((std::uint64_t{1} << detail::row_bits) - 1), 0}, {sum[1], 0}};
  }
  for (std::size_t c = 0; c < Classes; ++c) into.of[c].merge(found.of[c]);
  return true;
}

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_ENGINE_WEIGH_SCORES_HPP

// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/engine/count_codes.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace count_codes_test {

namespace cx = cxmetrics;

namespace {

using bytes = std::vector<std::uint8_t>;

// Mostly small values, with a share of any others, and now and then one value alone: what makes byte counters
// overflow.
bytes random_column(std::mt19937_64& random, std::size_t size) {
  bytes column(size);
  const auto kind = random() % 4;
  const auto alone = static_cast<std::uint8_t>(random() % 14);
  for (std::uint8_t& v : column)
    v = kind == 0 ? alone : static_cast<std::uint8_t>(kind == 1 ? random() : random() % 14);
  return column;
}

template <std::size_t Classes>
using counts = std::array<std::uint64_t, Classes>;

template <std::size_t Classes>
counts<Classes> counts_of_a_loop(std::span<const std::uint8_t> column) {
  counts<Classes> seen{};
  for (const std::uint8_t v : column)
    if (v < Classes) ++seen[v];
  return seen;
}

struct kernel {
  std::size_t width;
  std::size_t (*count)(const std::uint8_t*, std::size_t, std::uint64_t*);
};

// The kernels that run on this processor.
template <std::size_t Classes>
std::vector<kernel> kernels() {
  std::vector<kernel> all{{8, cx::detail::count_lanes<8, Classes>},
                          {16, cx::detail::count_lanes<16, Classes>}};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) all.push_back({32, cx::detail::count_lanes_avx2<Classes>});
  if (__builtin_cpu_supports("avx512bw")) all.push_back({64, cx::detail::count_lanes_avx512<Classes>});
#endif
  return all;
}

template <std::size_t Classes>
void counts_like_a_loop(std::span<const std::uint8_t> column) {
  const counts<Classes> expected = counts_of_a_loop<Classes>(column);
  counts<Classes> found{};
  const std::size_t others = cx::count_small_values(column, found);
  REQUIRE(found == expected);
  REQUIRE(others == column.size() - std::accumulate(expected.begin(), expected.end(), std::size_t{0}));
  for (const kernel& each : kernels<Classes>()) {  // what does not fill its registers, it leaves
    counts<Classes> counted{};
    const std::size_t end = each.count(column.data(), column.size(), counted.data());
    REQUIRE(end == column.size() / each.width * each.width);
    REQUIRE(counted == counts_of_a_loop<Classes>(column.first(end)));
  }
}

template <std::size_t... I>
void counts_like_a_loop_with_every_number_of_classes(std::span<const std::uint8_t> column,
                                                     std::index_sequence<I...>) {
  (counts_like_a_loop<I + 1>(column), ...);
}
constexpr std::make_index_sequence<13> every_number_of_classes{};

}  // namespace

TEST_CASE("small values are counted like a loop counts them, for any length and alignment") {
  std::mt19937_64 random(1);
  for (int round = 0; round < 300; ++round) {
    const std::size_t offset = random() % 65,
                      size = round < 100 ? static_cast<std::size_t>(round) : random() % 9'001;
    const bytes column = random_column(random, offset + size);
    counts_like_a_loop_with_every_number_of_classes(std::span(column).subspan(offset),
                                                    every_number_of_classes);
  }
}

TEST_CASE("one value in a row fills no counter beyond its end") {
  for (const std::size_t size : {254u * 16u, 255u * 16u, 256u * 16u, 255u * 32u, 256u * 32u, 255u * 32u + 31u,
                                 254u * 64u, 255u * 64u, 256u * 64u, 255u * 64u + 63u, 16'999u})
    for (const int value : {0, 1, 10, 12, 13, 255})
      counts_like_a_loop_with_every_number_of_classes(bytes(size, static_cast<std::uint8_t>(value)),
                                                      every_number_of_classes);
}

TEST_CASE("every byte value is told apart") {
  for (int value = 0; value < 256; ++value)
    counts_like_a_loop_with_every_number_of_classes(bytes(100, static_cast<std::uint8_t>(value)),
                                                    every_number_of_classes);
}

TEST_CASE("signed bytes below 0 are no small values") {
  std::vector<std::int8_t> column;
  for (int v = -128; v < 128; ++v) column.push_back(static_cast<std::int8_t>(v));
  std::array<std::uint64_t, 11> seen{};
  CHECK(cx::count_small_values(std::span<const std::int8_t>(column), seen) == 245);
  for (const std::uint64_t count : seen) CHECK(count == 1);
}

TEST_CASE("counts are added to what was there, and an empty column adds nothing") {
  std::array<std::uint64_t, 2> seen{10, 20};
  CHECK(cx::count_small_values(std::span<const std::uint8_t>(), seen) == 0);
  CHECK(seen == std::array<std::uint64_t, 2>{10, 20});
  const bytes column{0, 1, 1, 7};
  CHECK(cx::count_small_values(std::span<const std::uint8_t>(column), seen) == 1);
  CHECK(seen == std::array<std::uint64_t, 2>{11, 22});
}

TEST_CASE("a code counter counts every byte value, over many batches of any length") {
  std::mt19937_64 random(3);
  cx::code_counter counter;
  std::array<std::uint64_t, 256> expected{};
  for (int batch = 0; batch < 50; ++batch) {
    bytes codes(random() % 1'000);
    for (std::uint8_t& c : codes) {
      c = static_cast<std::uint8_t>(random());
      ++expected[c];
    }
    counter.add(codes);
  }
  for (std::size_t c = 0; c < 256; ++c) REQUIRE(counter.count(static_cast<std::uint8_t>(c)) == expected[c]);
}

}  // namespace count_codes_test

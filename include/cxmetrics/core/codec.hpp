// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CORE_CODEC_HPP
#define CXMETRICS_CORE_CODEC_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <cxmetrics/core/error.hpp>
#include <cxmetrics/core/uint128.hpp>

namespace cxmetrics {
inline namespace v0 {

/// Writes state bytes: every number is eight bytes, little end first, so equal states have equal bytes
/// everywhere.
class writer {
 public:
  void put(std::uint64_t word) {
    for (int shift = 0; shift < 64; shift += 8) bytes_ += static_cast<char>(word >> shift & 0xff);
  }
  void put(uint128 x) {
    put(x.low);
    put(x.high);
  }
  void put(std::string_view text) {
    put(static_cast<std::uint64_t>(text.size()));
    bytes_ += text;
  }
  /// A signed number, as its two's complement.
  void put_signed(std::int64_t x) { put(static_cast<std::uint64_t>(x)); }

  [[nodiscard]] std::string take() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads state bytes back. Whatever the bytes are, it throws state_error or returns; it never reads past the
/// end and never lets a claimed length reserve more than the bytes that are really there.
class reader {
 public:
  explicit reader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] std::uint64_t get() {
    if (rest_.size() < 8) throw state_error("state bytes end early: the copy is truncated, take it again");
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 8; ++i)
      word |= static_cast<std::uint64_t>(static_cast<unsigned char>(rest_[i])) << (8 * i);
    rest_.remove_prefix(8);
    return word;
  }
  [[nodiscard]] std::int64_t get_signed() { return static_cast<std::int64_t>(get()); }
  [[nodiscard]] uint128 get_uint128() {
    const std::uint64_t low = get();
    return {low, get()};
  }
  /// How many items of at least `unit` bytes follow; refused where the rest is too short to hold them.
  [[nodiscard]] std::size_t get_size(std::size_t unit) {
    const std::uint64_t count = get();
    if (count > rest_.size() / unit)
      throw state_error("state bytes claim " + std::to_string(count) +
                        " items but hold fewer: they are damaged");
    return static_cast<std::size_t>(count);
  }
  [[nodiscard]] std::string_view get_text() {
    const std::size_t size = get_size(1);
    const std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }
  /// What is still to be read, for embedded states.
  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }
  /// Every state is read to its last byte, or it is not that state.
  void expect_end() const {
    if (!rest_.empty())
      throw state_error("state bytes have " + std::to_string(rest_.size()) +
                        " bytes too many: they are damaged");
  }

 private:
  std::string_view rest_;
};

/// a + b for counts; throws state_error where the sum does not fit, before anything is changed.
[[nodiscard]] constexpr std::uint64_t checked_add(std::uint64_t a, std::uint64_t b) {
  if (a + b < a) throw state_error("a count would exceed 2^64 - 1: these are not counts of real rows");
  return a + b;
}
[[nodiscard]] constexpr uint128 checked_add(uint128 a, uint128 b) {
  uint128 sum;
  if (add_overflows(a, b, sum))
    throw state_error("a sum would exceed 2^128 - 1: these are not sums of real rows");
  return sum;
}

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CORE_CODEC_HPP

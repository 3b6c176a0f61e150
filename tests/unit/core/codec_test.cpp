// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/core/codec.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace codec_test {

namespace cx = cxmetrics;
using namespace std::string_view_literals;

namespace {

constexpr std::uint64_t ones = ~std::uint64_t{0};

template <class F>
std::string message_of(F f) {
  try {
    f();
  } catch (const cx::state_error& e) {
    return e.what();
  }
  return "no error";
}

std::string bytes_of(std::uint64_t word) {
  cx::writer w;
  w.put(word);
  return std::move(w).take();
}

}  // namespace

TEST_CASE("a word is eight bytes, little end first") {
  CHECK(bytes_of(0x0123456789abcdef) == "\xef\xcd\xab\x89\x67\x45\x23\x01"sv);
  CHECK(bytes_of(0) == "\0\0\0\0\0\0\0\0"sv);
}

TEST_CASE("what is written is read back") {
  cx::writer w;
  w.put(ones);
  w.put_signed(-5);
  w.put_signed(std::numeric_limits<std::int64_t>::min());
  w.put(cx::uint128{3, 4});
  w.put("a\0b"sv);
  w.put(""sv);
  const std::string bytes = std::move(w).take();
  CHECK(bytes.size() == 8 + 8 + 8 + 16 + (8 + 3) + 8);

  cx::reader r(bytes);
  CHECK(r.get() == ones);
  CHECK(r.get_signed() == -5);
  CHECK(r.get_signed() == std::numeric_limits<std::int64_t>::min());
  CHECK(r.get_uint128() == cx::uint128{3, 4});
  CHECK(r.get_text() == "a\0b"sv);
  CHECK(r.get_text().empty());
  CHECK_NOTHROW(r.expect_end());
}

TEST_CASE("a number that is cut off is an error, at every cut") {
  const std::string bytes = bytes_of(7);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    cx::reader r(std::string_view(bytes).substr(0, cut));
    CHECK_THROWS_AS(static_cast<void>(r.get()), cx::state_error);
  }
  cx::reader half(bytes);
  CHECK_THROWS_AS(static_cast<void>(half.get_uint128()), cx::state_error);
}

TEST_CASE("a claimed length never exceeds the bytes that are there") {
  const std::string claim = bytes_of(ones) + "abc";
  CHECK(message_of([&] { static_cast<void>(cx::reader(claim).get_text()); }) ==
        "state bytes claim 18446744073709551615 items but hold fewer: they are damaged");
  const std::string three = bytes_of(3) + std::string(24, 'x');
  CHECK(cx::reader(three).get_size(8) == 3);
  CHECK_THROWS_AS(static_cast<void>(cx::reader(three).get_size(9)), cx::state_error);
}

TEST_CASE("bytes that are left over are an error that counts them") {
  const std::string bytes = bytes_of(1) + "xyz";
  cx::reader r(bytes);
  CHECK(r.get() == 1);
  CHECK(r.rest() == "xyz");
  CHECK(message_of([&] { r.expect_end(); }) == "state bytes have 3 bytes too many: they are damaged");
}

TEST_CASE("sums that do not fit are errors, sums that just fit are not") {
  CHECK(cx::checked_add(ones - 1, std::uint64_t{1}) == ones);
  CHECK_THROWS_AS(static_cast<void>(cx::checked_add(ones, std::uint64_t{1})), cx::state_error);
  CHECK(cx::checked_add(cx::uint128{ones, ones - 1}, cx::uint128{0, 1}) == cx::uint128{ones, ones});
  CHECK_THROWS_AS(static_cast<void>(cx::checked_add(cx::uint128{ones, ones}, cx::uint128{1, 0})),
                  cx::state_error);
}

}  // namespace codec_test

// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_TESTS_LAWS_BYTE_LAWS_HPP
#define CXMETRICS_TESTS_LAWS_BYTE_LAWS_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include <cxmetrics/core/codec.hpp>
#include <cxmetrics/core/error.hpp>

#include "property.hpp"

namespace laws {

/// The bytes of whatever writes itself, and back to its last byte.
template <class Value>
[[nodiscard]] std::string encoded(const Value& value) {
  cxmetrics::writer w;
  value.encode(w);
  return std::move(w).take();
}
template <class Value>
[[nodiscard]] Value decoded(std::string_view bytes) {
  cxmetrics::reader r(bytes);
  Value value = Value::decode(r);
  r.expect_end();
  return value;
}

/// Reads bytes and writes what was read.
using recoding = std::function<std::string(std::string_view)>;

/// Bytes are refused with state_error, or are those of what they were read as: nothing else, and no other
/// exception.
inline void are_refused_or_canonical(std::string_view bytes, const recoding& recoded) {
  std::string again;
  try {
    again = recoded(bytes);
  } catch (const cxmetrics::state_error&) {
    return;
  }
  RC_ASSERT(again == bytes);
}

/// One random injury: bits turned, a word replaced by one of the edges, bytes lost, bytes doubled.
inline std::string damaged(std::string bytes, std::mt19937_64& random) {
  constexpr std::array<std::uint64_t, 6> edges{
      0, 1, ~std::uint64_t{0}, ~std::uint64_t{0} - 1, std::uint64_t{1} << 63, std::uint64_t{1} << 46};
  if (bytes.empty()) return bytes;
  const std::size_t at = random() % bytes.size();
  switch (random() % 4) {
    case 0:
      bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1u << random() % 8));
      break;
    case 1:
      for (std::size_t i = 0; i < 8 && at / 8 * 8 + i < bytes.size(); ++i)
        bytes[at / 8 * 8 + i] = static_cast<char>(edges[random() % edges.size()] >> (8 * i) & 0xff);
      break;
    case 2: bytes.erase(at, 1 + random() % 16); break;
    default: bytes.insert(at, bytes.substr(at, 1 + random() % 16));
  }
  return bytes;
}

/// Round trip, every cut, and random damage, of one value's bytes.
inline void byte_laws(const std::string& bytes, const recoding& recoded, std::mt19937_64& random) {
  RC_ASSERT(recoded(bytes) == bytes);
  for (std::size_t cut = 0; cut < bytes.size(); cut += 1 + bytes.size() / 1000)
    RC_ASSERT_THROWS_AS(recoded(std::string_view(bytes).substr(0, cut)), cxmetrics::state_error);
  RC_ASSERT_THROWS_AS(recoded(bytes + '\0'), cxmetrics::state_error);
  std::string injured = bytes;
  for (int i = 0; i < 50; ++i) {
    injured = damaged(i % 5 == 0 ? bytes : injured, random);
    are_refused_or_canonical(injured, recoded);
  }
}

}  // namespace laws

#endif  // CXMETRICS_TESTS_LAWS_BYTE_LAWS_HPP

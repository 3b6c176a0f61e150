// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_ENGINE_VALUES_HPP
#define CXMETRICS_SRC_ENGINE_VALUES_HPP

// The values of a chunk, whatever their storage: visit() calls a function with something that, called with a
// row, gives one of six types: bool, int64, uint64, double, string_view, month_day_nano.

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "cxmetrics/core/error.hpp"
#include "cxmetrics/engine/input_column.hpp"
#include "decimal.hpp"

namespace cxmetrics::engine_detail {

/// Thrown where an array contradicts itself; who knows the column says where (`naming`).
struct damaged_value {
  std::size_t row;  // of its chunk
  std::string what;
};

struct month_day_nano {
  std::int32_t months;
  std::int32_t days;
  std::int64_t nanoseconds;
};

template <class T>
T load(const std::byte* at) noexcept {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

template <class T>
T load_swapped(const std::byte* at) noexcept {
  std::array<std::byte, sizeof(T)> bytes;
  std::reverse_copy(at, at + sizeof(T), bytes.begin());
  return std::bit_cast<T>(bytes);
}

// IEEE 754 binary16. Every value of it is a double.
inline double half(std::uint16_t bits) noexcept {
  const double sign = (bits & 0x8000u) != 0 ? -1.0 : 1.0;
  const unsigned exponent = bits >> 10 & 0x1fu;
  const unsigned fraction = bits & 0x3ffu;
  if (exponent == 0x1f)
    return fraction != 0 ? std::numeric_limits<double>::quiet_NaN()
                         : sign * std::numeric_limits<double>::infinity();
  const double scale = static_cast<double>(std::uint64_t{1} << (exponent == 0 ? 1 : exponent)) / (1 << 25);
  return sign * scale * (exponent == 0 ? fraction : fraction + 0x400u);
}

template <class T>
struct index_of {};
template <std::integral T>
struct index_of<T> {
  using index = std::make_unsigned_t<T>;
};

template <class T, class Wide>
struct plain_numbers : index_of<T> {
  const std::byte* data;
  explicit plain_numbers(const std::byte* at) : data(at) {}
  Wide operator()(std::size_t i) const noexcept { return static_cast<Wide>(load<T>(data + i * sizeof(T))); }
};

template <class T, class Wide>
struct strided_numbers {
  const std::byte* data;
  std::ptrdiff_t stride;
  bool swapped;
  Wide operator()(std::size_t i) const noexcept {
    const std::byte* at = data + static_cast<std::ptrdiff_t>(i) * stride;
    return static_cast<Wide>(swapped ? load_swapped<T>(at) : load<T>(at));
  }
};

struct halves {
  strided_numbers<std::uint16_t, std::uint16_t> bits;
  double operator()(std::size_t i) const noexcept { return half(bits(i)); }
};

struct bit_values {
  const std::byte* data;
  std::size_t first;
  bool operator()(std::size_t i) const noexcept {
    return (std::to_integer<unsigned>(data[(first + i) / 8]) >> ((first + i) % 8) & 1u) != 0;
  }
};

struct byte_values {
  const std::byte* data;
  std::ptrdiff_t stride;
  bool operator()(std::size_t i) const noexcept {
    return data[static_cast<std::ptrdiff_t>(i) * stride] != std::byte{0};
  }
};

struct decimal_values {
  const column_chunk& chunk;
  double operator()(std::size_t i) const {
    return decimal_real(chunk.data + static_cast<std::ptrdiff_t>(i) * chunk.stride, chunk.width, chunk.scale);
  }
};

struct whole_decimal_values {
  const column_chunk& chunk;
  std::int64_t operator()(std::size_t i) const {
    std::int64_t value = 0;
    if (!decimal_fits(chunk.data + static_cast<std::ptrdiff_t>(i) * chunk.stride, chunk.width, value))
      throw damaged_value{i, "a decimal has more digits than its type allows"};
    return value;
  }
};

struct interval_values {
  const std::byte* data;
  std::ptrdiff_t stride;
  month_day_nano operator()(std::size_t i) const noexcept {
    return load<month_day_nano>(data + static_cast<std::ptrdiff_t>(i) * stride);
  }
};

template <class Offset>
struct offset_texts {
  const column_chunk& chunk;
  std::string_view operator()(std::size_t i) const {
    const std::byte* at = chunk.offsets + (chunk.first + i) * sizeof(Offset);
    const auto begin = load<Offset>(at);
    const auto end = load<Offset>(at + sizeof(Offset));
    if (begin < 0 || end < begin)
      throw damaged_value{
          i, "its text offsets fall from " + std::to_string(begin) + " to " + std::to_string(end)};
    if (begin == end) return {};
    if (chunk.data == nullptr) throw damaged_value{i, "it has a text but no bytes"};
    return {reinterpret_cast<const char*>(chunk.data) + begin, static_cast<std::size_t>(end - begin)};
  }
};

struct view_texts {
  const column_chunk& chunk;
  std::string_view operator()(std::size_t i) const {
    constexpr std::size_t width = 16, longest_inline = 12;
    const std::byte* at = chunk.data + (chunk.first + i) * width;
    const auto size = load<std::int32_t>(at);
    if (size < 0) throw damaged_value{i, "its text has the length " + std::to_string(size)};
    const auto length = static_cast<std::size_t>(size);
    if (length <= longest_inline) return {reinterpret_cast<const char*>(at + 4), length};
    const auto buffer = load<std::int32_t>(at + 8);
    const auto begin = load<std::int32_t>(at + 12);
    if (buffer < 0 || begin < 0 || static_cast<std::size_t>(buffer) >= chunk.buffers.size() ||
        static_cast<std::size_t>(begin) + length > chunk.buffers[static_cast<std::size_t>(buffer)].size())
      throw damaged_value{i, "its text lies outside of the text buffers"};
    const std::byte* text = chunk.buffers[static_cast<std::size_t>(buffer)].data() + begin;
    return {reinterpret_cast<const char*>(text), length};
  }
};

struct fixed_byte_texts {
  const column_chunk& chunk;
  std::string_view operator()(std::size_t i) const noexcept {
    const std::byte* at = chunk.data + static_cast<std::ptrdiff_t>(i) * chunk.stride;
    std::size_t length = chunk.width;
    while (length > 0 && at[length - 1] == std::byte{0}) --length;
    return {reinterpret_cast<const char*>(at), length};
  }
};

// The view is into a buffer of its own, good until the next call.
struct fixed_ucs4_texts {
  const column_chunk& chunk;
  std::string text{};
  std::string_view operator()(std::size_t i) {
    const std::byte* at = chunk.data + static_cast<std::ptrdiff_t>(i) * chunk.stride;
    text.clear();
    std::size_t zeros = 0;
    for (std::size_t c = 0; c + 4 <= chunk.width; c += 4) {
      const auto point = chunk.swapped ? load_swapped<std::uint32_t>(at + c) : load<std::uint32_t>(at + c);
      if (point == 0) {
        ++zeros;
        continue;
      }
      text.append(zeros, '\0');
      zeros = 0;
      append(point);
    }
    return text;
  }

 private:
  void append(std::uint32_t point) {
    const auto put = [&](std::uint32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (point < 0x80) {
      put(point);
    } else if (point < 0x800) {
      put(0xc0 | point >> 6), put(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
      put(0xe0 | point >> 12), put(0x80 | (point >> 6 & 0x3f)), put(0x80 | (point & 0x3f));
    } else {
      put(0xf0 | (point >> 18 & 0x7)), put(0x80 | (point >> 12 & 0x3f)), put(0x80 | (point >> 6 & 0x3f));
      put(0x80 | (point & 0x3f));
    }
  }
};

// 16 bytes as 8-4-4-4-12 hexadecimal digits; the view is good until the next call.
struct uuid_texts {
  const column_chunk& chunk;
  std::string text{};
  std::string_view operator()(std::size_t i) {
    constexpr std::string_view digits = "0123456789abcdef";
    const std::byte* at = chunk.data + static_cast<std::ptrdiff_t>(i) * chunk.stride;
    text.clear();
    for (std::size_t byte = 0; byte < 16; ++byte) {
      if (byte == 4 || byte == 6 || byte == 8 || byte == 10) text += '-';
      text += digits[std::to_integer<std::size_t>(at[byte] >> 4)];
      text += digits[std::to_integer<std::size_t>(at[byte] & std::byte{0xf})];
    }
    return text;
  }
};

template <class T, class Wide, class F>
void visit_numbers(const column_chunk& c, F&& f) {
  if (c.stride == static_cast<std::ptrdiff_t>(sizeof(T)) && !c.swapped)
    f(plain_numbers<T, Wide>(c.data));
  else
    f(strided_numbers<T, Wide>{c.data, c.stride, c.swapped});
}

/// The values of a chunk without a dictionary. Chunks of storage `nothing` have none: f is not called.
template <class F>
void visit(const column_chunk& c, F&& f) {
  switch (c.stored) {
    case storage::nothing: return;
    case storage::bits: return f(bit_values{c.data, c.first});
    case storage::bytes: return f(byte_values{c.data, c.stride});
    case storage::int8: return visit_numbers<std::int8_t, std::int64_t>(c, f);
    case storage::int16: return visit_numbers<std::int16_t, std::int64_t>(c, f);
    case storage::int32: return visit_numbers<std::int32_t, std::int64_t>(c, f);
    case storage::int64: return visit_numbers<std::int64_t, std::int64_t>(c, f);
    case storage::uint8: return visit_numbers<std::uint8_t, std::uint64_t>(c, f);
    case storage::uint16: return visit_numbers<std::uint16_t, std::uint64_t>(c, f);
    case storage::uint32: return visit_numbers<std::uint32_t, std::uint64_t>(c, f);
    case storage::uint64: return visit_numbers<std::uint64_t, std::uint64_t>(c, f);
    case storage::float16: return f(halves{{c.data, c.stride, c.swapped}});
    case storage::float32: return visit_numbers<float, double>(c, f);
    case storage::float64: return visit_numbers<double, double>(c, f);
    case storage::decimal: return f(decimal_values{c});
    case storage::whole_decimal: return f(whole_decimal_values{c});
    case storage::interval: return f(interval_values{c.data, c.stride});
    case storage::text32: return f(offset_texts<std::int32_t>{c});
    case storage::text64: return f(offset_texts<std::int64_t>{c});
    case storage::text_view: return f(view_texts{c});
    case storage::fixed_bytes: return f(fixed_byte_texts{c});
    case storage::fixed_ucs4: return f(fixed_ucs4_texts{c});
    case storage::uuid: return f(uuid_texts{c});
  }
}

/// Calls f(i, index) for rows [first, first + size) of a chunk with a dictionary; index is absent_index for
/// nulls.
inline constexpr std::size_t absent_index = static_cast<std::size_t>(-1);

template <class F>
void visit_indices(const column_chunk& c, std::size_t first, std::size_t size, F&& f) {
  const std::size_t entries = c.dictionary->size;
  const auto checked = [&](auto index, std::size_t row) {
    if (index < 0 || static_cast<std::uint64_t>(index) >= entries)
      throw damaged_value{row, "its dictionary index is " + std::to_string(index) + " of " +
                                   std::to_string(entries) + " entries"};
    return static_cast<std::size_t>(index);
  };
  // NOLINTNEXTLINE(performance-unnecessary-value-param): some keep a buffer
  visit(c, [&](auto values) {
    using value = decltype(values(std::size_t{}));
    if constexpr (std::is_same_v<value, std::int64_t> || std::is_same_v<value, std::uint64_t>)
      for (std::size_t i = 0; i < size; ++i)
        f(i, c.is_null(first + i) ? absent_index : checked(values(first + i), first + i));
  });
}

/// Rows [first, first + out.size()) of a chunk of plain indices as its entries mean them; false, and nothing
/// done, where one is no index of an entry or the indices lie in another way.
template <class T>
bool look_up(const column_chunk& c, std::size_t first, std::span<const T> entries, std::span<T> out) {
  if (c.has_nulls()) return false;
  bool done = false;
  visit(c, [&](const auto& values) {
    using plain = std::remove_cvref_t<decltype(values)>;
    if constexpr (requires { typename plain::index; }) {
      using index = typename plain::index;  // an index below 0 is a great one
      const std::byte* const at = values.data + first * sizeof(index);
      index most = 0;
      for (std::size_t i = 0; i < out.size(); ++i) most = std::max(most, load<index>(at + i * sizeof(index)));
      if (most >= entries.size()) return;
      const T* const entry = entries.data();  // of their own: a byte written might be a part of anything
      T* const to = out.data();
      const std::size_t size = out.size();
      for (std::size_t i = 0; i < size; ++i) to[i] = entry[load<index>(at + i * sizeof(index))];
      done = true;
    }
  });
  return done;
}

/// Calls f for the chunk that begins at a row of a column; a damaged value becomes an error that says where.
template <class F>
void naming(const input_column& column, std::size_t row, F&& f) {
  try {
    f();
  } catch (const damaged_value& damage) {
    throw column_error(describe(column) + ", row " + std::to_string(row + damage.row) + ": " + damage.what +
                       ": the array is damaged, and its producer at fault");
  }
}

/// Calls f for the entries of a dictionary; what is damaged in them belongs to the row that asks for them.
template <class F>
void of_entries(std::size_t row, F&& f) {
  try {
    f();
  } catch (const damaged_value& damage) {
    throw damaged_value{row, "of entry " + std::to_string(damage.row) + " of its dictionary, " + damage.what};
  }
}

}  // namespace cxmetrics::engine_detail

#endif  // CXMETRICS_SRC_ENGINE_VALUES_HPP

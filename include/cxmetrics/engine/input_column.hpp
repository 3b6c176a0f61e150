// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_ENGINE_INPUT_COLUMN_HPP
#define CXMETRICS_ENGINE_INPUT_COLUMN_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace cxmetrics {
inline namespace v0 {

/// What the values of a column are, whatever their width.
enum class meaning : std::uint8_t {
  nothing,  ///< a column of nulls without a type
  truth,    ///< true or false
  integer,
  real,
  text,    ///< UTF-8, Latin-1 bytes of a fixed width, or the 16 bytes of a UUID
  zoned,   ///< a time with a zone: it counts from 1970 UTC
  local,   ///< a time or a date without a zone: what the clock showed
  length,  ///< a duration
  clock,   ///< a time of day, which serves as a duration since midnight
  other    ///< cannot be read: refused by name where it is used, not where it merely stands in a table
};

/// The type of a column, as its source gave it.
struct column_type {
  meaning what = meaning::nothing;
  std::int64_t numerator = 1;  ///< a time's unit is numerator / denominator microseconds
  std::int64_t denominator = 1;
  bool dates = false;          ///< of a local time: days of the calendar, without a time of day
  std::string zone;            ///< of a zoned time, for people
  std::string shown;           ///< how messages name it: "Arrow type int8", "numpy float64"
  bool nan_is_missing = true;  ///< numpy and pandas; in Arrow and polars a NaN is a value, and an invalid one
};

/// How the values of a chunk lie in memory.
enum class storage : std::uint8_t {
  nothing,
  bits,   ///< a bitmap, the first value in the lowest bit
  bytes,  ///< a byte, zero or not
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float16,
  float32,
  float64,
  decimal,        ///< two's complement of `width` bytes that counts 10^-scale
  whole_decimal,  ///< one that is a whole number of 64 bits by its type
  interval,       ///< Arrow's months, days and nanoseconds, 16 bytes
  text32,         ///< offsets of 32 bits into UTF-8
  text64,
  text_view,    ///< Arrow's views of 16 bytes
  fixed_bytes,  ///< `width` bytes padded with zeros
  fixed_ucs4,   ///< `width` bytes, four a character, padded with zeros
  uuid          ///< 16 bytes, read as the text of a UUID
};

/// A stretch of a column that lies in one place. Values are never copied into it: `owner` keeps them alive.
struct column_chunk {
  storage stored = storage::nothing;
  bool swapped = false;  ///< of the other byte order
  std::size_t size = 0;
  std::size_t first = 0;      ///< of bits, texts and views: where the first value is
  std::ptrdiff_t stride = 0;  ///< of numbers, decimals, fixed texts, UUIDs: bytes from one value to the next
  std::size_t width = 0;      ///< of fixed texts and decimals
  int scale = 0;              ///< of decimals
  const std::byte* data = nullptr;
  const std::byte* offsets = nullptr;               ///< of text32 and text64
  std::vector<std::span<const std::byte>> buffers;  ///< of text_view
  const std::byte* validity = nullptr;              ///< a bitmap, or none: every value is there
  std::size_t validity_first = 0;
  const std::byte* row_validity = nullptr;  ///< that of the table's rows
  std::size_t row_validity_first = 0;
  std::shared_ptr<const column_chunk> dictionary;  ///< the values; this chunk then holds indices into it
  std::shared_ptr<const void> owner;

  [[nodiscard]] bool is_null(std::size_t i) const noexcept {
    return unset(validity, validity_first + i) || unset(row_validity, row_validity_first + i);
  }
  [[nodiscard]] bool has_nulls() const noexcept { return validity != nullptr || row_validity != nullptr; }

 private:
  [[nodiscard]] static bool unset(const std::byte* bitmap, std::size_t i) noexcept {
    return bitmap != nullptr && (std::to_integer<unsigned>(bitmap[i / 8]) >> (i % 8) & 1u) == 0;
  }
};

/// A column of whatever a table holds, read where it lies: the door's side of every canonical column.
/// Empty: no chunks. Errors (column_error) come from the readers of canonical_reader.hpp and key_codes.hpp,
/// which name the column, the row, the value and the type. Cost: a few pointers a chunk. Const members are
/// concurrent.
class input_column {
 public:
  input_column() = default;
  input_column(std::string name, column_type type, std::vector<column_chunk> chunks)
      : name_(std::move(name)), type_(std::move(type)), chunks_(std::move(chunks)) {
    for (const column_chunk& c : chunks_) size_ += c.size;
  }

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const column_type& type() const noexcept { return type_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] const std::vector<column_chunk>& chunks() const noexcept { return chunks_; }

  /// The same values under another name.
  [[nodiscard]] input_column renamed(std::string name) const { return {std::move(name), type_, chunks_}; }

  /// The values as they lie, one span a chunk, where every chunk is a plain array of T without nulls; else
  /// absent.
  template <class T>
  [[nodiscard]] std::optional<std::vector<std::span<const T>>> raw(storage wanted) const {
    std::vector<std::span<const T>> spans;
    for (const column_chunk& c : chunks_) {
      const bool aligned = reinterpret_cast<std::uintptr_t>(c.data) % alignof(T) == 0;
      const bool plain = c.stride == static_cast<std::ptrdiff_t>(sizeof(T)) || c.size < 2;
      if (c.stored != wanted || !plain || !aligned || c.swapped || c.has_nulls() || c.dictionary)
        return std::nullopt;
      spans.emplace_back(reinterpret_cast<const T*>(c.data), c.size);
    }
    return spans;
  }
  /// The fast path of survey scores: a column of plain bytes is counted where it lies.
  [[nodiscard]] std::optional<std::vector<std::span<const std::int8_t>>> raw_int8() const {
    if (type_.what != meaning::integer) return std::nullopt;
    return raw<std::int8_t>(storage::int8);
  }

  /// The value of a row for a message: 6.5, "abc", null.
  [[nodiscard]] std::string show(std::size_t row) const;

 private:
  std::string name_;
  column_type type_;
  std::vector<column_chunk> chunks_;
  std::size_t size_ = 0;
};

/// `column "score" (Arrow type double)`: the beginning of every message about a column.
[[nodiscard]] std::string describe(const input_column& column);

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_ENGINE_INPUT_COLUMN_HPP

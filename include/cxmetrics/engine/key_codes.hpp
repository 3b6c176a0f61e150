// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_ENGINE_KEY_CODES_HPP
#define CXMETRICS_ENGINE_KEY_CODES_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <cxmetrics/core/subject.hpp>
#include <cxmetrics/engine/canonical_reader.hpp>

namespace cxmetrics {
inline namespace v0 {

/// A column of keys (queues, customers, stages) as small numbers: codes[row] is the place of the row's key
/// among the distinct ones, in the order of their first appearance.
struct key_codes {
  static constexpr std::int32_t missing = -1, invalid = -2;

  column_type type;  ///< text: `texts` holds the keys; anything else: `numbers` does, but for wide ones
  std::vector<std::int32_t> codes;
  std::vector<std::int64_t> numbers;  ///< of times in microseconds, of truths 1 and 0
  /// Of numbers: the digits of each that is wide, of the others an empty text; shorter than `numbers` where
  /// no wide one follows.
  std::vector<std::string> texts;
  std::vector<std::uint64_t> counts;  ///< rows of each key
  std::uint64_t missing_rows = 0;
  std::uint64_t invalid_rows = 0;
  std::optional<std::uint64_t> first_invalid;
  std::optional<std::uint64_t> first_repeated;  ///< the first row whose key an earlier row has

  [[nodiscard]] std::size_t size() const noexcept { return counts.size(); }
  [[nodiscard]] bool is_text() const noexcept { return type.what == meaning::text; }
  /// Whether a key is a whole number that 64 bits with a sign do not hold: its digits stand in `texts`.
  [[nodiscard]] bool is_wide(std::size_t code) const noexcept {
    return !is_text() && code < texts.size() && !texts[code].empty();
  }
  [[nodiscard]] std::string label(std::size_t code) const {
    return is_text() || is_wide(code) ? texts[code] : std::to_string(numbers[code]);
  }
  /// The subject of a key: by its number or by its text, so 5 of any width is one subject and "5" another.
  [[nodiscard]] subject whose(std::size_t code, subject_key key = {}) const {
    if (is_text()) return subject_of(std::string_view(texts[code]), key);
    return is_wide(code) ? subject_of_digits(texts[code], key) : subject_of(numbers[code], key);
  }
};

/// What makes a key no key.
struct key_rules {
  missing_texts missing = default_missing();
  /// Ids of people and contacts: placeholders (0, -1, ?, unknown, anonymous, in any case) are missing, and a
  /// text that a spreadsheet has spoilt (3.27E+11) is invalid.
  bool identify = false;
  bool placeholders = true;  ///< with identify: false leaves `missing` alone to say what is none
};

/// Whole real numbers are integers; a fraction or a number above 2^53 is invalid. Decimals are exact: only a
/// fraction is invalid.
/// Errors: column_error for a type that makes no keys; stopped where `stop` asks for it. Cost: a hash and a
/// probe a row; of a dictionary, a look-up.
[[nodiscard]] key_codes encode_keys(const input_column& column, const key_rules& rules = {},
                                    const std::stop_token& stop = {});

/// What read_ids found.
struct id_reading {
  std::uint64_t missing = 0;
  std::uint64_t invalid = 0;
  std::optional<std::uint64_t> first_invalid;
  std::uint64_t most_rows = 0;  ///< no id has more rows; that one has as many is not said
};

/// Ids as numbers that are equal where the ids are, for who asks nothing else of them: a whole number is
/// itself, one of 64 bits without a sign the number with the same bits, and texts with one 128-bit subject
/// have one number, which depends on the number of threads. The numbers go to `out`, those of rows without
/// one as absent<int64_t> says; an empty `out`: nothing is written. Absent is the reading of a column that
/// only encode_keys reads: a dictionary, times, truths, decimals, and numbers within 3 of the least.
/// Errors: column_error for damaged arrays; stopped where `stop` asks for it: what then stands in `out` is of
/// no use. Cost: of whole numbers about 2 ns a row; of texts a hash and a probe, and 16 bytes a row and 48 an
/// id of memory for the time of the call.
[[nodiscard]] std::optional<id_reading> read_ids(const input_column& column, const key_rules& rules,
                                                 std::span<std::int64_t> out, unsigned threads = 1,
                                                 const std::stop_token& stop = {});

/// Keys of several columns together. Missing where any part is missing, invalid where any part is invalid.
/// The text of such a key is its parts' canonical forms with their lengths, so that no two keys share one.
/// Errors: column_error where lengths differ; stopped where `stop` asks for it.
[[nodiscard]] key_codes combine_keys(std::span<const key_codes> parts, const std::stop_token& stop = {});

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_ENGINE_KEY_CODES_HPP

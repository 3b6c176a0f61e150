// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_ENGINE_CANONICAL_READER_HPP
#define CXMETRICS_ENGINE_CANONICAL_READER_HPP

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <cxmetrics/engine/input_column.hpp>
#include <cxmetrics/time/zone.hpp>

namespace cxmetrics {
inline namespace v0 {

/// What a reader found in the rows that it has read so far.
struct reading {
  std::uint64_t rows = 0;
  std::uint64_t missing = 0;
  std::uint64_t invalid = 0;
  std::uint64_t excluded = 0;                   ///< labels mapped to nothing, scores left out by name
  std::optional<std::uint64_t> first_invalid;   ///< its row, counted from 0
  std::optional<std::int64_t> least, greatest;  ///< of the values
  std::uint64_t ambiguous = 0;                  ///< local times that came twice; the earlier was taken
  std::uint64_t nonexistent = 0;                ///< local times that were jumped over; shifted forward
  std::uint64_t coarse = 0;  ///< weights that rounding has changed by more than a thousandth
  std::map<std::string, std::uint64_t>
      unknown;  ///< labels without a meaning, and how often; at most most_unknown of them
  static constexpr std::size_t most_unknown = 1000;

  /// Adds what was found in rows that follow these.
  void merge(const reading& later);
};

/// Turns an input column into the canonical values that metrics read (column.hpp has their absent values), a
/// block at a time. Rows are read in rising order, each once, for `found()` to be right. Errors: column_error
/// where the input contradicts its own type (a dictionary index out of range, offsets that fall). Cost: one
/// virtual call a block; a dictionary is converted once, not its rows.
template <class T>
class canonical_reader {
 public:
  using value_type = T;

  canonical_reader() = default;
  canonical_reader(const canonical_reader&) = delete;
  canonical_reader& operator=(const canonical_reader&) = delete;
  virtual ~canonical_reader() = default;

  /// Rows first, first + 1, ... into `out`.
  virtual void read(std::size_t first, std::span<T> out) = 0;
  /// The same rows where they lie, if they are canonical as they stand: nothing is copied. Null, and nothing
  /// is counted, where they have to be read.
  [[nodiscard]] virtual const T* look(std::size_t first, std::size_t size) = 0;
  /// Adds what another reader, made alike, has found in the rows that follow.
  virtual void absorb(const canonical_reader& later) { found_.merge(later.found_); }
  /// What is wrong with an invalid row, as the end of a sentence that begins with the value.
  [[nodiscard]] virtual std::string complaint() const = 0;

  [[nodiscard]] const input_column& column() const noexcept { return column_; }
  [[nodiscard]] const reading& found() const noexcept { return found_; }
  /// Throws for the first invalid row, where there was one.
  virtual void expect_valid() const;

 protected:
  explicit canonical_reader(input_column column) : column_(std::move(column)) {}

  input_column column_;
  reading found_;
};

extern template class canonical_reader<std::int8_t>;
extern template class canonical_reader<std::uint8_t>;
extern template class canonical_reader<std::int64_t>;

/// The texts that mean "no answer". A text that is a number means that number too, in columns of numbers, and
/// "NaN" what is none.
using missing_texts = std::vector<std::string>;
[[nodiscard]] missing_texts default_missing();

/// The scores that a survey can have at all; a metric's own scale may be narrower.
struct score_range {
  std::int8_t least = 0;
  std::int8_t greatest = 10;
};

/// Survey scores: whole numbers in a range, at most -125 to 127; 7.0, "7", "7.0" and "7,0" are 7. Texts of
/// `excluded`, and numbers that they are, are left out by choice: "dismissed", "not applicable".
/// Errors: scale_error for whole numbers outside the range, column_error for what is no whole number and for
/// times.
[[nodiscard]] std::unique_ptr<canonical_reader<std::int8_t>> read_scores(
    input_column column, const missing_texts& missing = default_missing(), score_range range = {},
    const missing_texts& excluded = {});

/// Weights as steps of 2^-20: numbers from 0 to 2^20, and texts of them. Null is missing, and so is NaN where
/// the source means that by it. Errors: column_error for what is no weight, and for truths and times.
[[nodiscard]] std::unique_ptr<canonical_reader<std::int64_t>> read_weights(
    input_column column, const missing_texts& missing = default_missing());

/// How times are read.
struct time_rules {
  std::optional<zone> where;  ///< of naive times; absent: they stay what the clock showed
  std::string format;         ///< "dmy", "mdy", "ymd", a strptime pattern, or empty: the column must prove it
  std::string unit;           ///< "s", "ms", "us": numbers count these since 1970; empty: numbers are refused
  missing_texts missing = default_missing();
};

/// Instants in microseconds, finer ones floored; `naive()` of them are still local times because no zone was
/// given. Errors: unit_error for numbers without a unit, for a column that lies in 1970 altogether, and for
/// texts with and without offset mixed and no zone; column_error for types that are no times and for an order
/// of day and month that the column does not prove, with both readings; stopped where `stop` asks for it
/// while the texts of a column are looked through for that order.
class instant_reader : public canonical_reader<std::int64_t> {
 public:
  [[nodiscard]] virtual bool naive() const = 0;
  [[nodiscard]] virtual std::string order()
      const = 0;  ///< "dmy" and so on; empty where nothing had to be chosen
  /// Throws for columns that no reader can refuse before it has seen them all.
  virtual void finish() const = 0;

 protected:
  using canonical_reader::canonical_reader;
};
[[nodiscard]] std::unique_ptr<instant_reader> read_instants(input_column column, time_rules rules,
                                                            const std::stop_token& stop = {});

/// Durations in microseconds, 0 to max_duration. Finer ones are rounded up, so that `wait <= threshold` says
/// of the result what it says of the exact length; real numbers count to the nanosecond. Texts: "0:03:09", "0
/// days 00:03:09", "90s", "PT1M30S", and with a unit plain numbers. Errors: unit_error for numbers without a
/// unit.
[[nodiscard]] std::unique_ptr<canonical_reader<std::int64_t>> read_durations(
    input_column column, const std::string& unit = {}, const missing_texts& missing = default_missing());

/// Labels of a small fixed set: `codes` says which code a text has (absent<uint8_t>::excluded leaves it out).
/// Whole numbers and truths are read as their texts. Any other label is invalid and stands in
/// found().unknown.
[[nodiscard]] std::unique_ptr<canonical_reader<std::uint8_t>> read_labels(
    input_column column, std::map<std::string, std::uint8_t, std::less<>> codes,
    const missing_texts& missing = default_missing());

/// Truths as `yes` or `no`: true, 1, "true", "yes", "y", "t", "1", "ja", "j" and their opposites, in any
/// case.
[[nodiscard]] std::unique_ptr<canonical_reader<std::uint8_t>> read_truths(
    input_column column, std::uint8_t yes, std::uint8_t no, const missing_texts& missing = default_missing());

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_ENGINE_CANONICAL_READER_HPP

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "cxmetrics/core/column.hpp"
#include "cxmetrics/core/parallel.hpp"
#include "cxmetrics/core/subject.hpp"
#include "cxmetrics/engine/key_codes.hpp"
#include "key_meaning.hpp"
#include "values.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

using engine_detail::key_meaning;

// What one thread finds in its rows. Rows are counted by a piece of their id's hash: an id has no more rows
// than its piece.
struct finding {
  std::uint64_t missing = 0, invalid = 0;
  std::optional<std::uint64_t> first_invalid;
  bool is_readable = true;
  std::vector<std::uint32_t> rows_of = std::vector<std::uint32_t>(std::size_t{1} << piece_bits);

  static constexpr int piece_bits = 10;

  void count(std::uint64_t hash) noexcept { ++rows_of[hash >> (64 - piece_bits)]; }
  void leave_out(std::int32_t meant, std::size_t row) noexcept {
    if (meant == key_meaning::missing) {
      ++missing;
    } else {
      ++invalid;
      if (!first_invalid) first_invalid = row;
    }
  }
};

std::uint64_t spread(std::int64_t id) noexcept { return static_cast<std::uint64_t>(id) * 0x9e3779b97f4a7c15; }

// Calls f(chunk, row of its first value, begin, end) for the pieces of chunks that some rows are.
template <class F>
void each_piece(const input_column& column, std::size_t begin, std::size_t end, const std::stop_token& stop,
                F f) {
  constexpr std::size_t most = std::size_t{1} << 16;
  std::size_t row = 0;
  for (const column_chunk& chunk : column.chunks()) {
    const std::size_t last = std::min(end, row + chunk.size);
    engine_detail::naming(column, row, [&] {
      for (std::size_t first = std::max(begin, row); first < last; first += most) {
        go_on(stop);
        f(chunk, row, first - row, std::min(first + most, last) - row);
      }
    });
    row += chunk.size;
  }
}

// Whole numbers, in blocks: most have neither nulls nor a number that is near to one without meaning.
class number_reader {
 public:
  number_reader(const input_column& column, const key_rules& rules, std::span<std::int64_t> out)
      : meaning_(column.type(), rules), out_(out) {
    for (const std::string& text : rules.missing)
      if (const auto number = engine_detail::parse_whole(text)) {
        least_ = std::min(least_, *number);
        greatest_ = std::max(greatest_, *number);
      }
  }

  template <class Values>
  void operator()(const column_chunk& chunk, Values values, std::size_t row, std::size_t begin,
                  std::size_t end, finding& found) const {
    constexpr std::size_t block = 1024;
    for (std::size_t first = begin; first < end; first += block) {
      const std::size_t last = std::min(end, first + block);
      if constexpr (std::is_same_v<decltype(values(0)), std::int64_t>) {
        if (!chunk.has_nulls() && is_plain(values, first, last)) {
          for (std::size_t i = first; i < last; ++i) found.count(spread(values(i)));
          if (!out_.empty())
            for (std::size_t i = first; i < last; ++i) out_[row + i] = values(i);
          continue;
        }
      }
      for (std::size_t i = first; i < last; ++i) {
        std::int64_t number = 0;
        const std::int32_t meant = chunk.is_null(i) ? key_meaning::missing : meaning_(values(i), number);
        if (meant >= key_meaning::key) {
          found.is_readable &= is_value(number);
          found.count(spread(number));
        } else {
          found.leave_out(meant, row + i);
          number =
              meant == key_meaning::missing ? absent<std::int64_t>::missing : absent<std::int64_t>::invalid;
        }
        if (!out_.empty()) out_[row + i] = number;
      }
    }
  }

 private:
  template <class Values>
  [[nodiscard]] bool is_plain(Values values, std::size_t first, std::size_t last) const noexcept {
    const auto from = static_cast<std::uint64_t>(least_),
               width = static_cast<std::uint64_t>(greatest_) - from;
    bool plain = true;
    for (std::size_t i = first; i < last; ++i)
      plain &= is_value(values(i)) && static_cast<std::uint64_t>(values(i)) - from > width;
    return plain;
  }

  key_meaning meaning_;
  std::int64_t least_ = -1, greatest_ = 0;  // between them lie the numbers that mean nobody
  std::span<std::int64_t> out_;
};

// Texts by their subjects, whose halves are kept apart: `low_`, and in the place of the later number `high_`.
class text_reader {
 public:
  text_reader(const input_column& column, const key_rules& rules, std::span<std::int64_t> out)
      : meaning_(column.type(), rules), low_(out.size()), high_(out) {}

  template <class Values>
  void operator()(const column_chunk& chunk, Values values, std::size_t row, std::size_t begin,
                  std::size_t end, finding& found) {
    for (std::size_t i = begin; i < end; ++i) {
      std::string_view text;
      std::int32_t meant = key_meaning::missing;
      if (!chunk.is_null(i)) {
        text = engine_detail::trimmed(values(i));
        meant = meaning_(text);
      }
      subject whose;  // of nobody: none that a text has
      if (meant == key_meaning::key) {
        whose = subject_of(text);
        found.count(whose.low);
      } else {
        found.leave_out(meant, row + i);
        whose.high = meant == key_meaning::missing ? 0 : 1;
      }
      low_[row + i] = whose.low;
      high_[row + i] = static_cast<std::int64_t>(whose.high);
    }
  }

  // Numbers the subjects: each of so many owners those that are its own, in a table of its own.
  void number(unsigned owners, const std::stop_token& stop) {
    in_parallel(
        owners, owners, [&](std::size_t owner, std::size_t, std::size_t) { number_own(owner, owners, stop); },
        1);
  }

 private:
  // Open addressing, at most half full.
  class numbers {
   public:
    explicit numbers(std::size_t first, std::size_t step) : next_(first), step_(step) {}

    void prefetch(std::uint64_t low) const noexcept { __builtin_prefetch(&places_[low >> shift_]); }
    std::int64_t of(subject whose) {
      place& at = find(whose);
      if (at.number >= 0) return at.number;
      at = {whose, static_cast<std::int64_t>(next_)};
      next_ += step_;
      const std::int64_t number = at.number;
      if (++taken_ * 2 > places_.size()) grow();
      return number;
    }

   private:
    struct place {
      subject whose;
      std::int64_t number = -1;
    };
    place& find(subject whose) noexcept {
      std::size_t at = whose.low >> shift_;
      while (places_[at].number >= 0 && places_[at].whose != whose) at = (at + 1) & (places_.size() - 1);
      return places_[at];
    }
    void grow() {
      std::vector<place> old(places_.size() * 2);
      old.swap(places_);
      --shift_;
      for (const place& p : old)
        if (p.number >= 0) find(p.whose) = p;
    }

    std::size_t next_, step_, taken_ = 0;
    int shift_ = 64 - 12;
    std::vector<place> places_ = std::vector<place>(std::size_t{1} << 12);
  };

  void number_own(std::size_t owner, std::size_t owners, const std::stop_token& stop) {
    numbers known(owner, owners);
    constexpr std::size_t block = 64;  // places of a table larger than the caches are asked for ahead
    std::array<std::size_t, block> mine{};
    for (std::size_t begin = 0; begin < low_.size(); begin += block) {
      go_on(stop);
      std::size_t size = 0;
      for (std::size_t row = begin, end = std::min(begin + block, low_.size()); row < end; ++row) {
        mine[size] = row;
        size += (low_[row] & 0xff) * owners >> 8 == owner ? 1U : 0U;
      }
      for (std::size_t i = 0; i < size; ++i) known.prefetch(low_[mine[i]]);
      for (std::size_t i = 0; i < size; ++i) {
        const std::size_t row = mine[i];
        const subject whose{low_[row], static_cast<std::uint64_t>(high_[row])};
        const bool is_nobody = whose.low == 0 && whose.high <= 1;
        high_[row] = !is_nobody        ? known.of(whose)
                     : whose.high == 0 ? absent<std::int64_t>::missing
                                       : absent<std::int64_t>::invalid;
      }
    }
  }

  key_meaning meaning_;
  std::vector<std::uint64_t> low_;
  std::span<std::int64_t> high_;
};

// Shows all values of one type to a reader, in threads.
template <class Reader>
finding read(const input_column& column, unsigned threads, const std::stop_token& stop, Reader& reader) {
  std::vector<finding> parts(std::max(threads, 1U));
  in_parallel(column.size(), threads, [&](std::size_t part, std::size_t begin, std::size_t end) {
    finding& found = parts[part];
    each_piece(column, begin, end, stop,
               [&](const column_chunk& chunk, std::size_t row, std::size_t first, std::size_t last) {
                 const bool rounded = chunk.stored == storage::decimal;  // where it is seen as a double
                 if (chunk.dictionary || chunk.stored == storage::nothing || rounded)
                   found.is_readable = false;
                 if (!found.is_readable) return;
                 // NOLINTNEXTLINE(performance-unnecessary-value-param): some keep a buffer
                 engine_detail::visit(chunk, [&](auto values) {
                   constexpr bool fits = std::is_same_v<Reader, text_reader>
                                             ? std::is_same_v<decltype(values(0)), std::string_view>
                                             : std::is_same_v<decltype(values(0)), std::int64_t> ||
                                                   std::is_same_v<decltype(values(0)), std::uint64_t> ||
                                                   std::is_same_v<decltype(values(0)), double>;
                   if constexpr (fits)
                     reader(chunk, std::move(values), row, first, last, found);
                   else
                     found.is_readable = false;
                 });
               });
  });
  finding& all = parts.front();
  for (std::size_t part = 1; part < parts.size(); ++part) {
    const finding& more = parts[part];
    all.missing += more.missing;
    all.invalid += more.invalid;
    all.is_readable = all.is_readable && more.is_readable;
    if (!all.first_invalid) all.first_invalid = more.first_invalid;
    for (std::size_t piece = 0; piece < all.rows_of.size(); ++piece)
      all.rows_of[piece] += more.rows_of[piece];
  }
  return std::move(all);
}

}  // namespace

std::optional<id_reading> read_ids(const input_column& column, const key_rules& rules,
                                   std::span<std::int64_t> out, unsigned threads,
                                   const std::stop_token& stop) {
  constexpr std::size_t most_rows = std::numeric_limits<std::uint32_t>::max();
  const meaning what = column.type().what;
  if (column.size() > most_rows) return std::nullopt;
  finding found;
  if (what == meaning::text && !out.empty()) {
    text_reader reader(column, rules, out);
    found = read(column, threads, stop, reader);
    if (found.is_readable) reader.number(std::clamp(threads, 1U, 256U), stop);
  } else if (what == meaning::integer || what == meaning::real) {
    number_reader reader(column, rules, out);
    found = read(column, threads, stop, reader);
  } else {
    return std::nullopt;
  }
  if (!found.is_readable) return std::nullopt;
  return id_reading{found.missing, found.invalid, found.first_invalid,
                    *std::max_element(found.rows_of.begin(), found.rows_of.end())};
}

}  // namespace v0
}  // namespace cxmetrics

// SPDX-License-Identifier: Apache-2.0
#include "cxmetrics/engine/key_codes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <limits>
#include <stop_token>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

#include <boost/container_hash/hash.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include "cxmetrics/core/error.hpp"
#include "cxmetrics/core/parallel.hpp"
#include "decimal.hpp"
#include "key_meaning.hpp"
#include "text_number.hpp"
#include "time_unit.hpp"
#include "values.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

using engine_detail::key_meaning;
using engine_detail::month_day_nano;

// Decimals where they lie: as doubles they would be rounded.
struct exact_decimals {
  const column_chunk& chunk;
  struct value {
    const std::byte* at;
    std::size_t width;
    int scale;
  };
  value operator()(std::size_t i) const noexcept {
    return {chunk.data + static_cast<std::ptrdiff_t>(i) * chunk.stride, chunk.width, chunk.scale};
  }
};

// The values of a chunk without a dictionary, none of them rounded.
template <class F>
void visit_exactly(const column_chunk& chunk, F&& f) {
  if (chunk.stored == storage::decimal) return f(exact_decimals{chunk});
  engine_detail::visit(chunk, std::forward<F>(f));
}

// Texts by their hash: open addressing, at most half full. A place holds a piece of the hash and the number
// of the text, so that a look-up rarely reads a text that is another one.
class text_index {
 public:
  static std::uint64_t hash_of(std::string_view text) noexcept {
    // the hash of short texts leaves its upper bits poor
    return static_cast<std::uint64_t>(boost::hash<std::string_view>{}(text)) * 0x9e3779b97f4a7c15;
  }
  void prefetch(std::uint64_t hash) const noexcept { __builtin_prefetch(&places_[home_of(hash)]); }

  // The number that was put under an equal text; `equals(number)` compares. -1: none.
  template <class Equals>
  [[nodiscard]] std::int32_t find(std::uint64_t hash, Equals equals) const {
    for (std::size_t at = home_of(hash); places_[at].number >= 0; at = (at + 1) & (places_.size() - 1))
      if (places_[at].piece == piece_of(hash) && equals(places_[at].number)) return places_[at].number;
    return -1;
  }
  void put(std::uint64_t hash, std::int32_t number) {
    hashes_.push_back(hash);
    if (hashes_.size() * 2 <= places_.size()) return settle(hash, number);
    places_.assign(places_.size() * 2, {});
    --shift_;
    for (std::size_t i = 0; i < hashes_.size(); ++i) settle(hashes_[i], static_cast<std::int32_t>(i));
  }

 private:
  struct place {
    std::uint32_t piece = 0;
    std::int32_t number = -1;
  };
  static std::uint32_t piece_of(std::uint64_t hash) noexcept { return static_cast<std::uint32_t>(hash); }
  [[nodiscard]] std::size_t home_of(std::uint64_t hash) const noexcept {
    return static_cast<std::size_t>(hash >> shift_);
  }
  void settle(std::uint64_t hash, std::int32_t number) {
    std::size_t at = home_of(hash);
    while (places_[at].number >= 0) at = (at + 1) & (places_.size() - 1);
    places_[at] = {piece_of(hash), number};
  }

  int shift_ = 64 - 10;
  std::vector<place> places_ = std::vector<place>(1 << 10);
  std::vector<std::uint64_t> hashes_;  // by number
};

class key_encoder {
 public:
  key_encoder(const column_type& type, const key_rules& rules, std::stop_token stop)
      : type_(type), meaning_(type, rules), stop_(std::move(stop)) {
    out_.type = type;
  }

  // A place among the keys, or missing, or invalid; the row is not counted yet.
  std::int32_t operator()(std::int64_t value) {
    if (type_.what == meaning::zoned || type_.what == meaning::local) {
      if (value == engine_detail::not_a_time) return key_codes::missing;
      const auto us = engine_detail::to_microseconds(value, type_, engine_detail::rounding::down);
      return us ? number(*us) : key_codes::invalid;
    }
    return of_number(value);
  }
  std::int32_t operator()(std::uint64_t value) { return of_number(value); }
  std::int32_t operator()(double value) { return of_number(value); }
  std::int32_t operator()(bool value) { return number(value ? 1 : 0); }
  std::int32_t operator()(month_day_nano) { return key_codes::invalid; }
  std::int32_t operator()(const exact_decimals::value& value) {
    std::int64_t whole = 0;
    if (value.scale == 0 && engine_detail::decimal_fits(value.at, value.width, whole))
      return of_number(whole);
    const std::string written = engine_detail::decimal_text(value.at, value.width, value.scale);
    const std::size_t point = written.find('.');
    if (point != written.npos && written.find_first_not_of('0', point + 1) != written.npos)
      return key_codes::invalid;
    const std::string_view digits = std::string_view(written).substr(0, point);
    const auto fits = std::from_chars(digits.data(), digits.data() + digits.size(), whole).ec == std::errc{};
    return fits ? of_number(whole) : wide(digits);
  }
  std::int32_t operator()(std::string_view written) {
    const std::string_view text = engine_detail::trimmed(written);
    return text_code(text, text_index::hash_of(text));
  }

  // A column of texts in blocks: what a look-up will read is on its way while the others are hashed.
  template <class Values>
  void encode_texts(const column_chunk& chunk, Values values, std::size_t row) {
    constexpr std::size_t block = 32;
    std::array<std::string_view, block> texts;
    std::array<std::uint64_t, block> hashes{};
    for (std::size_t begin = 0; begin < chunk.size; begin += block) {
      go_on();
      const std::size_t size = std::min(block, chunk.size - begin);
      for (std::size_t i = 0; i < size; ++i) {
        if (chunk.is_null(begin + i)) continue;
        texts[i] = engine_detail::trimmed(values(begin + i));
        hashes[i] = text_index::hash_of(texts[i]);
        index_.prefetch(hashes[i]);
      }
      for (std::size_t i = 0; i < size; ++i)
        count(chunk.is_null(begin + i) ? key_codes::missing : text_code(texts[i], hashes[i]),
              row + begin + i);
    }
  }

  void add(std::int32_t code, std::uint64_t rows) noexcept {
    out_.counts[static_cast<std::size_t>(code)] += rows;
  }
  void add_all(std::span<const std::int32_t> codes) noexcept {
    for (const std::int32_t code : codes) add(code, 1);
  }
  void count(std::int32_t code, std::size_t row) {
    out_.codes[row] = code;
    if (code >= 0) {
      if (++out_.counts[static_cast<std::size_t>(code)] > 1 && !out_.first_repeated)
        out_.first_repeated = row;
    } else if (code == key_codes::missing) {
      ++out_.missing_rows;
    } else {
      ++out_.invalid_rows;
      if (!out_.first_invalid) out_.first_invalid = row;
    }
  }
  key_codes& result() noexcept { return out_; }
  void go_on() const { cxmetrics::go_on(stop_); }

 private:
  template <class T>
  std::int32_t of_number(T value) {
    std::int64_t key = 0;
    const std::int32_t meant = meaning_(value, key);
    if (meant == key_meaning::wide)
      return wide(engine_detail::decimal_digits(static_cast<std::uint64_t>(key)).text());
    return meant == key_meaning::key ? number(key) : meant;
  }
  // A whole number that 64 bits do not hold, by its digits.
  std::int32_t wide(std::string_view digits) {
    if (meaning_.digits(digits) == key_meaning::missing) return key_codes::missing;
    const std::uint64_t hash = text_index::hash_of(digits);
    const std::int32_t known = index_.find(hash, [&](std::int32_t number) {
      return out_.texts[static_cast<std::size_t>(codes_[static_cast<std::size_t>(number)])] == digits;
    });
    if (known >= 0) return codes_[static_cast<std::size_t>(known)];
    index_.put(hash, static_cast<std::int32_t>(codes_.size()));
    codes_.push_back(next());
    out_.numbers.push_back(0);
    out_.texts.resize(out_.counts.size());
    out_.texts.back() = digits;
    return codes_.back();
  }
  // What a text means is asked once: every text that was seen has a number, and the number a code.
  std::int32_t text_code(std::string_view text, std::uint64_t hash) {
    const std::int32_t known = index_.find(hash, [&](std::int32_t number) {
      const std::int32_t code = codes_[static_cast<std::size_t>(number)];
      return (code >= 0 ? out_.texts[static_cast<std::size_t>(code)]
                        : no_keys_[static_cast<std::size_t>(-code - 3)].text) == text;
    });
    if (known >= 0) {
      const std::int32_t code = codes_[static_cast<std::size_t>(known)];
      return code >= 0 ? code : no_keys_[static_cast<std::size_t>(-code - 3)].code;
    }
    const std::int32_t meant = meaning_(text);
    index_.put(hash, static_cast<std::int32_t>(codes_.size()));
    if (meant == key_meaning::key) {
      codes_.push_back(next());
      out_.texts.emplace_back(text);
      return codes_.back();
    }
    no_keys_.push_back({std::string(text), meant});
    codes_.push_back(-2 - static_cast<std::int32_t>(no_keys_.size()));
    return meant;
  }
  std::int32_t next() {
    constexpr std::size_t most = std::numeric_limits<std::int32_t>::max();
    if (out_.counts.size() >= most) throw column_error("more than 2^31 different keys: split the table");
    out_.counts.push_back(0);
    return static_cast<std::int32_t>(out_.counts.size() - 1);
  }
  std::int32_t number(std::int64_t value) {
    const auto [place, is_new] = numbers_.try_emplace(value, static_cast<std::int32_t>(out_.counts.size()));
    if (is_new) {
      static_cast<void>(next());
      out_.numbers.push_back(value);
    }
    return place->second;
  }

  column_type type_;
  key_meaning meaning_;
  std::stop_token stop_;
  boost::unordered_flat_map<std::int64_t, std::int32_t> numbers_;
  struct no_key {
    std::string text;
    std::int32_t code;
  };
  text_index index_;
  std::vector<std::int32_t> codes_;  // by the number of a text: its code, or -3 and below a place in no_keys_
  std::vector<no_key> no_keys_;
  key_codes out_;
};

void encode_chunk(const column_chunk& chunk, std::size_t row, key_encoder& encoder) {
  if (chunk.stored == storage::nothing) {
    for (std::size_t i = 0; i < chunk.size; ++i) encoder.count(key_codes::missing, row + i);
    return;
  }
  constexpr std::size_t block = 4096;
  if (chunk.dictionary) {  // an entry is looked up when its first row comes, so that codes follow the rows
    constexpr std::int32_t unseen = -3;
    const column_chunk& entries = *chunk.dictionary;
    std::vector<std::int32_t> code(entries.size, unseen);
    std::vector<std::uint64_t> rows(entries.size);
    visit_exactly(entries, [&](auto values) {
      const auto code_of = [&](std::size_t i, std::size_t index) {
        if (code[index] == unseen)
          engine_detail::of_entries(
              i, [&] { code[index] = entries.is_null(index) ? key_codes::missing : encoder(values(index)); });
        return code[index];
      };
      for (std::size_t begin = 0; begin < chunk.size; begin += block) {
        encoder.go_on();
        const std::size_t size = std::min(block, chunk.size - begin);
        const bool looking = !encoder.result().first_repeated;
        std::int32_t* const out = encoder.result().codes.data() + row + begin;
        const std::int32_t* const known = code.data();
        std::uint64_t* const counted = rows.data();
        const std::span<std::int32_t> block_codes(out, size);
        if (!looking && engine_detail::look_up<std::int32_t>(chunk, begin, code, block_codes) &&
            *std::min_element(block_codes.begin(), block_codes.end()) >= 0) {
          encoder.add_all(block_codes);
          continue;
        }
        engine_detail::visit_indices(chunk, begin, size, [&](std::size_t i, std::size_t index) {
          const std::size_t at = row + begin + i;
          if (index == engine_detail::absent_index) return encoder.count(key_codes::missing, at);
          if (known[index] < 0 || looking) return encoder.count(code_of(begin + i, index), at);
          out[i] = known[index];
          ++counted[index];
        });
      }
    });
    for (std::size_t index = 0; index < entries.size; ++index)
      if (rows[index] != 0) encoder.add(code[index], rows[index]);
    return;
  }
  visit_exactly(chunk, [&](auto values) {
    constexpr bool makes_texts = requires { values.text; };  // one after another, in one place
    if constexpr (std::is_same_v<decltype(values(0)), std::string_view> && !makes_texts)
      return encoder.encode_texts(chunk, values, row);
    for (std::size_t begin = 0; begin < chunk.size; begin += block) {
      encoder.go_on();
      for (std::size_t i = begin, end = std::min(begin + block, chunk.size); i < end; ++i)
        encoder.count(chunk.is_null(i) ? key_codes::missing : encoder(values(i)), row + i);
    }
  });
}

// A part of a combined key: its type, its length where it is a text, itself. No two keys share a text.
std::string canonical(const key_codes& keys, std::size_t code) {
  if (keys.is_wide(code)) return "n" + keys.texts[code] + ";";
  if (!keys.is_text()) return "i" + std::to_string(keys.numbers[code]) + ";";
  const std::string& text = keys.texts[code];
  return "t" + std::to_string(text.size()) + ":" + text + ";";
}

}  // namespace

key_codes encode_keys(const input_column& column, const key_rules& rules, const std::stop_token& stop) {
  const meaning what = column.type().what;
  if (what == meaning::other || what == meaning::length || what == meaning::clock)
    throw column_error(
        describe(column) +
        " makes no keys: give a column of texts, whole numbers, truths or times, or cast it to "
        "text first");
  key_encoder encoder(column.type(), rules, stop);
  encoder.result().codes.resize(column.size());
  std::size_t row = 0;
  for (const column_chunk& chunk : column.chunks()) {
    engine_detail::naming(column, row, [&] { encode_chunk(chunk, row, encoder); });
    row += chunk.size;
  }
  return std::move(encoder.result());
}

key_codes combine_keys(std::span<const key_codes> parts, const std::stop_token& stop) {
  if (parts.empty()) throw column_error("a key of no columns: name at least one");
  if (parts.size() == 1) return parts.front();
  for (const key_codes& part : parts)
    if (part.codes.size() != parts.front().codes.size())
      throw column_error("the columns of one key have different lengths: give one value a row in each");
  key_codes out;
  out.type.what = meaning::text;
  out.type.shown = "several columns";
  boost::unordered_flat_map<std::string, std::int32_t> known;
  std::string packed;  // the codes of the parts, which are shorter than the keys
  for (std::size_t row = 0; row < parts.front().codes.size(); ++row) {
    if (row % 4096 == 0) go_on(stop);
    packed.clear();
    std::int32_t worst = 0;
    for (const key_codes& part : parts) {
      const std::int32_t code = part.codes[row];
      if (code < 0 && worst != key_codes::missing) worst = code;
      packed.append(reinterpret_cast<const char*>(&code), sizeof code);
    }
    std::int32_t code = worst;
    if (worst == 0) {
      const auto [place, is_new] = known.try_emplace(packed, static_cast<std::int32_t>(out.counts.size()));
      code = place->second;
      if (is_new) {
        std::string text;
        for (const key_codes& part : parts)
          text += canonical(part, static_cast<std::size_t>(part.codes[row]));
        out.texts.push_back(std::move(text));
        out.counts.push_back(0);
      }
      if (++out.counts[static_cast<std::size_t>(code)] > 1 && !out.first_repeated) out.first_repeated = row;
    } else if (worst == key_codes::missing) {
      ++out.missing_rows;
    } else {
      ++out.invalid_rows;
      if (!out.first_invalid) out.first_invalid = row;
    }
    out.codes.push_back(code);
  }
  return out;
}

}  // namespace v0
}  // namespace cxmetrics

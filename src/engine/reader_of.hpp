// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_ENGINE_READER_OF_HPP
#define CXMETRICS_SRC_ENGINE_READER_OF_HPP

// One loop for every canonical reader: a rule says what one value becomes, the loop knows chunks, nulls and
// dictionaries. A rule is called with bool, int64, uint64, double, string_view or month_day_nano.

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <type_traits>
#include <utility>

#include "cxmetrics/core/column.hpp"
#include "cxmetrics/engine/canonical_reader.hpp"
#include "cxmetrics/engine/ends_of.hpp"
#include "values.hpp"

namespace cxmetrics::engine_detail {

/// How canonical values of a type are stored where a column holds them already.
template <class T>
inline constexpr storage storage_of = storage::nothing;
template <>
inline constexpr storage storage_of<std::int8_t> = storage::int8;
template <>
inline constexpr storage storage_of<std::int64_t> = storage::int64;

template <class T, class Rule, class Base = canonical_reader<T>>
class reader_of : public Base {
 public:
  reader_of(input_column column, Rule rule) : Base(std::move(column)), rule_(std::move(rule)) {}

  void read(std::size_t first, std::span<T> out) override {
    if (first > this->column_.size() || out.size() > this->column_.size() - first)
      throw column_error(describe(this->column_) + " has " + std::to_string(this->column_.size()) +
                         " rows: more were asked for");
    std::size_t start = 0;  // of the chunk
    for (const column_chunk& chunk : this->column_.chunks()) {
      const std::size_t end = start + chunk.size;
      if (first < end && !out.empty()) {
        const std::size_t size = std::min(out.size(), end - first);
        naming(this->column_, start, [&] { read_chunk(chunk, first - start, first, out.first(size)); });
        first += size;
        out = out.subspan(size);
      }
      start = end;
    }
  }

  [[nodiscard]] const T* look(std::size_t first, std::size_t size) override {
    std::size_t start = 0;  // of the chunk
    for (const column_chunk& chunk : this->column_.chunks()) {
      if (first < start + chunk.size) {
        const T* const values = as_they_stand(chunk, first - start, size);
        return values != nullptr && count_unchanged({values, size}) ? values : nullptr;
      }
      start += chunk.size;
    }
    return nullptr;
  }

  [[nodiscard]] std::string complaint() const override { return rule_.complaint(); }

 protected:
  Rule rule_;

 private:
  static constexpr std::size_t block = 4096;  // what was converted is counted while it is in the cache

  void read_chunk(const column_chunk& chunk, std::size_t begin, std::size_t row, std::span<T> out) {
    for (std::size_t done = 0; done < out.size(); done += block) {
      const std::span<T> part = out.subspan(done, std::min(block, out.size() - done));
      if (chunk.dictionary)
        convert_indices(chunk, begin + done, part);
      else if (copy(chunk, begin + done, part))
        continue;
      else
        convert(chunk, begin + done, part);
      count(part, row + done);
    }
  }

  // Rows of a chunk that hold what a rule may leave as it is; null where they lie in another way.
  static const T* as_they_stand(const column_chunk& chunk, std::size_t begin, std::size_t size) noexcept {
    if (chunk.stored != storage_of<T> || chunk.has_nulls() || chunk.dictionary || chunk.swapped ||
        chunk.stride != static_cast<std::ptrdiff_t>(sizeof(T)) || begin + size > chunk.size)
      return nullptr;
    const std::byte* const at = chunk.data + begin * sizeof(T);
    return reinterpret_cast<std::uintptr_t>(at) % alignof(T) == 0 ? reinterpret_cast<const T*>(at) : nullptr;
  }

  // Where a rule leaves the values of a range as they are, a block of them is counted at once; false, and
  // nothing counted, where it holds anything else.
  bool count_unchanged(std::span<const T> values) {
    if constexpr (requires { rule_.unchanged(); }) {
      const auto range = rule_.unchanged();
      if (!range || values.empty()) return false;
      const auto [least, greatest] = ends_of(values);
      if (least < range->first || greatest > range->second) return false;
      count_values(values.size(), least, greatest);
      return true;
    }
    return false;
  }
  bool copy(const column_chunk& chunk, std::size_t begin, std::span<T> out) {
    const T* const values = as_they_stand(chunk, begin, out.size());
    if (values == nullptr || !count_unchanged({values, out.size()})) return false;
    std::memcpy(out.data(), values, out.size_bytes());
    return true;
  }

  void convert(const column_chunk& chunk, std::size_t begin, std::span<T> out) {
    if (chunk.stored == storage::nothing) std::fill(out.begin(), out.end(), absent<T>::missing);
    visit(chunk, [&](auto values) {
      if (chunk.has_nulls()) {
        for (std::size_t i = 0; i < out.size(); ++i)
          out[i] = chunk.is_null(begin + i) ? absent<T>::missing : rule_(values(begin + i));
      } else {
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = rule_(values(begin + i));
      }
    });
  }

  // Entries are converted once; but where a rule counts what it sees, every row has to pass it.
  void convert_indices(const column_chunk& chunk, std::size_t begin, std::span<T> out) {
    if constexpr (Rule::by_value) {
      const std::vector<T>& entries = convert_entries(*chunk.dictionary, begin);
      if (look_up<T>(chunk, begin, entries, out)) return;
      visit_indices(chunk, begin, out.size(), [&](std::size_t i, std::size_t index) {
        out[i] = index == absent_index ? absent<T>::missing : entries[index];
      });
    } else {
      const column_chunk& entries = *chunk.dictionary;
      std::array<std::size_t, block> indices{};
      visit_indices(chunk, begin, out.size(), [&](std::size_t i, std::size_t index) { indices[i] = index; });
      std::fill(out.begin(), out.end(), absent<T>::missing);
      visit(entries, [&](auto values) {
        for (std::size_t i = 0; i < out.size(); ++i)
          if (const std::size_t index = indices[i]; index != absent_index && !entries.is_null(index))
            of_entries(begin + i, [&] { out[i] = rule_(values(index)); });
      });
    }
  }

  const std::vector<T>& convert_entries(const column_chunk& dictionary, std::size_t row) {
    auto place = entries_.find(&dictionary);
    if (place == entries_.end()) {
      std::vector<T> values(dictionary.size);
      of_entries(row, [&] { convert(dictionary, 0, values); });
      place = entries_.emplace(&dictionary, std::move(values)).first;
    }
    return place->second;
  }

  // Rows that are values all of them.
  void count_values(std::size_t rows, T least, T greatest) {
    reading& found = this->found_;
    found.least = std::min<std::int64_t>(found.least.value_or(least), least);
    found.greatest = std::max<std::int64_t>(found.greatest.value_or(greatest), greatest);
    found.rows += rows;
  }

  void count(std::span<const T> values, std::size_t row) {
    // What is no value is less than all values, or greater.
    if (const auto [least, greatest] = ends_of(values);
        !values.empty() && is_value(std::is_signed_v<T> ? least : greatest))
      return count_values(values.size(), least, greatest);
    reading& found = this->found_;
    std::uint64_t missing = 0, invalid = 0, excluded = 0;
    T least = std::numeric_limits<T>::max(), greatest = std::numeric_limits<T>::min();
    for (const T value : values) {
      const verdict v = presence(value);
      missing += v == verdict::missing ? 1 : 0;
      invalid += v == verdict::invalid ? 1 : 0;
      excluded += v == verdict::excluded ? 1 : 0;
      least = v == verdict::counted ? std::min(least, value) : least;
      greatest = v == verdict::counted ? std::max(greatest, value) : greatest;
    }
    if (missing + invalid + excluded < values.size()) {
      found.least = std::min<std::int64_t>(found.least.value_or(least), least);
      found.greatest = std::max<std::int64_t>(found.greatest.value_or(greatest), greatest);
    }
    if (invalid != 0) {
      for (std::size_t i = 0; i < values.size(); ++i)
        if (presence(values[i]) == verdict::invalid) {
          if (!found.first_invalid) found.first_invalid = row + i;
          if constexpr (Rule::names_unknown) name_unknown(row + i);
        }
    }
    found.rows += values.size();
    found.missing += missing;
    found.invalid += invalid;
    found.excluded += excluded;
  }

  void name_unknown(std::size_t row) {
    std::string label = this->column_.show(row);
    if (const auto known = this->found_.unknown.find(label); known != this->found_.unknown.end())
      ++known->second;
    else if (this->found_.unknown.size() < reading::most_unknown)
      this->found_.unknown.emplace(std::move(label), 1);
  }

  std::map<const column_chunk*, std::vector<T>> entries_;
};

}  // namespace cxmetrics::engine_detail

#endif  // CXMETRICS_SRC_ENGINE_READER_OF_HPP

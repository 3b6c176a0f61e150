// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_TESTS_MADE_COLUMNS_HPP
#define CXMETRICS_TESTS_MADE_COLUMNS_HPP

// Input columns out of plain arrays and texts.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cxmetrics/engine/input_column.hpp>

namespace cxmetrics_test {

using namespace cxmetrics;

template <class T>
column_chunk plain(std::span<const T> values, storage stored) {
  column_chunk chunk;
  chunk.stored = stored;
  chunk.size = values.size();
  chunk.stride = static_cast<std::ptrdiff_t>(sizeof(T));
  chunk.data = reinterpret_cast<const std::byte*>(values.data());
  return chunk;
}

/// Texts as Arrow's large_utf8 holds them; the chunk keeps them alive.
class texts {
 public:
  texts(std::initializer_list<std::string> values) {
    for (const std::string& value : values) add(value);
  }
  void add(std::string_view value) {
    held_->text += value;
    held_->ends.push_back(static_cast<std::int64_t>(held_->text.size()));
  }
  [[nodiscard]] column_chunk chunk() const {
    column_chunk out;
    out.stored = storage::text64;
    out.size = held_->ends.size() - 1;
    out.offsets = reinterpret_cast<const std::byte*>(held_->ends.data());
    out.data = reinterpret_cast<const std::byte*>(held_->text.data());
    out.owner = held_;
    return out;
  }

 private:
  struct content {
    std::string text;
    std::vector<std::int64_t> ends{0};
  };
  std::shared_ptr<content> held_ = std::make_shared<content>();
};

inline input_column column_of(meaning what, std::vector<column_chunk> chunks) {
  column_type type;
  type.what = what;
  return {"c", type, std::move(chunks)};
}

inline input_column column_of(const texts& values) { return column_of(meaning::text, {values.chunk()}); }

}  // namespace cxmetrics_test

#endif  // CXMETRICS_TESTS_MADE_COLUMNS_HPP

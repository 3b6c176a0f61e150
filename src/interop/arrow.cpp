// SPDX-License-Identifier: Apache-2.0
#include "cxmetrics/interop/arrow.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "cxmetrics/core/error.hpp"

namespace cxmetrics {
inline namespace v0 {

namespace {

// ---- types

struct arrow_type {
  column_type type;
  storage stored = storage::nothing;
  std::size_t width = 0;  // bytes a value; 0 where values have none of their own
  int scale = 0;          // of decimals
};

struct plain_type {
  std::string_view format;
  std::string_view name;
  meaning what;
  storage stored;
  std::size_t width;
  std::int64_t numerator = 1;
  std::int64_t denominator = 1;
};

constexpr std::array plain_types{
    plain_type{"n", "null", meaning::nothing, storage::nothing, 0},
    plain_type{"b", "bool", meaning::truth, storage::bits, 0},
    plain_type{"c", "int8", meaning::integer, storage::int8, 1},
    plain_type{"C", "uint8", meaning::integer, storage::uint8, 1},
    plain_type{"s", "int16", meaning::integer, storage::int16, 2},
    plain_type{"S", "uint16", meaning::integer, storage::uint16, 2},
    plain_type{"i", "int32", meaning::integer, storage::int32, 4},
    plain_type{"I", "uint32", meaning::integer, storage::uint32, 4},
    plain_type{"l", "int64", meaning::integer, storage::int64, 8},
    plain_type{"L", "uint64", meaning::integer, storage::uint64, 8},
    plain_type{"e", "float16", meaning::real, storage::float16, 2},
    plain_type{"f", "float", meaning::real, storage::float32, 4},
    plain_type{"g", "double", meaning::real, storage::float64, 8},
    plain_type{"u", "utf8", meaning::text, storage::text32, 0},
    plain_type{"U", "large_utf8", meaning::text, storage::text64, 0},
    plain_type{"vu", "utf8_view", meaning::text, storage::text_view, 0},
    plain_type{"w:16", "fixed_size_binary(16)", meaning::text, storage::uuid, 16},
    plain_type{"_pli128", "int128 of polars", meaning::real, storage::decimal, 16},
    plain_type{"tdD", "date32", meaning::local, storage::int32, 4, 86'400'000'000, 1},
    plain_type{"tdm", "date64", meaning::local, storage::int64, 8, 1'000, 1},
    plain_type{"tts", "time32[s]", meaning::clock, storage::int32, 4, 1'000'000, 1},
    plain_type{"ttm", "time32[ms]", meaning::clock, storage::int32, 4, 1'000, 1},
    plain_type{"ttu", "time64[us]", meaning::clock, storage::int64, 8, 1, 1},
    plain_type{"ttn", "time64[ns]", meaning::clock, storage::int64, 8, 1, 1'000},
    plain_type{"tDs", "duration[s]", meaning::length, storage::int64, 8, 1'000'000, 1},
    plain_type{"tDm", "duration[ms]", meaning::length, storage::int64, 8, 1'000, 1},
    plain_type{"tDu", "duration[us]", meaning::length, storage::int64, 8, 1, 1},
    plain_type{"tDn", "duration[ns]", meaning::length, storage::int64, 8, 1, 1'000},
    plain_type{"tin", "month_day_nano_interval", meaning::length, storage::interval, 16},
    plain_type{"tss:", "timestamp[s]", meaning::local, storage::int64, 8, 1'000'000, 1},
    plain_type{"tsm:", "timestamp[ms]", meaning::local, storage::int64, 8, 1'000, 1},
    plain_type{"tsu:", "timestamp[us]", meaning::local, storage::int64, 8, 1, 1},
    plain_type{"tsn:", "timestamp[ns]", meaning::local, storage::int64, 8, 1, 1'000},
};

std::string other_name(std::string_view format) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 15> names{
      {{"+r", "run-end encoded"},
       {"+s", "struct"},
       {"+l", "list"},
       {"+L", "large_list"},
       {"+vl", "list_view"},
       {"+vL", "large_list_view"},
       {"+w", "fixed_size_list"},
       {"+m", "map"},
       {"+u", "union"},
       {"z", "binary"},
       {"Z", "large_binary"},
       {"vz", "binary_view"},
       {"w:", "fixed_size_binary"},
       {"tiM", "month_interval"},
       {"tiD", "day_time_interval"}}};
  for (const auto& [prefix, name] : names)
    if (format.substr(0, prefix.size()) == prefix) return std::string(name);
  return "\"" + std::string(format) + "\"";
}

// "d:precision,scale" or "d:precision,scale,bits"; absent for what is none.
std::optional<arrow_type> decimal_type(std::string_view format) {
  std::array<int, 3> part{0, 0, 128};
  if (format.substr(0, 2) != "d:") return std::nullopt;
  const char* at = format.data() + 1;
  const char* const end = format.data() + format.size();
  std::size_t parts = 0;
  for (; parts < part.size() && at != end; ++parts) {
    const auto [rest, error] = std::from_chars(at + 1, end, part[parts]);
    if (error != std::errc{} || (*at != ',' && parts > 0)) return std::nullopt;
    at = rest;
  }
  const auto [precision, scale, bits] = part;
  const bool known = bits == 32 || bits == 64 || bits == 128 || bits == 256;
  if (parts < 2 || at != end || !known || precision < 1 || precision > 76 || scale < -76 || scale > 76)
    return std::nullopt;
  arrow_type out;
  const bool whole = scale == 0 && precision <= 18;
  out.type.what = whole ? meaning::integer : meaning::real;
  out.type.shown = "Arrow type decimal" + std::to_string(bits) + "(" + std::to_string(precision) + ", " +
                   std::to_string(scale) + ")";
  out.stored = whole ? storage::whole_decimal : storage::decimal;
  out.width = static_cast<std::size_t>(bits) / 8;
  out.scale = scale;
  return out;
}

arrow_type type_of(const ArrowSchema& schema, bool nan_is_missing) {
  if (schema.format == nullptr) throw column_error("an Arrow schema has no format: the producer is at fault");
  const std::string_view format = schema.format;
  const bool timestamp = format.size() >= 4 && format.substr(0, 2) == "ts" && format[3] == ':';
  const std::string_view key = timestamp ? format.substr(0, 4) : format;
  arrow_type out;
  out.type.nan_is_missing = nan_is_missing;
  for (const plain_type& plain : plain_types) {
    if (plain.format != key) continue;
    out.type.what = plain.what;
    out.type.numerator = plain.numerator;
    out.type.denominator = plain.denominator;
    out.type.dates = key == "tdD" || key == "tdm";
    out.type.shown = "Arrow type " + std::string(plain.name);
    out.stored = plain.stored;
    out.width = plain.width;
    if (timestamp && format.size() > 4) {
      out.type.what = meaning::zoned;
      out.type.zone = format.substr(4);
      out.type.shown.pop_back();
      out.type.shown += ", " + out.type.zone + "]";
    }
    return out;
  }
  if (auto decimal = decimal_type(format)) {
    decimal->type.nan_is_missing = nan_is_missing;
    return *decimal;
  }
  out.type.what = meaning::other;
  out.type.shown = "Arrow type " + other_name(format);
  return out;
}

// ---- ownership

struct schema_guard {
  ArrowSchema value{};
  schema_guard() = default;
  schema_guard(const schema_guard&) = delete;
  schema_guard& operator=(const schema_guard&) = delete;
  ~schema_guard() {
    if (value.release != nullptr) value.release(&value);
  }
};

struct stream_guard {
  ArrowArrayStream value;
  explicit stream_guard(ArrowArrayStream& from) : value(from) { from.release = nullptr; }
  stream_guard(const stream_guard&) = delete;
  stream_guard& operator=(const stream_guard&) = delete;
  ~stream_guard() {
    if (value.release != nullptr) value.release(&value);
  }
  [[noreturn]] void fail(int code) {
    const char* message = value.get_last_error == nullptr ? nullptr : value.get_last_error(&value);
    throw column_error("the Arrow stream failed: " + std::string(message == nullptr ? "" : message) +
                       " (code " + std::to_string(code) + ")");
  }
};

struct array_owner {
  ArrowArray value;
  explicit array_owner(ArrowArray& from) : value(from) { from.release = nullptr; }
  array_owner(const array_owner&) = delete;
  array_owner& operator=(const array_owner&) = delete;
  ~array_owner() {
    if (value.release != nullptr) value.release(&value);
  }
};

// ---- arrays

[[noreturn]] void damaged(const std::string& name, const std::string& what) {
  throw column_error("column \"" + name + "\": the Arrow array " + what + ": the producer is at fault");
}

std::size_t checked_size(std::int64_t value, const std::string& name, const char* what) {
  constexpr std::int64_t most =
      std::numeric_limits<std::int64_t>::max() / 32;  // so that no size in bytes overflows
  if (value < 0 || value > most) damaged(name, "has the " + std::string(what) + " " + std::to_string(value));
  return static_cast<std::size_t>(value);
}

const std::byte* buffer(const ArrowArray& array, std::size_t i) {
  return static_cast<const std::byte*>(array.buffers[i]);
}

// One more tells of an array of another type than its schema.
void expect_buffers(const ArrowArray& array, std::int64_t count, bool or_more, const std::string& name) {
  if (array.n_buffers < count || (array.n_buffers > count && !or_more) || array.buffers == nullptr)
    damaged(name, "has " + std::to_string(array.n_buffers) + " buffers where its type has " +
                      std::to_string(count));
}

void add_views(column_chunk& chunk, const ArrowArray& array, const std::string& name) {
  // validity, views, any number of text buffers, and their sizes
  const auto texts = static_cast<std::size_t>(array.n_buffers) - 3;
  const auto* sizes = reinterpret_cast<const char*>(array.buffers[texts + 2]);
  if (texts > 0 && sizes == nullptr) damaged(name, "has no sizes of its text buffers");
  for (std::size_t i = 0; i < texts; ++i) {
    std::int64_t size = 0;
    std::memcpy(&size, sizes + i * sizeof size, sizeof size);
    const std::byte* data = buffer(array, i + 2);
    chunk.buffers.emplace_back(data, data == nullptr ? 0 : checked_size(size, name, "text buffer size"));
  }
}

// `skip` and `size` are the part of the array that its table's batch shows.
column_chunk chunk_of(const ArrowSchema& schema, const ArrowArray& array, const arrow_type& type,
                      std::size_t skip, std::size_t size, const std::string& name) {
  column_chunk chunk;
  const std::size_t first = checked_size(array.offset, name, "offset") + skip;
  chunk.size = size;
  chunk.first = first;
  if (array.null_count < -1 || array.null_count > array.length)
    damaged(name,
            "has the null count " + std::to_string(array.null_count) + " of " + std::to_string(array.length));
  if (type.type.what == meaning::other) return chunk;
  chunk.stored = type.stored;
  if (type.stored == storage::nothing) return chunk;

  const bool offsets = type.stored == storage::text32 || type.stored == storage::text64;
  const bool views = type.stored == storage::text_view;
  expect_buffers(array, offsets || views ? 3 : 2, views, name);
  if (array.null_count != 0) {
    chunk.validity = buffer(array, 0);
    chunk.validity_first = first;
    if (chunk.validity == nullptr && array.null_count > 0) damaged(name, "has nulls but says not where");
  }
  if (offsets) {
    chunk.offsets = buffer(array, 1);
    chunk.data = buffer(array, 2);
    if (chunk.offsets == nullptr && size > 0) damaged(name, "has no text offsets");
  } else {
    chunk.data = buffer(array, 1);
    if (chunk.data == nullptr && size > 0) damaged(name, "has no values");
    if (type.width > 0 && chunk.data != nullptr) {
      chunk.stride = static_cast<std::ptrdiff_t>(type.width);
      chunk.width = type.width;
      chunk.scale = type.scale;
      chunk.data += first * type.width;
    }
  }
  if (type.stored == storage::text_view) add_views(chunk, array, name);
  if ((schema.dictionary == nullptr) != (array.dictionary == nullptr))
    damaged(name, "and its schema do not agree whether there is a dictionary");
  return chunk;
}

bool is_dictionary(const ArrowSchema& schema) { return schema.dictionary != nullptr; }

// The type of the values, through a dictionary.
arrow_type value_type(const ArrowSchema& schema, bool nan_is_missing) {
  if (!is_dictionary(schema)) return type_of(schema, nan_is_missing);
  arrow_type out = type_of(*schema.dictionary, nan_is_missing);
  if (is_dictionary(*schema.dictionary) || type_of(schema, false).type.what != meaning::integer)
    out.type.what = meaning::other;
  out.type.shown = "Arrow dictionary of " + out.type.shown.substr(std::string_view("Arrow type ").size());
  return out;
}

column_chunk column_chunk_of(const ArrowSchema& schema, const ArrowArray& array, const arrow_type& values,
                             std::size_t skip, std::size_t size,
                             const std::shared_ptr<const array_owner>& owner, const std::string& name) {
  column_chunk chunk;
  if (!is_dictionary(schema) || values.type.what == meaning::other) {
    chunk = chunk_of(schema, array, values, skip, size, name);
  } else {
    chunk = chunk_of(schema, array, type_of(schema, false), skip, size, name);
    if (values.stored == storage::nothing) {  // a dictionary of nulls
      chunk.stored = storage::nothing;
      return chunk;
    }
    const ArrowArray& entries = *array.dictionary;
    auto dictionary = std::make_shared<column_chunk>(
        chunk_of(*schema.dictionary, entries, values, 0, checked_size(entries.length, name, "length"), name));
    chunk.dictionary = std::move(dictionary);
  }
  chunk.owner = owner;
  return chunk;
}

// ---- tables

class importer {
 public:
  importer(const ArrowSchema& schema, const arrow_options& options) : schema_(schema) {
    if (schema.release == nullptr) throw column_error("the Arrow schema was released: take a new one");
    if (schema.format == nullptr)
      throw column_error("an Arrow schema has no format: the producer is at fault");
    table_ = std::string_view(schema.format) == "+s" && !is_dictionary(schema);
    if (!table_) {
      add_field(schema, options);
      return;
    }
    const std::size_t fields = checked_size(schema.n_children, options.name, "number of columns");
    if (fields > 0 && schema.children == nullptr)
      damaged(options.name, "has no columns where it claims some");
    for (std::size_t i = 0; i < fields; ++i) {
      if (schema.children[i] == nullptr)
        damaged(options.name, "has no schema of column " + std::to_string(i));
      add_field(*schema.children[i], options);
    }
  }

  void add(ArrowArray& taken) {
    auto owner = std::make_shared<const array_owner>(taken);
    const ArrowArray& array = owner->value;
    const std::string& first = fields_.empty() ? no_name : fields_.front().name;
    const std::size_t size = checked_size(array.length, first, "length");
    if (!table_) {
      fields_.front().chunks.push_back(
          column_chunk_of(schema_, array, fields_.front().type, 0, size, owner, first));
      return;
    }
    if (array.n_children != static_cast<std::int64_t>(fields_.size()) ||
        (!fields_.empty() && array.children == nullptr))
      damaged(first, "has " + std::to_string(array.n_children) + " columns where its schema has " +
                         std::to_string(fields_.size()));
    const std::size_t skip = checked_size(array.offset, first, "offset");
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      field& f = fields_[i];
      if (array.children[i] == nullptr) damaged(f.name, "is not there");
      const ArrowArray& child = *array.children[i];
      if (checked_size(child.length, f.name, "length") < skip + size)
        damaged(f.name, "has " + std::to_string(child.length) + " rows where its table has " +
                            std::to_string(skip + size));
      column_chunk chunk = column_chunk_of(*schema_.children[i], child, f.type, skip, size, owner, f.name);
      if (array.null_count != 0 && array.n_buffers > 0 && array.buffers != nullptr) {
        chunk.row_validity = buffer(array, 0);
        chunk.row_validity_first = skip;
      }
      f.chunks.push_back(std::move(chunk));
    }
  }

  arrow_columns take() && {
    arrow_columns out;
    out.is_table = table_;
    for (field& f : fields_)
      out.columns.emplace_back(std::move(f.name), std::move(f.type.type), std::move(f.chunks));
    return out;
  }

 private:
  struct field {
    std::string name;
    arrow_type type;
    std::vector<column_chunk> chunks;
  };

  void add_field(const ArrowSchema& schema, const arrow_options& options) {
    const bool named = schema.name != nullptr && (table_ || *schema.name != '\0');
    fields_.push_back({named ? schema.name : options.name, value_type(schema, options.nan_is_missing), {}});
  }

  static inline const std::string no_name = "values";
  const ArrowSchema& schema_;
  bool table_ = false;
  std::vector<field> fields_;
};

}  // namespace

arrow_columns import_arrow(ArrowArrayStream& stream, const arrow_options& options) {
  if (stream.release == nullptr)
    throw column_error(
        "the Arrow stream was already read or released: a stream is good for one use, take a new one");
  stream_guard source(stream);
  schema_guard schema;
  if (const int code = source.value.get_schema(&source.value, &schema.value); code != 0) source.fail(code);
  importer columns(schema.value, options);
  while (true) {
    ArrowArray batch{};
    if (const int code = source.value.get_next(&source.value, &batch); code != 0) source.fail(code);
    if (batch.release == nullptr) break;
    columns.add(batch);
  }
  return std::move(columns).take();
}

arrow_columns import_arrow(const ArrowSchema& schema, ArrowArray& array, const arrow_options& options) {
  if (array.release == nullptr)
    throw column_error(
        "the Arrow array was already read or released: an array is good for one use, take a new one");
  importer columns(schema, options);
  columns.add(array);
  return std::move(columns).take();
}

}  // namespace v0
}  // namespace cxmetrics

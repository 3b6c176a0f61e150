// SPDX-License-Identifier: Apache-2.0
// Any Arrow array, of any type and with any contradiction that its consumer can see: an error that names the
// column, or as many values as it has rows. Fixed-width buffers and bytes of texts are as long as length and
// offsets say: the C data interface does not tell their sizes, so nobody could check them.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <list>
#include <string>
#include <string_view>
#include <vector>

#include <cxmetrics/core/error.hpp>
#include <cxmetrics/engine/canonical_reader.hpp>
#include <cxmetrics/engine/key_codes.hpp>
#include <cxmetrics/interop/arrow.hpp>

using namespace cxmetrics;

namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

/// The input, a number at a time; zeros behind its end.
class source {
 public:
  source(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}

  std::uint8_t byte() { return at_ == end_ ? std::uint8_t{0} : *at_++; }
  std::int64_t below(std::int64_t limit) { return byte() % limit; }
  bool one_in(std::int64_t n) { return below(n) == n - 1; }
  std::int64_t any() {
    std::array<std::uint8_t, 8> bytes{};
    for (std::uint8_t& b : bytes) b = byte();
    std::int64_t value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

struct kind {
  const char* format;
  std::size_t width;  // bytes a value; 0: texts, 1 with `bits`: a bitmap
  enum class form : std::uint8_t { nothing, bits, fixed, text32, text64, view, other } form;
};
constexpr std::array kinds{kind{"n", 0, kind::form::nothing},      kind{"b", 1, kind::form::bits},
                           kind{"c", 1, kind::form::fixed},        kind{"L", 8, kind::form::fixed},
                           kind{"s", 2, kind::form::fixed},        kind{"e", 2, kind::form::fixed},
                           kind{"g", 8, kind::form::fixed},        kind{"u", 0, kind::form::text32},
                           kind{"U", 0, kind::form::text64},       kind{"vu", 16, kind::form::view},
                           kind{"tsn:", 8, kind::form::fixed},     kind{"tss:UTC", 8, kind::form::fixed},
                           kind{"tdD", 4, kind::form::fixed},      kind{"tin", 16, kind::form::fixed},
                           kind{"tDu", 8, kind::form::fixed},      kind{"ttm", 4, kind::form::fixed},
                           kind{"d:9,2,32", 4, kind::form::fixed}, kind{"d:18,0,64", 8, kind::form::fixed},
                           kind{"d:38,5", 16, kind::form::fixed},  kind{"d:76,-3,256", 32, kind::form::fixed},
                           kind{"d:12,0", 16, kind::form::fixed},  kind{"w:16", 16, kind::form::fixed},
                           kind{"_pli128", 16, kind::form::fixed}, kind{"+r", 0, kind::form::other},
                           kind{"d:99,1", 16, kind::form::other},  kind{"?", 0, kind::form::other}};
constexpr std::array index_kinds{kind{"c", 1, kind::form::fixed}, kind{"I", 4, kind::form::fixed},
                                 kind{"l", 8, kind::form::fixed}, kind{"g", 8, kind::form::fixed}};

/// Schema and array of one field, with whatever they point to.
class field {
 public:
  field(source& from, int depth) {
    schema.name = "x";
    schema.release = [](ArrowSchema* s) { s->release = nullptr; };
    array.release = [](ArrowArray* a) { a->release = nullptr; };
    array.length = from.below(20);
    array.offset = from.below(6);
    const bool is_dictionary = depth < 2 && from.one_in(4);
    const kind& what = is_dictionary ? index_kinds[static_cast<std::size_t>(from.below(index_kinds.size()))]
                                     : kinds[static_cast<std::size_t>(from.below(kinds.size()))];
    schema.format = what.format;
    fill(from, what, static_cast<std::size_t>(array.length + array.offset));
    if (is_dictionary) {
      field& values = inner_.emplace_back(from, depth + 1);
      schema.dictionary = &values.schema;
      array.dictionary = from.one_in(12) ? nullptr : &values.array;
    }
    contradict(from);
    array.buffers = buffers_.data();
  }
  field(const field&) = delete;
  field& operator=(const field&) = delete;

  ArrowSchema schema{};
  ArrowArray array{};

 private:
  std::byte* allocate(std::size_t size) {
    return memory_.emplace_back(std::vector<std::byte>(std::max<std::size_t>(size, 1))).data();
  }
  std::byte* random(source& from, std::size_t size) {
    std::byte* const at = allocate(size);
    for (std::size_t i = 0; i < size; ++i) at[i] = std::byte{from.byte()};
    return at;
  }

  void fill(source& from, const kind& what, std::size_t rows) {
    if (what.form == kind::form::nothing) return;
    buffers_.push_back(random(from, (rows + 7) / 8));
    array.null_count = from.one_in(2) ? -1 : 0;
    constexpr std::size_t text_size = 24;
    switch (what.form) {
      case kind::form::bits: buffers_.push_back(random(from, (rows + 7) / 8)); break;
      case kind::form::text32: offsets<std::int32_t>(from, rows, text_size); break;
      case kind::form::text64: offsets<std::int64_t>(from, rows, text_size); break;
      default: buffers_.push_back(random(from, rows * what.width));
    }
    if (what.form == kind::form::text32 || what.form == kind::form::text64)
      buffers_.push_back(random(from, text_size));
    if (what.form == kind::form::view) {  // everything in a view can be checked: it is arbitrary
      auto* sizes = reinterpret_cast<std::int64_t*>(allocate(2 * sizeof(std::int64_t)));
      for (std::size_t i = 0; i < 2; ++i) {
        sizes[i] = from.below(30);
        buffers_.push_back(random(from, static_cast<std::size_t>(sizes[i])));
      }
      if (from.one_in(8)) sizes[0] = -from.below(100);
      buffers_.push_back(reinterpret_cast<std::byte*>(sizes));
    }
    array.n_buffers = static_cast<std::int64_t>(buffers_.size());
  }

  template <class Offset>
  void offsets(source& from, std::size_t rows, std::size_t limit) {
    std::byte* const at = allocate((rows + 1) * sizeof(Offset));
    Offset last = 0;
    for (std::size_t i = 0; i <= rows; ++i) {
      const auto next = static_cast<Offset>(from.below(static_cast<std::int64_t>(limit) + 1));
      last = from.one_in(3) ? next : std::max(last, next);  // mostly rising
      if (from.one_in(40)) last = static_cast<Offset>(-last);
      std::memcpy(at + i * sizeof(Offset), &last, sizeof last);
      last = last < 0 ? Offset{0} : last;
    }
    buffers_.push_back(at);
  }

  void contradict(source& from) {
    switch (from.below(24)) {
      case 0: array.length = -1 - from.below(100); break;
      case 1: array.offset = -1 - from.below(100); break;
      case 2: array.length = from.any() | std::int64_t{1} << 62; break;
      case 3: array.null_count = from.any(); break;
      case 4: array.n_buffers = from.below(std::min<std::int64_t>(array.n_buffers, 2) + 1); break;
      case 5:
        if (!buffers_.empty()) buffers_[static_cast<std::size_t>(from.below(array.n_buffers))] = nullptr;
        break;
      case 6: array.n_buffers = -from.below(100); break;
      case 7: schema.format = nullptr; break;
      default: break;
    }
  }

  std::list<std::vector<std::byte>> memory_;
  std::vector<const void*> buffers_;
  std::list<field> inner_;
};

template <class Reader>
void read_all(Reader&& make, const input_column& column) {
  try {
    const auto reader = make();
    using value = typename std::remove_cvref_t<decltype(reader->found())>;
    static_assert(std::is_same_v<value, reading>);
    std::size_t row = 0;
    while (row < column.size()) {
      auto block = [&]<class T>(canonical_reader<T>& r) {
        std::vector<T> out(std::min<std::size_t>(7, column.size() - row));
        r.read(row, out);
        row += out.size();
      };
      block(*reader);
    }
    require(reader->found().rows == column.size());
  } catch (const error&) {}
}

void read_as_everything(const input_column& column) {
  const std::map<std::string, std::uint8_t, std::less<>> codes{{"a", 0}, {"b", 1}};
  read_all([&] { return read_scores(column); }, column);
  read_all([&] { return read_instants(column, {}); }, column);
  read_all([&] { return read_durations(column, "s"); }, column);
  read_all([&] { return read_labels(column, codes); }, column);
  read_all([&] { return read_truths(column, 1, 0); }, column);
  for (const bool identify : {false, true}) try {
      require(encode_keys(column, {default_missing(), identify, true}).codes.size() == column.size());
    } catch (const error&) {}
  for (std::size_t row = 0; row < column.size() + 1; ++row) try {
      static_cast<void>(column.show(row));
    } catch (const error&) {}
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  source from(data, size);
  const bool is_table = from.one_in(2);
  std::list<field> fields;
  const auto count = static_cast<std::size_t>(is_table ? from.below(4) : 1);
  for (std::size_t i = 0; i < count; ++i) fields.emplace_back(from, 0);

  ArrowSchema schema{};
  ArrowArray array{};
  std::vector<ArrowSchema*> schemas;
  std::vector<ArrowArray*> arrays;
  std::vector<std::byte> validity(8);
  const void* buffers[]{validity.data()};
  if (is_table) {
    for (field& f : fields) {
      schemas.push_back(&f.schema);
      arrays.push_back(from.one_in(30) ? nullptr : &f.array);
    }
    schema = {.format = "+s",
              .name = "",
              .metadata = nullptr,
              .flags = 0,
              .n_children = static_cast<std::int64_t>(schemas.size()),
              .children = schemas.data(),
              .dictionary = nullptr,
              .release = [](ArrowSchema* s) { s->release = nullptr; },
              .private_data = nullptr};
    array = {.length = from.below(20),
             .null_count = from.one_in(3) ? 1 : 0,
             .offset = from.below(4),
             .n_buffers = 1,
             .n_children = static_cast<std::int64_t>(arrays.size()) - (from.one_in(20) ? 1 : 0),
             .buffers = buffers,
             .children = arrays.data(),
             .dictionary = nullptr,
             .release = [](ArrowArray* a) { a->release = nullptr; },
             .private_data = nullptr};
    if (from.one_in(10)) array.length = 1'000'000'000;  // a length that lies
  } else {
    schema = fields.front().schema;
    array = fields.front().array;
  }
  try {
    const arrow_columns found = import_arrow(schema, array, {from.one_in(2), "x"});
    for (const input_column& column : found.columns)
      if (column.size() < 1'000) read_as_everything(column);
  } catch (const error&) {}
  return 0;
}

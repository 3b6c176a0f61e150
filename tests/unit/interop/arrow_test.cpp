// SPDX-License-Identifier: Apache-2.0
#include "cxmetrics/interop/arrow.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cxmetrics/core/column.hpp"
#include "cxmetrics/core/error.hpp"
#include "cxmetrics/engine/canonical_reader.hpp"
#include "cxmetrics/engine/key_codes.hpp"

namespace arrow_test {

using namespace cxmetrics;

namespace {

int released = 0;  // arrays that their consumer has let go

/// A schema that this test owns; the consumer only looks at it, or releases what a stream gave it.
struct made_schema {
  std::string format, name{};
  std::vector<made_schema> fields{};
  std::unique_ptr<made_schema> dictionary{};

  ArrowSchema c() {
    for (made_schema& f : fields) children_.push_back(f.c());
    for (ArrowSchema& child : children_) pointers_.push_back(&child);
    if (dictionary) dictionary_ = dictionary->c();
    ArrowSchema out{};
    out.format = format.c_str();
    out.name = name.c_str();
    out.n_children = static_cast<std::int64_t>(children_.size());
    out.children = pointers_.data();
    out.dictionary = dictionary ? &dictionary_ : nullptr;
    out.release = [](ArrowSchema* schema) { schema->release = nullptr; };
    return out;
  }

  std::vector<ArrowSchema> children_{};
  std::vector<ArrowSchema*> pointers_{};
  ArrowSchema dictionary_{};
};

/// An array that this test owns.
struct made_array {
  std::int64_t length = 0, null_count = 0, offset = 0;
  std::vector<const void*> buffers{};
  std::vector<made_array> columns{};
  std::unique_ptr<made_array> dictionary{};

  ArrowArray c() {
    for (made_array& column : columns) children_.push_back(column.c());
    for (ArrowArray& child : children_) pointers_.push_back(&child);
    if (dictionary) dictionary_ = dictionary->c();
    ArrowArray out{};
    out.length = length;
    out.null_count = null_count;
    out.offset = offset;
    out.n_buffers = static_cast<std::int64_t>(buffers.size());
    out.buffers = buffers.data();
    out.n_children = static_cast<std::int64_t>(children_.size());
    out.children = pointers_.data();
    out.dictionary = dictionary ? &dictionary_ : nullptr;
    out.release = [](ArrowArray* array) {
      ++released;
      array->release = nullptr;
    };
    return out;
  }

  std::vector<ArrowArray> children_{};
  std::vector<ArrowArray*> pointers_{};
  ArrowArray dictionary_{};
};

template <class T>
made_array numbers(const std::vector<T>& values) {
  made_array out;
  out.length = static_cast<std::int64_t>(values.size());
  out.buffers = {nullptr, values.data()};
  return out;
}

made_schema of(std::string format, std::string name = {}) {
  return {.format = std::move(format), .name = std::move(name)};
}

input_column one(made_schema schema, made_array array) {
  ArrowSchema s = schema.c();
  ArrowArray a = array.c();
  arrow_columns found = import_arrow(s, a);
  REQUIRE(found.columns.size() == 1);
  return found.columns.front();
}

std::vector<std::int8_t> scores(const input_column& column) {
  auto reader = read_scores(column);
  std::vector<std::int8_t> out(column.size());
  reader->read(0, out);
  return out;
}

std::string complaint(made_schema schema, made_array array) {
  ArrowSchema s = schema.c();
  ArrowArray a = array.c();
  try {
    static_cast<void>(import_arrow(s, a));
  } catch (const column_error& e) {
    return e.what();
  }
  return "no error";
}

constexpr std::int8_t none = absent<std::int8_t>::missing;

}  // namespace

TEST_CASE("numbers are read where they lie, and the array is released with the last column") {
  const std::vector<std::int8_t> values{1, 2, 3};
  released = 0;
  {
    const input_column column = one(of("c"), numbers(values));
    REQUIRE(column.raw_int8());
    CHECK(column.raw_int8()->front().data() == values.data());
    CHECK(column.type().shown == "Arrow type int8");
    const input_column copy = column.renamed("other");
    CHECK(released == 0);
  }
  CHECK(released == 1);
}

TEST_CASE("integers and floats of every width are read") {
  CHECK(scores(one(of("C"), numbers(std::vector<std::uint8_t>{9, 0}))) == std::vector<std::int8_t>{9, 0});
  const std::vector<std::int64_t> wide{9, 0};
  CHECK(scores(one(of("l"), numbers(wide))) == std::vector<std::int8_t>{9, 0});
  const std::vector<std::uint16_t> halves{0x4880, 0x0000, 0x3c00, 0x7c00};  // 9, 0, 1, infinity
  CHECK(scores(one(of("e"), numbers(halves))) ==
        std::vector<std::int8_t>{9, 0, 1, absent<std::int8_t>::invalid});
  const std::vector<double> reals{9.0, std::numeric_limits<double>::quiet_NaN()};
  CHECK(scores(one(of("g"), numbers(reals))) == std::vector<std::int8_t>{9, absent<std::int8_t>::invalid});
}

TEST_CASE("nulls are missing, with an offset and with an unknown count") {
  const std::vector<std::int32_t> values{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const std::array<std::uint8_t, 2> bitmap{0b1111'1011, 0b01};  // rows 2 and 9 are null
  for (const std::int64_t count : {std::int64_t{2}, std::int64_t{-1}}) {
    made_array array = numbers(values);
    array.buffers[0] = bitmap.data();
    array.null_count = count;
    array.offset = 1;
    array.length = 9;
    CHECK(scores(one(of("i"), std::move(array))) ==
          std::vector<std::int8_t>{2, none, 4, 5, 6, 7, 8, 9, none});
  }
  made_array without = numbers(values);
  without.null_count = -1;
  without.length = 2;
  CHECK(scores(one(of("i"), std::move(without))) == std::vector<std::int8_t>{1, 2});
}

TEST_CASE("bits, texts of every layout and nulls alone are read") {
  const std::uint8_t bits = 0b10;
  made_array truths;
  truths.length = 2;
  truths.buffers = {nullptr, &bits};
  auto reader = read_truths(one(of("b"), std::move(truths)), 1, 0);
  std::vector<std::uint8_t> yes(2);
  reader->read(0, yes);
  CHECK(yes == std::vector<std::uint8_t>{0, 1});

  const std::string text = "xx107";
  const std::vector<std::int32_t> ends{2, 4, 5};
  made_array utf8;
  utf8.length = 2;
  utf8.buffers = {nullptr, ends.data(), text.data()};
  CHECK(scores(one(of("u"), std::move(utf8))) == std::vector<std::int8_t>{10, 7});
  const std::vector<std::int64_t> wide(ends.begin(), ends.end());
  made_array large;
  large.length = 2;
  large.buffers = {nullptr, wide.data(), text.data()};
  CHECK(scores(one(of("U"), std::move(large))) == std::vector<std::int8_t>{10, 7});

  made_array nothing;
  nothing.length = 2;
  nothing.null_count = 2;
  CHECK(scores(one(of("n"), std::move(nothing))) == std::vector<std::int8_t>{none, none});
}

TEST_CASE("text views are read, short and long, and are kept within their buffers") {
  struct view {
    std::int32_t size;
    char first[4];
    std::int32_t buffer;
    std::int32_t begin;
  };
  static_assert(sizeof(view) == 16);
  const std::string text = "a customer of many letters";
  const std::int64_t sizes = static_cast<std::int64_t>(text.size());
  const auto read = [&](const view& v) {
    const std::vector<view> views{v};
    made_array array;
    array.length = 1;
    array.buffers = {nullptr, views.data(), text.data(), &sizes};
    return encode_keys(one(of("vu"), std::move(array)));
  };
  CHECK(read({2, {'i', 't', 0, 0}, 0, 0}).texts == std::vector<std::string>{"it"});
  CHECK(read({15, {'u', 's', 't', 'o'}, 0, 3}).texts == std::vector<std::string>{"ustomer of many"});
  CHECK_THROWS_AS(static_cast<void>(read({15, {}, 0, 20})), column_error);
  CHECK_THROWS_AS(static_cast<void>(read({15, {}, 1, 0})), column_error);
  CHECK_THROWS_AS(static_cast<void>(read({15, {}, 0, -1})), column_error);
  CHECK_THROWS_AS(static_cast<void>(read({-1, {}, 0, 0})), column_error);
}

TEST_CASE("times keep their unit and zone, dates are times without a zone") {
  const std::vector<std::int64_t> when{1'526'000'000};
  const input_column zoned = one(of("tss:Europe/Amsterdam"), numbers(when));
  CHECK(zoned.type().what == meaning::zoned);
  CHECK(zoned.type().zone == "Europe/Amsterdam");
  CHECK(zoned.type().shown == "Arrow type timestamp[s, Europe/Amsterdam]");
  CHECK(one(of("tsn:"), numbers(when)).type().what == meaning::local);
  const std::vector<std::int32_t> days{17'600};
  auto reader = read_instants(one(of("tdD"), numbers(days)), {});
  std::vector<std::int64_t> us(1);
  reader->read(0, us);
  CHECK(us.front() == 17'600 * 86'400'000'000);
  CHECK(reader->naive());
}

TEST_CASE("durations, times of day and intervals are durations; months have no length") {
  const auto read = [](const input_column& column) {
    auto reader = read_durations(column);
    std::vector<std::int64_t> us(column.size());
    reader->read(0, us);
    return us;
  };
  const std::vector<std::int64_t> ms{1'500};
  CHECK(read(one(of("tDm"), numbers(ms))) == std::vector<std::int64_t>{1'500'000});
  const std::vector<std::int32_t> clock{189};
  CHECK(read(one(of("tts"), numbers(clock))) == std::vector<std::int64_t>{189'000'000});
  struct interval {
    std::int32_t months, days;
    std::int64_t nanoseconds;
  };
  const std::vector<interval> intervals{{0, 1, 1'000}, {1, 0, 0}};
  CHECK(read(one(of("tin"), numbers(intervals))) ==
        std::vector<std::int64_t>{86'400'000'001, absent<std::int64_t>::invalid});
}

TEST_CASE("each batch of a stream may have a dictionary of its own") {
  struct batches {
    std::vector<std::string> texts{"itsales", "salesit"};
    std::vector<std::vector<std::int32_t>> ends{{0, 2, 7}, {0, 5, 7}};
    std::vector<std::int8_t> indices{0, 1};
    made_schema schema = of("c", "queue");
    std::vector<made_array> arrays{2};
    std::size_t next = 0;
  } source;
  source.schema.dictionary = std::make_unique<made_schema>(of("u"));
  ArrowArrayStream stream{};
  stream.private_data = &source;
  stream.get_schema = [](ArrowArrayStream* s, ArrowSchema* out) {
    *out = static_cast<batches*>(s->private_data)->schema.c();
    return 0;
  };
  stream.get_next = [](ArrowArrayStream* s, ArrowArray* out) {
    auto& b = *static_cast<batches*>(s->private_data);
    *out = {};
    if (b.next == b.arrays.size()) return 0;
    made_array& array = b.arrays[b.next];
    array = numbers(b.indices);
    array.dictionary = std::make_unique<made_array>();
    array.dictionary->length = 2;
    array.dictionary->buffers = {nullptr, b.ends[b.next].data(), b.texts[b.next].data()};
    *out = array.c();
    ++b.next;
    return 0;
  };
  stream.release = [](ArrowArrayStream* s) { s->release = nullptr; };
  const arrow_columns found = import_arrow(stream);
  CHECK_FALSE(found.is_table);
  CHECK((stream.release == nullptr));
  const key_codes keys = encode_keys(found.columns.front());
  CHECK(keys.texts == std::vector<std::string>{"it", "sales"});
  CHECK(keys.codes == std::vector<std::int32_t>{0, 1, 1, 0});
  CHECK_THROWS_WITH_AS(
      static_cast<void>(import_arrow(stream)),
      "the Arrow stream was already read or released: a stream is good for one use, take a new one",
      column_error);
}

TEST_CASE("a stream that fails says why, and is released") {
  ArrowArrayStream stream{};
  static int closed = 0;
  stream.get_schema = [](ArrowArrayStream*, ArrowSchema*) { return 5; };
  stream.get_last_error = [](ArrowArrayStream*) { return "the disk is full"; };
  stream.release = [](ArrowArrayStream* s) {
    ++closed;
    s->release = nullptr;
  };
  CHECK_THROWS_WITH_AS(static_cast<void>(import_arrow(stream)),
                       "the Arrow stream failed: the disk is full (code 5)", column_error);
  CHECK(closed == 1);
}

TEST_CASE("a struct is a table: its own offset and nulls are its columns'") {
  const std::vector<std::int8_t> values{1, 2, 3, 4, 5};
  const std::uint8_t rows = 0b01010;  // row 2 of the struct is null
  made_array table;
  table.length = 3;
  table.offset = 1;
  table.null_count = 1;
  table.buffers = {&rows};
  table.columns.push_back(numbers(values));
  table.columns.front().length = 4;
  table.columns.front().offset = 1;
  made_schema schema = of("+s");
  schema.fields.push_back(of("c", "score"));
  ArrowSchema s = schema.c();
  ArrowArray a = table.c();
  const arrow_columns found = import_arrow(s, a);
  CHECK(found.is_table);
  CHECK(found.columns.front().name() == "score");
  CHECK(scores(found.columns.front()) == std::vector<std::int8_t>{3, none, 5});
}

TEST_CASE("other types stand in a table and are refused by name where they are used") {
  for (const auto& [format, name] :
       std::vector<std::pair<std::string, std::string>>{{"+r", "run-end encoded"},
                                                        {"+l", "list"},
                                                        {"d:99,2", "\"d:99,2\""},
                                                        {"d:10", "\"d:10\""},
                                                        {"d:10,2,17", "\"d:10,2,17\""},
                                                        {"z", "binary"},
                                                        {"tiD", "day_time_interval"}}) {
    made_array array;
    array.length = 2;
    const input_column column = one(of(format), std::move(array));
    CHECK(column.size() == 2);
    CHECK(describe(column) == "column \"values\" (Arrow type " + name + ")");
    CHECK_THROWS_AS(static_cast<void>(read_scores(column)), column_error);
    CHECK_THROWS_AS(static_cast<void>(read_instants(column, {})), column_error);
    CHECK_THROWS_AS(static_cast<void>(read_durations(column)), column_error);
    CHECK_THROWS_AS(static_cast<void>(read_labels(column, {})), column_error);
    CHECK_THROWS_AS(static_cast<void>(encode_keys(column)), column_error);
  }
}

TEST_CASE("arrays that contradict themselves are errors, never a read past the end") {
  const std::vector<std::int8_t> values{1, 2};
  const auto with = [&](auto change) {
    made_array array = numbers(values);
    change(array);
    return complaint(of("c", "score"), std::move(array));
  };
  CHECK(with([](made_array& a) { a.length = -1; }) ==
        "column \"score\": the Arrow array has the length -1: the producer is at fault");
  CHECK(with([](made_array& a) { a.length = std::numeric_limits<std::int64_t>::max(); }).find("length") !=
        std::string::npos);
  CHECK(with([](made_array& a) { a.offset = -2; }).find("offset -2") != std::string::npos);
  CHECK(with([](made_array& a) { a.null_count = 3; }).find("null count 3 of 2") != std::string::npos);
  CHECK(with([](made_array& a) { a.null_count = 1; }).find("nulls but says not where") != std::string::npos);
  CHECK(with([](made_array& a) { a.buffers.clear(); }).find("0 buffers where its type has 2") !=
        std::string::npos);
  CHECK(with([](made_array& a) { a.buffers[1] = nullptr; }).find("no values") != std::string::npos);
  CHECK(with([](made_array& a) { a.dictionary = std::make_unique<made_array>(); }).find("dictionary") !=
        std::string::npos);

  made_array table;
  table.length = 1'000'000'000;
  table.buffers = {nullptr};
  table.columns.push_back(numbers(values));
  made_schema schema = of("+s");
  schema.fields.push_back(of("c", "score"));
  CHECK(complaint(std::move(schema), std::move(table)) ==
        "column \"score\": the Arrow array has 2 rows where its table has 1000000000: the producer is at "
        "fault");
}

TEST_CASE("text offsets that fall are an error when they are read") {
  const std::string text = "abc";
  const std::vector<std::int32_t> ends{0, 3, 1};
  made_array utf8;
  utf8.length = 2;
  utf8.buffers = {nullptr, ends.data(), text.data()};
  const input_column column = one(of("u", "score"), std::move(utf8));
  CHECK_THROWS_WITH_AS(
      static_cast<void>(scores(column)),
      "column \"score\" (Arrow type utf8), row 1: its text offsets fall from 3 to 1: the array "
      "is damaged, and its producer at fault",
      column_error);
  CHECK_THROWS_AS(static_cast<void>(read_instants(column, {})), column_error);
  CHECK_THROWS_AS(static_cast<void>(encode_keys(column)), column_error);
  CHECK_THROWS_AS(static_cast<void>(column.show(1)), column_error);
}

TEST_CASE("a dictionary that does not hold what its indices ask for is an error with the row that asks") {
  const std::string text = "itsales";
  const std::vector<std::int32_t> ends{0, 2, 7}, falling{0, 7, 2};
  const auto queue = [&](const std::vector<std::int8_t>& indices, const std::vector<std::int32_t>& offsets) {
    made_schema schema = of("c", "queue");
    schema.dictionary = std::make_unique<made_schema>(of("u"));
    made_array array = numbers(indices);
    array.dictionary = std::make_unique<made_array>();
    array.dictionary->length = 2;
    array.dictionary->buffers = {nullptr, offsets.data(), text.data()};
    return one(std::move(schema), std::move(array));
  };
  const std::vector<std::int8_t> beyond{0, 1, 2}, below{-1}, good{0, 0, 1};
  const std::string where = "column \"queue\" (Arrow dictionary of utf8), row ";
  const std::string why = ": the array is damaged, and its producer at fault";
  CHECK_THROWS_WITH_AS(static_cast<void>(encode_keys(queue(beyond, ends))),
                       (where + "2: its dictionary index is 2 of 2 entries" + why).c_str(), column_error);
  CHECK_THROWS_WITH_AS(
      static_cast<void>(scores(queue(below, falling))),
      (where + "0: of entry 1 of its dictionary, its text offsets fall from 7 to 2" + why).c_str(),
      column_error);
  CHECK_THROWS_WITH_AS(
      static_cast<void>(encode_keys(queue(good, falling))),
      (where + "2: of entry 1 of its dictionary, its text offsets fall from 7 to 2" + why).c_str(),
      column_error);
}

TEST_CASE("decimals are the numbers that they are") {
  // 7.00, -0.50 and 10^20 of 16 bytes, in units of 0.01
  using wide = std::array<std::uint64_t, 2>;
  const std::vector<wide> units{
      {700, 0}, {~std::uint64_t{49}, ~std::uint64_t{0}}, {1'864'712'049'423'024'128u, 542}};
  const input_column column = one(of("d:38,2", "score"), numbers(units));
  CHECK(describe(column) == "column \"score\" (Arrow type decimal128(38, 2))");
  CHECK(column.show(0) == "7.00");
  CHECK(column.show(1) == "-0.50");
  CHECK(column.show(2) == "100000000000000000000.00");
  CHECK(scores(column) ==
        std::vector<std::int8_t>{7, absent<std::int8_t>::invalid, absent<std::int8_t>::invalid});
  const std::vector<std::int32_t> few{9, -1};
  const input_column small = one(of("d:9,0,32", "score"), numbers(few));
  CHECK(scores(small) == std::vector<std::int8_t>{9, absent<std::int8_t>::invalid});
  const std::vector<wide> round{{5, 0}, {0, 0}};
  const input_column thousands = one(of("d:9,-3", "score"), numbers(round));
  CHECK(thousands.show(0) == "5000");
  CHECK(scores(thousands) == std::vector<std::int8_t>{absent<std::int8_t>::invalid, 0});
}

TEST_CASE("a decimal of more digits than its type allows is damaged") {
  using wide = std::array<std::uint64_t, 2>;
  const std::vector<wide> units{{1, 0}, {1, 1}};
  const input_column column = one(of("d:18,0", "id"), numbers(units));
  CHECK_THROWS_WITH_AS(
      static_cast<void>(encode_keys(column)),
      "column \"id\" (Arrow type decimal128(18, 0)), row 1: a decimal has more digits than its type "
      "allows: the array is damaged, and its producer at fault",
      column_error);
}

TEST_CASE("an empty array needs no buffers with bytes in them") {
  made_array array;
  array.buffers = {nullptr, nullptr};
  CHECK(scores(one(of("g"), std::move(array))).empty());
}

TEST_CASE("an array is good for one use") {
  const std::vector<std::int8_t> values{1};
  made_schema schema = of("c");
  made_array array = numbers(values);
  ArrowSchema s = schema.c();
  ArrowArray a = array.c();
  static_cast<void>(import_arrow(s, a));
  CHECK((a.release == nullptr));
  CHECK_THROWS_AS(static_cast<void>(import_arrow(s, a)), column_error);
}

}  // namespace arrow_test

// SPDX-License-Identifier: Apache-2.0
// The readers of canonical columns, as something that Python can put off.
#if defined(__linux__)
#include <sched.h>
#endif

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cxmetrics/core/parallel.hpp>
#include <cxmetrics/engine/canonical_reader.hpp>

#include "bind.hpp"
#include "columns.hpp"
#include "interruptible.hpp"
#include "looks.hpp"
#include "unread.hpp"

namespace cxmetrics::python {

namespace {

template <class Reader, class Look>
class unread_of final : public unread_column {
  using value = typename Reader::value_type;
  using make_reader = std::function<std::unique_ptr<Reader>(const std::stop_token&)>;

 public:
  /// Errors: those of the reader about the type of the column.
  unread_of(std::size_t rows, make_reader make, Look look)
      : make_(std::move(make)), all_(interruptible(rows, make_), std::move(look)) {}

  [[nodiscard]] std::size_t size() const override { return column().size(); }
  [[nodiscard]] py::array none() const override { return py::array_t<value>(0); }
  [[nodiscard]] bool by_blocks() const override {
    const auto in_dictionary = [](const column_chunk& chunk) { return chunk.dictionary != nullptr; };
    const std::vector<column_chunk>& chunks = column().chunks();
    return column().type().what != meaning::text || std::all_of(chunks.begin(), chunks.end(), in_dictionary);
  }

  [[nodiscard]] std::unique_ptr<block_reader> start() const override {
    return std::make_unique<part>(make_({}), all_.look);
  }
  void settle(block_readers parts) override {
    if (std::exchange(settled_, true)) return;  // reading a column again finds the same
    for (const std::unique_ptr<block_reader>& each : parts) {
      if (!each) continue;
      const part& read = dynamic_cast<const part&>(*each);
      all_.reader->absorb(*read.reader);
      all_.look.merge(read.look);
    }
  }

  [[nodiscard]] py::array values() override {
    if (!values_) {
      if (!settled_ && borrowed()) read_all(nullptr);
      if (settled_ && is_plain()) values_ = borrowed();
    }
    if (!values_) {
      py::array_t<value> out(static_cast<py::ssize_t>(size()));
      read_all(out.mutable_data());
      values_ = std::move(out);
    }
    return *values_;
  }
  [[nodiscard]] py::array sample(std::size_t step) override {
    if (values_ || borrowed())
      return values()[py::slice(py::ssize_t{0}, static_cast<py::ssize_t>(size()),
                                static_cast<py::ssize_t>(step))];
    py::array_t<value> out(static_cast<py::ssize_t>((size() + step - 1) / step));
    const std::unique_ptr<Reader> reader = make_({});
    value* at = out.mutable_data();
    for (std::size_t row = 0; row < size(); row += step) reader->read(row, {at++, 1});
    return out;
  }
  [[nodiscard]] py::dict found(bool count_invalid) override {
    if (!settled_) static_cast<void>(values());
    const Reader& reader = *all_.reader;
    if (!count_invalid) reader.expect_valid();
    if constexpr (std::same_as<Reader, instant_reader>) reader.finish();
    const reading& all = reader.found();
    py::dict out;
    out["rows"] = all.rows;
    out["missing"] = all.missing;
    out["invalid"] = all.invalid;
    out["excluded"] = all.excluded;
    out["first_invalid"] = all.first_invalid;
    out["least"] = all.least;
    out["greatest"] = all.greatest;
    out["ambiguous"] = all.ambiguous;
    out["nonexistent"] = all.nonexistent;
    out["coarse"] = all.coarse;
    out["unknown"] = all.unknown;
    if constexpr (std::same_as<Reader, instant_reader>) {
      out["naive"] = reader.naive();
      out["order"] = reader.order();
    }
    all_.look.say(out);
    return out;
  }

 private:
  struct part final : block_reader {
    part(std::unique_ptr<Reader> one, Look seen) : reader(std::move(one)), look(std::move(seen)) {}

    [[nodiscard]] const void* read(std::size_t first, std::size_t size) override {
      const value* values = reader->look(first, size);
      if (values == nullptr) {
        buffer.resize(size);
        reader->read(first, buffer);
        values = buffer.data();
      }
      look(std::span(values, size));
      return values;
    }
    void read_into(std::size_t first, std::span<value> out) {
      reader->read(first, out);
      look(std::span<const value>(out));
    }

    std::unique_ptr<Reader> reader;
    Look look;
    std::vector<value> buffer;
  };

  [[nodiscard]] const input_column& column() const noexcept { return all_.reader->column(); }
  [[nodiscard]] bool is_plain() const noexcept {
    const reading& all = all_.reader->found();
    return all.missing + all.invalid + all.excluded == 0;
  }

  // All rows into an array or, where that is null, to see what they hold. Texts are read by one reader, which
  // has seen them all.
  void read_all(value* out) {
    const unsigned threads = reading_threads();
    interruptible(size(), [&](const std::stop_token& stop) {
      const auto read_rows = [&](part& reader, std::size_t begin, std::size_t end) {
        constexpr std::size_t block = 4096;
        for (std::size_t row = begin; row < end; row += block) {
          go_on(stop);
          const std::size_t size = std::min(block, end - row);
          if (out == nullptr)
            static_cast<void>(reader.read(row, size));
          else
            reader.read_into(row, {out + row, size});
        }
      };
      if (!by_blocks()) {
        read_rows(all_, 0, size());
        settled_ = true;
        return;
      }
      std::vector<std::unique_ptr<block_reader>> parts(threads);
      in_parallel(size(), threads, [&](std::size_t at, std::size_t begin, std::size_t end) {
        auto reader = std::make_unique<part>(make_({}), all_.look);
        read_rows(*reader, begin, end);
        parts[at] = std::move(reader);
      });
      settle(parts);
    });
  }

  // The column's own memory as a numpy array that nobody can write to, where it is canonical as it stands if
  // no value of it is absent.
  [[nodiscard]] std::optional<py::array> borrowed() const {
    const column_type& type = column().type();
    const bool as_it_stands = type.what == meaning::integer
                                  ? std::same_as<value, std::int8_t>
                                  : (type.what == meaning::zoned || type.what == meaning::length) &&
                                        type.numerator == type.denominator;
    if (!as_it_stands || column().chunks().size() != 1) return std::nullopt;
    const auto spans = column().template raw<value>(sizeof(value) == 1 ? storage::int8 : storage::int64);
    if (!spans) return std::nullopt;
    auto* kept = new input_column(column());
    const py::capsule owner(kept, [](void* held) { delete static_cast<input_column*>(held); });
    py::array_t<value> view(static_cast<py::ssize_t>(spans->front().size()), spans->front().data(), owner);
    view.attr("setflags")(py::arg("write") = false);
    return view;
  }

  make_reader make_;
  part all_;  // what all threads have found together
  bool settled_ = false;
  std::optional<py::array> values_;
};

using unread_pointer = std::unique_ptr<unread_column>;

template <class Reader, class Look = no_look>
unread_pointer put_off(const input_column& column,
                       std::function<std::unique_ptr<Reader>(const std::stop_token&)> make, Look look = {}) {
  return std::make_unique<unread_of<Reader, Look>>(column.size(), std::move(make), std::move(look));
}

unread_pointer scores(const input_column& column, const missing_texts& missing, std::int8_t least,
                      std::int8_t greatest, const missing_texts& excluded) {
  return put_off<canonical_reader<std::int8_t>>(column, [=](const std::stop_token&) {
    return read_scores(column, missing, {least, greatest}, excluded);
  });
}

unread_pointer instants(const input_column& column, const missing_texts& missing,
                        const std::optional<std::string>& tz, const std::string& time_format,
                        const std::string& unit) {
  time_rules rules;
  if (tz) rules.where = zone::locate(*tz);
  rules.format = time_format;
  rules.unit = unit;
  rules.missing = missing;
  const midnight_look look{bucketer(parse_every("1d"), tz ? *rules.where : zone::utc())};
  return put_off<instant_reader>(
      column, [=](const std::stop_token& stop) { return read_instants(column, rules, stop); }, look);
}

unread_pointer durations(const input_column& column, const missing_texts& missing, const std::string& unit,
                         std::int64_t long_from) {
  return put_off<canonical_reader<std::int64_t>>(
      column, [=](const std::stop_token&) { return read_durations(column, unit, missing); },
      duration_look{long_from});
}

unread_pointer weights(const input_column& column, const missing_texts& missing) {
  return put_off<canonical_reader<std::int64_t>>(
      column, [=](const std::stop_token&) { return read_weights(column, missing); });
}

// Unknown labels are the caller's to refuse: it knows the remedy.
unread_pointer labels(const input_column& column,
                      const std::map<std::string, std::uint8_t, std::less<>>& codes,
                      const missing_texts& missing) {
  return put_off<canonical_reader<std::uint8_t>>(
      column, [=](const std::stop_token&) { return read_labels(column, codes, missing); });
}

unread_pointer truths(const input_column& column, std::uint8_t yes, std::uint8_t no,
                      const missing_texts& missing) {
  return put_off<canonical_reader<std::uint8_t>>(
      column, [=](const std::stop_token&) { return read_truths(column, yes, no, missing); });
}

thread_local unsigned threads_asked_for = 0;

// Returns what was asked for before.
unsigned set_reading_threads(unsigned threads) { return std::exchange(threads_asked_for, threads); }

// The cores that this process may use, at most 8.
unsigned default_threads() {
  unsigned cores = std::thread::hardware_concurrency();
#if defined(__linux__)
  if (cpu_set_t set; sched_getaffinity(0, sizeof set, &set) == 0)
    cores = static_cast<unsigned>(CPU_COUNT(&set));
#endif
  return std::clamp(cores, 1U, 8U);
}

}  // namespace

unsigned reading_threads() { return threads_asked_for != 0 ? threads_asked_for : default_threads(); }

void bind_readers(py::module_& m) {
  py::class_<unread_column>(m, "Unread", "A column whose canonical values are read when they are asked for.")
      .def("__len__", &unread_column::size)
      .def_property_readonly("by_blocks", &unread_column::by_blocks)
      .def("values", &unread_column::values)
      .def("sample", &unread_column::sample, py::arg("step"))
      .def("found", &unread_column::found, py::arg("count_invalid"));
  m.def("default_threads", &default_threads, "The cores that this process may use, at most 8.");
  m.def("set_reading_threads", &set_reading_threads, py::arg("threads"),
        "Lets this thread's columns be read by so many from here on, 0 being the default, and returns the "
        "number before.");
  m.def("read_scores", &scores, py::arg("column"), py::arg("missing"), py::arg("least") = 0,
        py::arg("greatest") = 10, py::arg("excluded") = missing_texts());
  m.def("read_weights", &weights, py::arg("column"), py::arg("missing"));
  m.def("read_instants", &instants, py::arg("column"), py::arg("missing"), py::arg("tz"),
        py::arg("time_format"), py::arg("unit"));
  m.def("read_durations", &durations, py::arg("column"), py::arg("missing"), py::arg("unit"),
        py::arg("long_from") = max_duration.count());
  m.def("read_labels", &labels, py::arg("column"), py::arg("codes"), py::arg("missing"));
  m.def("read_truths", &truths, py::arg("column"), py::arg("yes"), py::arg("no"), py::arg("missing"));
}

}  // namespace cxmetrics::python

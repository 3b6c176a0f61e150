// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_CONTACT_REPEAT_PARTS_HPP
#define CXMETRICS_SRC_CONTACT_REPEAT_PARTS_HPP

// The rows of one customer must meet, and meet in the cache. So rows are dealt by their customers into parts
// that fit the second-level cache. docs/decisions/0009-repeats.md has what was measured.

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "cxmetrics/core/parallel.hpp"
#include "repeat_rows.hpp"

namespace cxmetrics::repeats_detail {

// Measured: more rows a part fall out of the cache, more parts than 1,024 are more places to write to than it
// has lines.
constexpr std::size_t rows_a_part = 16384;
constexpr int most_part_bits = 10;

// Memory for the rows under way. All of it is written at once, so on Linux it is asked for in large pages:
// without them a fifth of the time goes into page faults (measured).
constexpr std::align_val_t page{std::size_t{1} << 21};
struct page_return {
  void operator()(void* pages) const noexcept { ::operator delete(pages, page); }
};
template <class Row>
std::unique_ptr<Row[], page_return> rows_in_pages(std::size_t rows) {
  constexpr auto size = static_cast<std::size_t>(page);
  const std::size_t bytes = (rows * sizeof(Row) + size - 1) / size * size;
  void* const pages = ::operator new(bytes, page);
#if defined(__linux__)
  if (bytes > size) static_cast<void>(madvise(pages, bytes, MADV_HUGEPAGE));  // refused: small pages do
#endif
  return std::unique_ptr<Row[], page_return>(static_cast<Row*>(pages));
}

// Which part a customer belongs to: the lowest bits of its number, turned over by a hash of the others. So
// the part and those others are the customer again, and need not be hashed back.
class splitter {
 public:
  explicit splitter(std::size_t rows) noexcept
      : bits_(std::clamp(static_cast<int>(std::bit_width(rows / rows_a_part)), 1, most_part_bits)) {}

  [[nodiscard]] std::size_t parts() const noexcept { return std::size_t{1} << bits_; }
  [[nodiscard]] std::size_t part_of(std::int64_t who) const noexcept {
    const std::uint64_t turn = static_cast<std::uint64_t>(others(who)) * 0x9e3779b97f4a7c15 >> (64 - bits_);
    return (static_cast<std::uint64_t>(who) ^ turn) & (parts() - 1);
  }
  [[nodiscard]] std::int64_t others(std::int64_t who) const noexcept { return who >> bits_; }

 private:
  int bits_;
};

// Looks at every row, deals those that are contacts, and hands out the parts.
class dealer {
 public:
  dealer(const row_reader& in, std::size_t threads)
      : in_(in), splitter_(in.rows()), slices_(threads), begins_(splitter_.parts() + 1) {}

  // How many rows go where, and between what they lie. `reject` is told of rows that are no contacts.
  template <class Reject>
  void look(Reject reject) {
    each_worker([&](std::size_t worker) {
      std::vector<std::uint32_t> sizes(splitter_.parts());
      range entries, customers;
      const auto count = [&in = in_, to = sizes.data(), split = splitter_](std::size_t row) {
        ++to[split.part_of(in.who(row))];
      };
      const auto refuse = [&](std::size_t row, std::uint8_t label) { reject(worker, row, label); };
      constexpr std::size_t block = row_reader::block;
      for (std::size_t row = begin_of(worker), end = begin_of(worker + 1); row < end; row += block) {
        const std::size_t last = std::min(end, row + block);
        customers.add(in_.customers(row, last));
        entries.add(in_.entries(row, last));
        in_.each_contact(row, last, count, refuse);
      }
      slices_[worker] = {std::move(sizes), entries, customers};
    });
    for (const slice& s : slices_) {
      entries_.add(s.entries);
      customers_.add(s.customers);
    }
    std::uint32_t sum = 0;
    for (std::size_t part = 0; part < splitter_.parts(); ++part) {
      begins_[part] = sum;
      for (slice& s : slices_) {
        const std::uint32_t size = s.to[part];
        s.to[part] = sum;
        sum += size;
      }
    }
    begins_.back() = sum;
  }
  [[nodiscard]] const range& entries() const noexcept { return entries_; }
  [[nodiscard]] const range& customers() const noexcept { return customers_; }
  [[nodiscard]] const splitter& split() const noexcept { return splitter_; }

  // Moves what `form` makes of a row: parts one after another, in each the rows in their order. Then calls
  // read(worker, rows, size) for each part.
  template <class Form, class Read>
  void deal(const Form& form, Read read) const {
    const auto dealt = rows_in_pages<typename Form::row>(begins_.back());
    each_worker([&, out = dealt.get()](std::size_t worker) {
      std::vector<std::uint32_t> places = slices_[worker].to;
      std::uint32_t* const to = places.data();
      in_.each_contact(
          begin_of(worker), begin_of(worker + 1),
          [&in = in_, out, to, split = splitter_, form](std::size_t row) {
            out[to[split.part_of(in.who(row))]++] = form.make(in, row);
          },
          [](std::size_t, std::uint8_t) {});
    });
    std::atomic<std::size_t> next = 0;
    each_worker([&](std::size_t worker) {
      for (std::size_t part; (part = next.fetch_add(1)) < splitter_.parts();) {
        in_.go_on();
        read(worker, &dealt[begins_[part]], std::size_t{begins_[part + 1] - begins_[part]});
      }
    });
  }

 private:
  struct slice {
    std::vector<std::uint32_t> to{};  // by part: how many rows, then where the next one goes
    range entries{};                  // of unknown customers too
    range customers{};
  };
  // One call of work(worker) in each of the threads.
  template <class Work>
  void each_worker(Work work) const {
    in_parallel(
        slices_.size(), static_cast<unsigned>(slices_.size()),
        [&](std::size_t worker, std::size_t, std::size_t) { work(worker); }, 1);
  }
  [[nodiscard]] std::size_t begin_of(std::size_t worker) const noexcept {
    return in_.rows() * worker / slices_.size();
  }

  const row_reader& in_;
  splitter splitter_;
  std::vector<slice> slices_;
  std::vector<std::uint32_t> begins_;
  range entries_;
  range customers_;
};

}  // namespace cxmetrics::repeats_detail

#endif  // CXMETRICS_SRC_CONTACT_REPEAT_PARTS_HPP

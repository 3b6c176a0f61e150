// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/repeats.hpp>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <algorithm>
#include <atomic>
#include <bit>
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/core/error.hpp>
#include <cxmetrics/time/duration_text.hpp>

namespace cxmetrics {
inline namespace v0 {

namespace {

// The rows of one customer must meet, and meet in the cache. So rows are dealt by the hash of their customer
// into parts that fit the second-level cache; a part is dealt by further bits of the hash into buckets of a
// few rows; what is then left to sort is almost always sorted already. The hash is a bijection: equal hashes,
// equal customers.

constexpr std::int64_t none = absent<std::int64_t>::missing;
constexpr std::uint8_t to_be_classified = 0;
constexpr std::size_t rows_a_part = 8192;  // measured

// A row on its way. Without ends there is nothing to carry for them.
struct row_by_entry {
  std::uint64_t hash;
  std::int64_t entered;
  std::uint32_t row;

  row_by_entry() = default;
  row_by_entry(std::uint64_t h, std::int64_t in, std::int64_t, std::uint32_t at)
      : hash(h), entered(in), row(at) {}
  [[nodiscard]] std::int64_t clock() const noexcept { return entered; }
};
struct row_by_end {
  std::uint64_t hash;
  std::int64_t entered;
  std::int64_t ended;
  std::uint32_t row;

  row_by_end() = default;
  row_by_end(std::uint64_t h, std::int64_t in, std::int64_t end, std::uint32_t at)
      : hash(h), entered(in), ended(end), row(at) {}
  [[nodiscard]] std::int64_t clock() const noexcept { return ended; }
};

// By customer, then as they entered; rows that entered together in their order in the source.
template <class Row>
bool before(const Row& a, const Row& b) noexcept {
  if (a.hash != b.hash) return a.hash < b.hash;
  return a.entered != b.entered ? a.entered < b.entered : a.row < b.row;
}

// The finalizer of MurmurHash3 (Austin Appleby, public domain): every step can be undone.
std::uint64_t mix(std::int64_t customer) noexcept {
  auto x = static_cast<std::uint64_t>(customer);
  x = (x ^ x >> 33) * 0xff51afd7ed558ccd;
  x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53;
  return x ^ x >> 33;
}

instant instant_of(std::int64_t us) noexcept { return instant(duration(us)); }

// What a row is before any other is looked at.
std::uint8_t standing(std::int64_t customer, std::int64_t entered, std::int64_t ended) noexcept {
  const verdict seen =
      std::max({presence(customer), presence(entered), ended == none ? verdict::counted : presence(ended)});
  if (seen == verdict::missing) return reject::missing;
  if (seen == verdict::invalid) return reject::invalid;
  if (seen == verdict::excluded) return reject::excluded;
  if (ended == none) return to_be_classified;
  return detail::is_within(instant_of(entered), instant_of(ended), max_duration) ? to_be_classified
                                                                                 : reject::invalid;
}

// The classes of one customer's rows, in the order of their entries.
template <class Row>
void classify(const Row* first, const Row* last, const repeat_rule& rule, instant until,
              std::uint8_t* classes) noexcept {
  for (const Row* r = first; r != last; ++r) {
    const std::int64_t clock = r->clock();
    followup what = followup::pending;
    if (clock == none) {
      what = followup::open;
    } else if (has_matured(rule, instant_of(clock), until)) {
      const Row* next = r + 1;
      const bool overlapped = next != last && next->entered <= clock;
      if (overlapped)
        next =
            std::upper_bound(next, last, clock, [](std::int64_t t, const Row& x) { return t < x.entered; });
      const bool repeated =
          next != last && detail::is_within(instant_of(clock), instant_of(next->entered), rule.window);
      what = matured_as(repeated, overlapped);
    }
    classes[r->row] = static_cast<std::uint8_t>(what);
  }
}

template <class Row>
void classify_sorted(const Row* first, const Row* last, const repeat_rule& rule, instant until,
                     std::uint8_t* classes) noexcept {
  while (first != last) {
    const Row* end = first + 1;
    while (end != last && end->hash == first->hash) ++end;
    classify(first, end, rule, until, classes);
    first = end;
  }
}

template <class Row>
void sort_rows(Row* first, Row* last) noexcept {
  if (last - first > 32) {
    if (!std::is_sorted(first, last, before<Row>)) std::sort(first, last, before<Row>);
    return;
  }
  for (Row* r = first + 1; r < last; ++r) {
    const Row moved = *r;
    Row* to = r;
    for (; to != first && before(moved, to[-1]); --to) *to = to[-1];
    *to = moved;
  }
}

// The classes of one part: of all rows whose hash begins with the same `used` bits.
template <class Row>
class part_classifier {
 public:
  static constexpr std::size_t largest = 4 * rows_a_part;

  part_classifier() : scratch_(std::make_unique_for_overwrite<Row[]>(largest)), begins_(largest / 2 + 1) {}

  void operator()(Row* rows, std::size_t size, int used, const repeat_rule& rule, instant until,
                  std::uint8_t* classes) {
    if (size > largest) {  // a customer with a large share of the rows is among them
      sort_rows(rows, rows + size);
      classify_sorted(rows, rows + size, rule, until, classes);
      return;
    }
    const int bits = size < 4 ? 0 : static_cast<int>(std::bit_width(size)) - 2;
    const std::size_t buckets = std::size_t{1} << bits;
    const auto bucket_of = [&](const Row& r) { return bits == 0 ? 0 : r.hash << used >> (64 - bits); };
    std::fill_n(begins_.begin(), buckets + 1, 0U);
    for (std::size_t i = 0; i < size; ++i) ++begins_[bucket_of(rows[i])];
    std::uint32_t sum = 0;
    for (std::size_t b = 0; b < buckets; ++b) sum += begins_[b], begins_[b] = sum;
    begins_[buckets] = sum;
    for (std::size_t i = size; i-- > 0;)
      scratch_[--begins_[bucket_of(rows[i])]] = rows[i];  // from ends to begins
    for (std::size_t b = 0; b < buckets; ++b) sort_rows(&scratch_[begins_[b]], &scratch_[begins_[b + 1]]);
    classify_sorted(scratch_.get(), scratch_.get() + size, rule, until, classes);
  }

 private:
  std::unique_ptr<Row[]> scratch_;
  std::vector<std::uint32_t> begins_;
};

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

// One call of work(worker) in each of so many threads, this one among them.
template <class Work>
void in_threads(std::size_t threads, Work work) {
  std::vector<std::jthread> others;
  for (std::size_t t = 1; t < threads; ++t) others.emplace_back(work, t);
  work(std::size_t{0});
}

template <class Row>
std::optional<instant> run(const repeat_columns& in, const repeat_rule& rule, std::optional<instant> until,
                           std::uint8_t* classes, std::size_t threads) {
  const std::size_t rows = in.customer.size();
  const bool with_ends = rule.clock == repeat_clock::ended && !in.ended.empty();
  const auto end_of = [&](std::size_t row) { return with_ends ? in.ended[row] : none; };
  const int bits =
      rows <= rows_a_part ? 0 : std::min<int>(11, static_cast<int>(std::bit_width(rows / rows_a_part)));
  const std::size_t parts = std::size_t{1} << bits;
  const auto part_of = [&](std::uint64_t hash) { return bits == 0 ? 0 : hash >> (64 - bits); };
  const auto slice = [&](std::size_t worker) { return rows * worker / threads; };

  // How many rows each worker has for each part.
  struct share_of_rows {
    std::vector<std::uint32_t> to;
    std::int64_t last_entry = none;
  };
  std::vector<share_of_rows> shares(threads, share_of_rows{std::vector<std::uint32_t>(parts)});
  in_threads(threads, [&](std::size_t worker) {
    share_of_rows& mine = shares[worker];
    std::int64_t last_entry = none;
    for (std::size_t row = slice(worker), end = slice(worker + 1); row != end; ++row) {
      const std::int64_t customer = in.customer[row], entered = in.entered[row];
      classes[row] = standing(customer, entered, end_of(row));
      if (presence(entered) == verdict::counted) last_entry = std::max(last_entry, entered);
      if (classes[row] == to_be_classified) ++mine.to[part_of(mix(customer))];
    }
    mine.last_entry = last_entry;
  });
  if (!until) {
    std::int64_t last_entry = none;
    for (const share_of_rows& s : shares) last_entry = std::max(last_entry, s.last_entry);
    if (last_entry == none) return std::nullopt;
    until = instant_of(last_entry);
  }

  // Where they go: parts one after another, in each the rows in their order.
  std::vector<std::uint32_t> begins(parts + 1);
  std::uint32_t sum = 0;
  for (std::size_t part = 0; part < parts; ++part) {
    begins[part] = sum;
    for (share_of_rows& s : shares) {
      const std::uint32_t count = s.to[part];
      s.to[part] = sum;
      sum += count;
    }
  }
  begins[parts] = sum;
  const auto dealt = rows_in_pages<Row>(sum);
  in_threads(threads, [&](std::size_t worker) {
    std::vector<std::uint32_t>& to = shares[worker].to;
    for (std::size_t row = slice(worker), end = slice(worker + 1); row != end; ++row) {
      if (classes[row] != to_be_classified) continue;
      const std::uint64_t hash = mix(in.customer[row]);
      dealt[to[part_of(hash)]++] = Row(hash, in.entered[row], end_of(row), static_cast<std::uint32_t>(row));
    }
  });

  std::vector<part_classifier<Row>> classifiers(threads);  // all memory is there before the first thread
  std::atomic<std::size_t> next = 0;
  in_threads(threads, [&](std::size_t worker) {
    for (std::size_t part; (part = next.fetch_add(1)) < parts;)
      classifiers[worker](&dealt[begins[part]], begins[part + 1] - begins[part], bits, rule, *until, classes);
  });
  return until;
}

}  // namespace

void validate(const repeat_rule& rule) {
  if (rule.window < duration(0) || rule.window > max_duration)
    throw unit_error("window=" + format_duration(rule.window) + " is outside 0 to 2^46 us (2.2 years)");
}

std::optional<instant> classify_repeats(const repeat_columns& contacts, const repeat_rule& rule,
                                        std::optional<instant> until, std::span<std::uint8_t> classes,
                                        unsigned threads) {
  validate(rule);
  const std::size_t rows = contacts.customer.size();
  if (contacts.entered.size() != rows || classes.size() != rows ||
      (!contacts.ended.empty() && contacts.ended.size() != rows))
    throw column_error("the columns of contacts have different lengths: give one value a row in each");
  if (rows > std::numeric_limits<std::uint32_t>::max())
    throw column_error(std::to_string(rows) + " contacts are more than 2^32 - 1: split them by customer");
  const std::size_t workers =
      std::clamp<std::size_t>(threads, 1, std::max<std::size_t>(1, rows / rows_a_part));
  return rule.clock == repeat_clock::entered
             ? run<row_by_entry>(contacts, rule, until, classes.data(), workers)
             : run<row_by_end>(contacts, rule, until, classes.data(), workers);
}

}  // namespace v0
}  // namespace cxmetrics

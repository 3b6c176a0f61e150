// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/contact/repeats.hpp>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <algorithm>
#include <atomic>
#include <bit>
#include <exception>
#include <limits>
#include <memory>
#include <new>
#include <numeric>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <variant>
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
// equal customers. docs/decisions/0009-repeats.md has what was measured.

constexpr std::int64_t none = absent<std::int64_t>::missing;
constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t rows_a_part = 8192;  // measured

// A row on its way carries what its pass will read, and nothing else: an end where that is the clock; its
// number and marks where each row gets its class, or where not every contact is both a first and a repeat.
enum marks : std::uint8_t { is_first = 1, is_repeat = 2, is_transferred = 4, is_unresolvable = 8 };

template <bool HasEnd>
struct end_part {
  std::int64_t ended;
};
template <>
struct end_part<false> {};
template <bool IsTagged>
struct tag_part {
  std::uint32_t row;
  std::uint8_t marked;
};
template <>
struct tag_part<false> {};

template <bool HasEnd, bool IsTagged>
struct row_of : end_part<HasEnd>, tag_part<IsTagged> {
  static constexpr bool has_end = HasEnd, is_tagged = IsTagged;
  std::uint64_t hash;
  std::int64_t entered;

  [[nodiscard]] std::int64_t clock() const noexcept {
    if constexpr (HasEnd)
      return this->ended;
    else
      return entered;
  }
  [[nodiscard]] bool has(marks m) const noexcept {
    if constexpr (IsTagged)
      return (this->marked & m) != 0;
    else
      return m == is_first || m == is_repeat;
  }
};

// By customer, then as they entered. Rows are moved stably: what entered together stays in the order of the
// source.
template <class Row>
bool before(const Row& a, const Row& b) noexcept {
  return a.hash != b.hash ? a.hash < b.hash : a.entered < b.entered;
}

// The finalizer of MurmurHash3 (Austin Appleby, public domain): every step can be undone.
std::uint64_t mix(std::uint64_t x) noexcept {
  x = (x ^ x >> 33) * 0xff51afd7ed558ccd;
  x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53;
  return x ^ x >> 33;
}

instant instant_of(std::int64_t us) noexcept { return instant(duration(us)); }
std::uint64_t between(std::int64_t from, std::int64_t to) noexcept {
  return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

// What the columns say of one row before any other is looked at.
class row_reader {
 public:
  row_reader(const repeat_columns& in, const repeat_rule& rule)
      : in_(in),
        first_(rule.first),
        repeats_(rule.repeats),
        with_ends_(rule.clock == repeat_clock::ended && !in.ended.empty()),
        with_outcomes_(!in.outcome.empty()),
        with_reasons_(rule.reason != reason_match::none),
        is_simple_(!with_outcomes_ && !with_reasons_) {}

  [[nodiscard]] std::size_t rows() const noexcept { return in_.customer.size(); }
  [[nodiscard]] std::int64_t customer(std::size_t row) const noexcept { return in_.customer[row]; }
  [[nodiscard]] std::int64_t entered(std::size_t row) const noexcept { return in_.entered[row]; }
  [[nodiscard]] std::int64_t ended(std::size_t row) const noexcept {
    return with_ends_ ? in_.ended[row] : none;
  }
  [[nodiscard]] std::uint64_t hash(std::size_t row) const noexcept {
    const auto customer = static_cast<std::uint64_t>(in_.customer[row]);
    return mix(with_reasons_ ? customer << 32 | static_cast<std::uint64_t>(in_.reason[row]) : customer);
  }
  [[nodiscard]] std::uint8_t marked(std::size_t row) const noexcept {
    std::uint8_t out = is_first | is_repeat;
    if (with_outcomes_) {
      out = static_cast<std::uint8_t>((is_in(first_, in_.outcome[row]) ? is_first : 0) |
                                      (is_in(repeats_, in_.outcome[row]) ? is_repeat : 0));
    }
    if (!in_.transferred.empty() && in_.transferred[row] == 1) out |= is_transferred;
    if (!in_.unresolvable.empty() && in_.unresolvable[row] == 1) out |= is_unresolvable;
    return out;
  }

  // Whether other rows decide; otherwise `label` is what the row is. Most rows are plain: values in all that
  // is read.
  [[nodiscard]] bool is_contact(std::size_t row, std::uint8_t& label) const {
    constexpr std::int64_t least = none + 3;
    const bool is_plain = is_simple_ && in_.customer[row] >= least && in_.entered[row] >= least &&
                          (!with_ends_ || (in_.ended[row] >= in_.entered[row] &&
                                           between(in_.entered[row], in_.ended[row]) <= longest));
    return is_plain || look_closely(row, label);
  }

 private:
  static constexpr auto longest = static_cast<std::uint64_t>(max_duration.count());

  [[gnu::noinline]] bool look_closely(std::size_t row, std::uint8_t& label) const {
    const std::int64_t customer = in_.customer[row], at = in_.entered[row], end = ended(row);
    verdict seen =
        std::max({presence(customer), presence(at), end == none ? verdict::counted : presence(end)});
    if (with_outcomes_ && presence(in_.outcome[row]) == verdict::excluded)
      seen = std::max(seen, verdict::excluded);
    if (seen < verdict::invalid && end != none &&
        !detail::is_within(instant_of(at), instant_of(end), max_duration))
      seen = verdict::invalid;
    label = seen == verdict::missing   ? reject::missing
            : seen == verdict::invalid ? reject::invalid
                                       : reject::excluded;
    if (seen != verdict::counted) return false;
    if (!with_reasons_) return true;
    check_code(customer, "customer", row);
    if (presence(in_.reason[row]) != verdict::counted) {
      label = static_cast<std::uint8_t>(followup::without_reason);
      return false;
    }
    check_code(in_.reason[row], "reason", row);
    return true;
  }
  // An outcome that is not known is in no set but that of all.
  static bool is_in(const outcome_set& set, std::uint8_t how) noexcept {
    return set.is_all() || (how < outcome_codes && set.has(static_cast<outcome>(how)));
  }
  static void check_code(std::int64_t code, std::string_view what, std::size_t row) {
    if (code < 0 || code > std::numeric_limits<std::uint32_t>::max())
      throw column_error("row " + std::to_string(row) + ": " + std::string(what) + " " +
                         std::to_string(code) +
                         " is no code from 0 to 2^32 - 1: where reasons are matched, give the codes of "
                         "dictionaries");
  }

  repeat_columns in_;
  outcome_set first_, repeats_;
  bool with_ends_, with_outcomes_, with_reasons_, is_simple_;
};

// What the other contacts of the customer make of one, whatever the window.
struct neighbours {
  std::uint64_t gap = never;    ///< from its clock to the next entry of a repeat
  bool overlapped = false;      ///< one entered meanwhile
  std::uint64_t since = never;  ///< from the last clock of a first to its own entry
};

// The class within one window.
template <class Row>
followup label_of(const Row& r, const neighbours& n, const repeat_rule& rule, std::uint64_t window,
                  instant until) noexcept {
  if (!r.has(is_first)) return followup::ineligible;
  if (rule.order == repeat_order::chain && r.has(is_repeat) && n.since != never && n.since <= window)
    return followup::chained;
  const std::int64_t clock = r.clock();
  if (clock == none) return followup::open;
  if (instant_of(clock) > until || detail::elapsed(instant_of(clock), until) < window)
    return followup::pending;
  return matured{n.gap != never && n.gap <= window, n.overlapped, r.has(is_transferred),
                 r.has(is_unresolvable)}
      .label();
}

// Where classes go: one for each row.
struct each_row {
  const repeat_rule& rule;
  instant until;
  std::uint8_t* classes;

  template <class Row>
  void operator()(const Row& r, const neighbours& n) const noexcept {
    classes[r.row] = static_cast<std::uint8_t>(
        label_of(r, n, rule, static_cast<std::uint64_t>(rule.window.count()), until));
  }
};

// Or how many there are of each, for each window.
struct each_window {
  const repeat_rule& rule;
  instant until, since;
  std::span<const duration> windows;
  std::vector<repeat_counts> seen;

  [[nodiscard]] bool is_early(std::int64_t entered, std::uint64_t window) const noexcept {
    return instant_of(entered) < since || detail::elapsed(since, instant_of(entered)) < window;
  }
  template <class Row>
  void operator()(const Row& r, const neighbours& n) noexcept {
    for (std::size_t w = 0; w < windows.size(); ++w) {
      const auto window = static_cast<std::uint64_t>(windows[w].count());
      const auto label = static_cast<std::size_t>(label_of(r, n, rule, window, until));
      ++seen[w].of[label];
      if (label < matured_count && is_early(r.entered, window)) ++seen[w].left_unknown;
    }
  }
};

// Looks at the contacts of one customer, in the order of their entries.
template <class Row>
class customer_reader {
 public:
  explicit customer_reader(const repeat_rule& rule)
      : all_repeat_(!Row::is_tagged || rule.repeats.is_all()), is_chain_(rule.order == repeat_order::chain) {}

  template <class Sink>
  void operator()(const Row* first, const Row* last, Sink& sink) {
    if (!all_repeat_) {
      entries_.clear();
      for (const Row* r = first; r != last; ++r)
        if (r->has(is_repeat)) entries_.push_back(r->entered);
    }
    if (is_chain_) {
      clocks_.clear();
      for (const Row* r = first; r != last; ++r)
        if (r->has(is_first) && r->clock() != none) clocks_.push_back(r->clock());
      if (!std::is_sorted(clocks_.begin(), clocks_.end())) std::sort(clocks_.begin(), clocks_.end());
    }
    std::size_t seen = 0;  // repeats up to this row
    for (const Row* r = first; r != last; ++r) {
      neighbours n;
      const std::int64_t clock = r->clock();
      if (all_repeat_) {
        if (clock != none) look_at_rows(r, last, clock, n);
      } else {
        if (r->has(is_repeat)) ++seen;
        if (clock != none) look_at_entries(seen, clock, n);
      }
      if (is_chain_) {
        const auto later = std::lower_bound(clocks_.begin(), clocks_.end(), r->entered);
        if (later != clocks_.begin()) n.since = between(later[-1], r->entered);
      }
      sink(*r, n);
    }
  }

 private:
  static void look_at_rows(const Row* r, const Row* last, std::int64_t clock, neighbours& n) noexcept {
    const Row* next = r + 1;
    n.overlapped = next != last && next->entered <= clock;
    if (n.overlapped)
      next = std::upper_bound(next, last, clock, [](std::int64_t t, const Row& x) { return t < x.entered; });
    if (next != last) n.gap = between(clock, next->entered);
  }
  void look_at_entries(std::size_t seen, std::int64_t clock, neighbours& n) const noexcept {
    const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(seen);
    const auto next = std::upper_bound(begin, entries_.end(), clock);
    n.overlapped = next != begin;
    if (next != entries_.end()) n.gap = between(clock, *next);
  }

  bool all_repeat_, is_chain_;
  std::vector<std::int64_t> entries_;  // of what may be a repeat
  std::vector<std::int64_t> clocks_;   // of what may be a first, sorted
};

// Many rows: their places are sorted, with the place itself as the last word.
template <class Row>
void sort_many(Row* first, Row* last) {
  std::vector<std::uint32_t> order(static_cast<std::size_t>(last - first));
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (before(first[a], first[b])) return true;
    return !before(first[b], first[a]) && a < b;
  });
  const std::vector<Row> moved(first, last);
  for (std::uint32_t place : order) *first++ = moved[place];
}

template <class Row>
void sort_rows(Row* first, Row* last) {
  if (last - first > 32) {
    if (!std::is_sorted(first, last, before<Row>)) sort_many(first, last);
    return;
  }
  if (first == last) return;  // of an empty vector, without an address that one could be added to
  for (Row* r = first + 1; r < last; ++r) {
    const Row moved = *r;
    Row* to = r;
    for (; to != first && before(moved, to[-1]); --to) *to = to[-1];
    *to = moved;
  }
}

// Shows each customer of sorted rows to a reader.
template <class Row, class Reader, class Sink>
void read_groups(const Row* first, const Row* last, Reader& read, Sink& sink) {
  while (first != last) {
    const Row* end = first + 1;
    while (end != last && end->hash == first->hash) ++end;
    read(first, end, sink);
    first = end;
  }
}

// Looks at one part: at all rows whose hash begins with the same `used` bits.
template <class Row>
class part_reader {
 public:
  static constexpr std::size_t largest = 4 * rows_a_part;

  explicit part_reader(const repeat_rule& rule)
      : read_(rule), scratch_(std::make_unique_for_overwrite<Row[]>(largest)), begins_(largest / 2 + 1) {}

  template <class Sink>
  void operator()(Row* rows, std::size_t size, int used, Sink& sink) {
    if (size > largest) {  // a customer with a large share of the rows is among them
      sort_rows(rows, rows + size);
      read_groups(rows, rows + size, read_, sink);
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
    read_groups(scratch_.get(), scratch_.get() + size, read_, sink);
  }

 private:
  customer_reader<Row> read_;
  std::unique_ptr<Row[]> scratch_;
  std::vector<std::uint32_t> begins_;
};

// Up to when a clock has matured, and from when on an entry is not early: compared with instants as they are.
std::int64_t latest_clock(instant until, std::uint64_t window) noexcept {
  const std::int64_t us = until.time_since_epoch().count();
  return between(none, us) < window ? none : us - static_cast<std::int64_t>(window);
}
std::int64_t earliest_known(instant since, std::uint64_t window) noexcept {
  constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();
  const std::int64_t us = since.time_since_epoch().count();
  return between(us, last) < window ? last : us + static_cast<std::int64_t>(window);
}

// The same for the plain case, which most are: every contact may be a first and a repeat, nothing is chained,
// and the rows of a customer come as they entered. Then the last contact of each customer is all there is to
// remember, in a table that fits the first-level cache, and no row is moved again. Customers whose contacts
// overlap are put aside; a part whose rows are not in order is refused, and nothing of it is counted.
template <class Row>
class quick_reader {
 public:
  static constexpr std::size_t largest = part_reader<Row>::largest;

  quick_reader(const repeat_rule& rule, const each_window& sink) : read_(rule) {
    for (duration window : sink.windows) {
      const auto us = static_cast<std::uint64_t>(window.count());
      windows_.push_back({us, latest_clock(sink.until, us), earliest_known(sink.since, us)});
    }
  }

  bool operator()(const Row* rows, std::size_t size, int used, each_window& sink) {
    if (size > largest || refused_ == patience) return false;
    used_ = used;
    clear(std::max(2, static_cast<int>(std::bit_width(size)) - rows_a_slot_));
    aside_.clear();
    for (counted& w : windows_) w.resolved = w.repeated = w.pending = w.early = 0;
    open_ = 0;
    for (const Row* r = rows; r != rows + size; ++r) {
      std::size_t at = place_of(r->hash);
      if (last_[at].entered == none) {
        if (room_ == 0) {
          grow();
          at = place_of(r->hash);
        }
        --room_;
      } else if (r->entered < last_[at].entered) {
        ++refused_;
        return false;
      } else {
        meet(at, *r);
      }
      last_[at] = *r;
    }
    for (std::size_t at = 0; at < last_.size(); ++at)
      if (last_[at].entered != none && !is_aside_[at]) decide(last_[at], never);
    give(sink);
    sort_rows(aside_.data(), aside_.data() + aside_.size());
    read_groups(aside_.data(), aside_.data() + aside_.size(), read_, sink);
    return true;
  }

 private:
  // A contact matures in a window if its clock is not after `latest`, and is early if it entered before
  // `earliest`.
  struct counted {
    std::uint64_t window;
    std::int64_t latest, earliest;
    std::uint64_t resolved = 0, repeated = 0, pending = 0, early = 0;
  };
  // The next contact of a customer.
  void meet(std::size_t at, const Row& next) {
    const Row& before = last_[at];
    if (is_aside_[at]) {
      aside_.push_back(next);
    } else if (before.clock() != none && next.entered <= before.clock()) {
      is_aside_[at] = true;
      aside_.push_back(before);
      aside_.push_back(next);
    } else {
      decide(before, between(before.clock(), next.entered));
    }
  }
  void decide(const Row& r, std::uint64_t gap) noexcept {
    if (Row::has_end && r.clock() == none) {
      ++open_;
      return;
    }
    for (counted& w : windows_) {
      const bool is_matured = r.clock() <= w.latest, is_repeated = gap <= w.window;
      w.pending += !is_matured;
      w.repeated += is_matured && is_repeated;
      w.resolved += is_matured && !is_repeated;
      w.early += is_matured && r.entered < w.earliest;
    }
  }
  void give(each_window& sink) const noexcept {
    for (std::size_t w = 0; w < windows_.size(); ++w) {
      const auto add = [&](followup f, std::uint64_t n) {
        sink.seen[w].of[static_cast<std::size_t>(f)] += n;
      };
      add(followup::resolved, windows_[w].resolved);
      add(followup::repeat, windows_[w].repeated);
      add(followup::pending, windows_[w].pending);
      add(followup::open, open_);
      sink.seen[w].left_unknown += windows_[w].early;
    }
  }

  // A table of places by the bits of the hash that parts leave, at most three quarters full.
  void clear(int bits) {
    bits_ = bits;
    Row empty{};
    empty.entered = none;
    last_.assign(std::size_t{1} << bits, empty);
    is_aside_.assign(last_.size(), 0);
    room_ = last_.size() * 3 / 4;
  }
  [[nodiscard]] std::size_t place_of(std::uint64_t hash) const noexcept {
    const std::size_t mask = last_.size() - 1;
    auto at = static_cast<std::size_t>(hash << used_ >> (64 - bits_));
    while (last_[at].entered != none && last_[at].hash != hash) at = (at + 1) & mask;
    return at;
  }
  // Many customers of few contacts: later parts begin with more places.
  void grow() {
    std::vector<Row> taken;
    std::vector<std::uint8_t> flags;
    for (std::size_t at = 0; at < last_.size(); ++at)
      if (last_[at].entered != none) {
        taken.push_back(last_[at]);
        flags.push_back(is_aside_[at]);
      }
    --rows_a_slot_;
    clear(bits_ + 1);
    for (std::size_t i = 0; i < taken.size(); ++i) {
      const std::size_t at = place_of(taken[i].hash);
      last_[at] = taken[i];
      is_aside_[at] = flags[i];
    }
    room_ -= taken.size();
  }

  customer_reader<Row> read_;
  int used_ = 0, bits_ = 0;
  static constexpr int patience = 8;  // parts that may be refused before no more are tried
  int refused_ = 0;
  int rows_a_slot_ = 1;  // as a power of two
  std::size_t room_ = 0;
  std::vector<Row> last_;  // of each customer: its last contact; none entered: a free place
  std::vector<std::uint8_t> is_aside_;
  std::vector<Row> aside_;  // all contacts, from the one that is overlapped on
  std::vector<counted> windows_;
  std::uint64_t open_ = 0;
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

// Deals the rows into parts and shows every customer of each to the sink of a worker. `reject` is told of
// rows that are no contacts.
template <class Row>
class dealer {
 public:
  dealer(const row_reader& in, std::size_t threads)
      : in_(in),
        threads_(threads),
        bits_(in.rows() <= rows_a_part
                  ? 0
                  : std::min<int>(11, static_cast<int>(std::bit_width(in.rows() / rows_a_part)))),
        begins_(parts() + 1),
        shares_(threads, share_of_rows{std::vector<std::uint32_t>(parts()), {}}) {}

  // Counts how many rows each worker has for each part; returns between which instants they entered.
  template <class Reject>
  known_span count(Reject reject) {
    in_threads(threads_, [&](std::size_t worker) {
      try {
        count_slice(worker, reject);
      } catch (...) {
        shares_[worker].error = std::current_exception();
      }
    });
    known_span seen;
    for (const share_of_rows& s : shares_) {
      if (s.error) std::rethrow_exception(s.error);
      if (s.first > s.last) continue;
      seen.since = std::min(seen.since.value_or(instant::max()), instant_of(s.first));
      seen.until = std::max(seen.until.value_or(instant::min()), instant_of(s.last));
    }
    return seen;
  }

  // Moves them: parts one after another, in each the rows in their order.
  void deal() {
    std::uint32_t sum = 0;
    for (std::size_t part = 0; part < parts(); ++part) {
      begins_[part] = sum;
      for (share_of_rows& s : shares_) {
        const std::uint32_t size = s.to[part];
        s.to[part] = sum;
        sum += size;
      }
    }
    begins_[parts()] = sum;
    dealt_ = rows_in_pages<Row>(sum);
    in_threads(threads_, [&](std::size_t worker) { deal_slice(worker); });
  }

  template <class Sink>
  void read(const repeat_rule& rule, std::vector<Sink>& sinks) {
    // all memory is there before the first thread
    std::vector<part_reader<Row>> readers;
    using quick = std::conditional_t<Row::is_tagged, std::monostate, quick_reader<Row>>;
    std::vector<quick> quick_readers;
    for (std::size_t t = 0; t < threads_; ++t) {
      readers.emplace_back(rule);
      if constexpr (!Row::is_tagged)
        if (rule.order == repeat_order::rolling) quick_readers.emplace_back(rule, sinks[t]);
    }
    std::atomic<std::size_t> next = 0;
    in_threads(threads_, [&](std::size_t worker) {
      for (std::size_t part; (part = next.fetch_add(1)) < parts();) {
        Row* const rows = &dealt_[begins_[part]];
        const std::size_t size = begins_[part + 1] - begins_[part];
        if constexpr (!Row::is_tagged)
          if (!quick_readers.empty() && quick_readers[worker](rows, size, bits_, sinks[worker])) continue;
        readers[worker](rows, size, bits_, sinks[worker]);
      }
    });
  }

 private:
  struct share_of_rows {
    std::vector<std::uint32_t> to;
    std::exception_ptr error;
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    std::int64_t last = none;
  };

  [[nodiscard]] std::size_t parts() const noexcept { return std::size_t{1} << bits_; }
  [[nodiscard]] std::size_t part_of(std::uint64_t hash) const noexcept {
    return bits_ == 0 ? 0 : hash >> (64 - bits_);
  }
  [[nodiscard]] std::size_t slice(std::size_t worker) const noexcept {
    return in_.rows() * worker / threads_;
  }

  template <class Reject>
  void count_slice(std::size_t worker, Reject reject) {
    share_of_rows& mine = shares_[worker];
    std::int64_t first = mine.first, last = mine.last;
    for (std::size_t row = slice(worker), end = slice(worker + 1); row != end; ++row) {
      const std::int64_t entered = in_.entered(row);
      if (presence(entered) == verdict::counted) {
        first = std::min(first, entered);
        last = std::max(last, entered);
      }
      std::uint8_t label = 0;
      if (in_.is_contact(row, label))
        ++mine.to[part_of(in_.hash(row))];
      else
        reject(worker, row, label);
    }
    mine.first = first;
    mine.last = last;
  }
  void deal_slice(std::size_t worker) {
    std::vector<std::uint32_t>& to = shares_[worker].to;
    for (std::size_t row = slice(worker), end = slice(worker + 1); row != end; ++row) {
      std::uint8_t label = 0;
      if (!in_.is_contact(row, label)) continue;
      Row moved;
      moved.hash = in_.hash(row);
      moved.entered = in_.entered(row);
      if constexpr (Row::has_end) moved.ended = in_.ended(row);
      if constexpr (Row::is_tagged) {
        moved.row = static_cast<std::uint32_t>(row);
        moved.marked = in_.marked(row);
      }
      dealt_[to[part_of(moved.hash)]++] = moved;
    }
  }

  const row_reader& in_;
  std::size_t threads_;
  int bits_;
  std::vector<std::uint32_t> begins_;
  std::vector<share_of_rows> shares_;
  std::unique_ptr<Row[], page_return> dealt_;
};

// The plainest case is packed tighter still: the clock is the entry, and the ranges of customers and instants
// are known. Then a row is one word, the customer's bits that its part does not imply above the time since
// the first entry, and a customer's rows differ by nothing but time. A part whose rows come as they entered
// needs a table of the last word of each customer; any other is sorted.
class packed_counter {
 public:
  packed_counter(const row_reader& in, std::size_t threads)
      : in_(in),
        threads_(threads),
        part_bits_(in.rows() <= rows_a_part
                       ? 0
                       : std::min<int>(11, static_cast<int>(std::bit_width(in.rows() / rows_a_part)))),
        slices_(threads) {}

  // Looks at every row; returns whether the ranges fit into words, and rows mostly come as they entered.
  [[nodiscard]] bool measure() {
    in_threads(threads_, [&](std::size_t worker) { measure_slice(worker); });
    slice all;
    for (const slice& s : slices_) {
      all.low = std::min(all.low, s.low);
      all.high = std::max(all.high, s.high);
      all.first = std::min(all.first, s.first);
      all.last = std::max(all.last, s.last);
      all.descents += s.descents;
    }
    if (all.first > all.last || all.low > all.high || all.descents * 16 > in_.rows()) return false;
    low_ = all.low;
    first_ = all.first;
    last_ = all.last;
    customer_bits_ = std::max(static_cast<int>(std::bit_width(between(low_, all.high))), part_bits_ + 1);
    time_bits_ = static_cast<int>(std::bit_width(between(first_, last_)));
    return customer_bits_ - part_bits_ + time_bits_ < 64;
  }
  [[nodiscard]] known_span seen() const noexcept { return {instant_of(first_), instant_of(last_)}; }

  void count(std::span<const duration> windows, known_span known, std::vector<repeat_counts>& out) {
    deal();
    std::atomic<std::size_t> next = 0;
    in_threads(threads_, [&](std::size_t worker) {
      slice& mine = slices_[worker];
      for (duration w : windows) {
        const auto us = static_cast<std::uint64_t>(w.count());
        mine.windows.push_back({us, latest_clock(*known.until, us), earliest_known(*known.since, us)});
      }
      for (std::size_t part; (part = next.fetch_add(1)) < parts();) {
        std::uint64_t* const words = &dealt_[begins_[part]];
        std::uint64_t* const end = &dealt_[begins_[part + 1]];
        if (mine.windows.size() == 1)
          read_part<true>(mine, words, end);
        else
          read_part<false>(mine, words, end);
      }
    });
    for (const slice& s : slices_)
      for (std::size_t w = 0; w < windows.size(); ++w) {
        for (std::size_t c = 0; c < 4; ++c) out[w].of[c] += s.windows[w].matured[c];
        out[w].of[static_cast<std::size_t>(followup::pending)] += s.windows[w].pending;
        out[w].left_unknown += s.windows[w].early;
        for (const auto& [label, rows] :
             {std::pair{reject::missing, s.missing}, std::pair{reject::invalid, s.invalid},
              std::pair{reject::excluded, s.excluded}})
          out[w].of[label] += rows;
      }
  }

 private:
  static constexpr std::uint64_t nobody = never;  // a word has a bit to spare

  struct counted {
    std::uint64_t window;
    std::int64_t latest, earliest;
    std::uint64_t matured[4]{};  // by what followup adds: 1 repeated, 2 overlapped
    std::uint64_t pending = 0, early = 0;

    void add(std::int64_t entered, std::uint64_t gap, bool overlapped) noexcept {
      const bool is_matured = entered <= latest;
      const bool is_repeated = gap <= window;
      matured[0] += is_matured && !is_repeated && !overlapped;
      matured[1] += is_matured && is_repeated && !overlapped;
      matured[2] += is_matured && !is_repeated && overlapped;
      matured[3] += is_matured && is_repeated && overlapped;
      pending += !is_matured;
      early += is_matured && entered < earliest;
    }
  };
  struct slice {
    std::int64_t low = std::numeric_limits<std::int64_t>::max(), high = none;
    std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = none;
    std::uint64_t missing = 0, invalid = 0, excluded = 0, descents = 0;
    std::vector<std::uint32_t> to;
    std::vector<counted> windows;
    std::vector<std::uint64_t> last_words;
    int rows_a_place = 1;  // as a power of two

    [[nodiscard]] std::uint64_t rejected() const noexcept { return missing + invalid + excluded; }
  };

  [[nodiscard]] std::size_t parts() const noexcept { return std::size_t{1} << part_bits_; }
  [[nodiscard]] std::size_t begin_of(std::size_t worker) const noexcept {
    return in_.rows() * worker / threads_;
  }
  [[nodiscard]] int key_bits() const noexcept { return customer_bits_ - part_bits_; }

  void measure_slice(std::size_t worker) noexcept {
    slice mine;
    std::int64_t before = none;
    for (std::size_t row = begin_of(worker), end = begin_of(worker + 1); row != end; ++row) {
      const std::int64_t entered = in_.entered(row);
      mine.descents += entered < before;
      before = entered;
      if (presence(entered) == verdict::counted) {
        mine.first = std::min(mine.first, entered);
        mine.last = std::max(mine.last, entered);
      }
      std::uint8_t label = 0;
      if (in_.is_contact(row, label)) {
        mine.low = std::min(mine.low, in_.customer(row));
        mine.high = std::max(mine.high, in_.customer(row));
      } else {
        ++(label == reject::missing ? mine.missing : label == reject::invalid ? mine.invalid : mine.excluded);
      }
    }
    slices_[worker] = std::move(mine);
  }

  // A bijection on as many bits as customers have: odd factors and shifts can be undone.
  [[nodiscard]] std::uint64_t spread(std::size_t row) const noexcept {
    const std::uint64_t mask = ~std::uint64_t{0} >> (64 - customer_bits_);
    const int half = (customer_bits_ + 1) / 2;
    std::uint64_t x = between(low_, in_.customer(row));
    x = x * 0xff51afd7ed558ccd & mask;
    x ^= x >> half;
    return x * 0xc4ceb9fe1a85ec53 & mask;
  }
  // Calls take(row) for the contacts of a worker; where all rows are contacts none is asked again.
  template <class Take>
  void each_contact(std::size_t worker, Take take) const {
    const std::size_t begin = begin_of(worker), end = begin_of(worker + 1);
    std::uint8_t label = 0;
    if (slices_[worker].rejected() == 0)
      for (std::size_t row = begin; row != end; ++row) take(row);
    else
      for (std::size_t row = begin; row != end; ++row)
        if (in_.is_contact(row, label)) take(row);
  }
  void deal() {
    in_threads(threads_, [&](std::size_t worker) {
      std::vector<std::uint32_t> to(parts());
      each_contact(worker, [&, shift = key_bits()](std::size_t row) { ++to[spread(row) >> shift]; });
      slices_[worker].to = std::move(to);
    });
    begins_.resize(parts() + 1);
    std::uint32_t sum = 0;
    for (std::size_t part = 0; part < parts(); ++part) {
      begins_[part] = sum;
      for (slice& s : slices_) {
        const std::uint32_t size = s.to[part];
        s.to[part] = sum;
        sum += size;
      }
    }
    begins_[parts()] = sum;
    dealt_ = rows_in_pages<std::uint64_t>(sum);
    in_threads(threads_, [&](std::size_t worker) {
      each_contact(worker, [&, to = slices_[worker].to.data(), out = dealt_.get(), shift = key_bits(),
                            above = time_bits_](std::size_t row) {
        const std::uint64_t x = spread(row), key = x & ((std::uint64_t{1} << shift) - 1);
        out[to[x >> shift]++] = key << above | between(first_, in_.entered(row));
      });
    });
  }

  template <bool IsOne>
  void read_part(slice& mine, std::uint64_t* begin, std::uint64_t* end) const {
    std::vector<counted> before = mine.windows;
    if (read_in_order<IsOne>(mine, begin, end)) return;
    mine.windows = std::move(before);
    std::sort(begin, end);
    for (const std::uint64_t* word = begin; word != end;) {  // equal words are contacts that entered together
      const std::uint64_t* next = word + 1;
      while (next != end && *next == *word) ++next;
      const bool is_same = next != end && key_of(*next) == key_of(*word);
      for (; word != next; ++word)
        add(mine.windows, *word, is_same ? *next - *word : never, word + 1 != next);
    }
  }
  template <bool IsOne>
  [[nodiscard]] bool read_in_order(slice& mine, const std::uint64_t* begin, const std::uint64_t* end) const {
    const auto size = static_cast<std::size_t>(end - begin);
    const int bits =
        std::min(key_bits(), std::max(2, static_cast<int>(std::bit_width(size)) - mine.rows_a_place));
    const int shift = time_bits_ + key_bits() - bits;
    mine.last_words.assign(std::size_t{1} << bits, nobody);
    std::uint64_t* const last = mine.last_words.data();
    const std::size_t mask = mine.last_words.size() - 1;
    if constexpr (IsOne)
      if (bits == key_bits()) return read_by_key(mine, begin, end);
    std::size_t room = bits == key_bits() ? size : mine.last_words.size() * 3 / 4;
    counted one = mine.windows.front();
    for (const std::uint64_t* word = begin; word != end; ++word) {
      auto at = static_cast<std::size_t>(*word >> shift);
      while (last[at] != nobody && key_of(last[at]) != key_of(*word)) at = (at + 1) & mask;
      if (last[at] == nobody) {
        if (room-- == 0) {
          --mine.rows_a_place;  // many customers of few contacts: later parts begin with more places
          return false;
        }
      } else if (*word <= last[at]) {
        return false;
      } else if constexpr (IsOne) {
        one.add(entered_of(last[at]), *word - last[at], false);
      } else {
        add(mine.windows, last[at], *word - last[at], false);
      }
      last[at] = *word;
    }
    for (std::uint64_t word : mine.last_words) {
      if (word == nobody) continue;
      if constexpr (IsOne)
        one.add(entered_of(word), never, false);
      else
        add(mine.windows, word, never, false);
    }
    if constexpr (IsOne) mine.windows.front() = one;
    return true;
  }
  // Where every customer has a place of its own there is nothing to search, and one window needs no branch.
  [[nodiscard]] bool read_by_key(slice& mine, const std::uint64_t* begin, const std::uint64_t* end) const {
    const int shift = time_bits_;
    std::uint64_t* const last = mine.last_words.data();
    const counted how = mine.windows.front();
    const std::int64_t first = first_;
    const std::uint64_t time_mask = (std::uint64_t{1} << shift) - 1;
    std::uint64_t resolved = 0, repeated = 0, pending = 0, early = 0, disorder = 0;
    const auto see = [&](std::uint64_t word, std::uint64_t gap, bool is_contact) {
      const auto entered = static_cast<std::int64_t>(static_cast<std::uint64_t>(first) + (word & time_mask));
      const bool is_matured = entered <= how.latest, is_repeated = gap <= how.window;
      repeated += is_contact & is_matured & is_repeated;
      resolved += is_contact & is_matured & !is_repeated;
      pending += is_contact & !is_matured;
      early += is_contact & is_matured & (entered < how.earliest);
    };
    for (const std::uint64_t* word = begin; word != end; ++word) {
      const std::uint64_t before = last[*word >> shift];
      const bool is_known = before != nobody;
      disorder += is_known & (*word <= before);
      see(before, *word - before, is_known);
      last[*word >> shift] = *word;
    }
    if (disorder != 0) return false;
    for (std::uint64_t word : mine.last_words) see(word, never, word != nobody);
    counted& one = mine.windows.front();
    one.matured[0] += resolved;
    one.matured[1] += repeated;
    one.pending += pending;
    one.early += early;
    return true;
  }
  void add(std::vector<counted>& windows, std::uint64_t word, std::uint64_t gap,
           bool overlapped) const noexcept {
    for (counted& w : windows) w.add(entered_of(word), gap, overlapped);
  }
  [[nodiscard]] std::uint64_t key_of(std::uint64_t word) const noexcept { return word >> time_bits_; }
  [[nodiscard]] std::int64_t entered_of(std::uint64_t word) const noexcept {
    const std::uint64_t since = word & ((std::uint64_t{1} << time_bits_) - 1);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(first_) + since);
  }

  const row_reader& in_;
  std::size_t threads_;
  int part_bits_, customer_bits_ = 0, time_bits_ = 0;
  std::int64_t low_ = 0, first_ = 0, last_ = 0;
  std::vector<slice> slices_;
  std::vector<std::uint32_t> begins_;
  std::unique_ptr<std::uint64_t[], page_return> dealt_;
};

known_span known_or(known_span said, known_span seen) noexcept {
  return {said.since ? said.since : seen.since, said.until ? said.until : seen.until};
}

template <class Row>
known_span classify_as(const repeat_columns& in, const repeat_rule& rule, known_span known,
                       std::uint8_t* classes, std::size_t threads) {
  const row_reader reader(in, rule);
  dealer<Row> rows(reader, threads);
  known = known_or(
      known, rows.count([&](std::size_t, std::size_t row, std::uint8_t label) { classes[row] = label; }));
  if (!known.until) return known;
  rows.deal();
  std::vector<each_row> sinks(threads, each_row{rule, *known.until, classes});
  rows.read(rule, sinks);
  return known;
}

template <class Row>
counted_repeats count_as(const repeat_columns& in, const repeat_rule& rule, std::span<const duration> windows,
                         known_span known, std::size_t threads) {
  const row_reader reader(in, rule);
  if constexpr (!Row::has_end && !Row::is_tagged)
    if (packed_counter rows(reader, threads);
        rule.order == repeat_order::rolling && rule.reason == reason_match::none && rows.measure()) {
      counted_repeats out{std::vector<repeat_counts>(windows.size()), known_or(known, rows.seen())};
      if (!windows.empty()) rows.count(windows, out.known, out.windows);
      return out;
    }
  dealer<Row> rows(reader, threads);
  std::vector<repeat_counts> rejected(threads);
  known = known_or(known, rows.count([&](std::size_t worker, std::size_t, std::uint8_t label) {
    ++rejected[worker].of[label];
  }));
  counted_repeats out{std::vector<repeat_counts>(windows.size()), known};
  const auto add = [](repeat_counts& to, const repeat_counts& more) {
    for (std::size_t c = 0; c < to.of.size(); ++c) to.of[c] += more.of[c];
    to.left_unknown += more.left_unknown;
  };
  for (repeat_counts& w : out.windows)
    for (const repeat_counts& r : rejected) add(w, r);
  if (!known.until || !known.since) return out;
  rows.deal();
  std::vector<each_window> sinks(threads, each_window{rule, *known.until, *known.since, windows,
                                                      std::vector<repeat_counts>(windows.size())});
  rows.read(rule, sinks);
  for (const each_window& sink : sinks)
    for (std::size_t w = 0; w < windows.size(); ++w) add(out.windows[w], sink.seen[w]);
  return out;
}

void check(const repeat_columns& in, const repeat_rule& rule) {
  validate(rule);
  const std::size_t rows = in.customer.size();
  const auto fits = [&](std::size_t size) { return size == 0 || size == rows; };
  if (in.entered.size() != rows || !fits(in.ended.size()) || !fits(in.reason.size()) ||
      !fits(in.outcome.size()) || !fits(in.transferred.size()) || !fits(in.unresolvable.size()))
    throw column_error("the columns of contacts have different lengths: give one value a row in each");
  if (rows != 0 && rule.reads_outcomes() && in.outcome.empty())
    throw column_error("the rule names outcomes, and there is no column of them");
  if (rows != 0 && rule.reason != reason_match::none && in.reason.empty())
    throw column_error("the rule matches reasons, and there is no column of them");
  if (rows > std::numeric_limits<std::uint32_t>::max())
    throw column_error(std::to_string(rows) + " contacts are more than 2^32 - 1: split them by customer");
}

std::size_t workers(std::size_t rows, unsigned threads) noexcept {
  return std::clamp<std::size_t>(threads, 1, std::max<std::size_t>(1, rows / rows_a_part));
}

}  // namespace

void validate(const repeat_rule& rule) {
  if (rule.window < duration(0) || rule.window > max_duration)
    throw unit_error("window=" + format_duration(rule.window) + " is outside 0 to 2^46 us (2.2 years)");
}

known_span classify_repeats(const repeat_columns& contacts, const repeat_rule& rule, known_span known,
                            std::span<std::uint8_t> classes, unsigned threads) {
  check(contacts, rule);
  const std::size_t rows = contacts.customer.size();
  if (classes.size() != rows)
    throw column_error("the columns of contacts have different lengths: give one value a row in each");
  return rule.clock == repeat_clock::ended
             ? classify_as<row_of<true, true>>(contacts, rule, known, classes.data(), workers(rows, threads))
             : classify_as<row_of<false, true>>(contacts, rule, known, classes.data(),
                                                workers(rows, threads));
}

counted_repeats count_repeats(const repeat_columns& contacts, const repeat_rule& rule,
                              std::span<const duration> windows, known_span known, unsigned threads) {
  for (duration window : windows) {
    repeat_rule one = rule;
    one.window = window;
    validate(one);
  }
  check(contacts, rule);
  const std::size_t t = workers(contacts.customer.size(), threads);
  const bool tagged =
      !contacts.outcome.empty() || !contacts.transferred.empty() || !contacts.unresolvable.empty();
  if (rule.clock == repeat_clock::ended)
    return tagged ? count_as<row_of<true, true>>(contacts, rule, windows, known, t)
                  : count_as<row_of<true, false>>(contacts, rule, windows, known, t);
  return tagged ? count_as<row_of<false, true>>(contacts, rule, windows, known, t)
                : count_as<row_of<false, false>>(contacts, rule, windows, known, t);
}

}  // namespace v0
}  // namespace cxmetrics

// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/io/queue_log_columns.hpp>

#include <algorithm>
#include <functional>
#include <utility>

#include <cxmetrics/core/column.hpp>

namespace cxmetrics {
inline namespace v0 {
namespace {

constexpr std::size_t stretch = 65'536;  // bytes between two advances of the tracker

[[nodiscard]] std::string hexadecimal(subject s) {
  std::string out;
  for (std::uint64_t word : {s.high, s.low})
    for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[word >> shift & 15];
  return out;
}

[[nodiscard]] std::string seconds_text(duration d) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(d).count()) + " s";
}

[[nodiscard]] std::string hours_text(duration d) {
  return std::to_string(std::chrono::duration_cast<std::chrono::hours>(d).count());
}

[[nodiscard]] std::vector<std::string> notes_of(const queue_log_contacts& read, duration disorder) {
  std::vector<std::string> notes;
  const auto note = [&](std::string_view what, std::uint64_t count) {
    if (count != 0) notes.push_back(std::string(what) + ": " + std::to_string(count));
  };
  const queue_log_report& r = read.report;
  const contact_findings& f = read.findings;
  if (r.lines == r.blank)
    notes.emplace_back("the log is empty");
  else if (f.entered == 0)
    notes.emplace_back("no contact entered a queue: the log has no ENTERQUEUE");
  if (r.invalid != 0) {
    const invalid_line& line = r.first_invalid.front();
    notes.push_back("lines that are not of a queue_log, left out: " + std::to_string(r.invalid) + " of " +
                    std::to_string(r.lines) + "; the first is " + line.file + " line " +
                    std::to_string(line.number) + ": " + line.reason);
  }
  note("lines more than " + seconds_text(disorder) +
           " older than lines before them, not used (give rotated files oldest first, each once)",
       r.late);
  note("lines of contacts that stand in the log twice, used once", r.repeated);
  note(
      "of them entries of calls that left and entered a queue in one second, taken for copies, for the same "
      "exit follows: who was sent round three times in a second looks the same",
      r.doubtful);
  note("events behind the end of a stay, which stands, not used", r.behind);
  note("contacts that left without an answer, says the log, and talked after that: the talk is not counted",
       r.hidden_talks);
  if (r.leap)
    notes.push_back("the last line is " + hours_text(*r.leap) +
                    " h later than those before it, and no line confirms it: what is open is as of then "
                    "(as_of= sets another moment)");
  note("durations that are no seconds, replaced by the difference of the times", r.unreadable);
  note(
      "stays whose stated durations differ by more than 2 s from the times of their lines; the stated ones "
      "stand",
      read.unlike);
  note("events of calls whose entry is not in the data (it begins in their middle, or lines are lost)",
       f.orphaned);
  note("repeated entries, not used", f.repeated);
  note("contacts that entered a queue without having left the one before, which has no end", f.interrupted);
  note("events that contradict an answer, which stands", f.contradictory);
  note("contacts open for more than a day, closed as unfinished or answered without an end", f.aged);
  return notes;
}

// Whether a stay that has ended says other durations than the times of its lines do. Of a call that was put
// through, lines of two calls are joined, and their times are not compared.
bool is_unlike(const contact& c) {
  if (!c.ended || c.before || c.transfer) return false;
  const duration span = *c.ended - c.entered, rest = span - c.wait - c.talk.value_or(duration::zero());
  constexpr duration off = std::chrono::seconds(2);  // whole seconds, cut off at either end
  const bool is_all = c.how != outcome::answered || c.talk;
  return rest < -off || (is_all && rest > off);
}

}  // namespace

queue_log_collector::queue_log_collector(queue_log_options options)
    : keyed_(options.key != subject_key{}),
      disorder_(options.disorder),
      as_of_(options.as_of),
      reader_(std::move(options)) {}

void queue_log_collector::feed(std::string_view chunk) {
  for (; !chunk.empty(); chunk.remove_prefix(std::min(stretch, chunk.size()))) {
    reader_.feed(chunk.substr(0, stretch), std::bind_front(&queue_log_collector::take, this));
    tracker_.advance(reader_.watermark(), [this](const contact& c) { fill(c); });
  }
}

void queue_log_collector::next_file(std::string_view name) {
  reader_.next_file(name, std::bind_front(&queue_log_collector::take, this));
}

queue_log_contacts queue_log_collector::finish() {
  reader_.finish(std::bind_front(&queue_log_collector::take, this));
  out_.report = reader_.report();
  if (const std::optional<instant> last = out_.report.last) {
    const instant now = as_of_.value_or(*last);
    tracker_.advance(now + duration(1), [this](const contact& c) { fill(c); });
    tracker_.open(now, [this](const contact& c) {
      ++(c.how == outcome::unfinished ? out_.waiting : out_.talking);
      fill(c);
    });
  }
  out_.findings = tracker_.findings();
  drop_unfilled();
  if (out_.report.put_right != 0) drop_unused_customers();
  link_legs();
  out_.columns.queues = reader_.queues();
  out_.notes = notes_of(out_, disorder_);
  return std::move(out_);
}

// A row for every entry; the tracker says later what became of it.
void queue_log_collector::take(const contact_event& event, const queue_log_line& line) {
  tracker_.add(event);
  const auto* entry = std::get_if<contact_queued>(&event);
  if (entry == nullptr) return;
  contact_columns& c = out_.columns;
  positions_.push_back(entry->head.position);
  c.entered.push_back(entry->head.at.time_since_epoch().count());
  c.wait.push_back(absent<std::int64_t>::missing);
  c.talk.push_back(absent<std::int64_t>::missing);
  c.ended.push_back(absent<std::int64_t>::missing);
  c.outcome.push_back(absent<std::uint8_t>::missing);
  c.transfers.push_back(0);
  c.transfer.push_back(absent<std::uint8_t>::missing);
  c.wait_contact.push_back(absent<std::int64_t>::missing);
  c.leg.push_back(1);
  c.first_row.push_back(0);
  c.queue.push_back(static_cast<std::int32_t>(entry->queue));
  c.customer.push_back(entry->customer ? code_of(*entry->customer, line.data[1]) : -1);
  c.id_text += line.call;
  c.id_ends.push_back(static_cast<std::int64_t>(c.id_text.size()));
}

std::size_t queue_log_collector::row_of(std::uint64_t position) const {
  return static_cast<std::size_t>(std::lower_bound(positions_.begin(), positions_.end(), position) -
                                  positions_.begin());
}

void queue_log_collector::fill(const contact& c) {
  out_.unlike += is_unlike(c) ? 1U : 0U;
  const std::size_t row = row_of(c.position);
  out_.columns.wait[row] = c.wait.count();
  out_.columns.outcome[row] = static_cast<std::uint8_t>(c.how);
  out_.columns.transfers[row] = static_cast<std::uint8_t>(c.transfers);
  if (c.transfer) out_.columns.transfer[row] = static_cast<std::uint8_t>(*c.transfer);
  if (c.talk) out_.columns.talk[row] = c.talk->count();
  if (c.ended) out_.columns.ended[row] = c.ended->time_since_epoch().count();
  out_.columns.wait_contact[row] = c.wait_contact().count();
  out_.columns.first_row[row] = static_cast<std::int64_t>(c.before ? c.before->first.position : c.position);
  if (!c.before) return;
  out_.columns.leg[row] = static_cast<std::int32_t>(c.leg());
  const auto known = c.customer ? codes_.find(*c.customer) : codes_.none;
  out_.columns.customer[row] = known == codes_.none ? -1 : static_cast<std::int32_t>(codes_[known]);
}

std::int32_t queue_log_collector::code_of(subject customer, std::string_view number) {
  if (const auto at = codes_.find(customer); at != codes_.none) return static_cast<std::int32_t>(codes_[at]);
  std::vector<std::string>& texts = out_.columns.customers;
  codes_.push_back(customer, static_cast<std::uint32_t>(texts.size()));
  texts.push_back(keyed_ ? hexadecimal(customer) : std::string(number));
  return static_cast<std::int32_t>(texts.size() - 1);
}

// Repeated entries have made no contact.
void queue_log_collector::drop_unfilled() {
  contact_columns& c = out_.columns;
  if (c.size() == out_.findings.entered) return;
  std::vector<std::uint64_t> positions;
  contact_columns kept;
  kept.customers = std::move(c.customers);
  for (std::size_t row = 0; row < c.size(); ++row) {
    if (c.outcome[row] == absent<std::uint8_t>::missing) continue;
    kept.entered.push_back(c.entered[row]);
    kept.wait.push_back(c.wait[row]);
    kept.talk.push_back(c.talk[row]);
    kept.ended.push_back(c.ended[row]);
    kept.outcome.push_back(c.outcome[row]);
    kept.transfers.push_back(c.transfers[row]);
    kept.transfer.push_back(c.transfer[row]);
    kept.wait_contact.push_back(c.wait_contact[row]);
    kept.leg.push_back(c.leg[row]);
    kept.first_row.push_back(c.first_row[row]);
    positions.push_back(positions_[row]);
    kept.queue.push_back(c.queue[row]);
    kept.customer.push_back(c.customer[row]);
    kept.id_text += c.id(row);
    kept.id_ends.push_back(static_cast<std::int64_t>(kept.id_text.size()));
  }
  c = std::move(kept);
  positions_ = std::move(positions);
}

// Positions become rows. What has become another contact's leg, or was taken for a repeated entry, is no
// first leg any more: the legs behind it stand alone.
void queue_log_collector::link_legs() {
  const std::vector<std::int32_t>& leg = out_.columns.leg;
  std::vector<std::int64_t>& first_row = out_.columns.first_row;
  for (std::size_t row = 0; row < leg.size(); ++row) {
    const auto position = static_cast<std::uint64_t>(first_row[row]);
    const std::size_t first = leg[row] == 1 ? row : row_of(position);
    const bool is_first = first < leg.size() && positions_[first] == position && leg[first] == 1;
    first_row[row] = static_cast<std::int64_t>(is_first ? first : row);
  }
}

// The number of an agent who asked in a queue on a call of his own is nobody's once the customer is through.
void queue_log_collector::drop_unused_customers() {
  contact_columns& c = out_.columns;
  constexpr std::int32_t unused = -1;
  std::vector<std::int32_t> now(c.customers.size(), unused);
  for (std::int32_t code : c.customer)
    if (code >= 0) now[static_cast<std::size_t>(code)] = code;
  std::vector<std::string> kept;
  for (std::int32_t& code : now) {
    if (code == unused) continue;
    kept.push_back(std::move(c.customers[static_cast<std::size_t>(code)]));
    code = static_cast<std::int32_t>(kept.size()) - 1;
  }
  for (std::int32_t& code : c.customer)
    if (code >= 0) code = now[static_cast<std::size_t>(code)];
  c.customers = std::move(kept);
}

queue_log_contacts contacts_from_queue_log(std::string_view text, queue_log_options options) {
  queue_log_collector collector(std::move(options));
  collector.feed(text);
  return collector.finish();
}

}  // namespace v0
}  // namespace cxmetrics

// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_IO_QUEUE_LOG_HPP
#define CXMETRICS_IO_QUEUE_LOG_HPP

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <cxmetrics/contact/events.hpp>
#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/core/result.hpp>
#include <cxmetrics/core/subject.hpp>

namespace cxmetrics {
inline namespace v0 {

/// One line of a queue_log: `epoch|call|queue|agent|EVENT|data...`. The texts live as long as the call they
/// are given to; absent data are empty, and what follows the sixth is part of it.
struct queue_log_line {
  instant at{};
  std::string_view call;
  std::string_view queue;
  std::string_view agent;
  std::string_view event;
  std::array<std::string_view, 6> data;
  std::uint64_t position = 0;  ///< line number, over all files
};

/// How long a phone rang: of CONNECT, which states seconds, and of RINGNOANSWER and RINGCANCELED, which state
/// milliseconds. Absent for other lines, and where none is stated.
[[nodiscard]] std::optional<duration> ring_time(const queue_log_line& line);

struct queue_log_options {
  std::string name = "queue_log";  ///< of the first file, for messages
  duration disorder =
      std::chrono::seconds(60);  ///< lines this much older than the newest before them are put in place
  duration chain_gap =
      std::chrono::hours(1);  ///< a call that enters a queue within this of leaving one is the same contact
  std::optional<instant> as_of{};  ///< the present: later lines are not used, what is open is as it is then
  subject_key key{};               ///< of the hash of calls and callers
};

/// A line that is none: kept clipped, with what is not printable replaced by dots, and every digit too where
/// callers are hashed with a key, for a spoilt line may hold a number.
struct invalid_line {
  std::string file;
  std::uint64_t number = 0;  ///< in the file, from 1
  std::string text;
  std::string reason;
  friend bool operator==(const invalid_line&, const invalid_line&) = default;
};

/// What was read. lines = blank + invalid + the counts of events, always.
struct queue_log_report {
  std::uint64_t lines = 0;
  std::uint64_t blank = 0;
  std::uint64_t invalid = 0;
  std::uint64_t late = 0;      ///< of the good lines: too much older than those before them, not used
  std::uint64_t after = 0;     ///< of the good lines: later than as_of, not used
  std::uint64_t repeated = 0;  ///< of the good lines: identical to one of a contact before, not used
  std::uint64_t doubtful = 0;  ///< of the repeated: entries of a call in the second in which it left, with
                               ///< the same exit behind them; a copy, or a third pass
  std::uint64_t over = 0;      ///< of the good lines: an ABANDON behind a SYSCOMPAT, the same end, not used
  std::uint64_t behind = 0;    ///< of the good lines: behind the end of their stay, not used
  std::uint64_t hidden_talks = 0;  ///< stays that end without an answer and have a talk behind that
  std::uint64_t put_right = 0;     ///< attended transfers under the id of the agent's call
  std::uint64_t unreadable = 0;    ///< durations that are no numbers of seconds: taken from the instants
  std::vector<invalid_line> first_invalid;  ///< the first five
  std::vector<named_count> events;          ///< good lines by event, vendors' own too, by name
  std::optional<instant> first;
  std::optional<instant> last;   ///< the newest
  std::optional<duration> leap;  ///< of the last line from those before it, where that is more than a day
  friend bool operator==(const queue_log_report&, const queue_log_report&) = default;
};

/// Reads an Asterisk queue_log that comes in chunks of any size; the events of contacts go to a sink, in file
/// order, but for what the lines before it do not explain, which waits with all of its call until its second
/// is over. Events know the chain of legs that they are of, and the two calls of an attended transfer become
/// one contact: docs/reference/queue_log.md. Their positions count them, in the order of history. A sink is
/// called with (const contact_event&, const queue_log_line&); one that can also be called with the line alone
/// gets all other good lines too: agents', vendors' own and unknown ones are counted, never refused. Missing:
/// a last line without newline counts. CRLF, NUL bytes around a line and a byte order mark are taken off.
/// Errors: a line that is none is counted, never fatal; a file without a single good line is a column_error.
/// A time more than a day ahead of the lines before it is believed once the next line confirms it: one spoilt
/// digit spoils one line; a last line, which none confirms, up to a year ahead. Times of 13 digits are
/// milliseconds. An identical line of a contact again, within the disorder, is a copy and not used, but for
/// an entry in the second in which its call has left that queue; beyond it, it is late. Memory: queue and
/// event names, the lines of the disorder, the open calls and those that ended within the chain gap. No
/// allocation a line in the steady state. Cost: tests/bench/queue_log_bench.cpp. Source: main/logger.c and
/// apps/app_queue.c of Asterisk; docs.asterisk.org/Operation/Logging/Queue-Logs.
class queue_log_reader {
 public:
  static constexpr std::size_t longest_line = 65'536;  ///< bytes; Asterisk itself writes at most 8192

  explicit queue_log_reader(queue_log_options options = {});
  queue_log_reader(const queue_log_reader&) = delete;
  queue_log_reader& operator=(const queue_log_reader&) = delete;
  queue_log_reader(queue_log_reader&&) noexcept;
  queue_log_reader& operator=(queue_log_reader&&) noexcept;
  ~queue_log_reader();

  template <class Sink>
  void feed(std::string_view chunk, Sink&& sink) {
    feed_to({&sink, call<std::remove_reference_t<Sink>>}, chunk);
  }
  /// What follows is another file: rotated ones come oldest first.
  template <class Sink>
  void next_file(std::string_view name, Sink&& sink) {
    next_file_to({&sink, call<std::remove_reference_t<Sink>>}, name);
  }
  /// The end of all input.
  template <class Sink>
  void finish(Sink&& sink) {
    finish_to({&sink, call<std::remove_reference_t<Sink>>});
  }

  /// No event older than this will be emitted: feed it to contact_tracker::advance.
  [[nodiscard]] instant watermark() const noexcept;
  /// By the index that events carry.
  [[nodiscard]] const std::vector<std::string>& queues() const noexcept;
  [[nodiscard]] queue_log_report report() const;

 private:
  struct parts;
  struct receiver {
    const void* sink;
    void (*call)(const void*, const contact_event*, const queue_log_line&);
  };

  template <class Sink>
  static void call(const void* sink, const contact_event* event, const queue_log_line& line) {
    Sink& to = *const_cast<Sink*>(static_cast<const Sink*>(sink));
    if (event != nullptr) {
      to(*event, line);
    } else if constexpr (std::invocable<Sink&, const queue_log_line&>) {
      to(line);
    }
  }
  void feed_to(receiver to, std::string_view chunk);
  void next_file_to(receiver to, std::string_view name);
  void finish_to(receiver to);

  std::unique_ptr<parts> parts_;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_IO_QUEUE_LOG_HPP

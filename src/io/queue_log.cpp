// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/io/queue_log.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <utility>
#include <variant>

#include <cxmetrics/core/error.hpp>
#include <cxmetrics/core/keyed_list.hpp>

#include "io/call_chains.hpp"
#include "io/text_table.hpp"
#include "time/text.hpp"

namespace cxmetrics {
inline namespace v0 {
namespace {

constexpr std::int64_t second = 1'000'000;  // us
constexpr std::int64_t earliest =
    31'536'000 * second;  // 1971: what lands in 1970 is no time but a small number
constexpr std::int64_t latest = 253'402'300'800 * second;  // the year 10000
constexpr duration believed_gap = std::chrono::hours(24);  // a longer one wants to be confirmed
constexpr duration longest_gap =
    std::chrono::hours(24 * 366);  // of a last line, which nothing can confirm: behind it a digit is spoilt
constexpr std::size_t kept_invalid = 5;
constexpr std::size_t most_strangers = 256;  // of one second that wait for its end
constexpr std::size_t usual_line = 512;      // bytes
constexpr std::size_t clip = 80;             // bytes of an invalid line that are kept
constexpr std::size_t longest_name = 80;     // of an event; the realtime table allows 32
constexpr std::size_t most_names = 4096;     // of events; what comes after them is counted together
constexpr std::string_view other_names = "(other)";
constexpr std::ptrdiff_t shortest_number = 6;   // digits of a caller's
constexpr std::uint64_t patience_lines = 1000;  // invalid ones from the start on, and it is no log
constexpr std::uint64_t patience_bytes = 1 << 20;

enum class kind : std::uint8_t { queued, answered, left, transferred, ended, restarted };

constexpr std::uint8_t no_data = 255;

// What an event of a contact is, and which data are its durations, counted from 0.
struct event_meaning {
  std::string_view event;
  kind is;
  outcome how = outcome::unfinished;
  std::uint8_t wait = no_data;
  std::uint8_t talk = no_data;
};

// Source: record_abandoned, try_calling and queue_exec of apps/app_queue.c.
constexpr std::array meanings{
    event_meaning{"ENTERQUEUE", kind::queued},
    event_meaning{"CONNECT", kind::answered, outcome::answered, 0},
    event_meaning{"COMPLETEAGENT", kind::ended, outcome::answered, 0, 1},
    event_meaning{"COMPLETECALLER", kind::ended, outcome::answered, 0, 1},
    event_meaning{"ABANDON", kind::left, outcome::abandoned, 2},
    event_meaning{"EXITWITHTIMEOUT", kind::left, outcome::timeout, 2},
    event_meaning{"EXITEMPTY", kind::left, outcome::left_empty, 2},
    event_meaning{"EXITWITHKEY", kind::left, outcome::exit_key, 3},
    event_meaning{"WITHDRAW", kind::left, outcome::withdrawn, 2},
    event_meaning{"SYSCOMPAT", kind::left, outcome::system_failure},
    event_meaning{"TRANSFER", kind::transferred, outcome::transferred_blind, 2, 3},
    event_meaning{"BLINDTRANSFER", kind::transferred, outcome::transferred_blind, 2, 3},
    event_meaning{"ATTENDEDTRANSFER", kind::transferred, outcome::transferred_attended, 2, 3},
    event_meaning{"QUEUESTART", kind::restarted},
};
constexpr text_table::code attended_transfer = 12;
static_assert(meanings[attended_transfer].event == "ATTENDEDTRANSFER");

// Events without a meaning for contacts that Asterisk writes itself: a line that is cut off behind one of
// them is whole.
constexpr std::array<std::string_view, 19> other_events{
    "RINGNOANSWER", "RINGCANCELED", "AGENTDUMP",          "CONFIGRELOAD",        "ADDMEMBER", "REMOVEMEMBER",
    "PAUSE",        "UNPAUSE",      "PAUSEALL",           "UNPAUSEALL",          "PENALTY",   "RINGINUSE",
    "AGENTLOGIN",   "AGENTLOGOFF",  "AGENTCALLBACKLOGIN", "AGENTCALLBACKLOGOFF", "OUTCALL",   "QUEUESTATUS",
    "DID"};

using time_detail::is_digit;

// A number with or without a fraction, in microseconds; to the one below. `one` is what 1 stands for. Moves
// `text` behind it; absent where it does not begin with a number, or with one of more than `most` digits.
[[nodiscard]] std::optional<std::int64_t> take_number(std::string_view& text, std::int64_t one,
                                                      std::size_t most) noexcept {
  std::size_t at = 0;
  std::int64_t value = 0;
  while (at < text.size() && at <= most && is_digit(text[at])) value = 10 * value + (text[at++] - '0');
  if (at == 0 || at > most) return std::nullopt;
  value *= one;
  if (at < text.size() && text[at] == '.') {
    std::int64_t unit = one / 10;
    for (++at; at < text.size() && is_digit(text[at]); ++at, unit /= 10) value += unit * (text[at] - '0');
  }
  text.remove_prefix(at);
  return value;
}

// Of all durations.
[[nodiscard]] std::optional<std::int64_t> take_seconds(std::string_view& text) noexcept {
  return take_number(text, second, 12);
}

// Of a line: seconds, or the milliseconds of programs that copy logs, which have 13 digits since 2001.
[[nodiscard]] std::optional<std::int64_t> take_time(std::string_view& text) noexcept {
  const std::optional<std::int64_t> at = take_seconds(text);
  return at ? at : take_number(text, second / 1000, 13);
}

// The text up to the next pipe, which is taken off too; false where there is none.
[[nodiscard]] bool take_field(std::string_view& rest, std::string_view& field) noexcept {
  const void* pipe = rest.empty() ? nullptr : std::memchr(rest.data(), '|', rest.size());
  if (pipe == nullptr) {
    field = rest;
    rest = {};
    return false;
  }
  const auto size = static_cast<std::size_t>(static_cast<const char*>(pipe) - rest.data());
  field = rest.substr(0, size);
  rest.remove_prefix(size + 1);
  return true;
}

// 128 bits by which a line is known again for a minute, and the agent of a talk while it lasts: two chains of
// bijections, a tenth of the cost of a hash that withstands an enemy.
[[nodiscard]] subject fingerprint(std::string_view text) noexcept {
  subject s{text.size(), ~text.size()};
  const auto mix = [&](std::uint64_t word) {
    s.low = (s.low ^ word) * 0x9e3779b97f4a7c15;
    s.low ^= s.low >> 32;
    s.high = (s.high ^ word) * 0xc2b2ae3d27d4eb4f;
    s.high ^= s.high >> 29;
  };
  std::size_t at = 0;
  for (std::uint64_t word = 0; at + 8 <= text.size(); at += 8) {
    std::memcpy(&word, text.data() + at, 8);
    mix(word);
  }
  std::uint64_t rest = 0;
  for (; at < text.size(); ++at) rest = rest << 8 | static_cast<unsigned char>(text[at]);
  mix(rest);
  mix(0);
  return s;
}

// What is not printable is a dot; where numbers of callers must not be kept, so is every digit.
[[nodiscard]] std::string printable(std::string_view text, bool keeps_digits) {
  std::string out(text.substr(0, clip));
  for (char& c : out)
    if (c < ' ' || c > '~' || (!keeps_digits && is_digit(c))) c = '.';
  if (text.size() > clip) out += "...";
  return out;
}

}  // namespace

std::optional<duration> ring_time(const queue_log_line& line) {
  const bool missed = line.event == "RINGNOANSWER" || line.event == "RINGCANCELED";
  if (!missed && line.event != "CONNECT") return std::nullopt;
  std::string_view text = line.data[missed ? 0 : 2];
  const std::optional<std::int64_t> rung = take_seconds(text);
  if (!rung || !text.empty()) return std::nullopt;
  return duration(missed ? *rung / 1000 : *rung);
}

struct queue_log_reader::parts {
  queue_log_options options;
  text_table events;  // the meanings come first, so that their numbers are indices
  std::vector<std::uint64_t> counts;
  text_table queues;
  queue_log_report report;
  std::optional<instant> newest;

  std::string partial;  // the line that the last chunk left unfinished
  bool too_long = false;
  std::string file;
  std::uint64_t number = 0;  // of the line in its file
  std::uint64_t bytes = 0;   // of the file
  std::uint64_t good = 0;    // lines of the file
  std::uint64_t bad = 0;
  bool is_half = false;  // the last bad line, by its pipes: a rotation may leave no more in a file

  struct low_half {
    std::uint64_t operator()(subject s) const noexcept { return s.low; }
  };
  struct stranger {
    contact_event event;
    subject call;
    subject agent;
    std::string text;
    std::uint64_t position = 0;
    bool may_be_copy = false;
  };
  keyed_list<subject, instant, low_half> recent;  // lines of contacts, for their copies
  call_chains chains;
  std::vector<stranger> strangers;  // they wait for the end of the newest second
  std::uint64_t told = 0;           // events of contacts: their places in history

  bool holds = false;  // a line whose time waits to be confirmed
  std::string held;
  std::string held_file;
  std::uint64_t held_number = 0;
  std::uint64_t held_position = 0;

  explicit parts(queue_log_options o) : options(std::move(o)), file(options.name), chains(options.chain_gap) {
    for (const event_meaning& m : meanings) (void)events(m.event);
    for (std::string_view name : other_events) (void)events(name);
    counts.resize(events.names().size());
    partial.reserve(usual_line);
  }

  // ---- bytes to lines

  void feed(receiver to, std::string_view chunk) {
    while (!chunk.empty()) {
      const void* newline = std::memchr(chunk.data(), '\n', chunk.size());
      if (newline == nullptr) {
        put_by(chunk);
        break;
      }
      const auto size = static_cast<std::size_t>(static_cast<const char*>(newline) - chunk.data());
      const std::string_view line = chunk.substr(0, size);
      chunk.remove_prefix(size + 1);
      if (partial.empty() && !too_long) {
        bytes += size;
        take_line(to, line);
      } else {
        put_by(line);
        take_partial(to);
      }
    }
  }
  void put_by(std::string_view text) {
    bytes += text.size();
    if (too_long) return;
    if (partial.size() + text.size() > longest_line) {
      too_long = true;
      text = text.substr(0, clip + 1);
    }
    partial += text;
  }
  void take_partial(receiver to) {
    if (too_long) {
      begin_line();
      spoilt(partial, "it is longer than 65536 bytes");
      too_long = false;
    } else {
      take_line(to, partial);
    }
    partial.clear();
  }
  void end_file(receiver to) {
    if (!partial.empty() || too_long) take_partial(to);
    if (good == 0 && bad != 0 && !(is_half && bad == 1 && report.first)) refuse();
  }
  void begin_line() {
    ++number;
    ++report.lines;
  }

  // ---- lines to events

  void take_line(receiver to, std::string_view text) {
    begin_line();
    if (text.size() > longest_line) return spoilt(text, "it is longer than 65536 bytes");
    if (number == 1 && text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
    while (!text.empty() && text.front() == '\0') text.remove_prefix(1);
    while (!text.empty() && (text.back() == '\r' || text.back() == '\0')) text.remove_suffix(1);
    if (text.empty()) {
      ++report.blank;
      return;
    }
    queue_log_line line;
    line.position = report.lines;
    text_table::code event = text_table::none;
    if (const char* why = split(text, line, event); why != nullptr) return spoilt(text, why);
    ++good;
    if (holds) settle_held(to, line.at);
    if (!newest || line.at > *newest + believed_gap) {
      hold(text);
    } else {
      accept(to, line, event, text);
    }
  }

  // Fills the line, but for its data, which it leaves in data[0], and the number of its event; or says what
  // is wrong.
  [[nodiscard]] const char* split(std::string_view text, queue_log_line& line,
                                  text_table::code& event) const {
    const std::optional<std::int64_t> at = take_time(text);
    if (!at || text.empty() || text.front() != '|')
      return "it does not begin with a time in seconds and a pipe";
    if (*at < earliest || *at >= latest) return "its time lies before 1971 or after the year 9999";
    line.at = instant(duration(*at));
    text.remove_prefix(1);
    if (!take_field(text, line.call) || !take_field(text, line.queue) || !take_field(text, line.agent))
      return "it has fewer than five fields";
    const bool whole = take_field(text, line.event);
    line.data[0] = text;
    if (line.event.empty() || line.event.size() > longest_name) return "its fifth field is no event";
    for (char c : line.event)
      if (static_cast<unsigned char>(c) < ' ' || c == 127) return "its fifth field is no event";
    event = events.find(line.event);
    if (!whole && event >= meanings.size() + other_events.size()) return "it ends in the middle of its event";
    if (line.call.empty() && event < meanings.size()) return "its call has no id";
    return nullptr;
  }

  void accept(receiver to, queue_log_line& line, text_table::code event, std::string_view text) {
    if (event == text_table::none) {
      const bool has_name = events.names().size() < most_names && may_be_shown(line.event);
      event = events(has_name ? line.event : other_names);
      if (event == counts.size()) counts.push_back(0);
    }
    ++counts[event];
    if (options.as_of && line.at > *options.as_of) {
      ++report.after;
      return;
    }
    if (!newest) {
      newest = report.first = line.at;
    } else if (line.at < *newest - options.disorder) {
      ++report.late;
      return;
    } else if (line.at > *newest) {
      settle_strangers(to);
      newest = line.at;
    }
    split_data(line);
    if (event >= meanings.size()) return to.call(to.sink, nullptr, line);
    bool may_be_copy = false;
    if (is_copy(text, line.at)) {
      may_be_copy = comes_back(event, line);
      if (!may_be_copy) {
        ++report.repeated;
        return;
      }
    }
    const kind is = meanings[event].is;
    if (is == kind::restarted) settle_strangers(to);
    contact_event happened = event_of(event, line);
    const subject call = head_of(happened).whose;
    const bool talks = is == kind::answered || is == kind::transferred || is == kind::ended;
    const subject agent = talks ? fingerprint(line.agent) : subject{};
    if (!may_be_copy && !waits(call)) {
      switch (chains.place(happened, agent)) {
        case call_chains::finding::known: ++told; return to.call(to.sink, &happened, line);
        case call_chains::finding::over: ++report.over; return;
        case call_chains::finding::behind: ++report.behind; return;
        case call_chains::finding::stranger: break;
      }
    }
    strangers.push_back({happened, call, agent, std::string(text), line.position, may_be_copy});
    if (strangers.size() == most_strangers) settle_strangers(to);
  }

  static void split_data(queue_log_line& line) {
    for (std::size_t i = 0; i + 1 < line.data.size(); ++i) {
      std::string_view rest = line.data[i];
      if (!take_field(rest, line.data[i])) break;
      line.data[i + 1] = rest;
    }
  }

  [[nodiscard]] bool is_copy(std::string_view text, instant at) {
    while (!recent.empty() && recent[recent.front()] < *newest - options.disorder)
      recent.erase(recent.front());
    const subject line = fingerprint(text);
    if (recent.find(line) != recent.none) return true;
    recent.push_back(line, at);
    return false;
  }

  // A call may enter a queue again in the very second in which it has left it, with the same line as before.
  // That line is a copy after all if the line before it is told again next: so read a copy of both, and a
  // third pass too, for their bytes are the same.
  [[nodiscard]] bool comes_back(text_table::code event, const queue_log_line& line) {
    const kind is = meanings[event].is;
    if (is == kind::restarted) return false;
    const subject call = subject_of(line.call, options.key);
    const auto last =
        std::find_if(strangers.rbegin(), strangers.rend(), [&](const stranger& s) { return s.call == call; });
    const bool waits = last != strangers.rend();
    if (is == kind::queued)
      return waits ? !std::holds_alternative<contact_queued>(last->event)
                   : chains.has_just_left(call, queues(line.queue), line.at);
    if (waits && last->may_be_copy) {
      strangers.erase(std::next(last).base());
      ++report.repeated;
      ++report.doubtful;
    }
    return false;
  }

  // Within a second the lines of two calls come in any order. So what no line before it explains waits until
  // all are there, and so does what its call does next.
  [[nodiscard]] bool waits(subject call) const {
    return std::any_of(strangers.begin(), strangers.end(), [&](const stranger& s) { return s.call == call; });
  }
  void settle_strangers(receiver to) {
    if (strangers.empty()) return;
    std::sort(strangers.begin(), strangers.end(), [](const stranger& a, const stranger& b) {
      const instant a_at = head_of(a.event).at, b_at = head_of(b.event).at;
      return a_at != b_at ? a_at < b_at : a.position < b.position;
    });
    // A transfer that is put right may explain strangers of another call.
    using enum call_chains::chance;
    for (auto now : {explained, fitting, last})
      while (settle_some(to, now))
        while (settle_some(to, explained)) continue;
  }
  // Each that has this chance and is the first of its call; says whether a transfer was put right.
  bool settle_some(receiver to, call_chains::chance now) {
    const std::uint64_t before = chains.put_right();
    std::vector<stranger> all;
    std::swap(all, strangers);
    for (stranger& s : all) {
      std::visit([&](auto& e) { e.head.position = told + 1; }, s.event);
      queue_log_line line;
      line.position = s.position;
      text_table::code event = text_table::none;
      (void)split(s.text, line, event);
      split_data(line);
      const auto tell = [&](const contact_event& e) { to.call(to.sink, &e, line); };
      const auto found =
          waits(s.call) ? call_chains::finding::stranger : chains.place_late(s.event, s.agent, now, tell);
      switch (found) {
        case call_chains::finding::known: ++told; break;
        case call_chains::finding::over: ++report.over; break;
        case call_chains::finding::behind: ++report.behind; break;
        case call_chains::finding::stranger: strangers.push_back(std::move(s));
      }
    }
    return chains.put_right() != before;
  }

  [[nodiscard]] contact_event event_of(text_table::code event, const queue_log_line& line) {
    const event_meaning& m = meanings[event];
    envelope head{line.at, {}, told + 1};
    if (m.is == kind::restarted) return contacts_restarted{head};
    head.whose = subject_of(line.call, options.key);
    const std::uint32_t queue = queues(line.queue);
    // An attended transfer by linking two bridges has one datum more before its durations.
    const bool shifted = event == attended_transfer && line.data[0] == "LINK";
    const auto stated = [&](std::uint8_t index) -> std::optional<duration> {
      return index == no_data ? std::nullopt : seconds(line.data[index + (shifted ? 1U : 0U)]);
    };
    switch (m.is) {
      case kind::queued: {
        contact_queued e{head, queue, {}};
        if (!is_placeholder(line.data[1])) e.customer = subject_of(line.data[1], options.key);
        return e;
      }
      case kind::answered: return contact_answered{head, queue, stated(m.wait)};
      case kind::left: return contact_left{head, queue, m.how, stated(m.wait)};
      case kind::transferred: return contact_transferred{head, queue, m.how, stated(m.wait), stated(m.talk)};
      default: return contact_ended{head, queue, stated(m.wait), stated(m.talk)};
    }
  }
  [[nodiscard]] std::optional<duration> seconds(std::string_view text) {
    if (text.empty()) return std::nullopt;
    const std::optional<std::int64_t> value = take_seconds(text);
    if (value && text.empty() && *value <= max_duration.count()) return duration(*value);
    ++report.unreadable;
    return std::nullopt;
  }

  // ---- what is not believed

  void hold(std::string_view text) {
    held = text;
    held_file = file;
    held_number = number;
    held_position = report.lines;
    holds = true;
  }
  void settle_held(receiver to, std::optional<instant> next) {
    holds = false;
    queue_log_line line;
    line.position = held_position;
    text_table::code event = text_table::none;
    (void)split(held, line, event);
    const char* why = nullptr;
    if (next && *next + believed_gap < line.at)
      why = "its time is more than a day ahead of the lines around it";
    else if (!next && newest && *newest + longest_gap < line.at)
      why = "it is the last, and its time is more than a year ahead of the lines before it";
    if (why != nullptr) return keep({held_file, held_number, shown(held), why});
    const bool is_used = !options.as_of || line.at <= *options.as_of;
    if (!next && newest && is_used) report.leap = line.at - *newest;
    accept(to, line, event, held);
  }
  void spoilt(std::string_view text, const char* why) {
    ++bad;
    is_half = text.find('|') != std::string_view::npos;
    keep({file, number, report.invalid < kept_invalid ? shown(text) : std::string(), why});
    if (good == 0 && (number >= patience_lines || bytes >= patience_bytes)) refuse();
  }
  [[nodiscard]] bool keeps_numbers() const { return options.key == subject_key{}; }
  [[nodiscard]] std::string shown(std::string_view text) const { return printable(text, keeps_numbers()); }
  // A line that has slipped by a field has the number of a caller where its event should be.
  [[nodiscard]] bool may_be_shown(std::string_view event) const {
    return keeps_numbers() || std::count_if(event.begin(), event.end(), is_digit) < shortest_number;
  }
  void keep(invalid_line line) {
    if (++report.invalid <= kept_invalid) report.first_invalid.push_back(std::move(line));
  }
  [[noreturn]] void refuse() const {
    std::string message = file + " is no queue_log: none of its first " + std::to_string(number) +
                          " lines reads epoch|call|queue|agent|EVENT";
    for (const invalid_line& line : report.first_invalid) {
      if (line.file != file) continue;
      message += "; line " + std::to_string(line.number) + " is '" + line.text + "'";
      break;
    }
    throw column_error(message + ". Give the file that Asterisk writes, usually /var/log/asterisk/queue_log");
  }
};

queue_log_reader::queue_log_reader(queue_log_options options)
    : parts_(std::make_unique<parts>(std::move(options))) {}
queue_log_reader::queue_log_reader(queue_log_reader&&) noexcept = default;
queue_log_reader& queue_log_reader::operator=(queue_log_reader&&) noexcept = default;
queue_log_reader::~queue_log_reader() = default;

void queue_log_reader::feed_to(receiver to, std::string_view chunk) { parts_->feed(to, chunk); }

void queue_log_reader::next_file_to(receiver to, std::string_view name) {
  parts_->end_file(to);
  parts_->file = name;
  parts_->number = parts_->bytes = parts_->good = parts_->bad = 0;
}

void queue_log_reader::finish_to(receiver to) {
  parts_->end_file(to);
  if (parts_->holds) parts_->settle_held(to, std::nullopt);
  parts_->settle_strangers(to);
}

instant queue_log_reader::watermark() const noexcept {
  return parts_->newest ? *parts_->newest - parts_->options.disorder : instant::min();
}

const std::vector<std::string>& queue_log_reader::queues() const noexcept { return parts_->queues.names(); }

queue_log_report queue_log_reader::report() const {
  queue_log_report out = parts_->report;
  out.last = parts_->newest;
  out.put_right = parts_->chains.put_right();
  out.hidden_talks = parts_->chains.hidden_talks();
  for (std::size_t i = 0; i < parts_->counts.size(); ++i)
    if (parts_->counts[i] != 0) out.events.push_back({parts_->events.names()[i], parts_->counts[i]});
  std::sort(out.events.begin(), out.events.end(),
            [](const named_count& a, const named_count& b) { return a.name < b.name; });
  return out;
}

}  // namespace v0
}  // namespace cxmetrics

// SPDX-License-Identifier: Apache-2.0
// queue_log bytes to finished contacts on one core, beside what a program without this library does: getline,
// a string stream a line and a map by call id. Both count the same legs or the benchmark fails; only ours
// says whose they are.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <limits>
#include <queue>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <cxmetrics/contact/contact_tracker.hpp>
#include <cxmetrics/io/queue_log.hpp>
#include <cxmetrics/io/queue_log_columns.hpp>

namespace {

namespace cx = cxmetrics;

// A contact centre with a call every two seconds, four queues, missed rings, every way to leave a queue, legs
// and both kinds of transfer: 1.5 million lines, always the same.
class log_maker {
 public:
  // The text; how many legs it has.
  std::pair<std::string, std::size_t> make(int calls) {
    line(now_, "NONE|NONE|NONE|QUEUESTART|");
    for (int i = 0; i < calls; ++i) {
      now_ += below(4);
      write_until(now_);
      const std::string call = std::to_string(now_) + '.' + std::to_string(i);
      if (i % 16 == 0) line(now_, "NONE|" + std::string(queue()) + "|SIP/1001|PAUSE|Break");
      enter(now_, call, queue());
      line(now_, call + "|NONE|NONE|DID|0800123456");
    }
    write_until(now_ + 100'000);
    return {std::move(text_), legs_};
  }

 private:
  struct pending {
    std::uint64_t at, order;
    std::string rest;
    bool operator<(const pending& other) const {
      return std::pair(at, order) > std::pair(other.at, other.order);
    }
  };

  std::uint64_t below(std::uint64_t limit) {
    seed_ = seed_ * 6364136223846793005 + 1442695040888963407;
    return (seed_ >> 33) % limit;
  }
  void line(std::uint64_t at, std::string rest) { lines_.push({at, order_++, std::move(rest)}); }
  void write_until(std::uint64_t at) {
    for (; !lines_.empty() && lines_.top().at <= at; lines_.pop())
      text_ += std::to_string(lines_.top().at) + '|' + lines_.top().rest + '\n';
  }
  std::string_view queue() {
    static constexpr std::string_view names[] = {"billing", "support", "sales", "servicedesk"};
    return names[below(4)];
  }
  std::string agent() { return "|SIP/" + std::to_string(1000 + below(80)) + '|'; }

  void enter(std::uint64_t at, const std::string& call, std::string_view queue) {
    ++legs_;
    const std::string caller = std::to_string(600'000'000 + 997 * below(60'000));
    line(at, call + '|' + std::string(queue) + "|NONE|ENTERQUEUE||0031" + caller + "|1");
    wait(at, at, call + '|' + std::string(queue), call);
  }
  void wait(std::uint64_t entered, std::uint64_t at, const std::string& place, const std::string& call) {
    for (std::uint64_t missed = below(5); missed != 0; --missed)
      line(at += 5 + below(10), place + agent() + "RINGNOANSWER|" + std::to_string(5000 + below(5000)));
    at += 1 + below(12);
    const std::string hold = std::to_string(at - entered);
    switch (below(40)) {
      case 0:
      case 1:
      case 2: return line(at, place + "|NONE|ABANDON|1|2|" + hold);
      case 3: line(at, place + "|NONE|EXITWITHTIMEOUT|1|2|" + hold); return enter(at + 1, call, queue());
      case 4: return line(at, place + "|NONE|EXITWITHKEY|5|1|2|" + hold);
      case 5: return line(at, place + "|NONE|EXITEMPTY|1|2|" + hold);
      case 6: return line(at, place + "|NONE|WITHDRAW|1|2|" + hold);
      case 7: line(at, place + agent() + "SYSCOMPAT|"); return line(at, place + "|NONE|ABANDON|1|2|" + hold);
      default: talk(at, hold, place, call);
    }
  }
  void talk(std::uint64_t at, const std::string& hold, const std::string& place, const std::string& call) {
    const std::string member = agent();
    line(at, place + member + "CONNECT|" + hold + '|' + std::to_string(at) + ".77|4");
    const std::uint64_t talk = 20 + below(600);
    const std::string figures = hold + '|' + std::to_string(talk) + "|1";
    at += talk;
    switch (below(20)) {
      case 0:
        line(at, place + member + "BLINDTRANSFER|7100|queues|" + figures);
        return enter(at + 1, call, queue());
      case 1: {
        ++legs_;
        const std::string own = call + "9", asked(queue());
        line(at - 5, own + '|' + asked + "|NONE|ENTERQUEUE||1001|1");
        line(at, own + place.substr(call.size()) + member + "ATTENDEDTRANSFER|APP|Queue|" + figures);
        return wait(at - 5, at, call + '|' + asked, call);
      }
      default: line(at, place + member + (below(2) == 0 ? "COMPLETEAGENT|" : "COMPLETECALLER|") + figures);
    }
  }

  std::uint64_t seed_ = 42, now_ = 1'700'000'000, order_ = 0;
  std::size_t legs_ = 0;
  std::priority_queue<pending> lines_;
  std::string text_;
};

constexpr int calls = 230'000;

const std::pair<std::string, std::size_t>& made() {
  static const std::pair<std::string, std::size_t> log = log_maker().make(calls);
  return log;
}
const std::string& log() { return made().first; }
std::size_t lines() { return static_cast<std::size_t>(std::count(log().begin(), log().end(), '\n')); }

std::size_t plain_program() {
  struct call {
    std::int64_t entered = 0, wait = 0, talk = 0;
  };
  std::unordered_map<std::string, call> open;
  std::istringstream in(log());
  std::string text;
  std::size_t legs = 0;
  while (std::getline(in, text)) {
    std::istringstream fields(text);
    std::vector<std::string> field;
    for (std::string one; std::getline(fields, one, '|');) field.push_back(one);
    if (field.size() < 5) continue;
    const std::string& event = field[4];
    if (event == "ENTERQUEUE") {
      open[field[1]].entered = std::stoll(field[0]);
    } else if (event == "CONNECT") {
      open[field[1]].wait = std::stoll(field[5]);
    } else if (event == "COMPLETEAGENT" || event == "COMPLETECALLER") {
      open[field[1]].talk = std::stoll(field[6]);
      ++legs;
      open.erase(field[1]);
    } else if (event == "ABANDON" || event == "WITHDRAW" || event.starts_with("EXIT") ||
               event.ends_with("TRANSFER")) {
      ++legs;
      open.erase(field[1]);
    }
  }
  return legs;
}

template <class Run>
double seconds_of(Run run) {
  const std::clock_t start =
      std::clock();  // of the processor, so that a busy machine does not blur the ratio
  if (run() != made().second) throw std::logic_error("not every leg was found");
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

// The fastest pass of a program, and of the plain one before and after it.
template <class Run>
void measure(benchmark::State& state, Run run) {
  const auto plain_pass = [] { return seconds_of(plain_program); };
  double plain = std::min(plain_pass(), plain_pass()), best = std::numeric_limits<double>::infinity(),
         all = 0;
  for (auto _ : state) {
    const double seconds = seconds_of(run);
    best = std::min(best, seconds);
    all += seconds;
  }
  plain = std::min({plain, plain_pass(), plain_pass()});
  const auto millions = static_cast<double>(lines()) / 1e6;
  state.counters["M_lines_per_s"] = millions / best;
  state.counters["mean_M_lines_per_s"] = millions * static_cast<double>(state.iterations()) / all;
  state.counters["times_getline"] = plain / best;
}

void getline_and_stringstream(benchmark::State& state) { measure(state, plain_program); }
BENCHMARK(getline_and_stringstream)->Unit(benchmark::kMillisecond);

void reader_and_tracker(benchmark::State& state) {
  measure(state, [] {
    cx::queue_log_reader reader;
    cx::contact_tracker tracker;
    std::size_t contacts = 0;
    const auto add = [&](const cx::contact_event& event, const cx::queue_log_line&) { tracker.add(event); };
    const auto count = [&](const cx::contact&) { ++contacts; };
    constexpr std::size_t chunk = 65'536;
    for (std::size_t at = 0; at < log().size(); at += chunk) {
      reader.feed(std::string_view(log()).substr(at, chunk), add);
      tracker.advance(reader.watermark(), count);
    }
    reader.finish(add);
    tracker.advance(cx::instant::max(), count);
    return contacts;
  });
}
BENCHMARK(reader_and_tracker)->Unit(benchmark::kMillisecond);

void columns(benchmark::State& state) {
  measure(state, [] { return cx::contacts_from_queue_log(log()).columns.size(); });
}
BENCHMARK(columns)->Unit(benchmark::kMillisecond);

}  // namespace

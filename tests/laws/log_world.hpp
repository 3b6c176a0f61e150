// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_TESTS_LAWS_LOG_WORLD_HPP
#define CXMETRICS_TESTS_LAWS_LOG_WORLD_HPP

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

namespace laws {

/// A line without its newline, and when it was written.
struct logged {
  std::int64_t at = 0;
  std::string call;
  std::string text;
};
using log_lines = std::vector<logged>;

[[nodiscard]] inline std::string text_of(const log_lines& lines) {
  std::string text;
  for (const logged& line : lines) text += line.text + '\n';
  return text;
}

/// A small, busy contact centre as Asterisk logs it: two queues, calls that time out into the other queue or
/// the same, blind and attended transfers between queues or within one, with the ids that Asterisk swaps
/// then, exits of every kind, missed rings, restarts; several lines a second, and often several of one call.
class log_world {
 public:
  explicit log_world(std::mt19937_64& random, bool restarts = true) : random_(random), restarts_(restarts) {}

  [[nodiscard]] log_lines lines(int calls) {
    write(1'600'000'000, "NONE", "NONE|NONE|QUEUESTART|");
    std::int64_t now = 1'600'000'001;
    for (int i = 0; i < calls; ++i) {
      now += below(6);
      enter(now, "c" + std::to_string(i), queue(), 3);
      if (restarts_ && below(60) == 0) write(now += 400, "NONE", "NONE|NONE|QUEUESTART|");
    }
    std::stable_sort(lines_.begin(), lines_.end(),
                     [](const logged& a, const logged& b) { return a.at < b.at; });
    return std::move(lines_);
  }

 private:
  [[nodiscard]] std::int64_t below(std::uint64_t limit) {
    return static_cast<std::int64_t>(random_() % limit);
  }
  [[nodiscard]] std::string queue() { return below(2) == 0 ? "IT" : "sales"; }
  [[nodiscard]] std::string agent() { return "Agent/" + std::to_string(++agents_); }  // nobody talks twice
  static std::string seconds(std::int64_t s) { return std::to_string(s); }

  void write(std::int64_t at, const std::string& call, const std::string& rest) {
    lines_.push_back({at, call, std::to_string(at) + '|' + call + '|' + rest});
  }

  void enter(std::int64_t at, const std::string& call, const std::string& name, int legs) {
    write(at, call, name + "|NONE|ENTERQUEUE||5550" + call.substr(1) + "|1");
    wait(at, at, call, name, legs);
  }
  // The stay in a queue that began at `entered`, from `now` on; `call` is the id under which it goes on.
  void wait(std::int64_t entered, std::int64_t now, const std::string& call, const std::string& name,
            int legs) {
    for (std::int64_t missed = below(3); missed > 0; --missed)
      write(now += below(6), call, name + '|' + agent() + "|RINGNOANSWER|5000");
    now += below(8);
    const std::string hold = seconds(now - entered), end = name + "|NONE|";
    switch (below(14)) {
      case 0:
      case 1: return write(now, call, end + "ABANDON|1|1|" + hold);
      case 2: return write(now, call, end + "EXITEMPTY|1|1|" + hold);
      case 3: return write(now, call, end + "EXITWITHKEY|5|1|1|" + hold);
      case 4: return write(now, call, end + "WITHDRAW|1|1|" + hold + "|moved");
      case 5: write(now, call, end + "SYSCOMPAT|"); return write(now, call, end + "ABANDON|1|1|" + hold);
      case 6:
        write(now, call, end + "EXITWITHTIMEOUT|" + std::to_string(legs) + "|1|" + hold);
        if (legs > 1) enter(now + below(3), call, queue(), legs - 1);
        return;
      default: talk(now, hold, call, name, legs);
    }
  }
  void talk(std::int64_t answered, const std::string& hold, const std::string& call, const std::string& name,
            int legs) {
    const std::string member = name + '|' + agent() + '|';
    write(answered, call, member + "CONNECT|" + hold + "|x|2");
    const std::int64_t now = answered + below(40);
    const std::string figures = hold + '|' + seconds(now - answered);
    switch (below(6)) {
      case 0: write(now, call, member + "COMPLETEAGENT|" + figures + "|1"); return;
      case 1:
        write(now, call, member + "BLINDTRANSFER|1|ext|" + figures + "|1");
        if (legs > 1) enter(now + below(2), call, queue(), legs - 1);
        return;
      case 2: write(now, call, member + "ATTENDEDTRANSFER|LINK|SIP/1|SIP/2|" + figures + "|1"); return;
      case 3: {
        if (legs == 1) return write(now, call, member + "COMPLETEAGENT|" + figures + "|1");
        const std::string own = call + "-asks" + std::to_string(legs), other = queue();
        const std::int64_t asked = now - std::min<std::int64_t>(below(5), now - answered);
        write(asked, own, other + "|NONE|ENTERQUEUE||70|1");
        if (below(3) == 0) return put_through_to_a_colleague(asked, now, call, own, other, member, figures);
        write(now, own, member + "ATTENDEDTRANSFER|APP|Queue|" + figures + "|1");
        return wait(asked, now, call, other, legs - 1);
      }
      default: write(now, call, member + "COMPLETECALLER|" + figures + "|1");
    }
  }

  // The agent has asked a colleague in that queue before he transfers.
  void put_through_to_a_colleague(std::int64_t asked, std::int64_t now, const std::string& call,
                                  const std::string& own, const std::string& name, const std::string& member,
                                  const std::string& figures) {
    const std::int64_t answered = asked + below(static_cast<std::uint64_t>(now - asked + 1));
    const std::string colleague = name + '|' + agent() + '|', hold = seconds(answered - asked);
    write(answered, own, colleague + "CONNECT|" + hold + "|x|2");
    write(now, own, member + "ATTENDEDTRANSFER|BRIDGE|b|" + figures + "|1");
    const std::int64_t end = now + below(40);
    write(end, call, colleague + "COMPLETEAGENT|" + hold + '|' + seconds(end - answered) + "|1");
  }

  std::mt19937_64& random_;
  bool restarts_;
  int agents_ = 0;
  log_lines lines_;
};

/// The real log, or nothing where it is not at hand.
[[nodiscard]] inline std::optional<std::string> real_log() {
  const char* from = std::getenv("CXMETRICS_DATA");
  const std::string path =
      (from != nullptr ? std::string(from) : std::string(CXMETRICS_PROJECT_DIR "/../shared/data")) +
      "/asterisk_queue_log.txt";
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    MESSAGE("skipped: there is no " << path << "; set CXMETRICS_DATA to the folder that holds it");
    return std::nullopt;
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace laws

#endif  // CXMETRICS_TESTS_LAWS_LOG_WORLD_HPP

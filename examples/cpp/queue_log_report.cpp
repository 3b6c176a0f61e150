// SPDX-License-Identifier: Apache-2.0
// The figures of an Asterisk queue_log, in one pass and in memory bounded by what is open: rotated files
// oldest first.
//   queue_log_report queue_log.2 queue_log.1 queue_log
#include <algorithm>
#include <chrono>
#include <exception>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include <cxmetrics/contact/abandonment.hpp>
#include <cxmetrics/contact/chain_tracker.hpp>
#include <cxmetrics/contact/contact_tracker.hpp>
#include <cxmetrics/contact/first_contact_resolution.hpp>
#include <cxmetrics/contact/repeat_tracker.hpp>
#include <cxmetrics/contact/service_level.hpp>
#include <cxmetrics/contact/wait_time.hpp>
#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/error.hpp>
#include <cxmetrics/engine/tally.hpp>
#include <cxmetrics/io/queue_log.hpp>

namespace cx = cxmetrics;
using namespace std::chrono_literals;

namespace {

// One sink of several functions: each takes its kind of record.
template <class... Functions>
struct sinks : Functions... {
  using Functions::operator()...;
};

class report {
 public:
  void read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw cx::error(path + " cannot be opened: is the name right?");
    const auto on_event = [this](const cx::contact_event& event, const cx::queue_log_line&) { add(event); };
    reader_.next_file(path, on_event);
    std::string chunk(1 << 16, '\0');
    while (file.read(chunk.data(), static_cast<std::streamsize>(chunk.size())), file.gcount() != 0) {
      reader_.feed(std::string_view(chunk).substr(0, static_cast<std::size_t>(file.gcount())), on_event);
      settle(reader_.watermark());
    }
    if (file.bad()) throw cx::error(path + " cannot be read to its end");
  }

  void print() {
    reader_.finish([this](const cx::contact_event& event, const cx::queue_log_line&) { add(event); });
    const cx::queue_log_report log = reader_.report();
    if (log.last) {
      settle(*log.last + 1us);
      cx::chain_tracker present = chains_;  // and who waits or talks at the last line
      contacts_.open(*log.last, sinks{[this](const cx::queue_exit& left) { count(left); },
                                      [&present](const cx::contact& leg) { present.add(leg); }});
      present.open(*log.last, [this](const cx::contact& c) { tell(c); });
      repeats_.open(last_entry_, [this](const cx::followed_contact& f) { follow(f); });
    }
    std::cout << log.lines << " lines, " << contacts_.findings().entered << " stays in a queue";
    if (log.invalid != 0) std::cout << ", " << log.invalid << " lines that are not of a queue_log";
    if (log.late != 0) std::cout << ", " << log.late << " lines too late: give the files oldest first";
    std::cout << '\n';
    for (const cx::result& r :
         {service_level_.result(), service_level_.result(cx::service_level_formula::named("answered_only")),
          wait_.result(), abandonment_.result(),
          resolution_.result(cx::repeat_reading{.known = {.until = last_entry_}})})
      std::cout << r.to_text() << "\n    " << r.formula() << '\n';
  }

 private:
  void add(const cx::contact_event& event) { contacts_.add(event); }
  void settle(cx::instant watermark) {
    // An answer decides a wait: who still talks is in the service level.
    contacts_.advance(watermark, sinks{[this](const cx::queue_exit& left) { count(left); },
                                       [this](const cx::contact& leg) { chains_.add(leg); }});
    // A call that goes from queue to queue is one contact, and whoever is still in a queue may turn out to be
    // somebody's repeat.
    chains_.advance(contacts_.low_watermark(), [this](const cx::contact& c) { tell(c); });
    repeats_.advance(std::min(chains_.low_watermark(), last_entry_),
                     [this](const cx::followed_contact& f) { follow(f); });
  }
  void count(const cx::queue_exit& left) {
    const auto how = static_cast<std::uint8_t>(left.how);
    service_level_.add(left.wait.count(), how);
    wait_.add(left.wait.count(), how);
    abandonment_.add(how);
  }
  void tell(const cx::contact& c) {
    last_entry_ = std::max(last_entry_, c.entered);
    if (const auto customer = cx::of_customer(c))
      repeats_.add(*customer);
    else
      resolution_.add(cx::absent<std::uint8_t>::missing);
  }
  void follow(const cx::followed_contact& f) { resolution_.add(static_cast<std::uint8_t>(f.after)); }

  cx::queue_log_reader reader_;
  cx::contact_tracker contacts_;
  cx::chain_tracker chains_;
  cx::tally<cx::service_level> service_level_{{.within = 20s}};
  cx::tally<cx::wait_time> wait_;
  cx::tally<cx::abandonment> abandonment_;
  cx::tally<cx::first_contact_resolution> resolution_{{.window = 24h * 7}};
  cx::repeat_tracker repeats_{resolution_.metric().rule()};
  cx::instant last_entry_{};
};

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::cerr << "usage: queue_log_report FILE...   (rotated files oldest first)\n";
    return 2;
  }
  try {
    report figures;
    for (int i = 1; i < count; ++i) figures.read(arguments[i]);
    figures.print();
  } catch (const std::exception& problem) {
    std::cerr << "queue_log_report: " << problem.what() << '\n';
    return 1;
  }
  return 0;
}

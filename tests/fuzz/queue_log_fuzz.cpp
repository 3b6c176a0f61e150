// SPDX-License-Identifier: Apache-2.0
// Any bytes as a queue_log: never a crash, no line uncounted, no contact without an outcome, and the same in
// any chunks. Seeds: a real log and one of `cxmetrics simulate`, each as a file of the corpus.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <cxmetrics/core/error.hpp>
#include <cxmetrics/io/queue_log_columns.hpp>

namespace {

using namespace cxmetrics;

void require(bool holds, const char* what) {
  if (!holds) throw std::logic_error(what);  // not of the library's family: it ends the run
}

// Chunks of varying sizes; absent where the bytes are refused.
std::optional<queue_log_contacts> read(std::string_view text, std::size_t chunk) {
  try {
    queue_log_collector collector;
    for (std::size_t size = chunk; !text.empty(); size = size % chunk + 1) {
      collector.feed(text.substr(0, size));
      text.remove_prefix(std::min(size, text.size()));
    }
    return collector.finish();
  } catch (const column_error&) {
    return std::nullopt;
  }
}

void check(const queue_log_contacts& r) {
  std::uint64_t good = 0;
  std::uint64_t entries = 0;
  for (const named_count& e : r.report.events) {
    good += e.count;
    if (e.name == "ENTERQUEUE") entries = e.count;
  }
  require(r.report.lines == r.report.blank + r.report.invalid + good, "a line is not counted");
  require(r.findings.entered + r.findings.repeated + r.report.repeated + r.report.late >= entries,
          "an entry is lost");
  const contact_columns& c = r.columns;
  require(c.size() == r.findings.entered, "not every contact has a row");
  require(c.id_ends.size() == c.size() + 1 && c.outcome.size() == c.size() && c.wait.size() == c.size(),
          "columns have different lengths");
  for (std::size_t row = 0; row < c.size(); ++row) {
    require(c.outcome[row] < outcome_count, "a contact has no outcome");
    require(c.wait[row] >= 0 && c.wait[row] <= max_duration.count(), "a wait is out of range");
    require(c.customer[row] < static_cast<std::int32_t>(c.customers.size()),
            "a customer is not in the dictionary");
    require(static_cast<std::size_t>(c.queue[row]) < c.queues.size(), "a queue is not in the dictionary");
    require(c.wait_contact[row] >= c.wait[row], "the contact has waited for less than its leg");
    const auto first = static_cast<std::size_t>(c.first_row[row]);
    require(first < c.size() && c.first_row[first] == c.first_row[row], "a contact has two first legs");
    require(c.leg[row] >= 1 && (c.leg[row] > 1 || first == row), "a leg does not know its place");
  }
}

bool equal(const queue_log_contacts& a, const queue_log_contacts& b) {
  return a.report == b.report && a.findings == b.findings && a.notes == b.notes && a.waiting == b.waiting &&
         a.talking == b.talking && a.columns.outcome == b.columns.outcome &&
         a.columns.wait == b.columns.wait && a.columns.talk == b.columns.talk &&
         a.columns.ended == b.columns.ended && a.columns.id_text == b.columns.id_text &&
         a.columns.customer == b.columns.customer && a.columns.leg == b.columns.leg &&
         a.columns.first_row == b.columns.first_row && a.columns.wait_contact == b.columns.wait_contact;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const std::optional<queue_log_contacts> whole = read(text, text.size() + 1);
  const std::optional<queue_log_contacts> pieces = read(text, 1 + size % 61);
  require(whole.has_value() == pieces.has_value(), "whether it is a log depends on the chunks");
  if (!whole) return 0;
  check(*whole);
  require(equal(*whole, *pieces), "what is read depends on the chunks");
  return 0;
}

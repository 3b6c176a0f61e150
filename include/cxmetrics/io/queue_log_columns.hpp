// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_IO_QUEUE_LOG_COLUMNS_HPP
#define CXMETRICS_IO_QUEUE_LOG_COLUMNS_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cxmetrics/contact/contact.hpp>
#include <cxmetrics/contact/contact_tracker.hpp>
#include <cxmetrics/core/keyed_list.hpp>
#include <cxmetrics/core/subject.hpp>
#include <cxmetrics/io/queue_log.hpp>

namespace cxmetrics {
inline namespace v0 {

/// Contacts as canonical columns, one row a leg in the order of entering: a contact that goes through several
/// queues has several. Instants and durations are
/// microseconds, absent ones absent<std::int64_t>::missing. Texts are in dictionaries, ids in one text with
/// offsets, as Arrow does.
struct contact_columns {
  std::vector<std::int64_t> entered;
  std::vector<std::int64_t> wait;          ///< so far, where the outcome is unfinished
  std::vector<std::int64_t> wait_contact;  ///< the same from the entry of the first leg
  std::vector<std::int64_t> talk;
  std::vector<std::int64_t> ended;
  std::vector<std::uint8_t> outcome;  ///< the enumerators of outcome
  std::vector<std::uint8_t> transfers;
  std::vector<std::uint8_t> transfer;   ///< the enumerators of outcome, blind or attended; else missing
  std::vector<std::int32_t> leg;        ///< from 1
  std::vector<std::int64_t> first_row;  ///< of the first leg: rows of one contact have the same
  std::vector<std::int32_t> queue;      ///< index into queues
  std::vector<std::int32_t> customer;   ///< index into customers; -1: unknown
  std::vector<std::string> queues;
  std::vector<std::string>
      customers;  ///< callers' numbers; their hashes in hexadecimals, where a key is given
  std::vector<std::int64_t> id_ends{0};  ///< of the ids in id_text; the first one begins at 0
  std::string id_text;                   ///< call ids under which the legs entered

  [[nodiscard]] std::size_t size() const noexcept { return entered.size(); }
  [[nodiscard]] std::string_view id(std::size_t row) const noexcept {
    const auto begin = static_cast<std::size_t>(id_ends[row]);
    return std::string_view(id_text).substr(begin, static_cast<std::size_t>(id_ends[row + 1]) - begin);
  }
};

struct queue_log_contacts {
  contact_columns columns;
  queue_log_report report;
  contact_findings findings;
  std::uint64_t waiting = 0;  ///< contacts that still wait at the end of the data, or as of the moment asked
  std::uint64_t talking = 0;  ///< contacts that still talk then
  std::uint64_t unlike =
      0;  ///< stays whose stated durations differ by over 2 s from the times of their lines
  std::vector<std::string> notes;  ///< odd but legal, for people
};

/// A whole queue_log as columns, from chunks of any size. What is open at the end of the data stands in the
/// columns as it is at the last line, or at `as_of`: `unfinished` with the wait so far, or `answered` without
/// talk and end. Errors: those of queue_log_reader.
class queue_log_collector {
 public:
  explicit queue_log_collector(queue_log_options options = {});

  void feed(std::string_view chunk);
  void next_file(std::string_view name);
  /// The end of all input. Nothing can be fed after it.
  [[nodiscard]] queue_log_contacts finish();

 private:
  struct low_half {
    std::uint64_t operator()(subject s) const noexcept { return s.low; }
  };

  void take(const contact_event& event, const queue_log_line& line);
  void fill(const contact& c);
  [[nodiscard]] std::size_t row_of(std::uint64_t position) const;
  [[nodiscard]] std::int32_t code_of(subject customer, std::string_view number);
  void drop_unfilled();
  void drop_unused_customers();
  void link_legs();

  bool keyed_;
  duration disorder_;
  std::optional<instant> as_of_;
  queue_log_reader reader_;
  contact_tracker tracker_;
  keyed_list<subject, std::uint32_t, low_half> codes_;
  std::vector<std::uint64_t>
      positions_;  // of the rows, ascending; the first legs' are in first_row till the end
  queue_log_contacts out_;
};

/// A queue_log that is in memory.
[[nodiscard]] queue_log_contacts contacts_from_queue_log(std::string_view text,
                                                         queue_log_options options = {});

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_IO_QUEUE_LOG_COLUMNS_HPP

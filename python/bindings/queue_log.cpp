// SPDX-License-Identifier: Apache-2.0
// A queue_log, in pieces of bytes, to columns of contacts. Opening files is Python's.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cxmetrics/core/error.hpp>
#include <cxmetrics/core/subject.hpp>
#include <cxmetrics/io/queue_log_columns.hpp>

#include "bind.hpp"
#include "vectors.hpp"

namespace cxmetrics::python {

namespace py = pybind11;

namespace {

/// Any object that holds bytes in one piece, for as long as this lives.
class bytes_view {
 public:
  explicit bytes_view(py::handle object) {
    if (PyObject_GetBuffer(object.ptr(), &view_, PyBUF_SIMPLE) != 0) throw py::error_already_set();
  }
  bytes_view(const bytes_view&) = delete;
  bytes_view& operator=(const bytes_view&) = delete;
  ~bytes_view() { PyBuffer_Release(&view_); }

  [[nodiscard]] std::string_view text() const noexcept {
    return {static_cast<const char*>(view_.buf), static_cast<std::size_t>(view_.len)};
  }

 private:
  Py_buffer view_{};
};

// Logs are bytes: what is no UTF-8 must not stop the reading of the rest.
py::str text_of(std::string_view bytes) {
  PyObject* text = PyUnicode_DecodeUTF8(bytes.data(), static_cast<py::ssize_t>(bytes.size()), "replace");
  if (text == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::str>(text);
}
py::list texts_of(const std::vector<std::string>& texts) {
  py::list out;
  for (const std::string& text : texts) out.append(text_of(text));
  return out;
}
py::object microseconds(const std::optional<instant>& at) {
  return at ? py::object(py::int_(at->time_since_epoch().count())) : py::none();
}

py::dict report_of(const queue_log_contacts& read) {
  const queue_log_report& r = read.report;
  const contact_findings& f = read.findings;
  py::list invalid;
  for (const invalid_line& line : r.first_invalid) {
    py::dict one;
    one["file"] = text_of(line.file);
    one["line"] = line.number;
    one["text"] = line.text;
    one["reason"] = line.reason;
    invalid.append(one);
  }
  py::dict events;
  for (const named_count& e : r.events) events[text_of(e.name)] = e.count;
  py::dict out;
  out["lines"] = r.lines;
  out["blank"] = r.blank;
  out["invalid"] = r.invalid;
  out["first_invalid"] = invalid;
  out["late"] = r.late;
  out["after"] = r.after;
  out["unreadable"] = r.unreadable;
  out["unlike"] = read.unlike;
  out["events"] = events;
  out["first"] = microseconds(r.first);
  out["last"] = microseconds(r.last);
  out["leap"] = r.leap ? py::object(py::int_(r.leap->count())) : py::none();
  out["entered"] = f.entered;
  out["waiting"] = read.waiting;
  out["talking"] = read.talking;
  out["orphaned"] = f.orphaned;
  out["repeated"] = r.repeated + f.repeated;
  out["doubtful"] = r.doubtful;
  out["over"] = r.over;
  out["behind"] = r.behind;
  out["hidden_talks"] = r.hidden_talks;
  out["put_right"] = r.put_right;
  out["interrupted"] = f.interrupted;
  out["contradictory"] = f.contradictory;
  out["aged"] = f.aged;
  out["notes"] = texts_of(read.notes);
  return out;
}

py::dict columns_of(queue_log_contacts&& read) {
  py::dict out;
  out["report"] = report_of(read);
  contact_columns& c = read.columns;
  out["contact_text"] = py::bytes(c.id_text);
  out["contact_offsets"] = array_of(std::move(c.id_ends));
  out["queue"] = array_of(std::move(c.queue));
  out["queues"] = texts_of(c.queues);
  out["customer"] = array_of(std::move(c.customer));
  out["customers"] = texts_of(c.customers);
  out["entered"] = array_of(std::move(c.entered));
  out["wait"] = array_of(std::move(c.wait));
  out["outcome"] = array_of(std::move(c.outcome));
  out["talk"] = array_of(std::move(c.talk));
  out["ended"] = array_of(std::move(c.ended));
  out["transfer"] = array_of(std::move(c.transfer));
  out["transfers"] = array_of(std::move(c.transfers));
  out["wait_contact"] = array_of(std::move(c.wait_contact));
  out["leg"] = array_of(std::move(c.leg));
  out["first_row"] = array_of(std::move(c.first_row));
  return out;
}

queue_log_options options_of(std::string name, const std::optional<std::string>& customer_key,
                             std::optional<std::int64_t> as_of = {}) {
  queue_log_options options;
  if (as_of) options.as_of = instant(duration(*as_of));
  options.name = std::move(name);
  if (customer_key) {
    if (customer_key->empty()) throw error("customer_key is empty: give a secret text, or None for no key");
    const subject mixed = siphash128(*customer_key, {});
    options.key = {mixed.low, mixed.high};
  }
  return options;
}

/// Parses without the interpreter's lock; a lock of its own keeps threads apart.
class python_reader {
 public:
  explicit python_reader(queue_log_options options) : collector_(std::in_place, std::move(options)) {}

  void feed(py::handle data) {
    const bytes_view bytes(data);
    const py::gil_scoped_release released;
    const std::scoped_lock guard(lock_);
    open().feed(bytes.text());
  }
  void next_file(const std::string& name) {
    const py::gil_scoped_release released;
    const std::scoped_lock guard(lock_);
    open().next_file(name);
  }
  py::dict finish() {
    queue_log_contacts read;
    {
      const py::gil_scoped_release released;
      const std::scoped_lock guard(lock_);
      read = open().finish();
      collector_.reset();
    }
    return columns_of(std::move(read));
  }

 private:
  queue_log_collector& open() {
    if (!collector_) throw error("this reader of a queue_log is finished: make a new one");
    return *collector_;
  }
  std::mutex lock_;
  std::optional<queue_log_collector> collector_;
};

}  // namespace

void bind_queue_log(py::module_& m) {
  py::list outcomes;
  for (std::size_t i = 0; i < outcome_count; ++i) outcomes.append(py::str(outcome_names[i]));
  m.attr("OUTCOMES") = py::tuple(outcomes);

  py::class_<python_reader>(m, "QueueLogReader")
      .def(py::init([](std::string name, const std::optional<std::string>& customer_key,
                       std::optional<std::int64_t> as_of) {
             return std::make_unique<python_reader>(options_of(std::move(name), customer_key, as_of));
           }),
           py::arg("name") = "queue_log", py::kw_only(), py::arg("customer_key") = py::none(),
           py::arg("as_of") = py::none())
      .def("feed", &python_reader::feed, py::arg("data"))
      .def("next_file", &python_reader::next_file, py::arg("name"))
      .def("finish", &python_reader::finish);

  m.def(
      "read_queue_log",
      [](const py::iterable& chunks, std::string name, const std::optional<std::string>& customer_key) {
        python_reader reader(options_of(std::move(name), customer_key));
        for (py::handle chunk : chunks) reader.feed(chunk);
        return reader.finish();
      },
      py::arg("chunks"), py::kw_only(), py::arg("name") = "queue_log", py::arg("customer_key") = py::none());
}

}  // namespace cxmetrics::python

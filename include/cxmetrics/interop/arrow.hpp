// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_INTEROP_ARROW_HPP
#define CXMETRICS_INTEROP_ARROW_HPP

#include <cstdint>
#include <string>
#include <vector>

#include <cxmetrics/engine/input_column.hpp>

// The structs of the Arrow C data interface and C stream interface, declared by hand as their specification
// invites. Source: arrow.apache.org/docs/format/CDataInterface.html and CStreamInterface.html
extern "C" {

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

#endif  // ARROW_C_DATA_INTERFACE

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};

#endif  // ARROW_C_STREAM_INTERFACE

}  // extern "C"

namespace cxmetrics {
inline namespace v0 {

/// What came out of Arrow: the columns of a table, or one column without a table around it.
struct arrow_columns {
  bool is_table = false;  ///< the stream was of structs
  std::vector<input_column> columns;
};

/// How floats are read: in Arrow a NaN is a value, in what pandas exports it is a missing one.
struct arrow_options {
  bool nan_is_missing = false;
  std::string name = "values";  ///< of a column without a name of its own
};

/// Takes the stream over and reads it to its end; `stream.release` is null afterwards, whatever happens.
/// Nothing is copied: the columns keep the batches alive. Types: integers, floats, bool, timestamps, dates,
/// times, durations, month-day-nano intervals, utf8 of every layout, dictionaries of these (each batch may
/// have its own), null. Columns of other types are `meaning::other`: they may stand in a table, and are
/// refused by name where they are used. Errors (column_error): a stream that is released, fails, or whose
/// batches contradict themselves: negative or unequal lengths, missing buffers. What a producer lies about
/// without contradicting itself cannot be found out. Not for the holder of a lock that the producer's threads
/// may need (Python's).
[[nodiscard]] arrow_columns import_arrow(ArrowArrayStream& stream, const arrow_options& options = {});

/// The same for one array, which is taken over; `schema` is only looked at.
[[nodiscard]] arrow_columns import_arrow(const ArrowSchema& schema, ArrowArray& array,
                                         const arrow_options& options = {});

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_INTEROP_ARROW_HPP

// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CORE_ERROR_HPP
#define CXMETRICS_CORE_ERROR_HPP

#include <stdexcept>

namespace cxmetrics {
inline namespace v0 {

/// The one family of exceptions. A message says what was wrong, where, which value, and what to do.
/// Thrown at doors, at construction, by merging unlike definitions and by decoding; never by collecting a
/// row.
struct error : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// A column is absent, of a type that cannot be read, or holds a value that its meaning does not allow.
struct column_error : error {
  using error::error;
};

/// A survey answer lies outside its scale, or scales are mixed.
struct scale_error : error {
  using error::error;
};

/// A length of time without a unit, a time without a zone, or an unknown unit or zone.
struct unit_error : error {
  using error::error;
};

/// State bytes are damaged, of another version, or of another definition; or states cannot be merged.
struct state_error : error {
  using error::error;
};

/// A computation was asked to stop, through the std::stop_token it was given, and did.
struct stopped : error {
  using error::error;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CORE_ERROR_HPP

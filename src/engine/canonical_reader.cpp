// SPDX-License-Identifier: Apache-2.0
#include "cxmetrics/engine/canonical_reader.hpp"

#include "cxmetrics/core/error.hpp"

namespace cxmetrics {
inline namespace v0 {

template <class T>
void canonical_reader<T>::expect_valid() const {
  if (!found_.first_invalid) return;
  const std::size_t row = static_cast<std::size_t>(*found_.first_invalid);
  throw column_error(describe(column_) + ", row " + std::to_string(row) + ": " + column_.show(row) + " " +
                     complaint());
}

template class canonical_reader<std::int8_t>;
template class canonical_reader<std::uint8_t>;
template class canonical_reader<std::int64_t>;

missing_texts default_missing() { return {"", "NA", "N/A", "n/a", "NULL", "null", "None", "nan", "?", "-"}; }

}  // namespace v0
}  // namespace cxmetrics

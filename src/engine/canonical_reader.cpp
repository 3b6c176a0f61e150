// SPDX-License-Identifier: Apache-2.0
#include "cxmetrics/engine/canonical_reader.hpp"

#include <algorithm>

#include "cxmetrics/core/error.hpp"

namespace cxmetrics {
inline namespace v0 {

void reading::merge(const reading& later) {
  rows += later.rows;
  missing += later.missing;
  invalid += later.invalid;
  excluded += later.excluded;
  if (!first_invalid) first_invalid = later.first_invalid;
  if (later.least) least = std::min(least.value_or(*later.least), *later.least);
  if (later.greatest) greatest = std::max(greatest.value_or(*later.greatest), *later.greatest);
  ambiguous += later.ambiguous;
  nonexistent += later.nonexistent;
  coarse += later.coarse;
  for (const auto& [label, count] : later.unknown) {
    if (const auto known = unknown.find(label); known != unknown.end())
      known->second += count;
    else if (unknown.size() < most_unknown)
      unknown.emplace(label, count);
  }
}

template <class T>
void canonical_reader<T>::expect_valid() const {
  if (!found_.first_invalid) return;
  const std::size_t row = static_cast<std::size_t>(*found_.first_invalid);
  const std::string value = column_.show(row), where = describe(column_) + ", row " + std::to_string(row);
  if (value == "NaN")
    throw column_error(
        where +
        ": NaN is no value: where it means none, name it, missing=[*cx.MISSING, float(\"nan\")], "
        "or make it null; or count such rows with invalid=\"count\"");
  throw column_error(where + ": " + value + " " + complaint());
}

template class canonical_reader<std::int8_t>;
template class canonical_reader<std::uint8_t>;
template class canonical_reader<std::int64_t>;

missing_texts default_missing() { return {"", "NA", "N/A", "n/a", "NULL", "null", "None", "nan", "?", "-"}; }

}  // namespace v0
}  // namespace cxmetrics

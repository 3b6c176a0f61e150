// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_TESTS_SANITIZED_HPP
#define CXMETRICS_TESTS_SANITIZED_HPP

#include <algorithm>

namespace cxmetrics_test {

/// Whether this is compiled with AddressSanitizer, under which a test takes four to eight times as long. It
/// looks at memory: what only asks how often a figure comes out is skipped there.
#if defined(__SANITIZE_ADDRESS__)  // g++
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
inline constexpr bool sanitized = __has_feature(address_sanitizer);
#else
inline constexpr bool sanitized = false;
#endif

/// How many random inputs to try where `usual` are: a fifth with sanitizers, which show in few what they do
/// in many. Not for the size of an input: what is done in another way from so many rows on must be seen there
/// too.
template <class Count>
constexpr Count tried(Count usual) {
  return sanitized ? std::max(usual / 5, Count{1}) : usual;
}

}  // namespace cxmetrics_test

#endif  // CXMETRICS_TESTS_SANITIZED_HPP

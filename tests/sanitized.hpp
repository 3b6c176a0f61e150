// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_TESTS_SANITIZED_HPP
#define CXMETRICS_TESTS_SANITIZED_HPP

#include <algorithm>

namespace cxmetrics_test {

/// Whether this is compiled with sanitizers, under which a test takes about ten times as long. They look at
/// memory and arithmetic: what only asks how often a figure comes out is skipped there.
#ifdef __has_feature
inline constexpr bool sanitized = __has_feature(address_sanitizer);
#else
inline constexpr bool sanitized = false;
#endif

/// How many random inputs to try where `usual` are: a fifth with sanitizers, which show in few what they do
/// in many.
template <class Count>
constexpr Count tried(Count usual) {
  return sanitized ? std::max(usual / 5, Count{1}) : usual;
}

}  // namespace cxmetrics_test

#endif  // CXMETRICS_TESTS_SANITIZED_HPP

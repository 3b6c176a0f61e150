// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_STATE_PROPORTION_HPP
#define CXMETRICS_SRC_STATE_PROPORTION_HPP

#include <cxmetrics/state/intervals.hpp>

namespace cxmetrics {
inline namespace v0 {

/// So much of so much, in real numbers: of weighted rows `n` is their effective size. 0 <= hits <= n, n > 0.
struct proportion {
  double hits, n;
};

/// The interval of a share by any of its methods, in per cent.
[[nodiscard]] confidence_interval interval_of(proportion p, share_interval method, confidence c);

/// Where a method is published, as the end of a result's source.
[[nodiscard]] const char* source_of(share_interval method);

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_SRC_STATE_PROPORTION_HPP

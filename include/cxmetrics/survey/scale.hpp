// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SURVEY_SCALE_HPP
#define CXMETRICS_SURVEY_SCALE_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include <cxmetrics/core/codec.hpp>
#include <cxmetrics/core/concepts.hpp>

namespace cxmetrics {
inline namespace v0 {

/// The scale of a question: its whole scores, and which end of them is good. Scores on unlike scales are
/// unlike things, so a scale stands in the bytes of every state of its answers.
struct survey_scale {
  std::int8_t least = 0;
  std::int8_t greatest = 10;
  bool low_is_good = false;

  friend constexpr bool operator==(const survey_scale&, const survey_scale&) = default;

  /// Without a branch, so that many scores are asked at once.
  [[nodiscard]] constexpr bool has(std::int8_t score) const noexcept {
    return (static_cast<unsigned>(score >= least) & static_cast<unsigned>(score <= greatest)) != 0;
  }
  /// A score is its own class; any other is invalid.
  [[nodiscard]] constexpr std::uint8_t code(std::int8_t score) const noexcept {
    return has(score) ? static_cast<std::uint8_t>(score) : reject::invalid;
  }
  /// "score 11 is outside the scale 0 to 10".
  [[nodiscard]] std::string complaint(std::int8_t score) const {
    return "score " + std::to_string(score) + " is outside the scale " + std::to_string(least) + " to " +
           std::to_string(greatest);
  }
  /// "1-5".
  [[nodiscard]] std::string name() const { return std::to_string(least) + "-" + std::to_string(greatest); }
  /// "scale 1-5, low is good".
  [[nodiscard]] std::string shown() const {
    return "scale " + name() + (low_is_good ? ", low is good" : ", high is good");
  }
  void encode(writer& w) const {
    w.put_signed(least);
    w.put_signed(greatest);
    w.put(std::uint64_t{low_is_good});
  }
  /// The place of the encoded scale among those that a metric has; state_error where it has none such.
  template <std::size_t Size>
  [[nodiscard]] static std::size_t decode_one_of(const std::array<survey_scale, Size>& known, reader& r) {
    const std::int64_t least = r.get_signed(), greatest = r.get_signed();
    const std::uint64_t low_is_good = r.get();
    for (std::size_t i = 0; i < Size; ++i)
      if (known[i].least == least && known[i].greatest == greatest &&
          std::uint64_t{known[i].low_is_good} == low_is_good)
        return i;
    throw state_error("state bytes name a scale that this metric does not have: they are damaged");
  }
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_SURVEY_SCALE_HPP

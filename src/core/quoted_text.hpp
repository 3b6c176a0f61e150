// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_CORE_QUOTED_TEXT_HPP
#define CXMETRICS_SRC_CORE_QUOTED_TEXT_HPP

#include <cstddef>
#include <string>
#include <string_view>

namespace cxmetrics {
inline namespace v0 {

/// The length of the UTF-8 character that a text begins with; 0 where it begins with none that prints.
[[nodiscard]] inline std::size_t printable(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7f ? 1 : 0;
  const std::size_t length = lead >= 0xc2 && lead < 0xe0   ? 2
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xf0 && lead < 0xf5 ? 4
                                                           : 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0u) != 0x80) return 0;
  const bool overlong = (lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xf0 && byte(1) < 0x90);
  const bool beyond = (lead == 0xed && byte(1) >= 0xa0) || (lead == 0xf4 && byte(1) >= 0x90);
  return overlong || beyond ? 0 : length;
}

/// A text of somebody else for a message: in quotes, at most 60 characters, what does not print as '?'.
/// Always UTF-8.
[[nodiscard]] inline std::string quoted_text(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string out = "\"";
  for (std::size_t characters = 0; !text.empty(); ++characters) {
    if (characters == longest) return out + "...\"";
    const std::size_t length = printable(text);
    out += length == 0 ? "?" : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out + "\"";
}

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_SRC_CORE_QUOTED_TEXT_HPP

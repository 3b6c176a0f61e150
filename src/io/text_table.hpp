// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_SRC_IO_TEXT_TABLE_HPP
#define CXMETRICS_SRC_IO_TEXT_TABLE_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace cxmetrics {
inline namespace v0 {

/// Names by number, in the order of their first coming. A name that is known costs no allocation.
class text_table {
 public:
  using code = std::uint32_t;

  static constexpr code none = ~code{0};

  /// The number of a name, or none.
  [[nodiscard]] code find(std::string_view name) const noexcept { return buckets_[bucket_of(name)]; }
  /// The number of a name, new or not.
  [[nodiscard]] code operator()(std::string_view name) {
    if (const code known = find(name); known != none) return known;
    if (2 * (names_.size() + 1) > buckets_.size()) grow();
    names_.emplace_back(name);
    return buckets_[bucket_of(name)] = static_cast<code>(names_.size() - 1);
  }
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

 private:
  [[nodiscard]] static std::uint64_t hash(std::string_view name) noexcept {
    std::uint64_t h = name.size();
    const auto mix = [&](std::uint64_t word) {
      h = (h ^ word) * 0x9e3779b97f4a7c15;
      h ^= h >> 32;
    };
    std::size_t at = 0;
    for (; at + 8 <= name.size(); at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, name.data() + at, 8);
      mix(word);
    }
    std::uint64_t rest = 0;
    for (; at < name.size(); ++at) rest = rest << 8 | static_cast<unsigned char>(name[at]);
    mix(rest);
    return h;
  }
  [[nodiscard]] std::size_t bucket_of(std::string_view name) const noexcept {
    std::size_t at = static_cast<std::size_t>(hash(name)) & (buckets_.size() - 1);
    while (buckets_[at] != none && names_[buckets_[at]] != name) at = (at + 1) & (buckets_.size() - 1);
    return at;
  }
  void grow() {
    buckets_.assign(2 * buckets_.size(), none);
    for (code i = 0; i < names_.size(); ++i) buckets_[bucket_of(names_[i])] = i;
  }

  std::vector<std::string> names_;
  std::vector<code> buckets_ = std::vector<code>(128, none);  // a power of two of them
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_SRC_IO_TEXT_TABLE_HPP

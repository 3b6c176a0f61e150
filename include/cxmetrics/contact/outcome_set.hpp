// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CONTACT_OUTCOME_SET_HPP
#define CXMETRICS_CONTACT_OUTCOME_SET_HPP

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

#include <cxmetrics/contact/outcome.hpp>
#include <cxmetrics/core/codec.hpp>

namespace cxmetrics {
inline namespace v0 {

/// Which outcomes are meant. The default is all of them, `unanswered` too.
class outcome_set {
 public:
  constexpr outcome_set() = default;
  constexpr outcome_set(std::initializer_list<outcome> members)
      : outcome_set(std::span(members.begin(), members.size())) {}
  constexpr explicit outcome_set(std::span<const outcome> members) : bits_(0) {
    for (outcome o : members) bits_ |= bit_of(o);
  }

  [[nodiscard]] constexpr bool has(outcome o) const noexcept { return (bits_ & bit_of(o)) != 0; }
  [[nodiscard]] constexpr bool is_all() const noexcept { return bits_ == all; }
  /// "all", or the names with a comma between, in the order of the enumerators.
  [[nodiscard]] std::string to_text() const {
    if (is_all()) return "all";
    std::string text;
    for (std::size_t i = 0; i < outcome_codes; ++i)
      if (const auto o = static_cast<outcome>(i); has(o))
        text.append(text.empty() ? "" : ", ").append(name_of(o));
    return text;
  }

  void encode(writer& w) const { w.put(bits_); }
  /// state_error for what no set writes.
  [[nodiscard]] static outcome_set decode(reader& r) {
    const std::uint64_t bits = r.get();
    if (bits > all) throw state_error("state bytes hold an outcome that does not exist: they are damaged");
    outcome_set out;
    out.bits_ = bits;
    return out;
  }

  friend constexpr bool operator==(const outcome_set&, const outcome_set&) = default;

 private:
  static constexpr std::uint64_t all = (std::uint64_t{1} << outcome_codes) - 1;
  [[nodiscard]] static constexpr std::uint64_t bit_of(outcome o) noexcept {
    return std::uint64_t{1} << static_cast<unsigned>(o);
  }
  std::uint64_t bits_ = all;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CONTACT_OUTCOME_SET_HPP

// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_ENGINE_CELL_HPP
#define CXMETRICS_ENGINE_CELL_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include <cxmetrics/core/concepts.hpp>
#include <cxmetrics/engine/count_codes.hpp>
#include <cxmetrics/engine/weigh_scores.hpp>

namespace cxmetrics {
inline namespace v0 {

/// The rows that no state holds, by why not.
struct rejections {
  std::uint64_t excluded = 0;
  std::uint64_t invalid = 0;
  std::uint64_t missing = 0;

  friend constexpr bool operator==(const rejections&, const rejections&) = default;

  constexpr void count(verdict v) noexcept {
    excluded += v == verdict::excluded ? 1 : 0;
    invalid += v == verdict::invalid ? 1 : 0;
    missing += v == verdict::missing ? 1 : 0;
  }
  constexpr void merge(const rejections& other) {
    const rejections sum{checked_add(excluded, other.excluded), checked_add(invalid, other.invalid),
                         checked_add(missing, other.missing)};
    *this = sum;
  }
  void encode(writer& w) const {
    w.put(excluded);
    w.put(invalid);
    w.put(missing);
  }
  [[nodiscard]] static rejections decode(reader& r) {
    rejections out;
    out.excluded = r.get();
    out.invalid = r.get();
    out.missing = r.get();
    return out;
  }
};

/// What a row is to a coded metric: its class, or why it has none. A metric may know rows that are quickly
/// coded, and most are.
template <coded M, class... Value>
[[nodiscard]] constexpr std::uint8_t code_of(const M& metric, Value... values) noexcept {
  if constexpr (requires { metric.plain_code(values...); })
    if (metric.is_plain(values...)) [[likely]]
      return metric.plain_code(values...);
  if ((static_cast<unsigned>(is_value(values)) & ...) != 0) return metric.code(values...);
  // Missing outranks invalid outranks excluded: a row is one thing, and the same thing however it comes.
  const verdict present = std::max({presence(values)...});  // the enumerators rise
  return present == verdict::missing   ? reject::missing
         : present == verdict::invalid ? reject::invalid
                                       : reject::excluded;
}

[[nodiscard]] constexpr verdict verdict_of(std::uint8_t code) noexcept {
  return code == reject::missing    ? verdict::missing
         : code == reject::invalid  ? verdict::invalid
         : code == reject::excluded ? verdict::excluded
                                    : verdict::counted;
}

/// Whether a metric whose values are their own classes puts rows into a class of its state: a scale may leave
/// some of them empty.
template <metric M>
[[nodiscard]] constexpr bool holds_class(const M& metric, std::size_t i) noexcept {
  using value = std::tuple_element_t<0, typename M::reads::values>;
  return metric.code(static_cast<value>(i)) == i;
}

/// Bytes may hold rows in a class that their metric leaves empty: nobody wrote those.
template <metric M>
void expect_own_classes(const M& metric, const typename M::state& s) {
  if constexpr (requires { M::value_is_code; } || requires { M::weighs_scores; })
    for (std::size_t i = 0; i < M::state::size; ++i)
      if (s.of[i] != typename M::state{}.of[i] && !holds_class(metric, i))
        throw state_error("state bytes of " + std::string(M::name) +
                          " hold values that its definition does not have: they are damaged");
}

/// Why two states do not merge, with both definitions where they can be shown.
template <metric M>
[[nodiscard]] std::string unlike(const M& a, const M& b) {
  std::string shown;
  if constexpr (requires { a.shown(); }) shown = " (" + a.shown() + "; " + b.shown() + ")";
  return "two states of " + std::string(M::name) + " with different parameters cannot be merged" + shown +
         ": build both with the same ones";
}

/// A state and the rows that did not get into it: what a tally has one of and a grid has many of.
template <metric M>
struct cell {
  typename M::state state;
  rejections rejected;

  friend bool operator==(const cell&, const cell&) = default;

  /// What a row would be, without counting it.
  template <class... Value>
  [[nodiscard]] static verdict look(const M& metric, Value... values) {
    if constexpr (coded<M>) {
      return verdict_of(code_of(metric, values...));
    } else {
      const verdict present = std::max({presence(values)...});
      return present == verdict::counted ? metric.look(values...) : present;
    }
  }

  template <class... Value>
  verdict add(const M& metric, Value... values) {
    verdict seen = verdict::counted;
    if constexpr (coded<M>) {
      const std::uint8_t code = code_of(metric, values...);
      seen = verdict_of(code);
      if (seen == verdict::counted) ++state.of[code];
    } else {
      seen = look(metric, values...);
      if (seen == verdict::counted) metric.collect(state, values...);
    }
    rejected.count(seen);
    return seen;
  }

  void add_batch(const M& metric, const typename M::reads::spans& batch) {
    std::apply(
        [&](auto first, auto... rest) {
          if (((first.size() != rest.size()) || ...))
            throw column_error(
                "the columns of one batch have different lengths: give one value a row in each");
          if constexpr (coded<M>) {
            if constexpr (sizeof...(rest) == 0 && requires { M::value_is_code; }) {
              add_direct(metric, first);
            } else {
              add_coded(metric, first, rest...);
            }
          } else if constexpr (requires { M::weighs_scores; }) {
            add_weighed(metric, first, rest...);
          } else {
            for (std::size_t i = 0; i < first.size(); ++i) add(metric, first[i], rest[i]...);
          }
        },
        batch);
  }

  void merge(const cell& other) {
    rejections sum = rejected;
    sum.merge(other.rejected);
    state.merge(other.state);  // wholly, or it throws
    rejected = sum;
  }
  void encode(writer& w) const {
    state.encode(w);
    rejected.encode(w);
  }
  [[nodiscard]] static cell decode(reader& r) {
    cell c;
    c.state = M::state::decode(r);
    c.rejected = rejections::decode(r);
    return c;
  }
  /// Where every row went: what the state holds, and what it does not.
  [[nodiscard]] ledger account(const M& metric) const {
    ledger out = metric.account(state);
    out.excluded += rejected.excluded;
    out.invalid += rejected.invalid;
    out.missing += rejected.missing;
    return out;
  }

 private:
  template <class Span, class... Rest>
  void add_coded(const M& metric, Span first, Rest... rest) {
    constexpr std::size_t block = 4096;  // codes of a block stay in the first-level cache
    std::array<std::uint8_t, block> codes;
    code_counter seen;
    for (std::size_t begin = 0; begin < first.size(); begin += block) {
      const std::size_t size = std::min(block, first.size() - begin);
      for (std::size_t i = 0; i < size; ++i) codes[i] = code_of(metric, first[begin + i], rest[begin + i]...);
      seen.add({codes.data(), size});
    }
    for (std::size_t c = 0; c < M::state::size; ++c) state.of[c] += seen.count(static_cast<std::uint8_t>(c));
    rejected.excluded += seen.count(reject::excluded);
    rejected.invalid += seen.count(reject::invalid);
    rejected.missing += seen.count(reject::missing);
  }

  // Blocks in which every row is plain are weighed at once, others row by row.
  void add_weighed(const M& metric, std::span<const std::int8_t> scores,
                   std::span<const std::int64_t> weights) {
    typename M::state found;
    for (std::size_t begin = 0; begin < scores.size(); begin += detail::weigh_block) {
      const std::size_t size = std::min(detail::weigh_block, scores.size() - begin);
      if (weigh_scores(scores.subspan(begin, size), weights.subspan(begin, size), found)) continue;
      for (std::size_t i = begin; i < begin + size; ++i) add(metric, scores[i], weights[i]);
    }
    for (std::size_t i = 0; i < M::state::size; ++i) {  // a scale may be narrower than the classes are
      if (holds_class(metric, i))
        state.of[i].merge(found.of[i]);
      else
        rejected.invalid += found.of[i].n;
    }
  }

  // A column whose values are their own classes is counted where it lies, without writing a code.
  template <class Span>
  void add_direct(const M& metric, Span column) {
    static_assert(sizeof(typename Span::value_type) == 1);
    constexpr std::size_t classes = M::state::size;
    std::array<std::uint64_t, classes> seen{};
    const std::size_t others = count_small_values(column, seen);
    for (std::size_t i = 0; i < classes; ++i) {  // a scale may be narrower than the classes are
      if (holds_class(metric, i))
        state.of[i] += seen[i];
      else
        rejected.invalid += seen[i];
    }
    if (others == 0) return;
    for (auto value : column)  // rare: what is no class is looked at one by one
      if (static_cast<std::uint8_t>(value) >= classes) rejected.count(verdict_of(code_of(metric, value)));
  }
};

/// "row 3: score 11 is outside the scale 0 to 10".
template <metric M, class... Value>
[[nodiscard]] std::string invalid_row(const M& metric, std::size_t row, Value... values) {
  return "row " + std::to_string(row) + ": " + metric.complaint(values...);
}

template <metric M>
[[nodiscard]] std::string first_invalid_row(const M& metric, const typename M::reads::spans& batch) {
  return std::apply(
      [&](auto first, auto... rest) {
        std::size_t row = 0;
        while (cell<M>::look(metric, first[row], rest[row]...) != verdict::invalid) ++row;
        return invalid_row(metric, row, first[row], rest[row]...);
      },
      batch);
}

/// Bytes start with what they are: "cxmetrics", the codec's version, the metric's name and its definition's
/// version.
inline constexpr std::uint64_t codec_version = 1;

inline void put_header(writer& w, std::string_view name, std::uint64_t version) {
  w.put(std::string_view("cxmetrics"));
  w.put(codec_version);
  w.put(name);
  w.put(version);
}

/// Reads the name that a header carries, and leaves the reader behind it; state_error where there is no
/// header.
[[nodiscard]] inline std::string_view read_name(reader& r) {
  if (r.get_text() != "cxmetrics") throw state_error("these are no state bytes of cxmetrics");
  if (const std::uint64_t version = r.get(); version != codec_version)
    throw state_error("these state bytes are of codec version " + std::to_string(version) +
                      "; this build reads " + std::to_string(codec_version) +
                      ": use the cxmetrics that wrote them, or a newer one");
  return r.get_text();
}

inline void expect_header(reader& r, std::string_view name, std::uint64_t version) {
  if (const std::string_view found = read_name(r); found != name)
    throw state_error("these state bytes are of " + std::string(found) + ", not of " + std::string(name));
  if (const std::uint64_t found = r.get(); found != version)
    throw state_error("these state bytes were made by version " + std::to_string(found) +
                      " of the definition of " + std::string(name) + "; this build has version " +
                      std::to_string(version) + ": compute them again from the rows");
}

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_ENGINE_CELL_HPP

// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CORE_CONCEPTS_HPP
#define CXMETRICS_CORE_CONCEPTS_HPP

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include <cxmetrics/core/codec.hpp>
#include <cxmetrics/core/column.hpp>
#include <cxmetrics/core/instant.hpp>
#include <cxmetrics/core/ledger.hpp>

namespace cxmetrics {
inline namespace v0 {

/// A commutative monoid of non-negative integers with canonical bytes.
///   S{}                  the neutral element
///   s.merge(c)           as if s had been filled with all that c was filled with; throws, s unchanged, on
///   overflow s.encode(w)          equal states write equal bytes S::decode(r)         the inverse of encode;
///   state_error for anything that encode does not write S::merge_law         "exact": any order of merging
///   gives the same bytes
/// The laws are tested for every state by tests/laws.
template <class S>
concept state = std::regular<S> && requires(S s, const S c, writer w, reader r) {
  s.merge(c);
  c.encode(w);
  { S::decode(r) } -> std::same_as<S>;
  { S::merge_law } -> std::convertible_to<std::string_view>;
};

namespace detail {

// What M can do with one row: its columns are spread out of the tuple that reads::values is.
template <class M, class Values>
struct row_of;
template <class M, class... Value>
struct row_of<M, std::tuple<Value...>> {
  static constexpr bool explains = requires(const M m, Value... values) {
    { m.complaint(values...) } -> std::same_as<std::string>;
  };
  static constexpr bool codes = requires(const M m, Value... values) {
    { m.code(values...) } -> std::same_as<std::uint8_t>;
  };
  static constexpr bool collects = requires(const M m, typename M::state s, Value... values) {
    { m.look(values...) } -> std::same_as<verdict>;
    m.collect(s, values...);
  };
};
template <class M>
using row = row_of<M, typename M::reads::values>;

}  // namespace detail

/// A definition: a regular value that says what is read, how a row changes a state, and which rows count.
/// It owns no history. Collect parameters are members and stand in the state's bytes; how a figure is read
/// (formula, interval, level) is an argument of read(), which lives in the compiled part of the library.
///   M::name, M::version   identity in bytes; a corrected formula bumps the version
///   M::reads              columns<...>: what it reads, by name and type
///   m.account(state)      the ledger of what the state holds: counted and pending
///   m.complaint(row...)   why a row is invalid, as a sentence's beginning: "score 11 is outside the scale 0
///   to 10"
template <class M>
concept definition = std::regular<M> && state<typename M::state> && detail::row<M>::explains &&
                     requires(const M m, const typename M::state s, writer w, reader r) {
                       { M::name } -> std::convertible_to<std::string_view>;
                       { M::version } -> std::convertible_to<std::uint64_t>;
                       m.encode(w);
                       { M::decode(r) } -> std::same_as<M>;
                       { m.account(s) } -> std::same_as<ledger>;
                     };

/// A metric whose state is counts: m.code(row...) is the class of a row, or one of reject::*.
/// Collecting, the batch kernels and the grids are then generic.
template <class M>
concept coded = definition<M> && detail::row<M>::codes && requires { M::state::size; };

/// A metric that collects in its own way: m.look(row...) is the verdict, m.collect(state, row...) adds a
/// counted row.
template <class M>
concept collecting = definition<M> && detail::row<M>::collects;

template <class M>
concept metric = coded<M> || collecting<M>;

/// What code() answers for rows that are no class: the engine counts them.
struct reject {
  static constexpr std::uint8_t excluded = 253, invalid = 254, missing = 255;
};

/// The only owner of history: keyed by subject, fed in any order above the watermark; emits records that
/// nothing can change any more and then forgets; knows the present.
///   t.add(in)                    an event or record; below the watermark it is late: counted, not used
///   t.advance(watermark, sink)   nothing older than `watermark` will come: emits what is decided now
///   t.open(now, sink)            the present: provisional records as of now, never stored
///   t.merge(other)               disjoint subjects only, else state_error
/// Laws: stream = batch for every order above the watermark; split by subject = whole; after the end of time
/// nothing is remembered.
template <class T>
concept tracker = std::regular<T> && requires(T t, const T c, typename T::in in, instant when,
                                              void (*sink)(const typename T::out&)) {
  t.add(in);
  t.advance(when, sink);
  c.open(when, sink);
  t.merge(c);
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CORE_CONCEPTS_HPP

// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_INTEROP_BOOST_ACCUMULATORS_HPP
#define CXMETRICS_INTEROP_BOOST_ACCUMULATORS_HPP

#include <boost/accumulators/accumulators.hpp>
#include <concepts>
#include <cstdint>
#include <string>
#include <utility>

#include <cxmetrics/contact/outcome.hpp>
#include <cxmetrics/contact/service_level.hpp>
#include <cxmetrics/core/error.hpp>
#include <cxmetrics/engine/tally.hpp>
#include <cxmetrics/survey/ces.hpp>
#include <cxmetrics/survey/csat.hpp>
#include <cxmetrics/survey/nps.hpp>

namespace cxmetrics {
inline namespace v0 {

/// Metrics as features of Boost.Accumulators, for a service that has an accumulator_set already: tag::nps,
/// tag::csat, tag::ces and tag::service_level stand beside Boost's own. An extractor returns the tally, which
/// has the figure (result()), the bytes (encode()) and the merge that an accumulator_set itself has not.
/// Samples are whole numbers: a score, or a wait in microseconds with outcome_ = how the contact left.
/// Errors: a sample outside the scale throws column_error and is not counted; features that Boost asked
/// before this one have counted it. Cost: that of tally::add.
///
///   accumulator_set<int, features<tag::nps, boost::accumulators::tag::mean>> scores;
///   accumulator_set<std::int64_t, features<tag::service_level>> waits(definition = service_level{.within =
///   30s}); waits(12'000'000, outcome_ = outcome::answered);
namespace boost_accumulators {

BOOST_PARAMETER_KEYWORD(keyword,
                        definition)  ///< of the metric, where it has parameters: a csat, ces, service_level
BOOST_PARAMETER_KEYWORD(keyword, outcome_)  ///< of a sample of service_level

namespace detail {

template <class Sample, class M>
class accumulator : public boost::accumulators::accumulator_base {
  static_assert(std::integral<Sample>, "scores are whole numbers, waits whole microseconds");

 public:
  using result_type = const tally<M>&;

  template <class Args>
  explicit accumulator(const Args& args) : tally_(args[definition | M{}]) {}

  template <class Args>
  void operator()(const Args& args) {
    const auto value = args[boost::accumulators::sample];
    if constexpr (std::same_as<M, service_level>) {
      tally_.add(static_cast<std::int64_t>(value), static_cast<std::uint8_t>(args[outcome_]));
    } else {
      if (!std::in_range<std::int8_t>(value))
        throw column_error("score " + std::to_string(value) + " is outside every scale");
      tally_.add(static_cast<std::int8_t>(value));
    }
  }
  [[nodiscard]] result_type result(boost::accumulators::dont_care) const { return tally_; }

 private:
  tally<M> tally_;
};

template <class M>
struct feature : boost::accumulators::depends_on<> {
  using impl = accumulator<boost::mpl::_1, M>;
};

}  // namespace detail

namespace tag {
struct nps : detail::feature<cxmetrics::nps> {};
struct csat : detail::feature<cxmetrics::csat> {};
struct ces : detail::feature<cxmetrics::ces> {};
struct service_level : detail::feature<cxmetrics::service_level> {};
}  // namespace tag

inline const boost::accumulators::extractor<tag::nps> nps{};
inline const boost::accumulators::extractor<tag::csat> csat{};
inline const boost::accumulators::extractor<tag::ces> ces{};
inline const boost::accumulators::extractor<tag::service_level> service_level{};

}  // namespace boost_accumulators

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_INTEROP_BOOST_ACCUMULATORS_HPP

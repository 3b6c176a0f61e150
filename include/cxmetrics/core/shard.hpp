// SPDX-License-Identifier: Apache-2.0
#ifndef CXMETRICS_CORE_SHARD_HPP
#define CXMETRICS_CORE_SHARD_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <cxmetrics/core/codec.hpp>
#include <cxmetrics/core/error.hpp>
#include <cxmetrics/core/subject.hpp>

namespace cxmetrics {
inline namespace v0 {

/// A share of all subjects: those whose hash leaves one of `residues` when divided by `modulus`. It is the
/// certificate of a tracker: what it has seen is the whole history of these subjects, and of nobody else. The
/// default is everybody: modulus 1, residue 0. No residues at all is nobody, the neutral element of join.
/// Merge law: exact; equal modulus and disjoint residues only, else state_error, both unchanged.
class shard {
 public:
  /// Splits finer than this are refused: the certificate would outgrow what it certifies.
  static constexpr std::uint64_t max_modulus = 65'536;

  shard() : shard(1, {0}) {}
  /// Residues in any order; state_error where one is not below the modulus or stands twice.
  shard(std::uint64_t modulus, std::vector<std::uint64_t> residues)
      : modulus_(modulus), residues_(std::move(residues)) {
    std::sort(residues_.begin(), residues_.end());
    check();
  }

  [[nodiscard]] std::uint64_t modulus() const noexcept { return modulus_; }
  /// Ascending.
  [[nodiscard]] const std::vector<std::uint64_t>& residues() const noexcept { return residues_; }

  /// The residue of a subject: which of `modulus` shards it belongs to. Taken from the upper half of the
  /// hash, so that tables keyed by the lower half fill evenly in every shard.
  [[nodiscard]] static constexpr std::uint64_t residue_of(subject whose, std::uint64_t modulus) noexcept {
    return whose.high % modulus;
  }
  [[nodiscard]] bool admits(subject whose) const noexcept {
    return residues_.size() == modulus_ ||
           std::binary_search(residues_.begin(), residues_.end(), residue_of(whose, modulus_));
  }

  void join(const shard& other) {
    if (modulus_ != other.modulus_)
      throw state_error("shards of " + std::to_string(modulus_) + " and of " +
                        std::to_string(other.modulus_) +
                        " parts cannot be merged: split all of them in the same way");
    std::vector<std::uint64_t> both;
    both.reserve(residues_.size() + other.residues_.size());
    std::merge(residues_.begin(), residues_.end(), other.residues_.begin(), other.residues_.end(),
               std::back_inserter(both));
    if (const auto twice = std::adjacent_find(both.begin(), both.end()); twice != both.end())
      throw state_error("both shards hold part " + std::to_string(*twice) + " of " +
                        std::to_string(modulus_) +
                        ": the same subjects would count twice; merge each part once");
    residues_ = std::move(both);
  }

  void encode(writer& w) const {
    w.put(modulus_);
    w.put(static_cast<std::uint64_t>(residues_.size()));
    for (std::uint64_t residue : residues_) w.put(residue);
  }
  [[nodiscard]] static shard decode(reader& r) {
    shard out;
    out.modulus_ = r.get();
    out.residues_.resize(r.get_size(8));
    for (std::uint64_t& residue : out.residues_) residue = r.get();
    out.check();
    return out;
  }

  friend bool operator==(const shard&, const shard&) = default;

 private:
  void check() const {
    if (modulus_ == 0 || modulus_ > max_modulus)
      throw state_error("a split into " + std::to_string(modulus_) + " parts is not possible: take 1 to " +
                        std::to_string(max_modulus));
    for (std::size_t i = 0; i < residues_.size(); ++i)
      if (residues_[i] >= modulus_ || (i != 0 && residues_[i] <= residues_[i - 1]))
        throw state_error("part " + std::to_string(residues_[i]) + " of " + std::to_string(modulus_) +
                          " does not exist, or stands twice or out of order: parts are 0, 1, 2, ...");
  }

  std::uint64_t modulus_;
  std::vector<std::uint64_t> residues_;
};

}  // namespace v0
}  // namespace cxmetrics

#endif  // CXMETRICS_CORE_SHARD_HPP

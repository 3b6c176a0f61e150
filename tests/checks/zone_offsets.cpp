// SPDX-License-Identifier: Apache-2.0
// Answers questions about zones, one a line, for zones_vs_zoneinfo.py:
//   zone NAME    the zone of the lines that follow; answers its name
//   u SECONDS    the offset in seconds at an instant, counted from 1970 UTC
//   l SECONDS    the kind and the instant in seconds of a local time, counted from its 1970
// Usage: cxmetrics_zone_offsets FOLDER, the zone database to read.
#include <cxmetrics/core/error.hpp>
#include <cxmetrics/time/zone.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>

namespace cx = cxmetrics;

namespace {

std::string_view name_of(cx::local_kind kind) {
  switch (kind) {
    case cx::local_kind::unique: return "unique";
    case cx::local_kind::ambiguous: return "ambiguous";
    case cx::local_kind::nonexistent: return "nonexistent";
  }
  return "unknown";
}

void answer(std::istream& in, std::ostream& out) {
  cx::zone where;
  cx::offset_lookup lookup{where};
  std::string question;
  while (in >> question) {
    if (question == "zone") {
      std::string name;
      in >> name;
      where = cx::zone::locate(name);
      lookup = cx::offset_lookup{where};
      out << where.name() << '\n';
      continue;
    }
    std::int64_t seconds = 0;
    if ((question != "u" && question != "l") || !(in >> seconds))
      throw cx::error("the question \"" + question + "\" is none of: zone NAME, u SECONDS, l SECONDS");
    const std::chrono::seconds time{seconds};
    if (question == "u") {
      const cx::instant t{time};
      const std::chrono::seconds offset = where.offset_at(t);
      if (lookup.to_local(t) != where.to_local(t)) throw cx::error("the cursor and the zone disagree");
      out << offset.count() << '\n';
    } else {
      cx::local_kind kind{};
      cx::local_kind lookup_kind{};
      const cx::local_instant local{time};
      const cx::instant t = where.to_instant(local, kind);
      if (lookup.to_instant(local, lookup_kind) != t || lookup_kind != kind)
        throw cx::error("the cursor and the zone disagree");
      out << name_of(kind) << ' ' << std::chrono::floor<std::chrono::seconds>(t.time_since_epoch()).count()
          << '\n';
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 2) throw cx::error("usage: cxmetrics_zone_offsets FOLDER");
    cx::set_zone_directories({argv[1]});
    std::ios::sync_with_stdio(false);
    answer(std::cin, std::cout);
    return 0;
  } catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
  }
}

// SPDX-License-Identifier: Apache-2.0
// The one main of all doctest suites, compiled once. Tests run under the locale of the environment, as a
// user's program may: a figure that depends on it fails in the leg with a decimal comma.
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <locale>
#include <stdexcept>

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

int main(int argc, char** argv) {
  try {
    std::locale::global(std::locale(""));
  } catch (const std::runtime_error&) {  // the environment names a locale that this machine does not have
  }
  const char* const wanted = std::getenv("CXMETRICS_DECIMAL_POINT");
  if (wanted != nullptr && std::strcmp(std::localeconv()->decimal_point, wanted) != 0) {
    std::fprintf(stderr, "the decimal point of this locale is not '%s'\n", wanted);
    return EXIT_FAILURE;
  }
  return doctest::Context(argc, argv).run();
}

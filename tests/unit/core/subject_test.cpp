// SPDX-License-Identifier: Apache-2.0
#include <cxmetrics/core/subject.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace subject_test {

namespace cx = cxmetrics;
using namespace std::string_view_literals;

namespace {

// The authors' way of writing 16 bytes: the low word first, little end first.
std::string hex(cx::subject s) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (const std::uint64_t word : {s.low, s.high})
    for (int shift = 0; shift < 64; shift += 8) {
      text += digits[word >> (shift + 4) & 15];
      text += digits[word >> shift & 15];
    }
  return text;
}

// Key 00 01 .. 0f and input 00 01 .., one vector a length.
// Source: the 128-bit vectors of the authors' reference code, github.com/veorq/SipHash, vectors.h.
constexpr std::array<std::string_view, 64> published{
    "A3817F04BA25A8E66DF67214C7550293", "DA87C1D86B99AF44347659119B22FC45",
    "8177228DA4A45DC7FCA38BDEF60AFFE4", "9C70B60C5267A94E5F33B6B02985ED51",
    "F88164C12D9C8FAF7D0F6E7C7BCD5579", "1368875980776F8854527A07690E9627",
    "14EECA338B208613485EA0308FD7A15E", "A1F1EBBED8DBC153C0B84AA61FF08239",
    "3B62A9BA6258F5610F83E264F31497B4", "264499060AD9BAABC47F8B02BB6D71ED",
    "00110DC378146956C95447D3F3D0FBBA", "0151C568386B6677A2B4DC6F81E5DC18",
    "D626B266905EF35882634DF68532C125", "9869E247E9C08B10D029934FC4B952F7",
    "31FCEFAC66D7DE9C7EC7485FE4494902", "5493E99933B0A8117E08EC0F97CFC3D9",
    "6EE2A4CA67B054BBFD3315BF85230577", "473D06E8738DB89854C066C47AE47740",
    "A426E5E423BF4885294DA481FEAEF723", "78017731CF65FAB074D5208952512EB1",
    "9E25FC833F2290733E9344A5E83839EB", "568E495ABE525A218A2214CD3E071D12",
    "4A29B54552D16B9A469C10528EFF0AAE", "C9D184DDD5A9F5E0CF8CE29A9ABF691C",
    "2DB479AE78BD50D8882A8A178A6132AD", "8ECE5F042D5E447B5051B9EACB8D8F6F",
    "9C0B53B4B3C307E87EAEE08678141F66", "ABF248AF69A6EAE4BFD3EB2F129EEB94",
    "0664DA1668574B88B935F3027358AEF4", "AA4B9DC4BF337DE90CD4FD3C467C6AB7",
    "EA5C7F471FAF6BDE2B1AD7D4686D2287", "2939B0183223FAFC1723DE4F52C43D35",
    "7C3956CA5EEAFC3E363E9D556546EB68", "77C6077146F01C32B6B69D5F4EA9FFCF",
    "37A6986CB8847EDF0925F0F1309B54DE", "A705F0E69DA9A8F907241A2E923C8CC8",
    "3DC47D1F29C448461E9E76ED904F6711", "0D62BF01E6FC0E1A0D3C4751C5D3692B",
    "8C03468BCA7C669EE4FD5E084BBEE7B5", "528A5BB93BAF2C9C4473CCE5D0D22BD9",
    "DF6A301E95C95DAD97AE0CC8C6913BD8", "801189902C857F39E73591285E70B6DB",
    "E617346AC9C231BB3650AE34CCCA0C5B", "27D93437EFB721AA401821DCEC5ADF89",
    "89237D9DED9C5E78D8B1C9B166CC7342", "4A6D8091BF5E7D651189FA94A250B14C",
    "0E33F96055E7AE893FFC0E3DCF492902", "E61C432B720B19D18EC8D84BDC63151B",
    "F7E5AEF549F782CF379055A608269B16", "438D030FD0B7A54FA837F2AD201A6403",
    "A590D3EE4FBF04E3247E0D27F286423F", "5FE2C1A172FE93C4B15CD37CAEF9F538",
    "2C97325CBD06B36EB2133DD08B3A017C", "92C814227A6BCA949FF0659F002AD39E",
    "DCE850110BD8328CFBD50841D6911D87", "67F14984C7DA791248E32BB5922583DA",
    "1938F2CF72D54EE97E94166FA91D2A36", "74481E9646ED49FE0F6224301604698E",
    "57FCA5DE98A9D6D8006438D0583D8A1D", "9FECDE1CEFDC1CBED4763674D9575359",
    "E3040C00EB28F15366CA73CBD872E740", "7697009A6A831DFECCA91C5993670F7A",
    "5853542321F567A005D547A4F04759BD", "5150D1772F50834A503E069A973FBD7C"};

constexpr cx::subject_key published_key{0x0706050403020100, 0x0f0e0d0c0b0a0908};

}  // namespace

TEST_CASE("the published vectors of SipHash-2-4-128 come out") {
  std::string input;
  for (std::size_t length = 0; length < published.size(); ++length) {
    INFO("length " << length);
    CHECK(hex(cx::siphash128(input, published_key)) == published[length]);
    input += static_cast<char>(length);
  }
}

TEST_CASE("a subject is the hash of a type tag and the id") {
  CHECK(cx::subject_of(std::int64_t{0x0102030405060708}) ==
        cx::siphash128("i\x08\x07\x06\x05\x04\x03\x02\x01"sv, {}));
  CHECK(cx::subject_of("anna"sv) == cx::siphash128("tanna"sv, {}));
  CHECK(cx::subject_of(""sv) == cx::siphash128("t"sv, {}));
}

TEST_CASE("integers of any width are the same subject, text of the same digits is another") {
  const std::int32_t narrow = 5;
  const std::int64_t wide = 5;
  CHECK(cx::subject_of(narrow) == cx::subject_of(wide));
  CHECK(cx::subject_of(wide) != cx::subject_of("5"sv));
  const std::int32_t negative = -5;
  CHECK(cx::subject_of(negative) == cx::subject_of(std::int64_t{-5}));
}

TEST_CASE("texts are taken as they are: neither trimmed nor folded nor cut at a zero") {
  const std::vector<std::string_view> texts{"ab"sv,   "AB"sv,    " ab"sv, "ab "sv,
                                            "ab\0"sv, "ab\0c"sv, ""sv,    "\0"sv};
  std::set<cx::subject> seen;
  for (const std::string_view text : texts) seen.insert(cx::subject_of(text));
  CHECK(seen.size() == texts.size());
}

TEST_CASE("short and long texts are hashed alike") {
  for (std::size_t length = 0; length < 300; ++length) {  // 127 is the longest that needs no allocation
    const std::string id(length, 'x');
    REQUIRE(cx::subject_of(id) == cx::siphash128("t" + id, {}));
  }
}

TEST_CASE("another key makes other subjects of the same ids") {
  const cx::subject_key secret{1, 2};
  CHECK(cx::subject_of(std::int64_t{5}, secret) != cx::subject_of(std::int64_t{5}));
  CHECK(cx::subject_of("5"sv, secret) != cx::subject_of("5"sv));
  CHECK(cx::subject_of("5"sv, secret) != cx::subject_of("5"sv, {2, 1}));
}

TEST_CASE("the ids of a large table are all told apart") {
  std::set<cx::subject> seen;
  for (std::int64_t id = 0; id < 100'000; ++id) seen.insert(cx::subject_of(id));
  CHECK(seen.size() == 100'000);
}

}  // namespace subject_test

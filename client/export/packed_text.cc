#include "client/export/packed_text.h"

#include <zlib.h>

#include "base/check.h"

namespace shield {
namespace {

// A window of 32 KiB, the strongest compression, a dictionary: what PackText writes.
constexpr absl::string_view kStreamHeader = "\x78\xf9";
constexpr size_t kMostAtOnce = size_t{16} * 1024;
constexpr int kWindowBits = 15;
constexpr int kMemoryLevel = 9;

constexpr absl::string_view kDictionary =
    "shield/authority/v1\nshield/bulletin/v1\nclass report\nclass direct\nclass control\ntlp RED\n"
    "tlp AMBER\ntlp GREEN\ntlp CLEAR\npriority urgent\npriority flash\nstatus exercise\n"
    "region: audience-kind: supersedes relabels extends permits replies shares withdraws\nobject "
    "\nkey \nauthority \nthreshold \nauthority-tls \nwitness /witness/\nquorum 1\n"
    "kind=member community= sectors=hotels-restaurants regions=BE vetting=2 state=active from=0 "
    "roles=vetting exercise=yes\n"
    "shield/logged/v2\nstatement 7\ndirectory 6\nauthority 0\nshield/bulletin/v1\nnetwork \nid \n"
    "author analyst \nclass content\nissued 17\nnot-before 17\nexpires 17\ntlp AMBER+STRICT\n"
    "priority routine\nstatus actual\naudience h: sector:\nref \ndirectory \nrecipients \n"
    "payload 4128 \ncommit =\n\n\xe2\x80\x94 /shield/directory/v1\nnetwork \nversion 1\nprev "
    "=\nissued 17\nexpires 17\nbroker :443 =\nbroker-key /broker+\nlog /log+\nfresh /fresh+\n"
    "quorum 0\norgs =\n\n\xe2\x80\x94 /authority-1 author \norg kind=authority community= "
    "sectors=public-sector regions=BE vetting=3 state=active from=17 until=9007199254740991 "
    "clients= members=\nkey analyst sign /+ from=17 until=9007199254740991\nmember analyst org= "
    "roles=analyst vetting=3 state=active from=17 until=9007199254740991 exercise=no\nlog "
    "\n\n/log\n"
    "=\n\n\xe2\x80\x94 /log ";

// zlib takes what it only reads as if it would write it.
Bytef* Writable(absl::string_view text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

// Ends what it was begun for.
class Inflating {
 public:
  explicit Inflating(absl::string_view packed) {
    stream_.next_in = Writable(packed);
    stream_.avail_in = static_cast<uInt>(packed.size());
    SHIELD_CHECK(inflateInit2(&stream_, kWindowBits) == Z_OK);
  }
  Inflating(const Inflating&) = delete;
  Inflating& operator=(const Inflating&) = delete;
  ~Inflating() { inflateEnd(&stream_); }

  // The stream names its dictionary before anything else.
  bool Begin() {
    Bytef nothing = 0;
    stream_.next_out = &nothing;  // no room: nothing is to come before the dictionary
    if (inflate(&stream_, Z_NO_FLUSH) != Z_NEED_DICT) return false;
    return inflateSetDictionary(&stream_, Writable(kDictionary),
                                static_cast<uInt>(kDictionary.size())) == Z_OK;
  }
  // Fills what is there; how much it was. Nothing when the stream is broken.
  std::optional<size_t> Read(std::string& buffer) {
    stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream_.avail_out = static_cast<uInt>(buffer.size());
    const int result = inflate(&stream_, Z_NO_FLUSH);
    ended_ = result == Z_STREAM_END;
    if (!ended_ && result != Z_OK) return std::nullopt;
    return buffer.size() - stream_.avail_out;
  }
  bool ended() const { return ended_; }
  bool exhausted() const { return stream_.avail_in == 0; }

 private:
  z_stream stream_ = {};
  bool ended_ = false;
};

}  // namespace

absl::string_view PackingDictionary() { return kDictionary; }

std::string PackText(absl::string_view text) {
  z_stream stream = {};
  SHIELD_CHECK(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kWindowBits, kMemoryLevel,
                            Z_DEFAULT_STRATEGY) == Z_OK);
  SHIELD_CHECK(deflateSetDictionary(&stream, Writable(kDictionary),
                                    static_cast<uInt>(kDictionary.size())) == Z_OK);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = Writable(text);
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  SHIELD_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  SHIELD_CHECK(deflateEnd(&stream) == Z_OK);
  return packed;
}

std::optional<std::string> UnpackText(absl::string_view packed, size_t max) {
  if (packed.substr(0, kStreamHeader.size()) != kStreamHeader) return std::nullopt;
  Inflating stream(packed);
  if (!stream.Begin()) return std::nullopt;
  std::string text;
  std::string buffer(kMostAtOnce, '\0');
  while (!stream.ended()) {
    const std::optional<size_t> got = stream.Read(buffer);
    if (!got.has_value() || *got > max - text.size()) return std::nullopt;
    text.append(buffer, 0, *got);
  }
  if (!stream.exhausted()) return std::nullopt;
  return text;
}

}  // namespace shield

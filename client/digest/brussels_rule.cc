#include "client/digest/brussels_rule.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/internal/cctz/include/cctz/zone_info_source.h"
#include "base/check.h"

namespace shield {
namespace {

using absl::time_internal::cctz::ZoneInfoSource;

// No file of a zone has such a name.
constexpr absl::string_view kName = "shield/brussels-by-rule";

// A big-endian number of `bytes` bytes.
std::string BigEndian(int64_t number, int bytes) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    text.push_back(static_cast<char>((static_cast<uint64_t>(number) >> shift) & 0xff));
  }
  return text;
}

// Header of RFC 8536 section 3.1: no leap seconds, one transition, the two local times below.
std::string Header() {
  std::string text = "TZif2" + std::string(15, '\0');
  for (int count : {0, 0, 0, 1, 2, 9}) text += BigEndian(count, 4);
  return text;
}

// A transition, its local time, CET and CEST, their names. `bytes` is how wide a moment is.
std::string Block(int bytes) {
  constexpr int64_t kOctober1996 = 846378000;  // 27 October 1996, 01:00 UTC: back to CET
  std::string text = BigEndian(kOctober1996, bytes);
  text.push_back(0);
  text += BigEndian(3600, 4) + std::string("\0\0", 2);
  text += BigEndian(7200, 4) + std::string("\1\4", 2);
  return text + std::string("CET\0CEST\0", 9);
}

std::string ZoneFile() {
  return Header() + Block(4) + Header() + Block(8) + "\nCET-1CEST,M3.5.0,M10.5.0/3\n";
}

class TextSource final : public ZoneInfoSource {
 public:
  std::size_t Read(void* out, std::size_t size) override {
    const std::size_t bytes = std::min(size, text_.size() - position_);
    std::memcpy(out, text_.data() + position_, bytes);
    position_ += bytes;
    return bytes;
  }
  int Skip(std::size_t offset) override {
    position_ += std::min(offset, text_.size() - position_);
    return 0;
  }

 private:
  const std::string text_ = ZoneFile();
  std::size_t position_ = 0;
};

std::unique_ptr<ZoneInfoSource> FindZone(
    const std::string& name,
    const std::function<std::unique_ptr<ZoneInfoSource>(const std::string&)>& from_files) {
  if (name == kName) return std::make_unique<TextSource>();
  return from_files(name);
}

}  // namespace

absl::TimeZone BrusselsByRule() {
  static const absl::TimeZone zone = [] {
    absl::TimeZone loaded;
    SHIELD_CHECK(absl::LoadTimeZone(kName, &loaded));
    return loaded;
  }();
  return zone;
}

}  // namespace shield

// Abseil's place for zones that are in the program: zone_info_source.h.
namespace absl {
ABSL_NAMESPACE_BEGIN
namespace time_internal {
namespace cctz_extension {
ZoneInfoSourceFactory zone_info_source_factory = shield::FindZone;
}  // namespace cctz_extension
}  // namespace time_internal
ABSL_NAMESPACE_END
}  // namespace absl

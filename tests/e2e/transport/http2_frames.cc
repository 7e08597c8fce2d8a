#include "tests/e2e/transport/http2_frames.h"

#include "absl/strings/str_cat.h"

namespace shield::testing::http2 {
namespace {

constexpr size_t kLargestFrameBytes = 16'384;

std::string BigEndian32(uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift));
  return bytes;
}

// HPACK: a short text as it is.
std::string Text(absl::string_view text) {
  return absl::StrCat(std::string(1, static_cast<char>(text.size())), text);
}

}  // namespace

std::string Frame(Type type, uint8_t flags, uint32_t stream, absl::string_view body) {
  std::string frame = BigEndian32(static_cast<uint32_t>(body.size())).substr(1);
  frame.push_back(static_cast<char>(type));
  frame.push_back(static_cast<char>(flags));
  return absl::StrCat(frame, BigEndian32(stream), body);
}

std::string Hello() {
  return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(Type::kSettings, 0, 0, "");
}

std::string Message(uint32_t stream, absl::string_view bytes, uint8_t flags, bool compressed) {
  const std::string framed = absl::StrCat(std::string(1, compressed ? '\1' : '\0'),
                                          BigEndian32(static_cast<uint32_t>(bytes.size())), bytes);
  std::string frames;
  for (size_t at = 0; at < framed.size(); at += kLargestFrameBytes) {
    const bool last = at + kLargestFrameBytes >= framed.size();
    frames += Frame(Type::kData, last ? flags : 0, stream,
                    absl::string_view(framed).substr(at, kLargestFrameBytes));
  }
  return frames;
}

std::string Reset(uint32_t stream) {
  constexpr uint32_t kCancel = 8;
  return Frame(Type::kReset, 0, stream, BigEndian32(kCancel));
}

std::string CallHeaders::Next(uint32_t stream) {
  // RFC 7541: 0x83 and 0x87 are ":method: POST" and ":scheme: https"; 0x4… adds a field to the
  // dynamic table, whose newest one is then 62, 0xbe.
  std::string block = "\x83\x87";
  if (first_) {
    block += "\x44" + Text("/shield.v1.Broker/" + method_) + "\x41" + Text("shieldd") + "\x5f" +
             Text("application/grpc") + "\x40" + Text("te") + Text("trailers");
    if (!encoding_.empty()) block += "\x40" + Text("grpc-encoding") + Text(encoding_);
  } else {
    block += encoding_.empty() ? "\xc1\xc0\xbf\xbe" : "\xc2\xc1\xc0\xbf\xbe";
  }
  first_ = false;
  return Frame(Type::kHeaders, kEndHeaders, stream, block);
}

}  // namespace shield::testing::http2

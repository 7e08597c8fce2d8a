// HTTP/2 frames by hand, for peers that do what gRPC's client would never do.
//
//   peer.Send(http2::kPreface);
//   http2::CallHeaders headers("Publish");
//   peer.Send(headers.Next(1) + http2::Data(1, message) + http2::Reset(1));
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace shield::testing::http2 {

enum class Type : uint8_t {
  kData = 0,
  kHeaders = 1,
  kReset = 3,
  kSettings = 4,
  kContinuation = 9,
};

inline constexpr uint8_t kEndStream = 1;
inline constexpr uint8_t kEndHeaders = 4;

std::string Frame(Type type, uint8_t flags, uint32_t stream, absl::string_view body);

// The client's preface and empty settings.
std::string Hello();

// One message of gRPC, which is the last one when `flags` is kEndStream. `compressed` claims that
// it is.
std::string Message(uint32_t stream, absl::string_view bytes, uint8_t flags = 0,
                    bool compressed = false);

std::string Reset(uint32_t stream);

// The headers of calls of one method. After the first ones they are six bytes of references, which
// is the cheapest stream a peer can open.
class CallHeaders {
 public:
  // `encoding` is sent as grpc-encoding when it is not empty.
  explicit CallHeaders(absl::string_view method, absl::string_view encoding = "")
      : method_(method), encoding_(encoding) {}
  std::string Next(uint32_t stream);

 private:
  const std::string method_;
  const std::string encoding_;
  bool first_ = true;
};

}  // namespace shield::testing::http2

#include "broker/transport/handshake_log.h"

#include <grpc/support/log.h>

#include "absl/strings/match.h"
#include "base/mutex.h"

namespace shield::broker {
namespace {

// gRPC takes a plain function, so where its lines go has to be known to the process.
struct Reader {
  Mutex mutex;
  HandshakeLog* log ABSL_GUARDED_BY(mutex) = nullptr;
};

Reader& TheReader() {
  static Reader& reader = *new Reader;
  return reader;
}

void OnLine(gpr_log_func_args* line) {
  Reader& reader = TheReader();
  MutexLock lock(reader.mutex);
  if (reader.log != nullptr) reader.log->Read(line->message);
}

}  // namespace

HandshakeLog::HandshakeLog(RefusalLog& log) : log_(log) {
  Reader& reader = TheReader();
  {
    MutexLock lock(reader.mutex);
    reader.log = this;
  }
  gpr_set_log_function(&OnLine);
}

HandshakeLog::~HandshakeLog() {
  Reader& reader = TheReader();
  MutexLock lock(reader.mutex);
  if (reader.log == this) reader.log = nullptr;
}

void HandshakeLog::Read(absl::string_view line) {
  if (absl::StrContains(line, "unsupported protocol")) return log_.Report("tls_version");
  if (absl::StrContains(line, "wrong version number") || absl::StrContains(line, "http request")) {
    return log_.Report("not_tls");
  }
  if (absl::StrContains(line, "peer did not return a certificate"))
    return log_.Report("no_certificate");
  if (absl::StrContains(line, "Handshake failed")) return log_.Report("tls_error");
}

}  // namespace shield::broker

#include "tests/crypto/opening/age_vector.h"

#include <zlib.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"

namespace shield::testing {
namespace {

constexpr size_t kMaxDecompressed = 64 * 1024 * 1024;

absl::StatusOr<Bytes> Inflate(ByteSpan compressed) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return absl::InternalError("zlib does not start");
  stream.next_in = const_cast<uint8_t*>(compressed.data());
  stream.avail_in = static_cast<unsigned>(compressed.size());
  Bytes out;
  Bytes buffer(64 * 1024);
  int result = Z_OK;
  while (result == Z_OK && out.size() < kMaxDecompressed) {
    stream.next_out = buffer.data();
    stream.avail_out = static_cast<unsigned>(buffer.size());
    result = inflate(&stream, Z_NO_FLUSH);
    out.insert(out.end(), buffer.begin(), buffer.end() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (result != Z_STREAM_END) return absl::InvalidArgumentError("its compressed file is broken");
  return out;
}

absl::Status TakeField(absl::string_view name, absl::string_view value, AgeVector& vector,
                       std::string& compression) {
  if (name == "expect") {
    vector.expect = std::string(value);
  } else if (name == "payload") {
    vector.payload = std::string(value);
  } else if (name == "identity") {
    vector.identities.emplace_back(value);
  } else if (name == "passphrase") {
    vector.passphrases.emplace_back(value);
  } else if (name == "armored") {
    vector.armored = value == "yes";
  } else if (name == "compressed") {
    compression = std::string(value);
  } else if (name != "file key" && name != "comment") {
    return absl::UnimplementedError(absl::StrCat("it has the unknown key `", name, "`"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<AgeVector> ReadAgeVector(ByteSpan bytes) {
  const absl::string_view text = AsText(bytes);
  const size_t end = text.find("\n\n");
  if (end == absl::string_view::npos) return absl::UnimplementedError("it is not a test vector");
  AgeVector vector;
  std::string compression;
  for (const absl::string_view line : absl::StrSplit(text.substr(0, end), '\n')) {
    const std::pair<absl::string_view, absl::string_view> field =
        absl::StrSplit(line, absl::MaxSplits(": ", 1));
    RETURN_IF_ERROR(TakeField(field.first, field.second, vector, compression));
  }
  if (vector.expect.empty()) return absl::UnimplementedError("it is not a test vector");
  vector.file = ToBytes(bytes.subspan(end + 2));
  if (compression == "zlib") {
    ASSIGN_OR_RETURN(vector.file, Inflate(vector.file));
  } else if (!compression.empty()) {
    return absl::UnimplementedError(absl::StrCat("it is compressed by `", compression, "`"));
  }
  return vector;
}

}  // namespace shield::testing

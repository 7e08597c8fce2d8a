#include "broker/core/part_intake.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/core/refusals.h"

namespace shield::broker {
namespace {

std::vector<SizedDigest> PartsOf(const Statement& statement) {
  std::vector<SizedDigest> parts = {statement.payload};
  parts.insert(parts.end(), statement.objects.begin(), statement.objects.end());
  return parts;
}

std::string NameOf(uint32_t part) {
  return part == 0 ? std::string("payload") : absl::StrCat("object ", part);
}

}  // namespace

PartIntake::PartIntake(store::Store& store, const Statement& statement)
    : store_(store), expected_(PartsOf(statement)) {}

PartIntake::~PartIntake() {
  // Left-overs cost space until the next start and nothing else, so a failure here is no error.
  if (upload_.has_value()) store_.DropUpload(*upload_).IgnoreError();
}

absl::Status PartIntake::Take(uint32_t part, ByteSpan chunk) {
  if (part >= expected_.size()) {
    return OutOfOrder(absl::StrCat("the statement names no ", NameOf(part)));
  }
  if (part < current_) return OutOfOrder(absl::StrCat(NameOf(part), " was complete already"));
  RETURN_IF_ERROR(AdvanceTo(part));
  if (chunk.size() > Expected(part).bytes - received_) {
    return WrongBytes(NameOf(part),
                      absl::StrCat("is longer than ", Expected(part).bytes, " bytes"));
  }
  received_ += chunk.size();
  hasher_.Update(chunk);
  return LayDown(chunk, received_ == Expected(part).bytes);
}

absl::Status PartIntake::Finish(store::PublishCommand& command) {
  RETURN_IF_ERROR(AdvanceTo(static_cast<uint32_t>(expected_.size())));
  command.payload = std::move(payload_);
  command.upload = std::exchange(upload_, std::nullopt);
  for (const SizedDigest& part : expected_) command.part_bytes.push_back(part.bytes);
  return absl::OkStatus();
}

const SizedDigest& PartIntake::Expected(uint32_t part) const { return expected_[part]; }

bool PartIntake::KeptWhole(uint32_t part) const {
  return part == 0 && Expected(0).bytes <= store::kChunkBytes;
}

absl::Status PartIntake::AdvanceTo(uint32_t part) {
  while (current_ < part) RETURN_IF_ERROR(CloseCurrent());
  return absl::OkStatus();
}

absl::Status PartIntake::CloseCurrent() {
  const SizedDigest& expected = Expected(current_);
  if (received_ != expected.bytes) {
    return WrongBytes(NameOf(current_),
                      absl::StrCat("is ", received_, " bytes long, not ", expected.bytes));
  }
  if (hasher_.Finish() != expected.digest) {
    return WrongBytes(NameOf(current_), "has not the SHA-256 that the statement gives");
  }
  if (KeptWhole(current_)) payload_ = std::move(chunk_);
  chunk_.clear();
  received_ = 0;
  next_chunk_ = 0;
  ++current_;
  return absl::OkStatus();
}

absl::Status PartIntake::LayDown(ByteSpan bytes, bool last) {
  if (KeptWhole(current_)) {
    Append(chunk_, bytes);
    return absl::OkStatus();
  }
  while (!bytes.empty()) {
    const size_t room = std::min(store::kChunkBytes - chunk_.size(), bytes.size());
    Append(chunk_, bytes.first(room));
    bytes = bytes.subspan(room);
    if (chunk_.size() == store::kChunkBytes) RETURN_IF_ERROR(PutChunk());
  }
  return last && !chunk_.empty() ? PutChunk() : absl::OkStatus();
}

absl::Status PartIntake::PutChunk() {
  if (!upload_.has_value()) {
    ASSIGN_OR_RETURN(upload_, store_.BeginUpload());
  }
  RETURN_IF_ERROR(store_.PutChunk(*upload_, current_, next_chunk_, chunk_));
  ++next_chunk_;
  chunk_.clear();
  return absl::OkStatus();
}

}  // namespace shield::broker

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/transport/codec.h"
#include "broker/transport/shells.h"
#include "proto/wire/limits.h"
#include "proto/wire/strict_parse.h"

namespace shield::broker {
namespace {

absl::Status OutOfOrder(absl::string_view what) {
  return WithRule(absl::InvalidArgumentError(absl::StrCat("upload refused: ", what)),
                  "OUT_OF_ORDER");
}

// Answers with the encoded receipt, or with the error.
template <typename Receipt>
std::function<void(absl::StatusOr<Receipt>)> Encoded(Reply reply) {
  return [reply = std::move(reply)](absl::StatusOr<Receipt> receipt) {
    if (!receipt.ok()) return reply(std::move(receipt).status());
    reply(Encode(ToMessage(*receipt)));
  };
}

class PublishSink final : public UploadSink {
 public:
  explicit PublishSink(std::unique_ptr<PublishSession> session) : session_(std::move(session)) {}

  absl::StatusOr<Progress> Take(absl::string_view message) override {
    ASSIGN_OR_RETURN(v1::PublishRequest request, wire::ParseStrict<v1::PublishRequest>(message));
    RETURN_IF_ERROR(CheckOrder(request));
    if (request.has_end()) return Progress::kComplete;
    RETURN_IF_ERROR(TakePart(std::move(request)));
    return Progress::kMore;
  }

  void Finish(Reply reply) override { session_->Finish(Encoded<PublishReceipt>(std::move(reply))); }

 private:
  absl::Status TakePart(v1::PublishRequest&& request) {
    switch (request.part_case()) {
      case v1::PublishRequest::kHeader: {
        ASSIGN_OR_RETURN(PublishHeader header, ToHeader(std::move(*request.mutable_header())));
        return session_->OnHeader(std::move(header));
      }
      case v1::PublishRequest::kSlots:
        RETURN_IF_ERROR(CheckChunk(request.slots(), "a chunk of slots"));
        return session_->OnSlots(AsBytes(request.slots()));
      case v1::PublishRequest::kPayload:
        RETURN_IF_ERROR(CheckChunk(request.payload(), "a chunk of the payload"));
        return session_->OnPayload(AsBytes(request.payload()));
      case v1::PublishRequest::kObject:
        RETURN_IF_ERROR(CheckChunk(request.object().data(), "a chunk of an object"));
        return session_->OnObject(request.object().object(), AsBytes(request.object().data()));
      case v1::PublishRequest::kEnd:
      case v1::PublishRequest::PART_NOT_SET:
        break;
    }
    return OutOfOrder("a message without a part");
  }

  // Header once and first, then slots, payload, objects ascending: parts never go back.
  absl::Status CheckOrder(const v1::PublishRequest& request) {
    const int stage = static_cast<int>(request.part_case());
    if (stage_ == 0 && stage != v1::PublishRequest::kHeader) {
      return OutOfOrder("the header comes first");
    }
    if (stage < stage_ || (stage == stage_ && stage == v1::PublishRequest::kHeader)) {
      return OutOfOrder("the order is header, slots, payload, objects");
    }
    if (stage == v1::PublishRequest::kObject) {
      const uint32_t object = request.object().object();
      if (object >= wire::kMaxObjects || object < object_ || object > object_ + 1) {
        return OutOfOrder("objects come one after the other, from 0");
      }
      if (stage_ != stage && object != 0) return OutOfOrder("the first object is 0");
      object_ = object;
    }
    stage_ = stage;
    return absl::OkStatus();
  }

  const std::unique_ptr<PublishSession> session_;
  int stage_ = 0;  // the field number of the last part
  uint32_t object_ = 0;
};

class DirectorySink final : public UploadSink {
 public:
  explicit DirectorySink(std::unique_ptr<DirectorySession> session)
      : session_(std::move(session)) {}

  absl::StatusOr<Progress> Take(absl::string_view message) override {
    ASSIGN_OR_RETURN(v1::PublishDirectoryRequest request,
                     wire::ParseStrict<v1::PublishDirectoryRequest>(message));
    if (request.has_head() == begun_) return OutOfOrder("the head comes first, and once");
    begun_ = true;
    if (request.has_end()) return Progress::kComplete;
    if (request.has_head()) {
      RETURN_IF_ERROR(TakeHead(std::move(*request.mutable_head())));
    } else if (request.has_between()) {
      RETURN_IF_ERROR(TakeBetween(std::move(*request.mutable_between())));
    } else {
      RETURN_IF_ERROR(TakeLines(std::move(*request.mutable_lines())));
    }
    return Progress::kMore;
  }

  void Finish(Reply reply) override {
    session_->Finish(Encoded<DirectoryReceipt>(std::move(reply)));
  }

 private:
  absl::Status TakeHead(v1::DirectoryUploadHead&& head) {
    if (head.note().size() > wire::kMaxNoteBytes || head.fresh().size() > wire::kMaxNoteBytes) {
      return WithRule(absl::InvalidArgumentError("upload refused: a note is too long"),
                      "LIMIT_EXCEEDED");
    }
    if (head.authority().size() > wire::kMaxAuthorityBytes) {
      return WithRule(absl::InvalidArgumentError("upload refused: its rotations are too long"),
                      "LIMIT_EXCEEDED");
    }
    return session_->OnHead({std::move(*head.mutable_note()), std::move(*head.mutable_fresh()),
                             std::move(*head.mutable_authority())});
  }

  absl::Status TakeBetween(v1::DirectoryVersions&& between) {
    std::vector<std::string> notes;
    notes.reserve(static_cast<size_t>(between.notes_size()));
    for (std::string& note : *between.mutable_notes()) {
      if (note.size() > wire::kMaxNoteBytes) {
        return WithRule(absl::InvalidArgumentError("upload refused: a note is too long"),
                        "LIMIT_EXCEEDED");
      }
      notes.push_back(std::move(note));
    }
    return session_->OnBetween(std::move(notes));
  }

  absl::Status TakeLines(v1::DirectoryLines&& lines) {
    std::vector<std::string> records;
    records.reserve(static_cast<size_t>(lines.lines_size()));
    for (std::string& line : *lines.mutable_lines()) {
      if (line.size() > wire::kMaxLineBytes) {
        return WithRule(absl::InvalidArgumentError("upload refused: a record is too long"),
                        "LIMIT_EXCEEDED");
      }
      records.push_back(std::move(line));
    }
    return session_->OnLines(std::move(records));
  }

  const std::unique_ptr<DirectorySession> session_;
  bool begun_ = false;
};

}  // namespace

UploadHandler PublishShell(BrokerService& service) {
  return [&service](const Caller& caller) -> absl::StatusOr<std::unique_ptr<UploadSink>> {
    ASSIGN_OR_RETURN(std::unique_ptr<PublishSession> session, service.Publish(caller));
    return std::make_unique<PublishSink>(std::move(session));
  };
}

UploadHandler PublishDirectoryShell(BrokerService& service) {
  return [&service](const Caller& caller) -> absl::StatusOr<std::unique_ptr<UploadSink>> {
    ASSIGN_OR_RETURN(std::unique_ptr<DirectorySession> session, service.PublishDirectory(caller));
    return std::make_unique<DirectorySink>(std::move(session));
  };
}

}  // namespace shield::broker

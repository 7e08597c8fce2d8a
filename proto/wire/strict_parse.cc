#include "proto/wire/strict_parse.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "proto/wire/limits.h"

namespace shield::wire {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::io::CodedInputStream;
using WireFormat = google::protobuf::internal::WireFormatLite;

struct RepeatedLimit {
  absl::string_view field;  // full name
  uint32_t max;
};

constexpr std::array kRepeatedLimits = {
    RepeatedLimit{"shield.v1.DirectoryOrganisation.proof", kMaxProofHashes},
    RepeatedLimit{"shield.v1.DirectoryOrganisation.own_lines", kMaxLines},
    RepeatedLimit{"shield.v1.DirectoryLines.lines", kMaxLines},
    RepeatedLimit{"shield.v1.DirectoryVersions.notes", kMaxVersions},
    RepeatedLimit{"shield.v1.PublishHeader.openings", kMaxOpenings},
    RepeatedLimit{"shield.v1.PublishResponse.warnings", kMaxWarnings},
    RepeatedLimit{"shield.v1.SubscribeResponse.entries", kMaxEntries},
    RepeatedLimit{"shield.v1.Own.leaf_proof", kMaxProofHashes},
    RepeatedLimit{"shield.v1.Own.openings", kMaxOpenings},
    RepeatedLimit{"shield.v1.AddReceiptsRequest.receipts", kMaxReceipts},
    RepeatedLimit{"shield.v1.AddReceiptsResponse.rules", kMaxReceipts},
    RepeatedLimit{"shield.v1.GetStatusResponse.recipients", kMaxRecipientsShown},
    RepeatedLimit{"shield.v1.RecipientStatus.receipts", kMaxReceiptsOfReader},
    RepeatedLimit{"shield.v1.GetRetentionResponse.rows", kMaxRetentionRows},
    RepeatedLimit{"shield.v1.LogResponse.proof", kMaxProofHashes},
    RepeatedLimit{"shield.v1.LogResponse.witnessed_proof", kMaxProofHashes},
    RepeatedLimit{"shield.v1.BatchQuery.indexes", kMaxBatchIndexes},
};

// A repeated field that is not in the table may hold one element: a new field has to be given its
// limit before it can be used.
uint32_t LimitOf(const FieldDescriptor& field) {
  if (!field.is_repeated()) return 1;
  for (const RepeatedLimit& limit : kRepeatedLimits) {
    if (limit.field == absl::string_view(field.full_name())) return limit.max;
  }
  return 1;
}

absl::Status Refuse(absl::string_view rule, absl::string_view message) {
  return WithRule(absl::InvalidArgumentError(message), rule);
}

absl::Status Malformed(const Descriptor& type) {
  return Refuse("MESSAGE_MALFORMED",
                absl::StrCat("message refused: `", type.full_name(), "` is not encoded correctly"));
}

// How often each field of one message has been seen. It has room for kMaxFields fields and
// kMaxOneofs oneofs of a type; CheckMessage refuses types that have more.
class FieldCounts {
 public:
  absl::Status Count(const FieldDescriptor& field) {
    const uint32_t count = ++counts_[static_cast<size_t>(field.index())];
    if (count > LimitOf(field)) return TooMany(field);
    if (const auto* oneof = field.real_containing_oneof(); oneof != nullptr) {
      if (++parts_[static_cast<size_t>(oneof->index())] > 1) return TooMany(field);
    }
    return absl::OkStatus();
  }

  static constexpr size_t kMaxFields = 16;
  static constexpr size_t kMaxOneofs = 2;

 private:
  static absl::Status TooMany(const FieldDescriptor& field) {
    if (!field.is_repeated()) {
      return Refuse("REPEATED_FIELD", absl::StrCat("message refused: `", field.full_name(),
                                                   "` stands more than once"));
    }
    return Refuse("LIMIT_EXCEEDED", absl::StrCat("message refused: `", field.full_name(),
                                                 "` has more than ", LimitOf(field), " elements"));
  }

  std::array<uint32_t, kMaxFields> counts_{};
  std::array<uint32_t, kMaxOneofs> parts_{};
};

absl::Status CheckMessage(CodedInputStream& in, const Descriptor& type);

absl::Status CheckNested(CodedInputStream& in, const FieldDescriptor& field) {
  uint32_t length = 0;
  if (!in.ReadVarint32(&length)) return Malformed(*field.containing_type());
  if (in.BytesUntilLimit() >= 0 && static_cast<int64_t>(length) > in.BytesUntilLimit()) {
    return Malformed(*field.containing_type());
  }
  if (field.type() != FieldDescriptor::TYPE_MESSAGE) {
    return in.Skip(static_cast<int>(length)) ? absl::OkStatus()
                                             : Malformed(*field.containing_type());
  }
  const CodedInputStream::Limit outer = in.PushLimit(static_cast<int>(length));
  RETURN_IF_ERROR(CheckMessage(in, *field.message_type()));
  in.PopLimit(outer);
  return absl::OkStatus();
}

// Whether the varint is a value of the field's type. Protobuf would cut others off, so that one
// value had many encodings.
bool Fits(uint64_t value, const FieldDescriptor& field) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_BOOL:
      return value <= 1;
    case FieldDescriptor::TYPE_UINT32:
      return value <= UINT32_MAX;
    case FieldDescriptor::TYPE_INT32:  // written as 64 bits
      return static_cast<int64_t>(value) >= INT32_MIN && static_cast<int64_t>(value) <= INT32_MAX;
    default:  // 64 bits, or judged by value: an enum
      return true;
  }
}

absl::Status CheckNumber(CodedInputStream& in, const FieldDescriptor& field) {
  uint64_t value = 0;
  if (!in.ReadVarint64(&value)) return Malformed(*field.containing_type());
  if (!Fits(value, field)) return Malformed(*field.containing_type());
  if (field.type() != FieldDescriptor::TYPE_ENUM) return absl::OkStatus();
  const bool known = value <= INT32_MAX &&
                     field.enum_type()->FindValueByNumber(static_cast<int>(value)) != nullptr;
  if (known) return absl::OkStatus();
  return Refuse("UNKNOWN_ENUM_VALUE",
                absl::StrCat("message refused: `", field.full_name(), "` has the value ", value,
                             ", which this version does not know"));
}

absl::Status CheckField(CodedInputStream& in, uint32_t tag, const Descriptor& type,
                        FieldCounts& counts) {
  const int number = WireFormat::GetTagFieldNumber(tag);
  const FieldDescriptor* field = type.FindFieldByNumber(number);
  if (field == nullptr ||
      WireFormat::GetTagWireType(tag) !=
          WireFormat::WireTypeForFieldType(static_cast<WireFormat::FieldType>(field->type()))) {
    return Refuse("UNKNOWN_FIELD", absl::StrCat("message refused: `", type.full_name(),
                                                "` has no field ", number, " of this kind"));
  }
  RETURN_IF_ERROR(counts.Count(*field));
  switch (WireFormat::GetTagWireType(tag)) {
    case WireFormat::WIRETYPE_LENGTH_DELIMITED:
      return CheckNested(in, *field);
    case WireFormat::WIRETYPE_VARINT:
      return CheckNumber(in, *field);
    default:  // the schema has no fixed-width numbers and no groups
      return Malformed(type);
  }
}

absl::Status CheckMessage(CodedInputStream& in, const Descriptor& type) {
  if (type.field_count() > static_cast<int>(FieldCounts::kMaxFields) ||
      type.real_oneof_decl_count() > static_cast<int>(FieldCounts::kMaxOneofs)) {
    return absl::InternalError(absl::StrCat("`", type.full_name(), "` has too many fields"));
  }
  FieldCounts counts;
  while (in.BytesUntilLimit() != 0) {
    const uint32_t tag = in.ReadTagNoLastTag();
    if (tag == 0) return Malformed(type);
    RETURN_IF_ERROR(CheckField(in, tag, type, counts));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckEncoding(absl::string_view bytes, const Descriptor& type) {
  if (bytes.size() > kMaxMessageBytes) {
    return Refuse("LIMIT_EXCEEDED",
                  absl::StrCat("message refused: ", bytes.size(), " bytes are more than the ",
                               kMaxMessageBytes, " a message may have"));
  }
  CodedInputStream in(reinterpret_cast<const uint8_t*>(bytes.data()),
                      static_cast<int>(bytes.size()));
  const CodedInputStream::Limit whole = in.PushLimit(static_cast<int>(bytes.size()));
  RETURN_IF_ERROR(CheckMessage(in, type));
  in.PopLimit(whole);
  return absl::OkStatus();
}

absl::Status ParseStrictInto(absl::string_view bytes, google::protobuf::Message& message) {
  RETURN_IF_ERROR(CheckEncoding(bytes, *message.GetDescriptor()));
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Malformed(*message.GetDescriptor());
  }
  return absl::OkStatus();
}

}  // namespace shield::wire

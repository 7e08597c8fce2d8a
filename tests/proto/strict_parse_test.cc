#include "proto/wire/strict_parse.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/status.h"
#include "proto/wire/limits.h"
#include "shield/v1/broker.pb.h"
#include "shield/v1/error.pb.h"

namespace shield::wire {
namespace {

using ::testing::HasSubstr;

template <typename M>
std::string RuleFor(const std::string& bytes) {
  const absl::StatusOr<M> message = ParseStrict<M>(bytes);
  if (message.ok()) return "OK";
  EXPECT_TRUE(absl::IsInvalidArgument(message.status())) << message.status();
  return RuleOf(message.status());
}

// Tag and length of a length-delimited field, short form.
std::string Field(int number, const std::string& body) {
  return std::string({static_cast<char>(number << 3 | 2), static_cast<char>(body.size())}) + body;
}

TEST(StrictParse, AFullMessageComesBackAsItself) {
  v1::SubscribeResponse message;
  message.mutable_hello()->set_head("head");
  v1::Entry& entry = *message.add_entries();
  entry.mutable_shared()->set_state(v1::ENTRY_STATE_WITHDRAWN);
  entry.mutable_own()->set_seq(UINT64_MAX);
  entry.mutable_own()->add_leaf_proof(std::string(32, 'h'));
  const auto parsed = ParseStrict<v1::SubscribeResponse>(message.SerializeAsString());
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->SerializeAsString(), message.SerializeAsString());
}

TEST(StrictParse, TheEmptyMessageIsAMessage) { EXPECT_EQ(RuleFor<v1::GetBrokerRequest>(""), "OK"); }

TEST(StrictParse, UnknownFieldsAreRefusedAtAnyDepth) {
  EXPECT_EQ(RuleFor<v1::GetBrokerRequest>(Field(1, "x")), "UNKNOWN_FIELD");
  const std::string shared = Field(9, "x");
  EXPECT_EQ(RuleFor<v1::SubscribeResponse>(Field(2, Field(1, shared))), "UNKNOWN_FIELD");
}

TEST(StrictParse, AFieldOfAnotherWireTypeIsUnknown) {
  EXPECT_EQ(RuleFor<v1::FetchRequest>(std::string({1 << 3 | 0, 5})), "UNKNOWN_FIELD");
  EXPECT_EQ(RuleFor<v1::FetchRequest>(Field(2, "x")), "UNKNOWN_FIELD");
  EXPECT_EQ(RuleFor<v1::FetchRequest>(std::string({2 << 3 | 5, 1, 2, 3, 4})), "UNKNOWN_FIELD");
}

TEST(StrictParse, UnknownEnumValuesAreRefused) {
  const auto state = [](char value) {
    return Field(2, Field(1, std::string({4 << 3 | 0, value})));
  };
  EXPECT_EQ(RuleFor<v1::SubscribeResponse>(state(5)), "OK");
  EXPECT_EQ(RuleFor<v1::SubscribeResponse>(state(6)), "UNKNOWN_ENUM_VALUE");
}

TEST(StrictParse, ASingularFieldStandsOnce) {
  EXPECT_EQ(RuleFor<v1::FetchRequest>(Field(1, "a") + Field(1, "b")), "REPEATED_FIELD");
  EXPECT_EQ(RuleFor<v1::SubscribeResponse>(Field(1, "") + Field(1, "")), "REPEATED_FIELD");
}

TEST(StrictParse, AOneofHasOnePart) {
  EXPECT_EQ(RuleFor<v1::PublishRequest>(Field(2, "a")), "OK");
  EXPECT_EQ(RuleFor<v1::PublishRequest>(Field(2, "a") + Field(3, "b")), "REPEATED_FIELD");
}

// Every repeated field of the schema and what it may hold.
const std::map<std::string, size_t>& RepeatedLimits() {
  static const std::map<std::string, size_t> limits = {
      {"shield.v1.DirectoryOrganisation.proof", kMaxProofHashes},
      {"shield.v1.DirectoryOrganisation.own_lines", kMaxLines},
      {"shield.v1.DirectoryLines.lines", kMaxLines},
      {"shield.v1.DirectoryVersions.notes", kMaxVersions},
      {"shield.v1.PublishHeader.openings", kMaxOpenings},
      {"shield.v1.PublishResponse.warnings", kMaxWarnings},
      {"shield.v1.SubscribeResponse.entries", kMaxEntries},
      {"shield.v1.Own.leaf_proof", kMaxProofHashes},
      {"shield.v1.Own.openings", kMaxOpenings},
      {"shield.v1.AddReceiptsRequest.receipts", kMaxReceipts},
      {"shield.v1.AddReceiptsResponse.rules", kMaxReceipts},
      {"shield.v1.GetStatusResponse.recipients", kMaxRecipientsShown},
      {"shield.v1.RecipientStatus.receipts", kMaxReceiptsOfReader},
      {"shield.v1.GetRetentionResponse.rows", kMaxRetentionRows},
      {"shield.v1.LogResponse.proof", kMaxProofHashes},
      {"shield.v1.LogResponse.witnessed_proof", kMaxProofHashes},
      {"shield.v1.BatchQuery.indexes", kMaxBatchIndexes},
  };
  return limits;
}

std::vector<const google::protobuf::FieldDescriptor*> RepeatedFields() {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  const google::protobuf::FileDescriptor& file = *v1::Shared::descriptor()->file();
  for (int i = 0; i < file.message_type_count(); ++i) {
    for (int j = 0; j < file.message_type(i)->field_count(); ++j) {
      const auto* field = file.message_type(i)->field(j);
      if (field->is_repeated()) fields.push_back(field);
    }
  }
  return fields;
}

// Nothing, or the number 0.
std::string OneElement(const google::protobuf::FieldDescriptor& field) {
  if (field.type() != google::protobuf::FieldDescriptor::TYPE_UINT64) {
    return Field(field.number(), "");
  }
  return {static_cast<char>(field.number() << 3), '\0'};
}

TEST(StrictParse, EveryRepeatedFieldHasItsLimitCountedBeforeAnythingIsMade) {
  ASSERT_EQ(RepeatedFields().size(), RepeatedLimits().size());
  for (const google::protobuf::FieldDescriptor* field : RepeatedFields()) {
    ASSERT_TRUE(RepeatedLimits().contains(field->full_name())) << field->full_name();
    const size_t limit = RepeatedLimits().at(field->full_name());
    std::string elements;
    for (size_t i = 0; i < limit; ++i) elements += OneElement(*field);
    const google::protobuf::Descriptor& type = *field->containing_type();
    EXPECT_TRUE(CheckEncoding(elements, type).ok()) << field->full_name();
    elements += OneElement(*field);
    EXPECT_EQ(RuleOf(CheckEncoding(elements, type)), "LIMIT_EXCEEDED") << field->full_name();
  }
}

TEST(StrictParse, ARepeatedFieldWithoutALimitHoldsOneElement) {
  v1::Status status;
  status.add_details();
  EXPECT_EQ(RuleFor<v1::Status>(status.SerializeAsString()), "OK");
  status.add_details();
  EXPECT_EQ(RuleFor<v1::Status>(status.SerializeAsString()), "LIMIT_EXCEEDED");
}

TEST(StrictParse, AMessageHasALargestSize) {
  v1::PublishRequest message;
  message.set_payload(std::string(kMaxMessageBytes - 4, 'p'));
  ASSERT_EQ(message.SerializeAsString().size(), kMaxMessageBytes);
  EXPECT_EQ(RuleFor<v1::PublishRequest>(message.SerializeAsString()), "OK");
  message.mutable_payload()->push_back('p');
  EXPECT_EQ(RuleFor<v1::PublishRequest>(message.SerializeAsString()), "LIMIT_EXCEEDED");
}

TEST(StrictParse, EveryTruncationIsMalformed) {
  v1::SubscribeResponse message;
  message.add_entries()->mutable_own()->set_slot(std::string(168, 's'));
  const std::string bytes = message.SerializeAsString();
  for (size_t size = 1; size < bytes.size(); ++size) {
    EXPECT_EQ(RuleFor<v1::SubscribeResponse>(bytes.substr(0, size)), "MESSAGE_MALFORMED") << size;
  }
}

TEST(StrictParse, LengthsBeyondTheMessageAreMalformed) {
  EXPECT_EQ(RuleFor<v1::FetchRequest>("\x0a\xff\xff\xff\xff\x0f"), "MESSAGE_MALFORMED");
  EXPECT_EQ(RuleFor<v1::FetchRequest>("\x0a\x05xx"), "MESSAGE_MALFORMED");
  EXPECT_EQ(RuleFor<v1::FetchRequest>(std::string(1, '\0')), "MESSAGE_MALFORMED");
}

TEST(StrictParse, NumbersFitTheirFields) {
  const std::string uint32_tag(1, 2 << 3);  // FetchRequest.object
  EXPECT_EQ(RuleFor<v1::FetchRequest>(uint32_tag + "\xff\xff\xff\xff\x0f"), "OK");
  EXPECT_EQ(RuleFor<v1::FetchRequest>(uint32_tag + "\x80\x80\x80\x80\x10"), "MESSAGE_MALFORMED");
  const std::string uint64_tag(1, 3 << 3);  // FetchRequest.offset
  EXPECT_EQ(RuleFor<v1::FetchRequest>(uint64_tag + "\x80\x80\x80\x80\x10"), "OK");
  const std::string bool_tag(1, 3 << 3);  // RecipientStatus.acknowledged
  EXPECT_EQ(RuleFor<v1::RecipientStatus>(bool_tag + "\x01"), "OK");
  EXPECT_EQ(RuleFor<v1::RecipientStatus>(bool_tag + "\x02"), "MESSAGE_MALFORMED");
  EXPECT_EQ(RuleFor<v1::RecipientStatus>(bool_tag + "\x80\x02"), "MESSAGE_MALFORMED");
}

// The schema has nothing else, which the check of numbers relies on.
TEST(StrictParse, EveryNumberOfTheSchemaIsOfAKindThatIsChecked) {
  using google::protobuf::FieldDescriptor;
  const std::set<FieldDescriptor::Type> kinds = {
      FieldDescriptor::TYPE_BOOL,  FieldDescriptor::TYPE_UINT32, FieldDescriptor::TYPE_UINT64,
      FieldDescriptor::TYPE_INT64, FieldDescriptor::TYPE_ENUM,   FieldDescriptor::TYPE_STRING,
      FieldDescriptor::TYPE_BYTES, FieldDescriptor::TYPE_MESSAGE};
  const google::protobuf::FileDescriptor& file = *v1::Shared::descriptor()->file();
  for (int i = 0; i < file.message_type_count(); ++i) {
    const google::protobuf::Descriptor& type = *file.message_type(i);
    for (int j = 0; j < type.field_count(); ++j) {
      EXPECT_TRUE(kinds.contains(type.field(j)->type())) << type.field(j)->full_name();
    }
  }
}

TEST(StrictParse, TextMustBeUtf8) {
  EXPECT_EQ(RuleFor<v1::RecipientStatus>(Field(1, "\xff\xfe")), "MESSAGE_MALFORMED");
}

TEST(StrictParse, RefusalsNameTheField) {
  const absl::Status status = ParseStrict<v1::FetchRequest>(Field(1, "a") + Field(1, "b")).status();
  EXPECT_THAT(status.message(), HasSubstr("`shield.v1.FetchRequest.id`"));
}

}  // namespace
}  // namespace shield::wire

// Every size a broker's answer may have, at the limit and one past it.
#include "client/transport/answer_codec.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "base/status.h"
#include "proto/wire/limits.h"

namespace shield {
namespace {

struct LimitCase {
  std::string name;
  size_t limit;
  // Reads an answer with `size` bytes in one place.
  std::function<absl::Status(size_t size)> read;
};
void PrintTo(const LimitCase& limit, std::ostream* out) { *out << limit.name; }

v1::SubscribeResponse AnEntry() {
  v1::SubscribeResponse message;
  v1::Entry& entry = *message.add_entries();
  entry.mutable_shared()->set_state(v1::ENTRY_STATE_LIVE);
  entry.mutable_own()->set_slot_hash(std::string(32, 'h'));
  return message;
}

// An answer to Subscribe that `fill` gave `size` bytes in one place.
LimitCase InSubscription(const std::string& name, size_t limit,
                         void (*fill)(v1::SubscribeResponse&, const std::string&)) {
  return {name, limit, [fill](size_t size) {
            v1::SubscribeResponse message = AnEntry();
            fill(message, std::string(size, 'x'));
            return ToSubscriptionMessage(std::move(message)).status();
          }};
}

std::vector<LimitCase> SubscriptionLimits() {
  using Message = v1::SubscribeResponse;
  return {
      InSubscription("Statement", wire::kMaxStatementBytes,
                     [](Message& message, const std::string& bytes) {
                       message.mutable_entries(0)->mutable_shared()->set_statement(bytes);
                     }),
      InSubscription("EndedBy", wire::kMaxStatementBytes,
                     [](Message& message, const std::string& bytes) {
                       message.mutable_entries(0)->mutable_shared()->set_ended_by(bytes);
                     }),
      InSubscription("SharedOriginal", wire::kMaxStatementBytes,
                     [](Message& message, const std::string& bytes) {
                       message.mutable_entries(0)->mutable_shared()->set_shared_original(bytes);
                     }),
      InSubscription("Payload", wire::kChunkBytes,
                     [](Message& message, const std::string& bytes) {
                       message.mutable_entries(0)->mutable_shared()->set_payload(bytes);
                     }),
      InSubscription("Token", wire::kMaxTokenBytes,
                     [](Message& message, const std::string& bytes) {
                       message.mutable_entries(0)->mutable_own()->add_openings()->set_token(bytes);
                     }),
      InSubscription("HelloHead", wire::kMaxNoteBytes,
                     [](Message& message, const std::string& bytes) {
                       message.mutable_hello()->set_head(bytes);
                     }),
      InSubscription("MarkHead", wire::kMaxNoteBytes,
                     [](Message& message, const std::string& bytes) {
                       message.mutable_mark()->set_head(bytes);
                     }),
      InSubscription("ResumeToken", wire::kMaxResumeTokenBytes,
                     [](Message& message, const std::string& bytes) {
                       message.mutable_mark()->set_resume_token(bytes);
                     }),
  };
}

std::vector<LimitCase> OtherLimits() {
  return {
      {"Note", wire::kMaxNoteBytes,
       [](size_t size) {
         v1::DirectoryHead head;
         head.set_note(std::string(size, 'x'));
         return ToDirectoryHead(std::move(head)).status();
       }},
      {"Fresh", wire::kMaxNoteBytes,
       [](size_t size) {
         v1::DirectoryHead head;
         head.set_fresh(std::string(size, 'x'));
         return ToDirectoryHead(std::move(head)).status();
       }},
      {"Rotations", wire::kMaxAuthorityBytes,
       [](size_t size) {
         v1::DirectoryHead head;
         head.set_authority(std::string(size, 'x'));
         return ToDirectoryHead(std::move(head)).status();
       }},
      {"OrgLine", wire::kMaxLineBytes,
       [](size_t size) {
         v1::DirectoryOrganisation part;
         part.set_line(std::string(size, 'x'));
         return ToDirectoryPart(std::move(part)).status();
       }},
      {"OwnLine", wire::kMaxLineBytes,
       [](size_t size) {
         v1::DirectoryOrganisation part;
         part.add_own_lines(std::string(size, 'x'));
         return ToDirectoryPart(std::move(part)).status();
       }},
      {"Warning", wire::kMaxRuleBytes,
       [](size_t size) {
         v1::PublishResponse receipt;
         receipt.set_id(std::string(16, 'i'));
         receipt.add_warnings(std::string(size, 'X'));
         return ToPublishReceipt(std::move(receipt)).status();
       }},
      {"Chunk", wire::kChunkBytes,
       [](size_t size) {
         v1::FetchResponse chunk;
         chunk.set_data(std::string(size, 'x'));
         return ToChunk(chunk).status();
       }},
      {"Receipt", wire::kMaxReceiptBytes,
       [](size_t size) {
         v1::GetStatusResponse status;
         v1::RecipientStatus& reader = *status.add_recipients();
         reader.set_member("desk");
         reader.set_org("hotel");
         reader.add_receipts(std::string(size, 'x'));
         std::vector<ReaderStatus> readers;
         return AppendReaders(status, readers);
       }},
      {"StatementAlone", wire::kMaxStatementBytes,
       [](size_t size) {
         v1::GetStatusResponse status;
         status.set_statement(std::string(size, 'x'));
         return ToStatement(std::move(status)).status();
       }},
      {"Rule", wire::kMaxRuleBytes,
       [](size_t size) {
         v1::AddReceiptsResponse answer;
         answer.add_rules(std::string(size, 'X'));
         return ToRules(std::move(answer), 1).status();
       }},
      {"ClassOfARetentionRow", wire::kMaxVocabularyBytes,
       [](size_t size) {
         v1::GetRetentionResponse page;
         v1::RetentionRow& row = *page.add_rows();
         row.set_text_digest(std::string(32, 'd'));
         row.set_bulletin_class(std::string(size, 'x'));
         return ToRetentionPage(std::move(page)).status();
       }},
      {"LabelOfARetentionRow", wire::kMaxVocabularyBytes,
       [](size_t size) {
         v1::GetRetentionResponse page;
         v1::RetentionRow& row = *page.add_rows();
         row.set_text_digest(std::string(32, 'd'));
         row.set_label(std::string(size, 'X'));
         return ToRetentionPage(std::move(page)).status();
       }},
      {"IdOfARetentionRow", 16,
       [](size_t size) {
         v1::GetRetentionResponse page;
         v1::RetentionRow& row = *page.add_rows();
         row.set_text_digest(std::string(32, 'd'));
         row.set_id(std::string(size, 'i'));
         return ToRetentionPage(std::move(page)).status();
       }},
      {"Tile", wire::kMaxTileBytes,
       [](size_t size) {
         v1::LogResponse answer;
         answer.set_tile(std::string(size, 'x'));
         return ToTile(answer).status();
       }},
      {"BatchProof", wire::kMaxBatchProofBytes,
       [](size_t size) {
         v1::LogResponse answer;
         answer.set_batch_proof(std::string(size, 'x'));
         return ToLogAnswer(std::move(answer)).status();
       }},
      {"WitnessedCheckpoint", wire::kMaxNoteBytes,
       [](size_t size) {
         v1::LogResponse answer;
         answer.set_witnessed(std::string(size, 'x'));
         return ToLogAnswer(std::move(answer)).status();
       }},
      {"Checkpoint", wire::kMaxNoteBytes,
       [](size_t size) {
         v1::LogResponse answer;
         answer.set_checkpoint(std::string(size, 'x'));
         return ToLogAnswer(std::move(answer)).status();
       }},
  };
}

class AnswerLimit : public ::testing::TestWithParam<LimitCase> {};

TEST_P(AnswerLimit, IsTakenAndOnePastItIsMalformed) {
  const absl::Status taken = GetParam().read(GetParam().limit);
  EXPECT_TRUE(taken.ok()) << taken;
  const absl::Status refused = GetParam().read(GetParam().limit + 1);
  EXPECT_TRUE(absl::IsDataLoss(refused)) << refused;
  EXPECT_EQ(RuleOf(refused), "ANSWER_MALFORMED");
}

TEST(AnswerToReceipts, SpeaksOfAsManyAsWereSent) {
  v1::AddReceiptsResponse answer;
  answer.add_rules("");
  EXPECT_TRUE(ToRules(v1::AddReceiptsResponse(answer), 1).ok());
  for (const size_t sent : {size_t{0}, size_t{2}}) {
    EXPECT_EQ(RuleOf(ToRules(v1::AddReceiptsResponse(answer), sent).status()), "ANSWER_MALFORMED");
  }
}

TEST(AStatementAlone, IsNotBesideNamesNorEmpty) {
  v1::GetStatusResponse status;
  EXPECT_EQ(RuleOf(ToStatement(v1::GetStatusResponse(status)).status()), "ANSWER_MALFORMED");
  status.set_statement("statement");
  EXPECT_EQ(ToStatement(v1::GetStatusResponse(status)).value_or(""), "statement");
  status.add_recipients();
  EXPECT_EQ(RuleOf(ToStatement(v1::GetStatusResponse(status)).status()), "ANSWER_MALFORMED");
}

std::string NameOf(const ::testing::TestParamInfo<LimitCase>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Subscription, AnswerLimit, ::testing::ValuesIn(SubscriptionLimits()),
                         NameOf);
INSTANTIATE_TEST_SUITE_P(Others, AnswerLimit, ::testing::ValuesIn(OtherLimits()), NameOf);

}  // namespace
}  // namespace shield

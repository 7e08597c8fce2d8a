// The contract of Connection (client/connection.h): receipts, and a statement for whoever may
// withdraw it.
#include <gmock/gmock.h>

#include <algorithm>

#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/proof/receipt.h"
#include "tests/e2e/contract/contract_fixture.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr char kReader[] = "astrid-reader";

class ReceiptsContract : public ConnectionContract {
 protected:
  Receipt ReceiptOf(const Envelope& envelope, ReceiptState state,
                    const std::string& member = kReader) {
    const absl::StatusOr<SignedNote> note = ParseNote(envelope.sealed.offer.statement);
    return {network_->KeysOf(member).network,
            *MemberId::Parse(member),
            envelope.id,
            Sha256(note->text),
            state,
            network_->Now()};
  }
  std::string Signed(const Receipt& receipt, const std::string& by = kReader) {
    return SignReceipt(receipt, network_->KeysOf(by).sign);
  }
  std::vector<std::string> Added(const std::vector<std::string>& notes,
                                 const std::string& member = kReader) {
    const auto rules = As(member).AddReceipts(notes, kCall);
    EXPECT_TRUE(rules.ok()) << rules.status();
    return rules.value_or(std::vector<std::string>{"no answer"});
  }
  // What a colleague of the author's is shown of the reader.
  std::vector<std::string> Shown(const Envelope& envelope) {
    const auto readers = As("bob").GetStatus(envelope.id, kCall);
    EXPECT_TRUE(readers.ok()) << readers.status();
    if (!readers.ok()) return {};
    const auto reader =
        std::find_if(readers->begin(), readers->end(),
                     [](const ReaderStatus& each) { return each.member.text() == kReader; });
    return reader == readers->end() ? std::vector<std::string>{} : reader->receipts;
  }
};

INSTANTIATE_TEST_SUITE_P(Brokers, ReceiptsContract,
                         ::testing::Values(ContractBroker::kMemory, ContractBroker::kShieldd),
                         NameOf);

TEST_P(ReceiptsContract, TheFirstOfEachStateIsShownToTheSourceAsItWasSigned) {
  const Envelope envelope = MustPublish({"org:astrid", "org:meir"});
  EXPECT_THAT(Shown(envelope), IsEmpty());
  const std::string delivered = Signed(ReceiptOf(envelope, ReceiptState::kDelivered));
  const std::string opened = Signed(ReceiptOf(envelope, ReceiptState::kOpened));
  Receipt again = ReceiptOf(envelope, ReceiptState::kDelivered);
  again.time -= absl::Seconds(1);
  EXPECT_THAT(Added({delivered, opened, Signed(again)}), ElementsAre("", "", ""));
  EXPECT_THAT(Added({delivered}), ElementsAre(""));
  EXPECT_THAT(Shown(envelope), UnorderedElementsAre(delivered, opened));
}

TEST_P(ReceiptsContract, EachIsRefusedForItself) {
  const Envelope envelope = MustPublish({"org:astrid"});
  const Envelope elsewhere = MustPublish({"org:meir"});
  Receipt other_text = ReceiptOf(envelope, ReceiptState::kOpened);
  other_text.statement_digest = Sha256("another text");
  Receipt ahead = ReceiptOf(envelope, ReceiptState::kOpened);
  ahead.time += absl::Hours(1);
  const std::string fine = Signed(ReceiptOf(envelope, ReceiptState::kAcknowledged));
  EXPECT_THAT(
      Added({"no note",
             Signed(ReceiptOf(envelope, ReceiptState::kDelivered, "meir-reader"), "meir-reader"),
             Signed(ReceiptOf(envelope, ReceiptState::kDelivered), "meir-reader"),
             Signed(ReceiptOf(elsewhere, ReceiptState::kDelivered)),
             Signed(ReceiptOf(Seal({"org:astrid"}), ReceiptState::kDelivered)), Signed(other_text),
             Signed(ahead), fine}),
      ElementsAre("RECEIPT_MALFORMED", "RECEIPT_MALFORMED", "BAD_SIGNATURE", "NO_SUCH_BULLETIN",
                  "NO_SUCH_BULLETIN", "NO_SUCH_BULLETIN", "CLOCK_SKEW", ""));
  EXPECT_THAT(Shown(envelope), ElementsAre(fine));
}

TEST_P(ReceiptsContract, WhatWasWithdrawnIsStillAcknowledged) {
  const Envelope envelope = MustPublish({"org:astrid"});
  ASSERT_TRUE(Send(Withdrawal(envelope)).ok());
  const std::string note = Signed(ReceiptOf(envelope, ReceiptState::kAcknowledged));
  EXPECT_THAT(Added({note}), ElementsAre(""));
  EXPECT_THAT(Shown(envelope), ElementsAre(note));
}

TEST_P(ReceiptsContract, NoneAndTooManyAreRefused) {
  EXPECT_EQ(CodeAndRule(As(kReader).AddReceipts({}, kCall).status()),
            "INVALID_ARGUMENT REQUEST_MALFORMED");
  const std::vector<std::string> many(kMaxReceiptsInCall + 1, "no note");
  EXPECT_EQ(CodeAndRule(As(kReader).AddReceipts(many, kCall).status()),
            "INVALID_ARGUMENT LIMIT_EXCEEDED");
  EXPECT_EQ(Added({many.begin() + 1, many.end()}).size(), kMaxReceiptsInCall);
}

TEST_P(ReceiptsContract, AStatementIsForWhoMayWithdrawItAndNobodyElseLearnsThatThereIsOne) {
  const Envelope envelope = MustPublish({"org:astrid"});
  for (const char* analyst : {"ann", "bob"}) {
    const auto statement = As(analyst).GetStatement(envelope.id, kCall);
    ASSERT_TRUE(statement.ok()) << statement.status();
    EXPECT_EQ(*statement, envelope.sealed.offer.statement);
  }
  const absl::Status unknown = As("ann").GetStatement(Seal({"org:astrid"}).id, kCall).status();
  EXPECT_TRUE(absl::IsNotFound(unknown)) << unknown;
  EXPECT_EQ(As(kReader).GetStatement(envelope.id, kCall).status(), unknown);
}

}  // namespace
}  // namespace shield::testing

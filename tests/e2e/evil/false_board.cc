#include "tests/e2e/evil/false_board.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_replace.h"

namespace shield::testing {
namespace {

using Readers = std::vector<broker::RecipientStatus>;

// The words "state delivered" of a receipt become "state acknowledged"; nobody signs that.
void Forge(Readers& readers) {
  for (broker::RecipientStatus& reader : readers) {
    for (std::string& receipt : reader.receipts) {
      receipt = absl::StrReplaceAll(receipt, {{"state delivered", "state acknowledged"}});
    }
  }
}

// Each reader is shown with the receipts of the next who has some.
void Swap(Readers& readers) {
  std::vector<broker::RecipientStatus*> signers;
  for (broker::RecipientStatus& reader : readers) {
    if (!reader.receipts.empty()) signers.push_back(&reader);
  }
  for (size_t i = 1; i < signers.size(); ++i) {
    std::swap(signers[i - 1]->receipts, signers[i]->receipts);
  }
}

}  // namespace

void FalseBoard::Replay(Readers& readers) {
  MutexLock lock(mutex_);
  if (!first_.has_value()) {
    first_ = readers;
    return;
  }
  for (broker::RecipientStatus& reader : readers) {
    for (const broker::RecipientStatus& earlier : *first_) {
      if (earlier.member == reader.member) reader.receipts = earlier.receipts;
    }
  }
}

void FalseBoard::Falsify(Readers& readers) {
  switch (attack_.kind) {
    case AttackKind::kForgeReceipts:
      return Forge(readers);
    case AttackKind::kSwapReceipts:
      return Swap(readers);
    case AttackKind::kReplayReceipts:
      return Replay(readers);
    case AttackKind::kDropReceipts:
      for (broker::RecipientStatus& reader : readers) reader.receipts.clear();
      return;
    case AttackKind::kHideReader:
      if (attack_.place() >= 1 && attack_.place() <= readers.size()) {
        readers.erase(readers.begin() + static_cast<ptrdiff_t>(attack_.place() - 1));
      }
      return;
    case AttackKind::kSubstituteReader:
      if (attack_.place() >= 1 && attack_.place() <= readers.size()) {
        readers[attack_.place() - 1] = {.member = *MemberId::Parse("astrid-new"),
                                        .org = *OrgId::Parse("hotel-astrid")};
      }
      return;
    default:
      return;
  }
}

}  // namespace shield::testing

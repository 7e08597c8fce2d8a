#include "policy/corpus/case_actions.h"

namespace shield {
namespace {

constexpr CaseActionWord kActions[] = {
    {"read", CaseAction::kRead},
    {"deliver", CaseAction::kDeliver},
    {"publish", CaseAction::kPublish},
    {"resolve", CaseAction::kResolve},
    {"withdraw", CaseAction::kRelate, Relation::kWithdraws},
    {"supersede", CaseAction::kRelate, Relation::kSupersedes},
    {"relabel", CaseAction::kRelate, Relation::kRelabels},
    {"extend", CaseAction::kRelate, Relation::kExtends},
    {"permit", CaseAction::kRelate, Relation::kPermits},
    {"reply", CaseAction::kRelate, Relation::kReplies},
    {"share", CaseAction::kShare},
    {"label", CaseAction::kLabel},
    {"import", CaseAction::kImport},
    {"digest", CaseAction::kDigest},
    {"send-digest", CaseAction::kSendDigest},
    {"recipients", CaseAction::kRecipients},
    {"parts", CaseAction::kParts},
    {"quote", CaseAction::kQuote},
    {"attach", CaseAction::kAttach},
    {"refer", CaseAction::kRefer},
};

}  // namespace

const CaseActionWord* FindCaseAction(absl::string_view word) {
  for (const CaseActionWord& action : kActions) {
    if (action.word == word) return &action;
  }
  return nullptr;
}

bool IsAboutBulletin(CaseAction action) {
  switch (action) {
    case CaseAction::kLabel:
    case CaseAction::kImport:
    case CaseAction::kDigest:
    case CaseAction::kSendDigest:
    case CaseAction::kParts:
    case CaseAction::kQuote:
      return false;
    default:
      return true;
  }
}

bool HasActor(CaseAction action) {
  switch (action) {
    case CaseAction::kPublish:
    case CaseAction::kResolve:
    case CaseAction::kLabel:
    case CaseAction::kImport:
    case CaseAction::kParts:
    case CaseAction::kQuote:
      return false;
    default:
      return true;
  }
}

}  // namespace shield

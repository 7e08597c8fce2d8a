#include "broker/store/store_errors.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace shield::store {

absl::Status DirectoryMoved(uint64_t asked, uint64_t present) {
  return WithHint(
      WithRule(absl::AbortedError(absl::StrCat("recipients were computed for directory version ",
                                               asked, ", but the present one is ", present)),
               kRuleDirectoryMoved),
      "fetch the directory and seal again");
}

absl::Status BulletinMoved(const BulletinId& id) {
  return WithHint(WithRule(absl::AbortedError(absl::StrCat("bulletin `", id.ToHex(),
                                                           "`, which this one refers to, has "
                                                           "changed meanwhile")),
                           kRuleBulletinMoved),
                  "fetch the inbox and publish again");
}

absl::Status NoSuchBulletin(const BulletinId& id) {
  return absl::NotFoundError(absl::StrCat("no bulletin `", id.ToHex(), "`"));
}

absl::Status IdTaken(const BulletinId& id) {
  return WithHint(
      WithRule(absl::AlreadyExistsError(absl::StrCat(
                   "bulletin id `", id.ToHex(), "` is taken by another sender or other bytes")),
               kRuleIdTaken),
      "publish under a new random id");
}

absl::Status DiskLow(uint64_t free_bytes, uint64_t watermark_bytes) {
  return WithRetryDelay(WithHint(WithRule(absl::ResourceExhaustedError(absl::StrCat(
                                              "the broker's disk is nearly full: ", free_bytes,
                                              " bytes free, publishing needs ", watermark_bytes)),
                                          kRuleDiskLow),
                                 "free space on the broker; nothing was recorded"),
                        absl::Seconds(30));
}

absl::Status CursorAhead(uint64_t asked, uint64_t last) {
  return WithRule(absl::OutOfRangeError(absl::StrCat("cannot acknowledge entry ", asked,
                                                     ": the last entry of the inbox is ", last)),
                  kRuleCursorAhead);
}

absl::Status HistoryDiffers(uint64_t seq) {
  return WithHint(WithRule(absl::DataLossError(absl::StrCat(
                               "entry ", seq,
                               " of the inbox is not the one the reader holds: histories differ")),
                           kRuleRollback),
                  "keep the local state and tell the operator: the broker may have been set back");
}

absl::Status LimitExceeded(absl::string_view what, uint64_t value, uint64_t limit) {
  return WithRule(
      absl::InvalidArgumentError(absl::StrCat(what, " is ", value, ", at most ", limit)),
      kRuleLimitExceeded);
}

absl::Status OutcomeUnknown(const absl::Status& cause) {
  return WithHint(WithRule(absl::UnavailableError(
                               absl::StrCat("the store failed while writing: ", cause.message())),
                           kRuleOutcomeUnknown),
                  "retry with the same id and the same bytes");
}

absl::Status StoreFailed(const absl::Status& cause) {
  return WithRule(
      absl::UnavailableError(absl::StrCat("the store has failed and stopped: ", cause.message())),
      kRuleStoreFailed);
}

absl::Status StoreInUse(absl::string_view folder) {
  return WithHint(WithRule(absl::FailedPreconditionError(
                               absl::StrCat("another process uses the database `", folder, "`")),
                           kRuleStoreInUse),
                  "stop it first");
}

absl::Status StoreFormat() {
  return WithHint(
      WithRule(absl::FailedPreconditionError("the store was written by another version of shieldd"),
               kRuleStoreFormat),
      "run the version that wrote it");
}

absl::Status StoreCorrupt(absl::string_view what) {
  return WithHint(WithRule(absl::DataLossError(what), kRuleStoreFailed),
                  "run `shieldd verify`, then `shieldd restore` from a backup");
}

}  // namespace shield::store

#include "client/authority/authority.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/directory_file.h"
#include "client/authority/draft_directory.h"
#include "client/authority/member_deeds.h"
#include "client/home/private_file.h"
#include "crypto/verifier_key.h"
#include "policy/proof/directory_tree.h"

namespace shield {

CommunityId NetworkCommunity(const Origin& network) {
  std::string text(network.text().substr(0, 64));
  std::replace(text.begin(), text.end(), '.', '-');
  while (text.back() == '-') text.pop_back();
  return *CommunityId::Parse(text);
}

Authority::Authority(Home home, HomeLock lock, NetworkFile network, DirectoryDraft draft)
    : home_(std::move(home)),
      lock_(std::move(lock)),
      network_(std::move(network)),
      draft_(std::move(draft)) {}

absl::StatusOr<Authority> Authority::Open(const std::string& folder) {
  ASSIGN_OR_RETURN(Home home, Home::Open(folder));
  ASSIGN_OR_RETURN(NetworkFile network, home.ReadNetwork());
  if (!home.Has(kDraftFile)) {
    return WithHint(
        absl::FailedPreconditionError(absl::StrCat("`", folder, "` is not the authority's home")),
        "give --home the folder that `shield network create` made");
  }
  ASSIGN_OR_RETURN(HomeLock lock, HomeLock::Take(home.PathOf("lock")));
  ASSIGN_OR_RETURN(const std::string text,
                   ReadSmallFile(home.PathOf(kDraftFile), kMaxDirectoryDraftBytes));
  ASSIGN_OR_RETURN(DirectoryDraft draft, ParseDraft(text));
  if (draft.network != network.network) {
    return WithRule(absl::FailedPreconditionError(
                        absl::StrCat("the draft is of network `", draft.network.text(),
                                     "`, and this home of `", network.network.text(), "`")),
                    "NETWORK_MISMATCH");
  }
  Authority authority(std::move(home), std::move(lock), std::move(network), std::move(draft));
  // A process may have died between the upload of a rotation and following it.
  RETURN_IF_ERROR(authority.FollowPublished());
  return authority;
}

absl::Status Authority::Save(const DirectoryDraft& draft) {
  ASSIGN_OR_RETURN(const DirectoryText built,
                   BuildDirectoryText(DraftNote(draft, network_), draft.records));
  const std::string text = PrintDraft(draft, built.orgs);
  // Memory holds what a reader of the file will get: whole seconds, counts and roots.
  ASSIGN_OR_RETURN(DirectoryDraft saved, ParseDraft(text));
  RETURN_IF_ERROR(home_.Write(kDraftFile, text));
  draft_ = std::move(saved);
  return absl::OkStatus();
}

absl::Status Authority::LearnBroker(absl::string_view broker_key, absl::string_view log_key) {
  if (draft_.broker_key == broker_key && draft_.log_key == log_key) return absl::OkStatus();
  if (!draft_.broker_key.empty()) {
    return WithHint(
        WithRule(absl::DataLossError("the broker shows other keys for its heads or its log than at "
                                     "the first publication"),
                 "BROKER_KEY_CHANGED"),
        "nothing was uploaded; ask who runs the broker whether its home was made anew, and if so "
        "run `shield directory accept-broker-keys`");
  }
  DirectoryDraft draft = draft_;
  return TakeBroker(broker_key, log_key, draft);
}

absl::Status Authority::AcceptBroker(absl::string_view broker_key, absl::string_view log_key,
                                     absl::string_view reason, absl::Time now) {
  RETURN_IF_ERROR(CheckReason(reason));
  DirectoryDraft draft = draft_;
  draft.changes.push_back({now, DraftDeed::kNewBroker, "broker", std::string(reason)});
  return TakeBroker(broker_key, log_key, draft);
}

absl::Status Authority::TakeBroker(absl::string_view broker_key, absl::string_view log_key,
                                   DirectoryDraft& draft) {
  draft.broker_key = std::string(broker_key);
  draft.log_key = std::string(log_key);
  for (const std::string* text : {&draft.broker_key, &draft.log_key}) {
    ASSIGN_OR_RETURN(const VerifierKey key, VerifierKey::Parse(*text));
    RETURN_IF_ERROR(key.CheckPoint());
  }
  return Annotate(Save(draft), "the broker's keys");
}

absl::StatusOr<DraftReview> Authority::Review() const {
  ASSIGN_OR_RETURN(const DirectoryText built,
                   BuildDirectoryText(DraftNote(draft_, network_), draft_.records));
  ASSIGN_OR_RETURN(const std::optional<DirectoryUpload> published, Published());
  std::vector<std::string> now = Flatten(built.orgs);
  std::vector<std::string> before;
  if (published.has_value()) before = published->lines;
  std::sort(now.begin(), now.end());
  std::sort(before.begin(), before.end());
  DraftReview review;
  std::set_difference(now.begin(), now.end(), before.begin(), before.end(),
                      std::back_inserter(review.added));
  std::set_difference(before.begin(), before.end(), now.begin(), now.end(),
                      std::back_inserter(review.removed));
  return review;
}

}  // namespace shield

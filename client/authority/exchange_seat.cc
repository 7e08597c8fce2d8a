// Authority: the keys of its own seat are exchanged by a rotation, because it pins one of them.
//
// They cannot be ended like a member's: without them nothing could be uploaded. So the new ones
// wait in the home, as a member's do, and the directory that comes with the rotation names them and
// ends those before. Until it is accepted the draft and the connection have the present ones.
#include <algorithm>
#include <iterator>
#include <utility>

#include "base/status.h"
#include "client/authority/authority.h"
#include "client/authority/directory_file.h"
#include "client/authority/draft_directory.h"
#include "client/authority/former_seat.h"
#include "client/authority/member_deeds.h"
#include "client/home/member_keys.h"
#include "policy/fields.h"
#include "policy/proof/directory_tree.h"
#include "policy/proof/rekey.h"

namespace shield {
namespace {

bool IsOfTheSeat(const KeyRecord& key) { return key.member.text() == kSeatId; }

bool Names(const std::vector<KeyRecord>& keys, const Digest& tls_pin) {
  const std::string value = PrintDigest(tls_pin);
  return std::any_of(keys.begin(), keys.end(), [&value](const KeyRecord& key) {
    return key.use == KeyUse::kTls && key.value == value;
  });
}

}  // namespace

absl::StatusOr<Digest> Authority::StageSeat(const Passphrase& passphrase, absl::Time now,
                                            Random& random) {
  ASSIGN_OR_RETURN(std::optional<Digest> pin, home_.StagedTlsPin());
  // Of an earlier plan, unless there was a rotation since.
  if (pin.has_value()) {
    ASSIGN_OR_RETURN(const std::string note, home_.Read(kRekeyFile));
    if (VerifyRekeyRequest(note, network_).ok()) return *pin;
  }
  ASSIGN_OR_RETURN(MemberKeys before, home_.ReadKeys(passphrase));
  ASSIGN_OR_RETURN(MemberKeys next, MemberKeys::Generate(before.member, before.network, random));
  ASSIGN_OR_RETURN(EnrolmentRequest keys, RequestFor(next, network_));
  const RekeyRequest request{std::move(keys), before.Verifier()};
  std::move(before.seal.begin(), before.seal.end(), std::back_inserter(next.seal));
  RETURN_IF_ERROR(home_.StageKeys(next, passphrase, now, random));
  RETURN_IF_ERROR(home_.Write(kRekeyFile, SignRekeyRequest(request, next.sign, before.sign)));
  ASSIGN_OR_RETURN(pin, home_.StagedTlsPin());
  if (pin.has_value()) return *pin;
  return absl::InternalError("the new keys of the seat are not there");
}

absl::StatusOr<DirectoryDraft> Authority::DraftToBe(const NetworkFile& network,
                                                    absl::Time now) const {
  DirectoryDraft draft = draft_;
  if (network.authority_tls_pin == network_.authority_tls_pin) return draft;
  ASSIGN_OR_RETURN(const std::string note, home_.Read(kRekeyFile));
  ASSIGN_OR_RETURN(const RekeyRequest request, VerifyRekeyRequest(note, network_));
  const MemberRecord* seat = draft.FindMember(*MemberId::Parse(kSeatId));
  if (seat == nullptr || request.keys.tls_pin != network.authority_tls_pin) {
    return WithHint(absl::FailedPreconditionError(
                        "directory not signed: the new keys of the own seat are gone"),
                    "run `shield network rotate --cancel`, and plan the rotation again");
  }
  EndKeys(seat->id, now, draft.records);
  const Period period = {now, seat->period.until};
  AddKeys(request.keys, period, draft.records);
  // As Save does it: the lines of organisations hold counts and roots.
  ASSIGN_OR_RETURN(const DirectoryText built,
                   BuildDirectoryText(DraftNote(draft, network_), draft.records));
  return ParseDraft(PrintDraft(draft, built.orgs));
}

absl::Status Authority::TakeUpSeat(const DirectoryUpload& published, const NetworkFile& network) {
  ASSIGN_OR_RETURN(const std::vector<OrgLines> orgs, GroupByOrg(published.lines));
  std::vector<KeyRecord> seat;
  for (const OrgLines& org : orgs) {
    ASSIGN_OR_RETURN(const DirectoryRecords records, ParseOrgLines(org));
    std::copy_if(records.keys.begin(), records.keys.end(), std::back_inserter(seat), IsOfTheSeat);
  }
  if (!Names(draft_.records.keys, network.authority_tls_pin)) {
    DirectoryDraft draft = draft_;
    std::erase_if(draft.records.keys, IsOfTheSeat);
    draft.records.keys.insert(draft.records.keys.end(), seat.begin(), seat.end());
    RETURN_IF_ERROR(Save(draft));
  }
  ASSIGN_OR_RETURN(const std::optional<Digest> staged, home_.StagedTlsPin());
  if (staged != network.authority_tls_pin) return absl::OkStatus();
  RETURN_IF_ERROR(KeepFormerSeat(home_));
  return home_.AdoptKeys();
}

absl::Status Authority::ForgetFormerSeat(absl::Time taken) {
  ASSIGN_OR_RETURN(const std::optional<Digest> pin, FormerSeatPin(home_));
  if (!pin.has_value()) return absl::OkStatus();
  const std::string value = PrintDigest(*pin);
  for (const KeyRecord& key : draft_.records.keys) {
    const bool former = IsOfTheSeat(key) && key.use == KeyUse::kTls && key.value == value;
    if (former && taken < key.period.until + kFormerSeatLife) return absl::OkStatus();
  }
  return DropFormerSeat(home_);
}

}  // namespace shield

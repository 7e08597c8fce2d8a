#include "policy/proof/verified_directory.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/merkle.h"
#include "crypto/sha256.h"
#include "policy/directory_note.h"
#include "policy/proof/directory_keys.h"
#include "policy/proof/directory_links.h"
#include "policy/proof/directory_tree.h"
#include "policy/proof/member_part.h"

namespace shield {
namespace {

absl::Status Refused(const absl::Status& status, absl::string_view rule) {
  return WithRule(Annotate(status, "directory refused"), rule);
}

absl::Status Mismatch(absl::string_view why) {
  return Refused(absl::DataLossError(why), "DIGEST_MISMATCH");
}

absl::Status Fork(uint64_t version) {
  return WithHint(
      Refused(absl::DataLossError(absl::StrCat("version ", version,
                                               " does not continue the text of the "
                                               "version that is held")),
              "DIRECTORY_FORK"),
      "keep both texts and ask the authority over another channel which one is its own");
}

absl::Status CheckHeld(const DirectoryNote& note, const Digest& digest,
                       const std::optional<HeldDirectory>& held) {
  if (!held.has_value()) return absl::OkStatus();
  if (note.version < held->version) {
    return Refused(
        absl::DataLossError(absl::StrCat("it is version ", note.version, ", older than version ",
                                         held->version, ", which is held")),
        "ROLLBACK");
  }
  if (note.version == held->version && digest != held->digest) return Fork(note.version);
  if (note.version == held->version + 1 && note.previous != held->digest) {
    return Fork(note.version);
  }
  return absl::OkStatus();
}

// That the organisation's line stands in the tree that the note signs.
absl::Status CheckInTree(const DirectoryNote& note, absl::string_view line, uint64_t index,
                         std::span<const Digest> proof) {
  const absl::Status included =
      VerifyInclusion(LeafHash(AsBytes(line)), index, note.orgs, proof, note.orgs_root);
  return included.ok() ? absl::OkStatus() : Refused(included, "DIGEST_MISMATCH");
}

void MoveAll(DirectoryRecords from, DirectoryRecords& to) {
  to.orgs.insert(to.orgs.end(), std::make_move_iterator(from.orgs.begin()),
                 std::make_move_iterator(from.orgs.end()));
  to.members.insert(to.members.end(), std::make_move_iterator(from.members.begin()),
                    std::make_move_iterator(from.members.end()));
  to.keys.insert(to.keys.end(), std::make_move_iterator(from.keys.begin()),
                 std::make_move_iterator(from.keys.end()));
}

}  // namespace

VerifiedDirectory::VerifiedDirectory(std::string note, Digest digest,
                                     std::shared_ptr<const Directory> directory,
                                     SealKeyTable seal_keys, VerifierKey broker_key,
                                     VerifierKey log_key, VerifierKey fresh_key)
    : note_(std::move(note)),
      digest_(digest),
      directory_(std::move(directory)),
      seal_keys_(std::move(seal_keys)),
      broker_key_(std::move(broker_key)),
      log_key_(std::move(log_key)),
      fresh_key_(std::move(fresh_key)) {}

std::optional<X25519PublicKey> VerifiedDirectory::SealKey(const MemberId& member,
                                                          absl::Time time) const {
  const KeyRecord* record =
      directory_->ActiveKey(member, KeyUse::kSeal, std::max(time, directory_->note().issued));
  if (record == nullptr) return std::nullopt;
  return seal_keys_.at(record);
}

// The steps that full and partial directories share. One use each.
class DirectoryVerifier {
 public:
  static absl::StatusOr<DirectoryVerifier> Begin(absl::string_view note, const NetworkFile& network,
                                                 const std::optional<HeldDirectory>& held) {
    ASSIGN_OR_RETURN(const std::string text, SignedDirectoryText(note, network));
    ASSIGN_OR_RETURN(DirectoryNote parsed, ParseDirectoryNote(text));
    if (parsed.network != network.network) {
      return Refused(
          absl::InvalidArgumentError(absl::StrCat("it is of network `", parsed.network.text(),
                                                  "`, not of `", network.network.text(), "`")),
          "NETWORK_MISMATCH");
    }
    const Digest digest = Sha256(text);
    RETURN_IF_ERROR(CheckHeld(parsed, digest, held));
    return DirectoryVerifier(std::string(note), digest, std::move(parsed));
  }

  const DirectoryNote& note() const { return parsed_; }

  // Takes an organisation that is proven to stand in the tree.
  absl::Status Add(const OrgLines& lines) {
    ASSIGN_OR_RETURN(DirectoryRecords records, ParseOrgLines(lines));
    const OrgRecord& org = records.orgs.front();
    if (LinesRoot(lines.own_lines) != org.own_lines_root) {
      return Mismatch(absl::StrCat("the lines of organisation `", org.id.text(),
                                   "` do not lead to the root on its line"));
    }
    if (!records_.orgs.empty() && !(records_.orgs.back().id < org.id)) {
      return Refused(absl::InvalidArgumentError(
                         absl::StrCat("organisation `", org.id.text(), "` is out of order")),
                     "DIRECTORY_MALFORMED");
    }
    MoveAll(std::move(records), records_);
    return absl::OkStatus();
  }

  // Takes one member of an organisation that is proven to stand in the tree.
  absl::Status AddMember(const MemberPart& part) {
    ASSIGN_OR_RETURN(OrgRecord org, ParseOrgRecord(part.org_line));
    ASSIGN_OR_RETURN(KeyRecord key, ParseKeyRecord(part.key.text));
    ASSIGN_OR_RETURN(MemberRecord member, ParseMemberRecord(part.member.text));
    const std::vector<IndexedLeaf> stands = {
        {part.key.index, LeafHash(AsBytes(part.key.text))},
        {part.member.index, LeafHash(AsBytes(part.member.text))}};
    if (!VerifyBatch(stands, org.own_lines, part.own_proof, org.own_lines_root).ok()) {
      return Mismatch(absl::StrCat("its lines of a member are not those of organisation `",
                                   org.id.text(), "`"));
    }
    if (member.org != org.id || key.member != member.id) {
      return Refused(absl::InvalidArgumentError("its lines are of different members"),
                     "DIRECTORY_MALFORMED");
    }
    // What is shown is whole in itself.
    const std::vector<std::string> lines = {part.key.text, part.member.text};
    org.own_lines = lines.size();
    org.own_lines_root = LinesRoot(lines);
    records_.orgs.push_back(std::move(org));
    records_.members.push_back(std::move(member));
    records_.keys.push_back(std::move(key));
    return absl::OkStatus();
  }

  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> Finish() && {
    ASSIGN_OR_RETURN(const std::vector<VerifierKey> keys, KeysOfNote(parsed_));
    ASSIGN_OR_RETURN(std::shared_ptr<const Directory> directory,
                     Directory::Create(std::move(parsed_), std::move(records_)));
    ASSIGN_OR_RETURN(SealKeyTable seal_keys, CheckDirectoryKeys(*directory));
    return std::shared_ptr<const VerifiedDirectory>(
        new VerifiedDirectory(std::move(note_), digest_, std::move(directory), std::move(seal_keys),
                              keys[0], keys[1], keys[2]));
  }

 private:
  DirectoryVerifier(std::string note, const Digest& digest, DirectoryNote parsed)
      : note_(std::move(note)), digest_(digest), parsed_(std::move(parsed)) {}

  std::string note_;
  Digest digest_;
  DirectoryNote parsed_;
  DirectoryRecords records_;
};

absl::Status VerifyDirectorySignatures(absl::string_view note, const NetworkFile& network) {
  return SignedDirectoryText(note, network).status();
}

absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> VerifyDirectory(
    absl::string_view note, std::span<const OrgLines> orgs, const NetworkFile& network,
    const std::optional<HeldDirectory>& held) {
  ASSIGN_OR_RETURN(DirectoryVerifier verifier, DirectoryVerifier::Begin(note, network, held));
  if (orgs.size() != verifier.note().orgs) {
    return Mismatch(
        absl::StrCat(orgs.size(), " organisations came, and the note says ", verifier.note().orgs));
  }
  std::vector<Digest> leaves;
  leaves.reserve(orgs.size());
  for (const OrgLines& org : orgs) leaves.push_back(LeafHash(AsBytes(org.line)));
  if (MerkleTree(std::move(leaves)).Root() != verifier.note().orgs_root) {
    return Mismatch("its organisations do not lead to the root in the note");
  }
  for (const OrgLines& org : orgs) RETURN_IF_ERROR(verifier.Add(org));
  return std::move(verifier).Finish();
}

absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> VerifyPartialDirectory(
    absl::string_view note, std::span<const OrgPart> parts, const NetworkFile& network,
    const std::optional<HeldDirectory>& held) {
  ASSIGN_OR_RETURN(DirectoryVerifier verifier, DirectoryVerifier::Begin(note, network, held));
  for (const OrgPart& part : parts) {
    RETURN_IF_ERROR(CheckInTree(verifier.note(), part.lines.line, part.index, part.proof));
    RETURN_IF_ERROR(verifier.Add(part.lines));
  }
  return std::move(verifier).Finish();
}

absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> VerifyMemberDirectory(
    absl::string_view note, const MemberPart& part, const NetworkFile& network) {
  ASSIGN_OR_RETURN(DirectoryVerifier verifier,
                   DirectoryVerifier::Begin(note, network, std::nullopt));
  RETURN_IF_ERROR(CheckInTree(verifier.note(), part.org_line, part.index, part.proof));
  RETURN_IF_ERROR(verifier.AddMember(part));
  return std::move(verifier).Finish();
}

absl::Status CheckNextVersion(const VerifiedDirectory& directory,
                              const std::optional<HeldDirectory>& held) {
  return CheckContinues(directory.directory().note(), held);
}

}  // namespace shield

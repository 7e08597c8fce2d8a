#include "policy/proof/inbox_chain.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "base/bytes.h"
#include "base/status.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/fields.h"
#include "policy/line_reader.h"
#include "policy/proof/signed_text.h"

namespace shield {
namespace {

constexpr absl::string_view kGenesis = "shield/v1/inbox";
constexpr absl::string_view kLink = "shield/v1/inbox-link";
constexpr absl::string_view kFirstLine = "shield/inbox/v1";
constexpr absl::string_view kBroker = "broker";
constexpr absl::string_view kRule = "INBOX_HEAD_MALFORMED";
constexpr TextKind kKind = {"inbox head", kRule, 4 * 1024};

absl::Status WentBack(absl::string_view how) {
  return WithRule(absl::DataLossError(absl::StrCat("inbox of the broker went back: ", how)),
                  "ROLLBACK");
}

}  // namespace

Digest InboxGenesis(const MemberId& member) {
  Bytes hashed = ToBytes(AsBytes(kGenesis));
  hashed.push_back(0);
  Append(hashed, AsBytes(member.text()));
  return Sha256(hashed);
}

Digest InboxNext(const Digest& previous, uint64_t seq, const InboxLink& link) {
  Bytes hashed;
  hashed.reserve(kLink.size() + 1 + 32 + 8 + 8 + 32 + 32);
  Append(hashed, AsBytes(kLink));
  hashed.push_back(0);
  Append(hashed, previous.span());
  AppendU64(hashed, seq);
  AppendU64(hashed, link.log_index);
  Append(hashed, link.statement_digest.span());
  Append(hashed, link.slot_digest.span());
  return Sha256(hashed);
}

InboxPosition InboxChain::Extend(const InboxLink& link) {
  position_.hash = InboxNext(position_.hash, position_.seq + 1, link);
  ++position_.seq;
  return position_;
}

std::string PrintInboxHead(const InboxHead& head) {
  return absl::StrCat(kFirstLine, "\nnetwork ", head.network.text(), "\nmember ",
                      head.member.text(), "\nsize ", head.position.seq, "\nhead ",
                      PrintDigest(head.position.hash), "\nlog ", head.log_size, "\ntime ",
                      PrintMoment(head.time), "\n");
}

absl::StatusOr<InboxHead> ParseInboxHead(absl::string_view text) {
  ASSIGN_OR_RETURN(LineReader lines, LineReader::Create(text, kKind));
  RETURN_IF_ERROR(lines.TakeWhole(kFirstLine));
  ASSIGN_OR_RETURN(const absl::string_view network_text, lines.Take("network"));
  const std::optional<Origin> network = Origin::Parse(network_text);
  if (!network.has_value()) return lines.Refuse("this cannot be the name of a network");
  ASSIGN_OR_RETURN(const absl::string_view member_text, lines.Take("member"));
  const std::optional<MemberId> member = MemberId::Parse(member_text);
  if (!member.has_value()) return lines.Refuse("this cannot be a member's id");
  InboxHead head{*network, *member, {}, 0, {}};

  ASSIGN_OR_RETURN(const absl::string_view size_text, lines.Take("size"));
  const std::optional<uint64_t> size = ParseNumber(size_text);
  if (!size.has_value()) return lines.Refuse("the size is not a number");
  ASSIGN_OR_RETURN(const absl::string_view hash_text, lines.Take("head"));
  const std::optional<Digest> hash = ParseDigest(hash_text);
  if (!hash.has_value()) return lines.Refuse("the head is not the base64 of 32 bytes");
  head.position = {*size, *hash};

  ASSIGN_OR_RETURN(const absl::string_view log_text, lines.Take("log"));
  const std::optional<uint64_t> log_size = ParseNumber(log_text);
  if (!log_size.has_value()) return lines.Refuse("the size of the log is not a number");
  head.log_size = *log_size;
  ASSIGN_OR_RETURN(const absl::string_view time_text, lines.Take("time"));
  const std::optional<absl::Time> time = ParseMoment(time_text);
  if (!time.has_value()) return lines.Refuse("the time is not a number of seconds");
  head.time = *time;
  RETURN_IF_ERROR(lines.Finish());
  return head;
}

std::string SignInboxHead(const InboxHead& head, const SigningKey& broker_key) {
  return SignNote(PrintInboxHead(head), head.network.KeyName(kBroker), broker_key);
}

absl::StatusOr<InboxHead> VerifyInboxHead(absl::string_view note, const VerifierKey& broker_key,
                                          const MemberId& member) {
  ASSIGN_OR_RETURN(const std::string text, VerifiedText(note, broker_key, kRule));
  ASSIGN_OR_RETURN(InboxHead head, ParseInboxHead(text));
  if (head.network.KeyName(kBroker) != broker_key.name()) {
    return WithRule(absl::InvalidArgumentError(absl::StrCat(
                        "inbox head refused: it is of network `", head.network.text(), "`")),
                    "NETWORK_MISMATCH");
  }
  if (head.member != member) {
    return WithRule(absl::InvalidArgumentError(absl::StrCat("inbox head refused: it is of member `",
                                                            head.member.text(), "`")),
                    kRule);
  }
  return head;
}

absl::Status CheckInboxAdvance(const InboxPosition& before, const InboxPosition& now) {
  if (now.seq < before.seq) {
    return WentBack(absl::StrCat("it held ", before.seq, " entries and now shows ", now.seq));
  }
  if (now.seq == before.seq && now.hash != before.hash) {
    return WentBack(absl::StrCat("entry ", now.seq, " or one before it was exchanged"));
  }
  return absl::OkStatus();
}

}  // namespace shield

#include "policy/proof/receipt.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "crypto/verifier_key.h"
#include "policy/fields.h"
#include "policy/line_reader.h"

namespace shield {
namespace {

constexpr absl::string_view kFirstLine = "shield/receipt/v1";
constexpr absl::string_view kRule = "RECEIPT_MALFORMED";
constexpr TextKind kKind = {"receipt", kRule, kMaxReceiptBytes};
constexpr NoteLimits kLimits = {kMaxReceiptBytes, 1};

constexpr std::array<std::pair<ReceiptState, absl::string_view>, kReceiptStates> kWords = {{
    {ReceiptState::kDelivered, "delivered"},
    {ReceiptState::kOpened, "opened"},
    {ReceiptState::kAcknowledged, "acknowledged"},
}};

absl::Status BadSignature(const Receipt& receipt) {
  return WithRule(absl::DataLossError(absl::StrCat("receipt of `", receipt.member.text(),
                                                   "` refused: no key of this member that was in "
                                                   "force then has signed it")),
                  "BAD_SIGNATURE");
}

absl::StatusOr<SignedNote> ReadNote(absl::string_view note) {
  if (note.size() > kMaxReceiptBytes) {
    return WithRule(absl::InvalidArgumentError(absl::StrCat("receipt refused: ", note.size(),
                                                            " bytes are more than the ",
                                                            kMaxReceiptBytes, " it may have")),
                    kRule);
  }
  absl::StatusOr<SignedNote> parsed = ParseNote(note, kLimits);
  if (!parsed.ok()) return WithRule(parsed.status(), kRule);
  return parsed;
}

absl::StatusOr<Receipt> ReadText(const SignedNote& note, const Origin& network) {
  ASSIGN_OR_RETURN(Receipt receipt, ParseReceipt(note.text));
  if (receipt.network == network) return receipt;
  return WithRule(absl::InvalidArgumentError(absl::StrCat("receipt refused: it is of network `",
                                                          receipt.network.text(), "`")),
                  "NETWORK_MISMATCH");
}

// The record of the key that signed, or null.
const KeyRecord* FindSigner(const SignedNote& note, const Receipt& receipt,
                            const Directory& directory) {
  for (const KeyRecord& key : directory.KeysOf(receipt.member)) {
    if (key.use != KeyUse::kSign || receipt.time >= key.period.until) continue;
    const absl::StatusOr<VerifierKey> verifier = VerifierKey::Parse(key.value);
    if (verifier.ok() && VerifyNote(note, *verifier).ok()) return &key;
  }
  return nullptr;
}

}  // namespace

absl::string_view PrintReceiptState(ReceiptState state) {
  for (const auto& [known, word] : kWords) {
    if (known == state) return word;
  }
  return "";
}

std::optional<ReceiptState> ParseReceiptState(absl::string_view text) {
  for (const auto& [state, word] : kWords) {
    if (word == text) return state;
  }
  return std::nullopt;
}

std::string PrintReceipt(const Receipt& receipt) {
  return absl::StrCat(kFirstLine, "\nnetwork ", receipt.network.text(), "\nmember ",
                      receipt.member.text(), "\nbulletin ", receipt.bulletin.ToHex(),
                      "\nstatement ", PrintDigest(receipt.statement_digest), "\nstate ",
                      PrintReceiptState(receipt.state), "\ntime ", PrintMoment(receipt.time), "\n");
}

absl::StatusOr<Receipt> ParseReceipt(absl::string_view text) {
  ASSIGN_OR_RETURN(LineReader lines, LineReader::Create(text, kKind));
  RETURN_IF_ERROR(lines.TakeWhole(kFirstLine));
  ASSIGN_OR_RETURN(const absl::string_view network_text, lines.Take("network"));
  const std::optional<Origin> network = Origin::Parse(network_text);
  if (!network.has_value()) return lines.Refuse("this cannot be the name of a network");
  ASSIGN_OR_RETURN(const absl::string_view member_text, lines.Take("member"));
  const std::optional<MemberId> member = MemberId::Parse(member_text);
  if (!member.has_value()) return lines.Refuse("this cannot be a member's id");
  ASSIGN_OR_RETURN(const absl::string_view id_text, lines.Take("bulletin"));
  const std::optional<BulletinId> id = BulletinId::Parse(id_text);
  if (!id.has_value()) return lines.Refuse("the id is not 32 lowercase hex digits");
  Receipt receipt{*network, *member, *id};

  ASSIGN_OR_RETURN(const absl::string_view digest_text, lines.Take("statement"));
  const std::optional<Digest> digest = ParseDigest(digest_text);
  if (!digest.has_value()) return lines.Refuse("the digest is not the base64 of 32 bytes");
  receipt.statement_digest = *digest;
  ASSIGN_OR_RETURN(const absl::string_view state_text, lines.Take("state"));
  const std::optional<ReceiptState> state = ParseReceiptState(state_text);
  if (!state.has_value()) {
    return lines.Refuse("the state is not delivered, opened or acknowledged");
  }
  receipt.state = *state;
  ASSIGN_OR_RETURN(const absl::string_view time_text, lines.Take("time"));
  const std::optional<absl::Time> time = ParseMoment(time_text);
  if (!time.has_value()) return lines.Refuse("the time is not a number of seconds");
  receipt.time = *time;
  RETURN_IF_ERROR(lines.Finish());
  return receipt;
}

std::string SignReceipt(const Receipt& receipt, const SigningKey& key) {
  return SignNote(PrintReceipt(receipt), receipt.network.KeyName(receipt.member.text()), key);
}

absl::StatusOr<Receipt> ReadClaimedReceipt(absl::string_view note, const Origin& network) {
  ASSIGN_OR_RETURN(const SignedNote parsed, ReadNote(note));
  return ReadText(parsed, network);
}

absl::StatusOr<VerifiedReceipt> VerifyReceipt(absl::string_view note, const Directory& directory) {
  ASSIGN_OR_RETURN(const SignedNote parsed, ReadNote(note));
  ASSIGN_OR_RETURN(Receipt receipt, ReadText(parsed, directory.note().network));
  const KeyRecord* signer = FindSigner(parsed, receipt, directory);
  if (signer == nullptr) return BadSignature(receipt);
  return VerifiedReceipt(std::move(receipt), signer->period, Sha256(parsed.text));
}

absl::Status CheckReceiptTime(absl::Time time, absl::Time issued, absl::Time now) {
  if (time >= issued - kMaxReceiptSkew && time <= now + kMaxReceiptSkew) return absl::OkStatus();
  const absl::string_view how = time > now ? "lies ahead" : "is before the bulletin was issued";
  return WithRule(absl::InvalidArgumentError(absl::StrCat("receipt refused: its time ", how)),
                  "CLOCK_SKEW");
}

}  // namespace shield

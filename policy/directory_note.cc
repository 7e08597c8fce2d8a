#include "policy/directory_note.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "policy/fields.h"
#include "policy/line_reader.h"

namespace shield {
namespace {

constexpr TextKind kKind = {"directory note", "DIRECTORY_MALFORMED", kMaxDirectoryNoteBytes};

absl::StatusOr<uint64_t> TakeNumber(LineReader& lines, absl::string_view keyword) {
  ASSIGN_OR_RETURN(absl::string_view text, lines.Take(keyword));
  const std::optional<uint64_t> number = ParseNumber(text);
  if (!number.has_value()) return lines.Refuse("not a number in its only form");
  return *number;
}

absl::StatusOr<absl::Time> TakeMoment(LineReader& lines, absl::string_view keyword) {
  ASSIGN_OR_RETURN(uint64_t seconds, TakeNumber(lines, keyword));
  return absl::FromUnixSeconds(static_cast<int64_t>(seconds));
}

absl::StatusOr<DirectoryNote> TakeNetwork(LineReader& lines) {
  RETURN_IF_ERROR(lines.TakeWhole("shield/directory/v1"));
  ASSIGN_OR_RETURN(absl::string_view text, lines.Take("network"));
  const std::optional<Origin> network = Origin::Parse(text);
  if (!network.has_value()) return lines.Refuse("not the name of a network");
  return DirectoryNote{.network = *network};
}

absl::Status TakeVersion(LineReader& lines, DirectoryNote& note) {
  ASSIGN_OR_RETURN(note.version, TakeNumber(lines, "version"));
  if (note.version == 0) return lines.Refuse("versions begin at 1");
  ASSIGN_OR_RETURN(absl::string_view text, lines.Take("prev"));
  const std::optional<Digest> previous = ParseDigest(text);
  if (!previous.has_value()) return lines.Refuse("not the base64 of 32 bytes");
  if ((note.version == 1) != (*previous == Digest())) {
    return lines.Refuse("version 1, and no other, has 32 zero bytes for its predecessor");
  }
  note.previous = *previous;
  return absl::OkStatus();
}

absl::Status TakeLife(LineReader& lines, DirectoryNote& note) {
  ASSIGN_OR_RETURN(note.issued, TakeMoment(lines, "issued"));
  ASSIGN_OR_RETURN(note.expires, TakeMoment(lines, "expires"));
  if (note.expires <= note.issued) return lines.Refuse("it expires before it is issued");
  if (note.expires - note.issued > kMaxDirectoryLife) {
    return lines.Refuse("a directory lives 30 days at most");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> TakeKey(LineReader& lines, absl::string_view keyword,
                                    const std::string& name) {
  ASSIGN_OR_RETURN(absl::string_view text, lines.Take(keyword));
  if (!IsVerifierKeyText(text, name)) {
    return lines.Refuse(absl::StrCat("not a verifier key named `", name, "`"));
  }
  return std::string(text);
}

absl::Status TakeBroker(LineReader& lines, DirectoryNote& note) {
  ASSIGN_OR_RETURN(std::vector<absl::string_view> broker, lines.TakeFields("broker", 2));
  if (!IsHostPort(broker[0])) return lines.Refuse("the address is not HOST:PORT");
  const std::optional<Digest> pin = ParseDigest(broker[1]);
  if (!pin.has_value()) return lines.Refuse("the pin is not the base64 of 32 bytes");
  note.broker_address = std::string(broker[0]);
  note.broker_pin = *pin;
  ASSIGN_OR_RETURN(note.broker_key, TakeKey(lines, "broker-key", note.network.KeyName("broker")));
  ASSIGN_OR_RETURN(note.log_key, TakeKey(lines, "log", note.network.KeyName("log")));
  ASSIGN_OR_RETURN(note.fresh_key, TakeKey(lines, "fresh", note.network.KeyName("fresh")));
  return absl::OkStatus();
}

absl::Status TakeWitnesses(LineReader& lines, DirectoryNote& note) {
  while (lines.NextIs("witness")) {
    ASSIGN_OR_RETURN(absl::string_view key, lines.Take("witness"));
    if (!VerifierKeyName(key).has_value()) return lines.Refuse("not a verifier key");
    if (note.witnesses.size() == kMaxWitnesses) {
      return lines.Refuse(absl::StrCat("at most ", kMaxWitnesses, " witnesses are allowed"));
    }
    if (!note.witnesses.empty() && key <= note.witnesses.back()) {
      return lines.Refuse("witnesses are not sorted bytewise, each once");
    }
    note.witnesses.emplace_back(key);
  }
  ASSIGN_OR_RETURN(note.quorum, TakeNumber(lines, "quorum"));
  if (note.quorum > note.witnesses.size()) {
    return lines.Refuse("the quorum is larger than the number of witnesses");
  }
  return absl::OkStatus();
}

absl::Status TakeOrgs(LineReader& lines, DirectoryNote& note) {
  ASSIGN_OR_RETURN(std::vector<absl::string_view> orgs, lines.TakeFields("orgs", 2));
  const std::optional<uint64_t> count = ParseNumber(orgs[0]);
  const std::optional<Digest> root = ParseDigest(orgs[1]);
  if (!count.has_value() || !root.has_value()) return lines.Refuse("not a count and a root");
  if (*count > kMaxOrgs) {
    return lines.Refuse(absl::StrCat("at most ", kMaxOrgs, " organisations are allowed"));
  }
  if (*count == 0 && *root != DigestOfNothing()) {
    return lines.Refuse("the root of no organisations is SHA-256 of nothing");
  }
  note.orgs = *count;
  note.orgs_root = *root;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DirectoryNote> ParseDirectoryNote(absl::string_view text) {
  ASSIGN_OR_RETURN(LineReader lines, LineReader::Create(text, kKind));
  ASSIGN_OR_RETURN(DirectoryNote note, TakeNetwork(lines));
  RETURN_IF_ERROR(TakeVersion(lines, note));
  RETURN_IF_ERROR(TakeLife(lines, note));
  RETURN_IF_ERROR(TakeBroker(lines, note));
  RETURN_IF_ERROR(TakeWitnesses(lines, note));
  RETURN_IF_ERROR(TakeOrgs(lines, note));
  RETURN_IF_ERROR(lines.Finish());
  return note;
}

std::string PrintDirectoryNote(const DirectoryNote& note) {
  std::string text = absl::StrCat("shield/directory/v1\n",                    //
                                  "network ", note.network.text(), "\n",      //
                                  "version ", note.version, "\n",             //
                                  "prev ", PrintDigest(note.previous), "\n",  //
                                  "issued ", PrintMoment(note.issued), "\n",  //
                                  "expires ", PrintMoment(note.expires), "\n");
  absl::StrAppend(&text,                                                                    //
                  "broker ", note.broker_address, " ", PrintDigest(note.broker_pin), "\n",  //
                  "broker-key ", note.broker_key, "\n",                                     //
                  "log ", note.log_key, "\n",                                               //
                  "fresh ", note.fresh_key, "\n");
  std::vector<std::string> witnesses = note.witnesses;
  std::sort(witnesses.begin(), witnesses.end());
  for (const std::string& witness : witnesses) absl::StrAppend(&text, "witness ", witness, "\n");
  absl::StrAppend(&text, "quorum ", note.quorum, "\n",  //
                  "orgs ", note.orgs, " ", PrintDigest(note.orgs_root), "\n");
  return text;
}

}  // namespace shield

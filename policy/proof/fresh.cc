#include "policy/proof/fresh.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/note.h"
#include "policy/fields.h"
#include "policy/line_reader.h"
#include "policy/proof/signed_text.h"

namespace shield {
namespace {

constexpr absl::string_view kFirstLine = "shield/fresh/v1";
constexpr absl::string_view kHolder = "fresh";
constexpr absl::string_view kRule = "FRESH_MALFORMED";
constexpr absl::string_view kStale = "DIRECTORY_STALE";
constexpr TextKind kKind = {"freshness note", kRule, 4 * 1024};
// Clocks of honest parties differ by no more than statements may (docs/spec/statement.md, issued).
constexpr absl::Duration kClockGrace = absl::Minutes(2);
constexpr absl::string_view kRefreshHint =
    "fetch the directory again; if it stays so, the authority must run `shield directory refresh`";

absl::StatusOr<absl::Time> TakeMoment(LineReader& lines, absl::string_view keyword) {
  ASSIGN_OR_RETURN(const absl::string_view text, lines.Take(keyword));
  const std::optional<absl::Time> time = ParseMoment(text);
  if (!time.has_value()) return lines.Refuse("this is not a number of seconds");
  return *time;
}

absl::Status ReadDirectory(LineReader& lines, FreshNote& fresh) {
  ASSIGN_OR_RETURN(const std::vector<absl::string_view> fields, lines.TakeFields("directory", 2));
  const std::optional<uint64_t> version = ParseNumber(fields[0]);
  if (!version.has_value() || *version == 0) return lines.Refuse("the version is not a number");
  const std::optional<Digest> digest = ParseDigest(fields[1]);
  if (!digest.has_value()) return lines.Refuse("the digest is not the base64 of 32 bytes");
  fresh.directory = {*version, *digest};
  return absl::OkStatus();
}

}  // namespace

std::string PrintFreshNote(const FreshNote& fresh) {
  return absl::StrCat(kFirstLine, "\nnetwork ", fresh.network.text(), "\ndirectory ",
                      fresh.directory.version, " ", PrintDigest(fresh.directory.digest), "\nlog ",
                      fresh.log_size, "\nissued ", PrintMoment(fresh.issued), "\nexpires ",
                      PrintMoment(fresh.expires), "\n");
}

absl::StatusOr<FreshNote> ParseFreshNote(absl::string_view text) {
  ASSIGN_OR_RETURN(LineReader lines, LineReader::Create(text, kKind));
  RETURN_IF_ERROR(lines.TakeWhole(kFirstLine));
  ASSIGN_OR_RETURN(const absl::string_view network_text, lines.Take("network"));
  const std::optional<Origin> network = Origin::Parse(network_text);
  if (!network.has_value()) return lines.Refuse("this cannot be the name of a network");
  FreshNote fresh{*network, {}, 0, {}, {}};
  RETURN_IF_ERROR(ReadDirectory(lines, fresh));
  ASSIGN_OR_RETURN(const absl::string_view log_text, lines.Take("log"));
  const std::optional<uint64_t> log_size = ParseNumber(log_text);
  if (!log_size.has_value()) return lines.Refuse("the size of the log is not a number");
  fresh.log_size = *log_size;
  ASSIGN_OR_RETURN(fresh.issued, TakeMoment(lines, "issued"));
  ASSIGN_OR_RETURN(fresh.expires, TakeMoment(lines, "expires"));
  if (fresh.expires <= fresh.issued || fresh.expires - fresh.issued > kMaxFreshLife) {
    return lines.Refuse("it ends before it begins or more than 24 hours after");
  }
  RETURN_IF_ERROR(lines.Finish());
  return fresh;
}

std::string SignFreshNote(const FreshNote& fresh, const SigningKey& key) {
  return SignNote(PrintFreshNote(fresh), fresh.network.KeyName(kHolder), key);
}

absl::StatusOr<FreshNote> VerifyFreshNote(absl::string_view note,
                                          const VerifiedDirectory& directory, KnownNotes* known) {
  ASSIGN_OR_RETURN(const std::string text, VerifiedText(note, directory.fresh_key(), kRule, known));
  ASSIGN_OR_RETURN(FreshNote fresh, ParseFreshNote(text));
  if (fresh.network != directory.directory().note().network) {
    return WithRule(absl::InvalidArgumentError(absl::StrCat(
                        "freshness note refused: it is of network `", fresh.network.text(), "`")),
                    "NETWORK_MISMATCH");
  }
  if (fresh.directory != directory.held()) {
    return WithHint(
        WithRule(absl::FailedPreconditionError(absl::StrCat(
                     "freshness note is about directory version ", fresh.directory.version,
                     ", not this text of version ", directory.version())),
                 kStale),
        kRefreshHint);
  }
  return fresh;
}

absl::Status FreshAt(const FreshNote& fresh, absl::Time now) {
  if (now < fresh.issued - kClockGrace) {
    return WithHint(
        WithRule(absl::FailedPreconditionError("freshness note is from the future"), kStale),
        "set this machine's clock");
  }
  if (now >= fresh.expires) {
    return WithHint(WithRule(absl::FailedPreconditionError(absl::StrCat(
                                 "nobody has confirmed directory version ", fresh.directory.version,
                                 " since ", absl::FormatTime(fresh.issued, absl::UTCTimeZone()))),
                             kStale),
                    kRefreshHint);
  }
  return absl::OkStatus();
}

}  // namespace shield

#include "client/digest/show/mail.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/hex.h"
#include "base/quoted.h"
#include "base/status.h"
#include "client/digest/show/json.h"
#include "client/digest/show/quoted_printable.h"
#include "client/digest/show/terminal.h"
#include "client/digest/words.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

constexpr size_t kMaxAddress = 254;  // RFC 5321 section 4.5.3.1.3
constexpr size_t kMaxPlainHeader = 60;
constexpr size_t kMailColumns = 72;

// A dot-atom of RFC 5322 section 3.2.3.
bool IsDotAtom(absl::string_view text) {
  if (text.empty() || text.front() == '.' || text.back() == '.') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) {
                       return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                              absl::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) !=
                                  absl::string_view::npos;
                     }) &&
         text.find("..") == absl::string_view::npos;
}

bool IsHost(absl::string_view text) {
  return text.size() <= kMaxAddress && IsDotAtom(text) && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.';
         });
}

absl::Status CheckAddress(absl::string_view name, const std::string& address) {
  const size_t at = address.find('@');
  if (address.size() <= kMaxAddress && at != std::string::npos && at <= 64 &&
      IsDotAtom(address.substr(0, at)) && IsHost(address.substr(at + 1))) {
    return absl::OkStatus();
  }
  return WithHint(absl::InvalidArgumentError(
                      absl::StrCat("the ", name, " ", Quoted(address), " is no mail address")),
                  "write local@host in ASCII, without a name and without brackets");
}

// What names a message and stands in its head.
struct MailHead {
  Digest digest;  // of what the message is named by
  std::string network;
  absl::Time date;
  std::string subject;  // without the label
};

std::string MessageId(const MailHead& head) {
  const absl::string_view host =
      IsHost(head.network) ? absl::string_view(head.network) : "shield.invalid";
  return absl::StrCat("<", HexEncode(head.digest.span()).substr(0, 32), "@", host, ">");
}

// As it is where it is ASCII and short, else in encoded words.
std::string HeaderText(const std::string& text) {
  const bool plain =
      text.size() <= kMaxPlainHeader && !absl::StrContains(text, "=?") &&
      std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  return plain ? text : show::EncodedWords(text);
}

bool IsAbove(Tlp label, Tlp max_tlp) {
  return label != max_tlp && MostRestrictive(label, max_tlp) == label;
}

// Of a revision it ends with its number.
std::string SubjectOf(Language language, const Week& week, int revision) {
  std::string subject =
      absl::StrCat(Say(language, Word::kBriefing), " ", week.number(), "/", week.year());
  if (revision == 1) return subject;
  return absl::StrCat(subject, " (",
                      SayFilled(language, Word::kRevisionShort, {absl::StrCat(revision)}), ")");
}

// An edition for others is a bulletin of its own; of one's own the bulletins wait by themselves.
Word StubOf(bool own, size_t waiting) {
  if (own) return Word::kStubOwn;
  return waiting == 1 ? Word::kStubOne : Word::kStub;
}

MailHead HeadOf(const Edition& edition) {
  return {Sha256(absl::StrCat("shield/briefing/mail/made/v1\n", WriteJson(edition))),
          edition.network, edition.as_of,
          SubjectOf(edition.language, edition.week, edition.revision)};
}

// Members' own of one week differ by who made them.
MailHead HeadOfStub(const Edition& edition) {
  const absl::string_view maker =
      edition.tier == Tier::kMine ? edition.author.text() : absl::string_view();
  return {Sha256(absl::StrCat("shield/briefing/mail/stub/v1\n", edition.network.size(), " ",
                              edition.network, "\n", PrintTier(edition.tier), "\n",
                              edition.week.Print(), "\n", edition.revision, "\n",
                              PrintLanguage(edition.language), "\n", maker)),
          edition.network, edition.as_of,
          SubjectOf(edition.language, edition.week, edition.revision)};
}

MailHead HeadOf(const PublishedEdition& edition) {
  return {Sha256(absl::StrCat("shield/briefing/mail/published/v1\n", edition.network.size(), " ",
                              edition.network, "\n", edition.id.ToHex(), "\n",
                              PrintLanguage(edition.language))),
          edition.network, edition.issued,
          SubjectOf(edition.language, edition.week, edition.revision)};
}

std::string StubText(Language language, bool own, size_t waiting, Tlp label) {
  const std::string prefixed = TlpWithPrefix(label);
  std::string how(Say(language, Word::kStubHow));
  how.erase(std::remove(how.begin(), how.end(), '`'), how.end());
  return absl::StrCat(prefixed, "\n\n",
                      SayFilled(language, StubOf(own, waiting), {absl::StrCat(waiting)}), "\n", how,
                      "\n\n", prefixed, "\n");
}

std::string Part(absl::string_view type, absl::string_view text) {
  return absl::StrCat("Content-Type: ", type,
                      "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
                      show::QuotedPrintable(text));
}

// No quoted-printable has `=_` in it, so no part holds the boundary.
std::string Alternatives(const std::string& text, const std::string& html) {
  constexpr absl::string_view kBoundary = "=_shield_briefing";
  return absl::StrCat("Content-Type: multipart/alternative; boundary=\"", kBoundary, "\"\r\n\r\n--",
                      kBoundary, "\r\n", Part("text/plain", text), "--", kBoundary, "\r\n",
                      Part("text/html", html), "--", kBoundary, "--\r\n");
}

std::string Headers(const MailHead& head, const MailOptions& options, Tlp label) {
  const std::string date =
      absl::FormatTime("%a, %d %b %Y %H:%M:%S +0000", head.date, absl::UTCTimeZone());
  const std::string subject = absl::StrCat("[", TlpWithPrefix(label), "] ", head.subject);
  return absl::StrCat("From: ", options.from, "\r\nTo: ", options.to, "\r\nDate: ", date,
                      "\r\nMessage-ID: ", MessageId(head), "\r\nSubject: ", HeaderText(subject),
                      "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
}

absl::Status CheckOptions(Tlp label, const MailOptions& options) {
  RETURN_IF_ERROR(CheckAddress("sender", options.from));
  RETURN_IF_ERROR(CheckAddress("recipient", options.to));
  if (label == Tlp::kUnspecified || options.max_tlp == Tlp::kUnspecified) {
    return absl::InvalidArgumentError("a mail is not composed without a label");
  }
  return absl::OkStatus();
}

}  // namespace

size_t CountWaiting(const Edition& edition) {
  std::set<BulletinId> ids;
  for (const EditionItem& item : edition.items) ids.insert(item.bulletin.id);
  for (const EditionLine& line : edition.also) ids.insert(line.id);
  for (const EditionLine& line : edition.open) ids.insert(line.id);
  for (const EditionLine& line : edition.expiring) ids.insert(line.id);
  for (const EditionLine& line : edition.unacknowledged) ids.insert(line.id);
  return ids.size();
}

absl::StatusOr<std::string> ComposeMail(const Edition& edition, const MailOptions& options) {
  RETURN_IF_ERROR(CheckOptions(edition.label, options));
  const bool names_red = !edition.red.empty() && options.max_tlp != Tlp::kRed;
  if (names_red || IsAbove(edition.label, options.max_tlp)) {
    const std::string stub = StubText(edition.language, edition.tier == Tier::kMine,
                                      CountWaiting(edition), options.max_tlp);
    return absl::StrCat(Headers(HeadOfStub(edition), options, options.max_tlp),
                        Part("text/plain", stub));
  }
  const std::string text = WriteTerminal(edition, kMailColumns, Colours::kNone);
  return absl::StrCat(
      Headers(HeadOf(edition), options, edition.label),
      options.html.empty() ? Part("text/plain", text) : Alternatives(text, options.html));
}

absl::StatusOr<std::string> ComposeMail(const PublishedEdition& edition,
                                        const MailOptions& options) {
  RETURN_IF_ERROR(CheckOptions(edition.label, options));
  const bool above = IsAbove(edition.label, options.max_tlp);
  const Tlp label = above ? options.max_tlp : edition.label;
  const std::string text =
      above ? StubText(edition.language, false, edition.waiting, label) : edition.markdown;
  const bool alone = above || options.html.empty();
  return absl::StrCat(Headers(HeadOf(edition), options, label),
                      alone ? Part("text/plain", text) : Alternatives(text, options.html));
}

}  // namespace shield

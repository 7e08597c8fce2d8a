// An edition as a mail to one address: RFC 5322 and MIME.
//
//   ASSIGN_OR_RETURN(std::string mail, ComposeMail(edition, {.from = "digest@politie.example",
//                                                            .to = "astrid@hotel.example",
//                                                            .html = WritePage(edition)}));
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/digest/edition.h"
#include "client/digest/language.h"
#include "client/digest/week.h"
#include "policy/labels.h"

namespace shield {

struct MailOptions {
  Tlp max_tlp = Tlp::kGreen;  // the most restrictive label that mail may carry
  std::string from = {};      // local@host, ASCII, without a name
  std::string to = {};        // one: recipients are not shown to each other
  std::string html = {};      // a page of its own; empty: text alone
};

// multipart/alternative of text and HTML, or text alone; quoted-printable, lines of at most 76
// octets ended by CR LF. The subject begins with the label and, of a revision, ends with its
// number. Message-ID is a function of all that the edition says, and the whole of edition and
// options: what is sent again is the same message, and what says something else has another id.
// Date is the moment the edition was made for.
//
// Of an edition above `max_tlp`, and of one's own that has TLP:RED pointers unless that is RED, a
// stub: how many bulletins wait, no title, no HTML, under `max_tlp` as its own label. Its
// Message-ID is a function of network, tier, week, revision, language and, of one's own, who made
// it: a digest of what the edition says would let whoever guesses that see that it is so.
//
// INVALID_ARGUMENT: `from` or `to` is no such address; the label or `max_tlp` is unspecified. Pure.
absl::StatusOr<std::string> ComposeMail(const Edition& edition, const MailOptions& options);

// An edition as it was published and a home holds it. Value.
struct PublishedEdition {
  std::string network;
  BulletinId id;
  Week week;
  int revision = 1;
  Tlp label = Tlp::kUnspecified;
  Language language = Language::kEnglish;
  absl::Time issued;
  std::string markdown;  // its text
  size_t waiting = 0;    // of how many bulletins it tells that hold; what a stub says
};

// The same of a published one: its text as it was sealed, and `options.html` a page of that text.
// Message-ID is a function of network, id and language, Date the moment it was issued: sent again,
// also from another home or after more has come, it is the same message.
absl::StatusOr<std::string> ComposeMail(const PublishedEdition& edition,
                                        const MailOptions& options);

// How many bulletins the edition tells of, each once; what the stub says.
size_t CountWaiting(const Edition& edition);

}  // namespace shield

// An edition as a mail to one address: RFC 5322 and MIME.
//
//   ASSIGN_OR_RETURN(std::string mail, ComposeMail(edition, {.from = "digest@politie.example",
//                                                            .to = "astrid@hotel.example",
//                                                            .html = WritePage(edition)}));
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "client/digest/edition.h"
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
// number. Message-ID is a function of network, tier, week and revision, and the whole of edition
// and options: what is sent again is the same message. Date is the moment the edition was made for.
//
// Of an edition above `max_tlp`, and of one's own that has TLP:RED pointers unless that is RED, a
// stub: how many bulletins wait, no title, no HTML, under `max_tlp` as its own label.
//
// INVALID_ARGUMENT: `from` or `to` is no such address; the label or `max_tlp` is unspecified. Pure.
absl::StatusOr<std::string> ComposeMail(const Edition& edition, const MailOptions& options);

// How many bulletins the edition tells of, each once; what the stub says.
size_t CountWaiting(const Edition& edition);

}  // namespace shield

// Blocks of a document (client/digest/show/document.h) as HTML.
//
//   PrintBlocks({show::Paragraph({show::Plain("<b> & "), show::ReferenceRun(1)})}, {})
//   // <p>&lt;b&gt; &amp; <a href="#b1">[1]</a></p>
//
// Every text is escaped; no element but those of text, lists and tables comes out, and no link but
// to a bulletin of the same page. Where a text holds the address of a link it is shown, not
// followed: a briefing that loads nothing does not send its readers to where a hostile author
// wants them either. Pure.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "client/digest/show/document.h"

namespace shield::page {

struct PrintOptions {
  // BCP 47, of what an author wrote: said of the first plain text of each paragraph and entry, and
  // of quotes as a whole; the other words are the briefing's own. Empty: it is that of the page.
  std::string language = {};
  // Numbers of bulletins that stand in full on the page; a reference to another is no link.
  int last_linked = 0;
  // Level of the heading that a quote stands below: its own go on from there, one level at a time.
  int heading_above = 3;
};

std::string PrintRuns(const show::Runs& runs, const PrintOptions& options);
std::string PrintBlocks(const show::Blocks& blocks, const PrintOptions& options);
// Makes the headings of a document of its own go down one level at a time, from the first on.
void FitHeadings(show::Blocks& blocks);

// `tag` where it is a tag of a language and not that of the page; else empty.
std::string ForeignLanguage(absl::string_view tag, absl::string_view of_page);
// ` lang="nl"`; nothing for none. `language` is of ForeignLanguage.
std::string LanguageAttribute(absl::string_view language);

}  // namespace shield::page

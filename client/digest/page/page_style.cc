#include "client/digest/page/page_style.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/digest/page/page_data.h"
#include "client/digest/words.h"
#include "policy/labels.h"

namespace shield::page {
namespace {

constexpr absl::string_view kLabelBox =
    "background: #000; font: bold 12pt \"DejaVu Sans\", sans-serif; padding: 1.5mm 4mm; "
    "vertical-align: middle; width: auto; height: 6mm; margin: auto 0; white-space: nowrap; "
    "-webkit-print-color-adjust: exact; print-color-adjust: exact; ";
constexpr absl::string_view kNoteBox =
    "font: 8.5pt \"DejaVu Sans\", sans-serif; color: #333; vertical-align: middle; ";

// More classes than a style that means another part of the page would name.
constexpr absl::string_view kBand = "html body .band.band.band.band";
constexpr absl::string_view kShown =
    "display: block !important; visibility: visible !important; opacity: 1 !important; position: "
    "static !important; transform: none !important; clip: auto !important; clip-path: none "
    "!important; height: auto !important; max-height: none !important; overflow: visible "
    "!important; text-indent: 0 !important; ";

// "Page {0} of {1}" as a value of `content`: `"Page " counter(page) " of " counter(pages)`. The
// words are the briefing's own and hold no quote.
std::string PageNumber(Language language) {
  return absl::StrCat(
      "\"",
      absl::StrReplaceAll(Say(language, Word::kPage),
                          {{"{0}", "\" counter(page) \""}, {"{1}", "\" counter(pages) \""}}),
      "\"");
}

std::string LabelColours() {
  std::string css;
  for (const Tlp label : kAllTlp) {
    const std::string name = absl::StrCat(".tlp-", LabelClass(label));
    absl::StrAppend(&css, name, ", ", kBand, " ", name, " { color: ", TlpColour(label),
                    " !important; background: #000 !important; }\n");
  }
  return css;
}

}  // namespace

std::string LabelStyle(const Edition& edition) {
  const std::string label = absl::StrCat("content: \"", TlpWithPrefix(edition.label),
                                         "\"; color: ", TlpColour(edition.label), "; ");
  return absl::StrCat(LabelColours(), kBand, " { ", kShown, "}\n", kBand, " .label { ", kShown,
                      "font-size: 1.25rem !important; }\n",
                      "@page { size: A4; margin: 20mm 16mm 18mm;\n  @top-left { ", label, kLabelBox,
                      "}\n  @top-right { content: \"", PageTitle(edition), "\"; ", kNoteBox,
                      "}\n  @bottom-left { ", label, kLabelBox,
                      "}\n  @bottom-right { content: ", PageNumber(edition.language), "; ",
                      kNoteBox, "}\n}\n");
}

}  // namespace shield::page

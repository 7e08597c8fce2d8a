// Writes the pages that the browser looks at, one file each, into the folder that is given:
// editions of every kind and language, one of them filled with texts that try to be more.
//
//   briefing_pages FOLDER [--pdf]

#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "client/digest/page/html.h"
#include "client/digest/page/pdf.h"
#include "tests/client/digest/support/hostile_edition.h"
#include "tests/client/digest/support/sample_edition.h"

namespace shield {
namespace {

Edition Graver(Edition edition) {
  edition.items[1].bulletin.content.severity = Severity::kExtreme;
  edition.places[1].severity = Severity::kModerate;
  edition.places.push_back({"Sint-Niklaas, Grote Markt", 4.1437, 51.1651, Severity::kExtreme, {2}});
  edition.places.push_back({"Mechelen", 4.4776, 51.0259, Severity::kUnspecified, {3}});
  return edition;
}

Edition Labelled(Edition edition, Tlp label) {
  edition.label = label;
  return edition;
}

std::vector<std::pair<std::string, Edition>> Editions() {
  return {
      {"amber-en", Graver(SampleEdition(Language::kEnglish))},
      {"amber-nl", SampleEdition(Language::kDutch)},
      {"own-fr", SampleOwnEdition(Language::kFrench)},
      {"green-quiet-nl", QuietEdition(Language::kDutch)},
      {"clear-en", Labelled(QuietEdition(Language::kEnglish), Tlp::kClear)},
      {"long-en", LongEdition(Language::kEnglish, 60)},
      {"hostile", FillEveryField("</title></style><script>alert(1)</script>\"' onload=x &lt;")}};
}

// What a force's own style might do to the label, by mistake or not.
constexpr char kHidingStyle[] =
    "body > .band { display: none !important; position: absolute !important; left: -9999px; }\n"
    "header .label, footer.band p.label { visibility: hidden !important; opacity: 0 !important;\n"
    "  font-size: 1px !important; color: #000 !important; height: 0 !important; }\n";

bool WriteFile(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  return file.good();
}

bool WriteEdition(const std::filesystem::path& folder, const std::string& name,
                  const Edition& edition, const PageTemplates& templates, bool with_pdf) {
  const absl::StatusOr<std::string> html = WriteHtml(edition, templates);
  if (!html.ok()) {
    std::cerr << name << ": " << html.status().message() << "\n";
    return false;
  }
  if (!WriteFile(folder / (name + ".html"), *html)) return false;
  if (!with_pdf) return true;
  const absl::StatusOr<std::string> pdf = WritePdf(*html, {.as_of = edition.as_of});
  if (pdf.ok()) return WriteFile(folder / (name + ".pdf"), *pdf);
  std::cerr << name << ": " << pdf.status().message() << "\n";
  return false;
}

}  // namespace
}  // namespace shield

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "briefing_pages FOLDER [--pdf]\n";
    return 2;
  }
  const shield::PageTemplates built_in = shield::PageTemplates::BuiltIn();
  bool written = true;
  for (const auto& [name, edition] : shield::Editions()) {
    written = shield::WriteEdition(argv[1], name, edition, built_in, argc > 2) && written;
  }
  const auto hiding = shield::PageTemplates::Create(
      {{"page.css", built_in.Text("page.css") + shield::kHidingStyle}});
  written =
      hiding.ok() &&
      shield::WriteEdition(argv[1], "own-style-en",
                           shield::SampleEdition(shield::Language::kEnglish), *hiding, argc > 2) &&
      written;
  return written ? 0 : 1;
}

#include "client/digest/show/compose_document.h"

#include <iterator>
#include <utility>

#include "client/digest/show/compose_parts.h"
#include "client/digest/words.h"

namespace shield::show {
namespace {

void Append(Blocks part, Blocks& blocks) {
  std::move(part.begin(), part.end(), std::back_inserter(blocks));
}

Blocks ComposeNew(const Edition& edition) {
  if (SaysQuiet(edition)) return {};
  Blocks blocks = {Heading(2, {Plain(std::string(Say(edition.language, Word::kNewAndChanged)))})};
  if (edition.quiet()) {
    blocks.push_back(Paragraph({Plain(std::string(Say(edition.language, Word::kQuiet)))}));
  }
  for (const EditionItem& item : edition.items) Append(ComposeItem(edition, item), blocks);
  return blocks;
}

}  // namespace

Document ComposeDocument(const Edition& edition) {
  Document document{.label = edition.label, .language = edition.language};
  Blocks& blocks = document.blocks;
  Append(ComposeHead(edition), blocks);
  Append(ComposeJudgements(edition), blocks);
  Append(ComposeDeeds(edition), blocks);
  Append(ComposeRed(edition), blocks);
  Append(ComposeLines(edition, Word::kUnacknowledged, edition.unacknowledged,
                      edition.left_out.unacknowledged),
         blocks);
  Append(ComposeNew(edition), blocks);
  Append(ComposeLines(edition, Word::kAlso, edition.also, edition.left_out.also), blocks);
  Append(ComposeLines(edition, Word::kStillOpen, edition.open, edition.left_out.open), blocks);
  Append(ComposeExpiring(edition), blocks);
  Append(ComposeLines(edition, Word::kWithdrawn, edition.withdrawn, edition.left_out.withdrawn),
         blocks);
  Append(ComposeLines(edition, Word::kCorrected, edition.corrected, edition.left_out.corrected),
         blocks);
  Append(ComposePlaces(edition), blocks);
  Append(ComposeTrend(edition), blocks);
  Append(ComposeEvents(edition), blocks);
  Append(ComposeIndicators(edition), blocks);
  Append(ComposeFoot(edition), blocks);
  return document;
}

}  // namespace shield::show

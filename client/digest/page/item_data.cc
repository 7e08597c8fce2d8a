#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/digest/page/escape_html.h"
#include "client/digest/page/page_data.h"
#include "client/digest/page/page_facts.h"
#include "client/digest/page/plot.h"
#include "client/digest/page/print_html.h"
#include "client/digest/show/compose_parts.h"
#include "client/digest/show/say_runs.h"
#include "client/digest/words.h"

namespace shield::page {
namespace {

using kainjow::mustache::data;
using show::Block;
using show::Blocks;

// What is empty is false: a template can ask for it with {{#name}}.
void Set(const std::string& name, const std::string& html, data& object) {
  object.set(name, html.empty() ? data(false) : data(html));
}

absl::string_view StatusText(BulletinStatus status, Language language) {
  if (status == BulletinStatus::kExercise) return Say(language, Word::kExercise);
  if (status == BulletinStatus::kTest) return Say(language, Word::kTest);
  return "";
}

std::string ChangeText(const EditionItem& item, Language language) {
  const Word change = item.change == ItemChange::kNew ? Word::kNew : Word::kChanged;
  if (item.bulletin.revision < 2) return std::string(Say(language, change));
  return absl::StrCat(
      Say(language, change), ", ",
      SayFilled(language, Word::kRevisionShort, {absl::StrCat(item.bulletin.revision)}));
}

// The text of the bulletin stands between its kicker and its facts, the last list.
void SetText(const Blocks& blocks, Language language, const PrintOptions& options, data& object) {
  const auto text = blocks.begin() + 2;  // after heading and kicker
  const auto last_list = std::find_if(blocks.rbegin(), blocks.rend(), [](const Block& block) {
    return block.kind == Block::Kind::kBullets;
  });
  const auto facts = last_list.base() - 1;
  PrintOptions plain = options;
  plain.language.clear();
  Set("text", PrintBlocks({text, facts}, options), object);
  object.set("item_facts", FactsData(facts->blocks, language, plain));
  Set("more", PrintBlocks({facts + 1, blocks.end()}, plain), object);
}

}  // namespace

std::string LabelClass(Tlp label) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(TlpBare(label)), {{"+", "-"}});
}

data ItemData(const Edition& edition, const EditionItem& item) {
  const Language language = edition.language;
  const BriefedBulletin& bulletin = item.bulletin;
  const BriefedContent& content = bulletin.content;
  PrintOptions options{.language = ForeignLanguage(content.language, PrintLanguage(language)),
                       .last_linked = edition.items.empty() ? 0 : edition.items.back().number};
  data object;
  object.set("number", absl::StrCat(item.number));
  object.set("bulletin_id", bulletin.id.ToHex());
  object.set("item_label", TlpWithPrefix(bulletin.tlp));
  object.set("item_label_class", LabelClass(bulletin.tlp));
  object.set("language_attribute", LanguageAttribute(options.language));
  object.set("item_title", EscapeHtml(show::TitleText(content.title)));
  Set("status", EscapeHtml(StatusText(bulletin.status, language)), object);
  object.set("change", EscapeHtml(ChangeText(item, language)));
  Set("severity", EscapeHtml(SaySeverity(language, content.severity)), object);
  object.set("severity_class", std::string(SeverityClass(content.severity)));
  object.set("severity_mark", std::string(SeverityMark(content.severity)));
  Set("kind", EscapeHtml(show::TitleText(SayKind(language, content.kind))), object);
  object.set("issued", EscapeHtml(SayMoment(language, bulletin.issued)));
  object.set("source", EscapeHtml(bulletin.source.text()));
  SetText(show::ComposeItem(edition, item), language, options, object);
  return object;
}

}  // namespace shield::page

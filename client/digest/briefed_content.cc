#include "client/digest/briefed_content.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/content/content_words.h"
#include "client/digest/content_fields.h"
#include "client/digest/read_places.h"

namespace shield {
namespace {

// "nl" of "nl-BE".
bool IsIn(absl::string_view tag, Language language) {
  return absl::EqualsIgnoreCase(tag.substr(0, tag.find('-')), PrintLanguage(language));
}

// The first translation into `language`; null where there is none, and for a document that is in
// that language and needs none.
const Json* TranslationOf(const Json& document, Language language, const BriefedContent& content) {
  if (IsIn(content.language, language)) return nullptr;
  const Json& translations = ListAt(document, "translations");
  const auto found =
      std::find_if(translations.begin(), translations.end(), [language](const Json& translation) {
        return IsIn(TextAt(translation, "language"), language);
      });
  return found == translations.end() ? nullptr : &*found;
}

// Puts the texts of the translation over those of the document, each that it has.
void Translate(const Json& translation, BriefedContent& content) {
  const auto put = [](std::string text, std::string& over) {
    if (!text.empty()) over = std::move(text);
  };
  put(LineAt(translation, "title"), content.title);
  put(TextAt(translation, "summary"), content.summary);
  put(TextAt(translation, "body"), content.body);
  content.language = TextAt(translation, "language");
}

Severity ReadSeverity(const Json& document) {
  const std::string word = WordAt(document, "severity");
  if (word == "minor") return Severity::kMinor;
  if (word == "moderate") return Severity::kModerate;
  if (word == "severe") return Severity::kSevere;
  return word == "extreme" ? Severity::kExtreme : Severity::kUnspecified;
}

StatementType TypeOf(absl::string_view word) {
  if (word == "fact") return StatementType::kFact;
  return word == "assessment" ? StatementType::kAssessment : StatementType::kUnspecified;
}

// One word for the whole, or [[from, to, word]] by paragraph.
StatementType ReadStatementType(const Json& document) {
  const std::string whole = TextAt(document, "statement_type");
  if (!whole.empty()) return TypeOf(whole);
  StatementType type = StatementType::kUnspecified;
  for (const Json& part : ListAt(document, "statement_type")) {
    if (!part.is_array() || part.size() != 3 || !part[2].is_string()) continue;
    const StatementType next = TypeOf(part[2].get<std::string>());
    if (next == StatementType::kUnspecified || next == type) continue;
    type = type == StatementType::kUnspecified ? next : StatementType::kMixed;
  }
  return type;
}

// "B2".
std::string ReadGrading(const Json& document) {
  const Json& grading = ObjectAt(document, "grading");
  if (!grading.contains("source") || !grading.contains("information")) return "";
  if (!CheckContentWords(Json{{"grading", grading}}).ok()) return "";
  return absl::StrCat(grading["source"].get<std::string>(), grading["information"].get<int>());
}

// A role that nobody has is everybody's: what is asked is not lost.
std::string ReadRole(const Json& action) {
  const std::string who = absl::AsciiStrToLower(TextAt(action, "who"));
  const bool known =
      std::find(std::begin(kActionRoles), std::end(kActionRoles), who) != std::end(kActionRoles);
  return known ? who : "all";
}

void ReadActions(const Json& document, BriefedContent& content) {
  for (const Json& action : ListAt(document, "actions")) {
    BriefedAction read{.who = ReadRole(action), .text = TextAt(action, "text")};
    if (read.text.empty()) continue;
    AddBounded(std::move(read), kMaxBriefedActions, content.actions, content.left_out);
  }
}

void ReadRestrictions(const std::vector<std::string>& restrictions, BriefedContent& content) {
  for (const std::string& restriction : restrictions) {
    if (restriction.empty()) continue;
    AddBounded(restriction, kMaxBriefedRestrictions, content.restrictions, content.left_out);
  }
}

void ReadIndicators(const Json& document, BriefedContent& content) {
  const auto add = [&content](BriefedIndicator indicator) {
    if (indicator.pattern.empty()) return;
    AddBounded(std::move(indicator), kMaxBriefedIndicators, content.indicators, content.left_out);
  };
  for (const Json& indicator : ListAt(document, "indicators")) {
    add({.pattern = TextAt(indicator, "pattern"),
         .name = TextAt(indicator, "name"),
         .valid_until = MomentAt(indicator, "valid_until")});
  }
  const Json& hashes = ObjectAt(document, "hash_list");
  const std::string algorithm = TextAt(hashes, "algorithm");
  for (const Json& value : ListAt(hashes, "values")) {
    if (!value.is_string()) continue;
    add({.pattern = value.get<std::string>(), .name = algorithm, .valid_until = std::nullopt});
  }
}

std::optional<BriefedEvent> ReadEvent(const Json& document, const BriefedContent& content) {
  const bool plan = content.kind == "event_plan";
  if (!plan && content.kind != "training" && content.kind != "meeting") return std::nullopt;
  const Json& details = ObjectAt(document, "details");
  const std::optional<absl::Time> starts = MomentAt(details, "starts");
  if (!starts.has_value()) return std::nullopt;
  BriefedEvent event{.what = plan ? LineAt(details, "event") : content.title,
                     .place = LineAt(details, "place"),
                     .organiser = LineAt(details, "organiser"),
                     .starts = *starts,
                     .ends = MomentAt(details, "ends"),
                     .register_until = MomentAt(details, "register_until"),
                     .uid = LineAt(details, "uid")};
  if (event.what.empty()) event.what = content.title;
  if (event.ends.has_value() && *event.ends < event.starts) event.ends.reset();
  return event;
}

// A level is a word or a number: OCAD has 1 to 4.
std::string ReadLevel(const Json& details, const char* name) {
  const auto found = details.find(name);
  if (found != details.end() && found->is_number_integer()) return found->dump();
  return LineAt(details, name);
}

std::optional<BriefedThreatLevel> ReadThreatLevel(const Json& document,
                                                  const BriefedContent& content) {
  if (content.kind != "threat_level") return std::nullopt;
  const Json& details = ObjectAt(document, "details");
  BriefedThreatLevel level{.scheme = LineAt(details, "scheme"),
                           .level = ReadLevel(details, "level"),
                           .previous = ReadLevel(details, "previous"),
                           .scope = LineAt(details, "scope"),
                           .of = LineAt(details, "of")};
  if (level.level.empty()) return std::nullopt;
  return level;
}

void ReadWords(const Json& document, BriefedContent& content) {
  content.severity = ReadSeverity(document);
  content.urgency = WordAt(document, "urgency");
  content.certainty = WordAt(document, "certainty");
  content.likelihood = WordAt(document, "likelihood");
  content.confidence = WordAt(document, "confidence");
  content.grading = ReadGrading(document);
  content.statement_type = ReadStatementType(document);
}

void ReadPeriodAndContact(const Json& document, BriefedContent& content) {
  const Json& valid = ObjectAt(document, "valid");
  content.valid_from = MomentAt(valid, "from");
  content.valid_until = MomentAt(valid, "until");
  const Json& contact = ObjectAt(document, "contact");
  content.contact_name = LineAt(contact, "name");
  content.contact_phone = LineAt(contact, "phone");
  content.contact_hours = LineAt(contact, "hours");
}

}  // namespace

BriefedContent ReadBriefedContent(const Content& sealed, Language language) {
  BriefedContent content;
  content.kind = sealed.kind;
  content.title = sealed.title;
  content.language = sealed.language;
  content.summary = sealed.summary;
  content.body = sealed.body;
  ReadRestrictions(sealed.restrictions, content);
  if (sealed.acknowledge_by.has_value() && IsTellable(*sealed.acknowledge_by)) {
    content.acknowledge_by = sealed.acknowledge_by;
  }
  // What may stand in it was asked when it was opened.
  const Json document = Json::parse(sealed.json, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object() || !sealed.known_schema) return content;
  const Json* translation = TranslationOf(document, language, content);
  if (translation != nullptr) Translate(*translation, content);
  ReadWords(document, content);
  ReadPeriodAndContact(document, content);
  if (translation != nullptr) ReadActions(*translation, content);
  if (content.actions.empty()) ReadActions(document, content);
  content.places = ReadPlaces(document, content.left_out);
  ReadIndicators(document, content);
  content.event = ReadEvent(document, content);
  content.threat_level = ReadThreatLevel(document, content);
  return content;
}

}  // namespace shield

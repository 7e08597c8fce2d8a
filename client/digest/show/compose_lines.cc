#include "absl/strings/str_cat.h"
#include "client/digest/show/compose_parts.h"
#include "client/digest/show/say_runs.h"

namespace shield::show {
namespace {

// "[7]" where the edition tells of it, else its id.
Run NameOf(const Edition& edition, const BulletinId& id) {
  for (const ProvenanceLine& line : edition.provenance) {
    if (line.id == id) return ReferenceRun(line.number);
  }
  return Code(id.ToHex());
}

// What is said of a line in brackets: what it is, from whom and since when.
std::string Description(const EditionLine& line, Language language) {
  std::string revision;
  if (line.revision > 1) {
    revision = SayFilled(language, Word::kRevisionShort, {absl::StrCat(line.revision)});
  }
  return CommaJoined({std::string(SaySeverity(language, line.severity)),
                      TitleText(SayKind(language, line.kind)), revision, line.source.str(),
                      SayDate(language, line.issued)});
}

// What became of it or will, after its description.
void AppendFate(const Edition& edition, Word heading, const EditionLine& line, Runs& runs) {
  const Language language = edition.language;
  const auto say = [&](Word word, const std::string& argument) {
    runs.push_back(Plain(absl::StrCat(", ", SayFilled(language, word, {argument}))));
  };
  if (heading == Word::kWithdrawn && line.ended.has_value()) {
    say(Word::kWithdrawnOn, SayMoment(language, *line.ended));
  } else if (heading == Word::kExpiring) {
    say(Word::kExpiresOn, SayMoment(language, line.expires));
  } else if (heading == Word::kUnacknowledged) {
    if (line.acknowledge_by.has_value()) {
      const bool over = *line.acknowledge_by < edition.as_of;
      say(over ? Word::kAcknowledgeOver : Word::kAcknowledgeBy,
          SayMoment(language, *line.acknowledge_by));
    }
    runs.push_back(Plain(": "));
    runs.push_back(Code(absl::StrCat("shield inbox ack ", line.id.ToHex())));
  }
  if (!line.replaced_by.has_value()) return;
  say(Word::kReplacedBy, "");
  runs.push_back(NameOf(edition, *line.replaced_by));
}

Block ComposeLine(const Edition& edition, Word heading, const EditionLine& line) {
  Runs runs;
  if (line.number > 0) runs = {ReferenceRun(line.number), Plain(" ")};
  runs.push_back(Strong(TlpWithPrefix(line.tlp)));
  runs.push_back(Plain(" "));
  if (line.status == BulletinStatus::kExercise || line.status == BulletinStatus::kTest) {
    const Word status = line.status == BulletinStatus::kExercise ? Word::kExercise : Word::kTest;
    runs.push_back(Strong(std::string(Say(edition.language, status))));
    runs.push_back(Plain(" "));
  }
  if (line.title.empty()) {
    runs.push_back(Code(line.id.ToHex()));
  } else {
    runs.push_back(Plain(TitleText(line.title)));
  }
  // Of what is about to end, when it does is what counts.
  if (heading != Word::kExpiring) {
    runs.push_back(Plain(absl::StrCat(" (", Description(line, edition.language), ")")));
  }
  AppendFate(edition, heading, line, runs);
  return Entry({Paragraph(std::move(runs))});
}

Block ComposeMore(Language language, size_t left_out) {
  return Entry({Paragraph(SayRuns(language, Word::kMoreLines, {absl::StrCat(left_out)}))});
}

// "Ended in the meantime: [44] [45]": their content is gone, their ids stand at the end.
Block ComposeExpired(const Edition& edition) {
  Runs runs = {Plain(std::string(Say(edition.language, Word::kExpired)))};
  for (const EditionLine& line : edition.expired) AppendReferences({line.number}, runs);
  if (edition.left_out.expired > 0) {
    runs.push_back(Plain(" "));
    runs.push_back(Plain(
        SayFilled(edition.language, Word::kLeftOut, {absl::StrCat(edition.left_out.expired)})));
  }
  return Paragraph(std::move(runs));
}

}  // namespace

Blocks ComposeLines(const Edition& edition, Word heading, const std::vector<EditionLine>& lines,
                    size_t left_out) {
  if (lines.empty()) return {};
  Blocks entries;
  entries.reserve(lines.size() + 1);
  for (const EditionLine& line : lines) entries.push_back(ComposeLine(edition, heading, line));
  if (left_out > 0) entries.push_back(ComposeMore(edition.language, left_out));
  return {Heading(2, {Plain(std::string(Say(edition.language, heading)))}),
          Bullets(std::move(entries))};
}

Blocks ComposeExpiring(const Edition& edition) {
  Blocks blocks =
      ComposeLines(edition, Word::kExpiring, edition.expiring, edition.left_out.expiring);
  if (edition.expired.empty()) return blocks;
  if (blocks.empty()) {
    blocks.push_back(Heading(2, {Plain(std::string(Say(edition.language, Word::kExpiring)))}));
  }
  blocks.push_back(ComposeExpired(edition));
  return blocks;
}

}  // namespace shield::show

#include "policy/decide.h"

#include "policy/reading.h"
#include "policy/rule_sentence.h"

namespace shield {
namespace {

Decision InWords(const Verdict& verdict, const Terms& terms, absl::string_view who) {
  return verdict.allowed ? Allow(verdict.rule, terms, who) : Deny(verdict.rule, terms, who);
}

absl::string_view NameOf(const Reader& reader) {
  if (reader.door == Reader::Door::kPublic || !reader.member.has_value()) return "";
  return reader.member->text();
}

}  // namespace

Decision Decide(const Directory& directory, const Terms& terms, const Reader& reader,
                absl::Time now) {
  const Reading reading(directory, terms, now, Reading::Question::kFetch);
  return InWords(reading.Of(reader), terms, NameOf(reader));
}

Decision DecideDelivery(const Directory& directory, const Terms& terms, const MemberId& member,
                        absl::Time now) {
  const Reading reading(directory, terms, now, Reading::Question::kDelivery);
  return InWords(reading.Of(Reader::WithoutEntry(member)), terms, member.text());
}

}  // namespace shield

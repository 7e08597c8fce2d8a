#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/base64.h"
#include "policy/fields.h"
#include "policy/statement.h"

namespace shield {
namespace {

std::vector<std::string> SortedTokens(const Statement& statement) {
  std::vector<std::string> tokens;
  tokens.reserve(statement.audience.size());
  for (const AudienceToken& token : statement.audience) {
    tokens.push_back(PrintAudienceToken(token));
  }
  std::sort(tokens.begin(), tokens.end());
  return tokens;
}

std::vector<std::string> SortedReferences(const Statement& statement) {
  std::vector<std::string> references;
  for (const Reference& reference : statement.references) {
    references.push_back(absl::StrCat(PrintRelation(reference.relation), " ", reference.id.ToHex(),
                                      " ", PrintDigest(reference.text_digest)));
  }
  std::sort(references.begin(), references.end());
  return references;
}

std::string PrintSized(absl::string_view keyword, const SizedDigest& sized) {
  return absl::StrCat(keyword, " ", sized.bytes, " ", PrintDigest(sized.digest), "\n");
}

}  // namespace

const Reference* Statement::Find(Relation relation) const {
  const auto found =
      std::find_if(references.begin(), references.end(),
                   [relation](const Reference& ref) { return ref.relation == relation; });
  return found == references.end() ? nullptr : &*found;
}

std::string PrintContextBlock(const Statement& s) {
  std::string text = absl::StrCat("shield/bulletin/v1\n",                                //
                                  "network ", s.network.text(), "\n",                    //
                                  "id ", s.id.ToHex(), "\n",                             //
                                  "author ", s.author.text(), " ", s.author_key, "\n",   //
                                  "class ", PrintBulletinClass(s.bulletin_class), "\n",  //
                                  "issued ", PrintMoment(s.issued), "\n");
  absl::StrAppend(&text,                                           //
                  "not-before ", PrintMoment(s.not_before), "\n",  //
                  "expires ", PrintMoment(s.expires), "\n",        //
                  "tlp ", TlpBare(s.tlp), "\n",                    //
                  "priority ", PrintPriority(s.priority), "\n",    //
                  "status ", PrintBulletinStatus(s.status), "\n",  //
                  "audience ", absl::StrJoin(SortedTokens(s), " "), "\n");
  for (const std::string& reference : SortedReferences(s)) {
    absl::StrAppend(&text, "ref ", reference, "\n");
  }
  absl::StrAppend(&text, "directory ", s.directory_version, " ", PrintDigest(s.directory_digest),
                  "\n");
  return text;
}

std::string PrintStatement(const Statement& s) {
  std::string text = PrintContextBlock(s);
  absl::StrAppend(&text, "recipients ", s.recipients, " ", PrintDigest(s.recipients_root), "\n");
  absl::StrAppend(&text, PrintSized("payload", s.payload));
  for (const SizedDigest& object : s.objects) absl::StrAppend(&text, PrintSized("object", object));
  if (s.commitment.has_value()) {
    absl::StrAppend(&text, "commit ", PrintDigest(*s.commitment), "\n");
  }
  if (s.clear_key.has_value()) {
    absl::StrAppend(&text, "key ", Base64Encode(*s.clear_key, Base64Form::kPadded), "\n");
  }
  return text;
}

absl::string_view ContextBlock(absl::string_view text) {
  const size_t line = text.find("\ndirectory ");
  if (line == absl::string_view::npos) return {};
  const size_t end = text.find('\n', line + 1);
  return end == absl::string_view::npos ? absl::string_view() : text.substr(0, end + 1);
}

}  // namespace shield

#include "client/digest/publish/held_edition.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "base/base64.h"
#include "base/bytes.h"

namespace shield {
namespace {

constexpr int kMaxRevision = 1'000'000;
constexpr const char* kPartLists[] = {"contains", "ended"};

std::string TextOf(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

int RevisionOf(const nlohmann::json& details) {
  const auto found = details.find("revision");
  if (found == details.end() || !found->is_number_integer()) return 1;
  const int64_t revision = found->get<int64_t>();
  return revision >= 1 && revision <= kMaxRevision ? static_cast<int>(revision) : 1;
}

std::vector<BulletinId> IdsOf(const nlohmann::json& details, const char* name) {
  std::vector<BulletinId> ids;
  const auto found = details.find(name);
  if (found == details.end() || !found->is_array()) return ids;
  ids.reserve(found->size());
  for (const nlohmann::json& each : *found) {
    if (!each.is_string()) continue;
    if (const auto id = BulletinId::Parse(each.get<std::string>()); id.has_value()) {
      ids.push_back(*id);
    }
  }
  return ids;
}

std::vector<AudienceToken> AudienceIn(const nlohmann::json& details) {
  std::vector<AudienceToken> audience;
  const auto found = details.find("audience");
  if (found == details.end() || !found->is_array()) return audience;
  audience.reserve(found->size());
  for (const nlohmann::json& each : *found) {
    if (!each.is_string()) return {};
    absl::StatusOr<AudienceToken> token = ParseAudienceToken(each.get<std::string>());
    if (!token.ok()) return {};
    audience.push_back(*std::move(token));
  }
  return audience;
}

std::optional<ListedBulletin> ListedIn(const nlohmann::json& item) {
  if (!item.is_object()) return std::nullopt;
  const std::optional<BulletinId> id = BulletinId::Parse(TextOf(item, "id"));
  const absl::StatusOr<Tlp> tlp = ParseTlp(TextOf(item, "tlp"));
  absl::Time issued;
  std::string error;
  const bool dated = absl::ParseTime(absl::RFC3339_full, TextOf(item, "issued"), &issued, &error);
  const auto directory = item.find("directory");
  const bool named = directory != item.end() && directory->is_number_unsigned();
  if (!id.has_value() || !tlp.ok() || !dated || !named) return std::nullopt;
  return ListedBulletin{*id, *tlp, issued, directory->get<uint64_t>()};
}

// 19 bytes for each; what follows the last whole one counts as nothing.
void Unpack(Tlp tlp, uint64_t directory, absl::string_view text, const Week& week,
            std::vector<ListedBulletin>& listed) {
  constexpr size_t kPackedBytes = BulletinId::kSize + 3;
  const std::optional<Bytes> bytes = Base64Decode(text, Base64Form::kPadded);
  if (!bytes.has_value()) return;
  for (size_t at = 0; at + kPackedBytes <= bytes->size(); at += kPackedBytes) {
    const ByteSpan packed(bytes->data() + at, kPackedBytes);
    uint32_t seconds = 0;
    for (size_t i = BulletinId::kSize; i < kPackedBytes; ++i) {
      seconds = seconds << 8 | packed[i];
    }
    listed.push_back({*BulletinId::FromBytes(packed.first(BulletinId::kSize)), tlp,
                      week.begin() + absl::Seconds(seconds), directory});
  }
}

void AppendPacked(const nlohmann::json& details, const Week& week,
                  std::vector<ListedBulletin>& listed) {
  const auto packed = details.find("packed_items");
  if (packed == details.end() || !packed->is_object()) return;
  for (const auto& of_label : packed->items()) {
    const absl::StatusOr<Tlp> tlp = ParseTlp(of_label.key());
    if (!tlp.ok() || !of_label.value().is_object()) continue;
    for (const auto& list : of_label.value().items()) {
      uint64_t directory = 0;
      if (!absl::SimpleAtoi(list.key(), &directory) || !list.value().is_string()) continue;
      Unpack(*tlp, directory, list.value().get<std::string>(), week, listed);
    }
  }
}

std::vector<ListedBulletin> Listed(const nlohmann::json& details, const Week& week) {
  std::vector<ListedBulletin> listed;
  AppendPacked(details, week, listed);
  const auto found = details.find("items");
  if (found == details.end() || !found->is_array()) return listed;
  listed.reserve(listed.size() + found->size());
  for (const nlohmann::json& each : *found) {
    if (const auto item = ListedIn(each); item.has_value()) listed.push_back(*item);
  }
  return listed;
}

}  // namespace

std::optional<EditionDetails> ReadEditionDetails(absl::string_view content_json) {
  const auto document = nlohmann::json::parse(content_json.begin(), content_json.end(), nullptr,
                                              /*allow_exceptions=*/false);
  if (!document.is_object() || TextOf(document, "kind") != kEditionKind) return std::nullopt;
  const auto details = document.find("details");
  if (details == document.end() || !details->is_object()) return std::nullopt;
  const absl::StatusOr<Week> week = Week::Parse(TextOf(*details, "week"));
  const absl::StatusOr<Tier> tier = ParseTier(TextOf(*details, "tier"));
  if (!week.ok() || !tier.ok()) return std::nullopt;
  const absl::StatusOr<Language> language = ParseLanguage(TextOf(document, "language"));
  return EditionDetails{.week = *week,
                        .tier = *tier,
                        .revision = RevisionOf(*details),
                        .language = language.ok() ? *language : Language::kEnglish,
                        .to = AudienceIn(*details),
                        .contains = IdsOf(*details, "contains"),
                        .ended = IdsOf(*details, "ended"),
                        .listed = Listed(*details, *week)};
}

bool CanReadParts(absl::string_view content_json) {
  const auto document = nlohmann::json::parse(content_json.begin(), content_json.end(), nullptr,
                                              /*allow_exceptions=*/false);
  if (!document.is_object()) return false;
  const auto details = document.find("details");
  if (details == document.end()) return true;
  if (!ReadEditionDetails(content_json).has_value()) return false;
  return std::all_of(std::begin(kPartLists), std::end(kPartLists), [&](const char* name) {
    const auto found = details->find(name);
    return found == details->end() ||
           (found->is_array() && found->size() == IdsOf(*details, name).size());
  });
}

}  // namespace shield

#include "client/draft/media_type.h"

#include <array>

#include "absl/strings/match.h"

namespace shield {
namespace {

struct Ending {
  absl::string_view text;
  absl::string_view media_type;
};

// Longer endings before the shorter ones they end in.
constexpr std::array<Ending, 19> kEndings = {{
    {".stix.json", "application/stix+json;version=2.1"},
    {".json", "application/json"},
    {".geojson", "application/geo+json"},
    {".txt", "text/plain"},
    {".md", "text/markdown"},
    {".csv", "text/csv"},
    {".xml", "application/xml"},
    {".pdf", "application/pdf"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".png", "image/png"},
    {".gif", "image/gif"},
    {".webp", "image/webp"},
    {".mp4", "video/mp4"},
    {".zip", "application/zip"},
    {".ics", "text/calendar"},
    {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
}};

}  // namespace

absl::string_view MediaTypeOf(absl::string_view file_name) {
  for (const Ending& ending : kEndings) {
    if (absl::EndsWithIgnoreCase(file_name, ending.text)) return ending.media_type;
  }
  return "application/octet-stream";
}

}  // namespace shield

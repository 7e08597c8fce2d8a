#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/digest/page/escape_html.h"
#include "client/digest/page/map_frame.h"
#include "client/digest/page/plot.h"
#include "client/digest/show/say_runs.h"
#include "client/digest/words.h"
#include "client/text/clean_text.h"

namespace shield::page {
namespace {

constexpr double kLetter = 7.6;  // how wide a letter is taken to be, at 13 units high
constexpr double kLine = 17;     // how high a line is
constexpr double kMark = 8;      // half of how wide a mark is
constexpr double kApart = 22;    // how far beside another mark a name ends that is not its own
constexpr size_t kMaxNameCharacters = 28;
constexpr int kGraticuleLines = 5;  // across the map's height, at most about so many

struct Box {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;
};

bool Meet(const Box& a, const Box& b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

// Characters, those of scripts with wide letters twice.
double WidthOf(absl::string_view text) {
  double letters = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) != 0x80) letters += byte >= 0xE1 ? 2 : 1;
  }
  return letters * kLetter;
}

absl::string_view ColourOf(Severity severity) {
  switch (severity) {
    case Severity::kExtreme:
      return "#8a0f3c";
    case Severity::kSevere:
      return "#b3261e";
    case Severity::kModerate:
      return "#9a5200";
    case Severity::kMinor:
      return "#1a5fa8";
    case Severity::kUnspecified:
      break;
  }
  return "#4a5560";
}

// ◆ ▲ ■ ● ○
std::string Mark(Severity severity, MapPoint at) {
  const std::string looks =
      absl::StrCat("class=\"mark mark-", SeverityClass(severity), "\" fill=\"", ColourOf(severity),
                   "\" stroke=\"#ffffff\" stroke-width=\"1.5\"");
  switch (severity) {
    case Severity::kExtreme:
      return absl::StrFormat("<polygon %s points=\"%.1f,%.1f %.1f,%.1f %.1f,%.1f %.1f,%.1f\"/>",
                             looks, at.x, at.y - 9, at.x + 9, at.y, at.x, at.y + 9, at.x - 9, at.y);
    case Severity::kSevere:
      return absl::StrFormat("<polygon %s points=\"%.1f,%.1f %.1f,%.1f %.1f,%.1f\"/>", looks, at.x,
                             at.y - 9, at.x + 9, at.y + 7, at.x - 9, at.y + 7);
    case Severity::kModerate:
      return absl::StrFormat("<rect %s x=\"%.1f\" y=\"%.1f\" width=\"14\" height=\"14\"/>", looks,
                             at.x - 7, at.y - 7);
    case Severity::kMinor:
      return absl::StrFormat("<circle %s cx=\"%.1f\" cy=\"%.1f\" r=\"7\"/>", looks, at.x, at.y);
    case Severity::kUnspecified:
      break;
  }
  return absl::StrFormat(
      "<circle class=\"mark mark-none\" fill=\"#ffffff\" stroke=\"#4a5560\" "
      "stroke-width=\"2.5\" cx=\"%.1f\" cy=\"%.1f\" r=\"6\"/>",
      at.x, at.y);
}

std::string Text(absl::string_view css, absl::string_view colour, MapPoint at,
                 absl::string_view anchor, int size, absl::string_view text) {
  return absl::StrFormat(
      "<text class=\"%s\" fill=\"%s\" font-family=\"DejaVu Sans, sans-serif\" font-size=\"%d\" "
      "x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
      css, colour, size, at.x, at.y, anchor, EscapeHtml(text));
}

std::string Line(double x1, double y1, double x2, double y2, absl::string_view looks) {
  return absl::StrFormat("<line %s x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", looks, x1,
                         y1, x2, y2);
}

int DecimalsOf(double step) {
  return std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 4);
}

std::string Degrees(double value, int decimals, absl::string_view positive,
                    absl::string_view negative) {
  return absl::StrFormat("%.*f° %s", decimals, std::abs(value), value < 0 ? negative : positive);
}

// Lines of even degrees, each with its degree at the edge.
std::string Graticule(const MapFrame& frame) {
  constexpr absl::string_view kLooks = "class=\"grid\" stroke=\"#c9d3dc\" stroke-width=\"1\"";
  const double step = RoundLength((frame.north() - frame.south()) / (kGraticuleLines - 1));
  const int decimals = DecimalsOf(step);
  std::string svg;
  for (int k = static_cast<int>(std::ceil(frame.south() / step)); k * step < frame.north(); ++k) {
    const double y = frame.Project(0, k * step).y;
    absl::StrAppend(&svg, Line(0, y, kMapWidth, y, kLooks));
    if (y > 34 && y < kMapHeight - 44) {
      absl::StrAppend(&svg, Text("degree", "#4a5560", {6, y - 4}, "start", 11,
                                 Degrees(k * step, decimals, "N", "S")));
    }
  }
  // Twice as far apart where the map is wider than high, so that their names do not meet.
  for (int k = static_cast<int>(std::ceil(frame.west() / step)); k * step < frame.east(); ++k) {
    const double x = frame.Project(k * step, 0).x;
    absl::StrAppend(&svg, Line(x, 0, x, kMapHeight, kLooks));
    const bool named = k % 2 == 0 && x > 60 && x < kMapWidth - 60;
    if (named) {
      absl::StrAppend(&svg, Text("degree", "#4a5560", {x + 4, 16}, "start", 11,
                                 Degrees(k * step, decimals, "E", "W")));
    }
  }
  return svg;
}

std::string ScaleBar(const MapFrame& frame) {
  const double metres = RoundLength(frame.metres_per_unit() * kMapWidth / 4);
  const double length = metres / frame.metres_per_unit();
  const std::string text = metres >= 1000 ? absl::StrFormat("%.0f km", metres / 1000)
                                          : absl::StrFormat("%.0f m", metres);
  const double y = kMapHeight - 16;
  constexpr absl::string_view kLooks = "class=\"scale\" stroke=\"#1b2733\" stroke-width=\"2\"";
  return absl::StrCat(Line(16, y, 16 + length, y, kLooks), Line(16, y - 5, 16, y + 5, kLooks),
                      Line(16 + length, y - 5, 16 + length, y + 5, kLooks),
                      Text("scale-text", "#1b2733", {16 + length / 2, y - 9}, "middle", 11, text));
}

Box Around(MapPoint at, double width, double height) {
  return {at.x - width, at.y - height, at.x + width, at.y + height};
}

// What is written beside the marks finds its place one after the other: where nothing else stands,
// and so far from every other mark that nobody reads it as that one's.
class Names {
 public:
  explicit Names(std::vector<MapPoint> marks)
      : marks_(std::move(marks)),
        // The scale bar.
        taken_{{0, kMapHeight - 44.0, kMapWidth / 4.0 + 30, kMapHeight}} {}

  // Empty when there is no such place, or nothing to write.
  std::string Place(MapPoint mark, const std::string& name) {
    if (name.empty()) return "";
    const double width = WidthOf(name);
    const std::pair<MapPoint, absl::string_view> candidates[] = {
        {{mark.x + 13, mark.y + 5}, "start"},
        {{mark.x - 13, mark.y + 5}, "end"},
        {{mark.x, mark.y - 14}, "middle"},
        {{mark.x, mark.y + 24}, "middle"}};
    for (const auto& [at, anchor] : candidates) {
      double left = at.x;
      if (anchor == "end") left -= width;
      if (anchor == "middle") left -= width / 2;
      const Box box{left, at.y - kLine + 4, left + width, at.y + 4};
      const bool inside =
          box.left > 2 && box.right < kMapWidth - 2 && box.top > 20 && box.bottom < kMapHeight - 2;
      if (!inside || !IsFree(box, mark)) continue;
      taken_.push_back(box);
      return Text("name", "#1b2733", at, anchor, 13, name);
    }
    return "";
  }

 private:
  bool IsFree(const Box& box, MapPoint own) const {
    const bool meets = std::any_of(taken_.begin(), taken_.end(),
                                   [&box](const Box& other) { return Meet(box, other); });
    return !meets && std::none_of(marks_.begin(), marks_.end(), [&](MapPoint mark) {
      const bool same = std::hypot(mark.x - own.x, mark.y - own.y) < 1;
      return Meet(box, same ? Around(mark, kMark, kMark) : Around(mark, kApart, kMark + 4));
    });
  }

  const std::vector<MapPoint> marks_;
  std::vector<Box> taken_;
};

// "[7]": what the table and the text refer to it by.
std::string NumberOf(const EditionPlace& place) {
  return place.items.empty() ? std::string() : absl::StrCat("[", place.items.front(), "]");
}

std::string WriteNames(const std::vector<EditionPlace>& drawn, const std::vector<MapPoint>& marks) {
  Names names(marks);
  std::string svg;
  std::vector<size_t> unnamed;
  for (size_t i = 0; i < drawn.size(); ++i) {
    const std::string text =
        names.Place(marks[i], Shortened(CleanLine(drawn[i].name), kMaxNameCharacters));
    absl::StrAppend(&svg, text);
    if (text.empty()) unnamed.push_back(i);
  }
  for (const size_t i : unnamed) absl::StrAppend(&svg, names.Place(marks[i], NumberOf(drawn[i])));
  return svg;
}

std::string Places(const std::vector<EditionPlace>& drawn, const MapFrame& frame) {
  std::vector<MapPoint> marks;
  marks.reserve(drawn.size());
  // The gravest is drawn last, above the others.
  std::vector<const EditionPlace*> places;
  places.reserve(drawn.size());
  for (const EditionPlace& place : drawn) {
    marks.push_back(frame.Project(place.longitude, place.latitude));
    places.push_back(&place);
  }
  std::stable_sort(places.begin(), places.end(), [](const EditionPlace* a, const EditionPlace* b) {
    return a->severity < b->severity;
  });
  std::string svg;
  for (const EditionPlace* place : places) {
    absl::StrAppend(&svg, Mark(place->severity, frame.Project(place->longitude, place->latitude)),
                    "\n");
  }
  absl::StrAppend(&svg, WriteNames(drawn, marks));
  return svg;
}

}  // namespace

std::string DrawMap(const Edition& edition) {
  if (edition.places.empty()) return "";
  const std::vector<EditionPlace> drawn = SplitPlaces(edition.places).on;
  const MapFrame frame(drawn, kMapWidth, kMapHeight);
  const std::string description =
      SayFilled(edition.language, Word::kMapDescription, {absl::StrCat(drawn.size())});
  return absl::StrCat(
      "<svg class=\"map\" role=\"img\" aria-labelledby=\"map-title map-text\" viewBox=\"0 0 ",
      kMapWidth, " ", kMapHeight, "\" width=\"", kMapWidth, "\" height=\"", kMapHeight, "\">\n",
      "<title id=\"map-title\">", EscapeHtml(Say(edition.language, Word::kMapTitle)),
      "</title>\n<desc id=\"map-text\">", EscapeHtml(description), "</desc>\n",
      "<rect class=\"sheet\" fill=\"#f3f6f9\" x=\"0\" y=\"0\" width=\"", kMapWidth, "\" height=\"",
      kMapHeight, "\"/>\n", Graticule(frame), ScaleBar(frame), Places(drawn, frame), "</svg>\n");
}

absl::string_view SeverityClass(Severity severity) {
  switch (severity) {
    case Severity::kExtreme:
      return "extreme";
    case Severity::kSevere:
      return "severe";
    case Severity::kModerate:
      return "moderate";
    case Severity::kMinor:
      return "minor";
    case Severity::kUnspecified:
      break;
  }
  return "none";
}

}  // namespace shield::page

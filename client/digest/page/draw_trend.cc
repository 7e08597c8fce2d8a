#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/digest/page/escape_html.h"
#include "client/digest/page/plot.h"
#include "client/digest/show/trend_sentence.h"
#include "client/digest/words.h"

namespace shield::page {
namespace {

constexpr int kWidth = 440;
constexpr int kHeight = 190;
constexpr double kTop = 24;
constexpr double kBase = 160;
constexpr double kBar = 52;  // how wide

std::string Text(absl::string_view css, double x, double y, absl::string_view anchor,
                 absl::string_view text) {
  return absl::StrFormat(
      "<text class=\"%s\" fill=\"#1b2733\" font-family=\"DejaVu Sans, sans-serif\" "
      "font-size=\"13\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
      css, x, y, anchor, EscapeHtml(text));
}

double MeanBefore(const Edition& edition) {
  const size_t before = edition.trend.size() - 1;
  if (before == 0) return 0;
  double sum = 0;
  for (size_t i = 0; i < before; ++i) sum += static_cast<double>(edition.trend[i].published);
  return sum / static_cast<double>(before);
}

// Where the number of a bar that ends at `top` stands: above it, and above the line of the mean
// where that would go through it.
double CountAt(double top, double mean) {
  const double at = top - 8;
  return mean > at - 13 && mean < at + 4 ? mean - 6 : at;
}

std::string Bars(const Edition& edition, double units, double mean) {
  const auto count = static_cast<double>(edition.trend.size());
  std::string svg;
  for (size_t i = 0; i < edition.trend.size(); ++i) {
    const TrendWeek& week = edition.trend[i];
    const double middle = (static_cast<double>(i) + 0.5) * kWidth / count;
    const double high = static_cast<double>(week.published) * units;
    const bool this_week = i + 1 == edition.trend.size();
    absl::StrAppendFormat(
        &svg,
        "<rect class=\"%s\" fill=\"%s\" stroke=\"#16405f\" stroke-width=\"1.5\" x=\"%.1f\" "
        "y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n",
        this_week ? "bar now" : "bar", this_week ? "#16405f" : "#c4d5e3", middle - kBar / 2,
        kBase - high, kBar, high);
    absl::StrAppend(
        &svg,
        Text("count", middle, CountAt(kBase - high, mean), "middle", absl::StrCat(week.published)),
        Text("week", middle, kBase + 20, "middle", week.week.Print()));
  }
  return svg;
}

std::string MeanLine(const Edition& edition, double mean) {
  if (!edition.trend_compares) return "";
  return absl::StrFormat(
      "<line class=\"mean\" stroke=\"#9a5200\" stroke-width=\"2\" "
      "stroke-dasharray=\"8 5\" x1=\"0\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>\n",
      mean, kWidth, mean);
}

}  // namespace

std::string DrawTrend(const Edition& edition) {
  size_t most = 0;
  for (const TrendWeek& week : edition.trend) most = std::max(most, week.published);
  if (most == 0) return "";
  const double units = (kBase - kTop) / static_cast<double>(most);
  const double mean = edition.trend_compares ? kBase - MeanBefore(edition) * units : kHeight;
  return absl::StrCat(
      "<svg class=\"trend\" role=\"img\" aria-labelledby=\"trend-title trend-text\" viewBox=\"0 0 ",
      kWidth, " ", kHeight, "\" width=\"", kWidth, "\" height=\"", kHeight,
      "\">\n<title id=\"trend-title\">", EscapeHtml(Say(edition.language, Word::kTrend)),
      "</title>\n<desc id=\"trend-text\">",
      EscapeHtml(Say(edition.language, Word::kTrendDescription)), "</desc>\n",
      Bars(edition, units, mean),
      absl::StrFormat("<line class=\"axis\" stroke=\"#1b2733\" stroke-width=\"1.5\" x1=\"0\" "
                      "y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>\n",
                      kBase, kWidth, kBase),
      MeanLine(edition, mean), "</svg>\n");
}

}  // namespace shield::page

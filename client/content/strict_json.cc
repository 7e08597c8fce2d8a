#include "client/content/strict_json.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/content/text_form.h"

namespace shield {
namespace {

using nlohmann::ordered_json;

// Walks the document once before it is built, and stops at the first fault.
class StrictWalk final : public nlohmann::json_sax<ordered_json> {
 public:
  explicit StrictWalk(int max_depth) : max_depth_(max_depth) {}

  const absl::Status& status() const { return status_; }

  bool null() override { return Value(); }
  bool boolean(bool) override { return Value(); }
  bool number_integer(number_integer_t) override { return Value(); }
  bool number_unsigned(number_unsigned_t) override { return Value(); }
  bool number_float(number_float_t, const string_t&) override { return Value(); }
  bool binary(binary_t&) override { return Refuse("the document holds binary data"); }
  bool string(string_t& text) override { return Value() && Text(text); }

  bool start_object(std::size_t) override {
    open_.emplace_back();
    return Depth();
  }
  bool end_object() override { return Close(); }
  bool start_array(std::size_t) override {
    if (open_.empty()) return Refuse("the document is not a JSON object");
    open_.emplace_back();
    return Depth();
  }
  bool end_array() override { return Close(); }

  bool key(string_t& name) override {
    if (!Text(name)) return false;
    if (open_.back().insert(name).second) return true;
    return Refuse(absl::StrCat("the member `", name, "` stands twice"));
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return Refuse(absl::StrCat("the document is not JSON at byte ", position));
  }

 private:
  bool Refuse(absl::string_view why) {
    if (status_.ok()) status_ = absl::InvalidArgumentError(why);
    return false;
  }
  bool Value() { return open_.empty() ? Refuse("the document is not a JSON object") : true; }
  bool Text(const std::string& text) {
    const absl::Status form = CheckContentText(text);
    return form.ok() ? true : Refuse(form.message());
  }
  bool Depth() {
    if (static_cast<int>(open_.size()) <= max_depth_) return true;
    return Refuse(absl::StrCat("the document is nested deeper than ", max_depth_));
  }
  bool Close() {
    open_.pop_back();
    return true;
  }

  const int max_depth_;
  // The member names of every object that is open; nothing for an array.
  std::vector<std::set<std::string>> open_;
  absl::Status status_;
};

}  // namespace

absl::StatusOr<ordered_json> ParseStrictJson(absl::string_view text, int max_depth) {
  StrictWalk walk(max_depth);
  const bool whole = ordered_json::sax_parse(text.begin(), text.end(), &walk);
  RETURN_IF_ERROR(walk.status());
  if (!whole) return absl::InvalidArgumentError("the document is not JSON");
  return ordered_json::parse(text.begin(), text.end());
}

}  // namespace shield

// One draft, read member by member into a Draft, with what is wrong noted on the way.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/status.h"
#include "client/draft/draft.h"
#include "client/draft/front_matter.h"

namespace shield {

// INVALID_ARGUMENT with rule and hint: how a draft's faults are told.
absl::Status DraftFault(absl::string_view sentence, absl::string_view rule, absl::string_view hint);

// Thread-compatible. Call ApplyFlags, ReadEnvelope, ReadMembers, in this order.
class DraftReading {
 public:
  DraftReading(FrontMatter front_matter, std::string folder)
      : front_(std::move(front_matter)), folder_(std::move(folder)) {}

  void ApplyFlags(const DraftFlags& flags);
  void ReadEnvelope(const DraftFlags& flags);
  void ReadMembers();

  Draft&& draft() && { return std::move(draft_); }
  std::vector<LintFinding>& findings() { return findings_; }
  const std::map<std::string, int>& lines() const { return front_.lines; }

 private:
  using Use = std::function<absl::Status(const std::string&)>;

  int LineOf(const std::string& member) const {
    const auto found = front_.lines.find(member);
    return found == front_.lines.end() ? 0 : found->second;
  }
  void Refuse(int line, const absl::Status& why) {
    findings_.push_back(
        {line, LintSeverity::kError, RuleOf(why), std::string(why.message()), HintOf(why)});
  }
  void Override(const char* member, const std::optional<std::string>& flag) {
    if (!flag.has_value()) return;
    front_.members[member] = *flag;
    front_.lines[member] = 0;
  }
  // Takes an envelope member out of the front matter.
  std::optional<nlohmann::ordered_json> Take(const char* member);
  // Hands a text member to `use`, if it is there.
  void TakeText(const char* member, const Use& use);
  void TakeList(const char* member, const Use& use);

  void ReadLabel();
  void ReadTimes();
  void ReadDeadline();
  void ReadAttachments(const std::vector<std::string>& more);
  absl::Status AddAttachment(const nlohmann::ordered_json& item);
  absl::Status AddAttachmentFile(const std::string& path, const nlohmann::ordered_json& given);
  void CheckAttachmentLabels();

  FrontMatter front_;
  const std::string folder_;
  Draft draft_;
  std::vector<LintFinding> findings_;
  int attachments_line_ = 0;
};

}  // namespace shield

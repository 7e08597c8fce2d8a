// Real texts and real indicator bundles, through the real programs, under every label: each member
// of a large network gets exactly what the policy's second model says, byte for byte.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/content/text_form.h"
#include "policy/audience_token.h"
#include "policy/targets.h"
#include "policy/terms.h"
#include "tests/e2e/real_network.h"
#include "tests/e2e/sample_network.h"
#include "tests/policy/second_model.h"
#include "tests/support/shared_folder.h"

namespace shield::testing {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

struct Sample {
  std::string author;
  std::string kind;
  Tlp tlp;
  Words to;     // in the draft
  Words means;  // what the policy says that stands for
  fs::path body = {};
  std::optional<fs::path> attachment = {};
  std::string id = {};  // once published
};

std::vector<Sample> Bulletins() {
  const Words persons = {"member:bosuil-guard", "member:guard-north", "member:port-officer"};
  const Words firms = {"org:hotel-astrid", "org:stadium-bosuil", "org:guard-firm",
                       "not-member:astrid-desk"};
  const Words chosen = {"sector:health", "sector:commercial-centres", "region:BE211"};
  const Words client = {"org:fan-club", "org:stadium-bosuil"};
  const Words moving = {"sector:transport", "sector:private-security", "region:BE2", "vetting:2"};
  const Words mixed = {"sector:night-time-economy", "region:BE21", "org:cathedral"};
  const Words police = {"org:city-antwerp", "org:police-antwerp"};
  const Words direct = {"member:fans-chair", "member:night-analyst"};
  return {
      {"analyst", "flash_alert", Tlp::kRed, persons, persons},
      {"night-analyst", "indicator_checklist", Tlp::kAmberStrict, firms, firms},
      {"city-analyst", "guidance", Tlp::kAmber, chosen, chosen},
      {"analyst", "event_plan", Tlp::kAmber, client, client},
      {"night-analyst", "weekly_briefing", Tlp::kGreen, moving, moving},
      {"digest-seat", "notice", Tlp::kGreen, mixed, mixed},
      {"analyst", "training", Tlp::kGreen, {}, {"community:antwerp-example"}},
      {"city-analyst", "notice", Tlp::kClear, {}, {"public"}},
      {"astrid-manager", "suspicious_activity", Tlp::kAmber, {}, police},
      {"bosuil-guard", "message", Tlp::kAmberStrict, direct, direct},
  };
}

std::string ReadAll(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::vector<fs::path> FilesEndingIn(const fs::path& folder, absl::string_view ending) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (absl::EndsWith(entry.path().string(), ending)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// A body as its readers have it: in its one form, without blank lines before and after.
std::string Expected(const fs::path& body) {
  const absl::StatusOr<std::string> text = NormaliseText(ReadAll(body));
  EXPECT_TRUE(text.ok()) << body << text.status();
  return text.ok() ? std::string(absl::StripAsciiWhitespace(*text)) : "";
}

Terms TermsFor(const Sample& sample, const Directory& directory, absl::Time now) {
  const MemberRecord* author = directory.FindMember(*MemberId::Parse(sample.author));
  const OrgRecord& source = directory.OrgOf(*author);
  std::vector<AudienceToken> tokens;
  for (const std::string& word : sample.means) tokens.push_back(*ParseAudienceToken(word));
  Terms terms{author->id, source.id, source.community};
  terms.bulletin_class = *ClassOfKind(sample.kind);
  terms.tlp = sample.tlp;
  terms.issued = terms.not_before = now;
  terms.expires = now + absl::Hours(24 * 30);
  terms.targets = TargetsOf(tokens);
  return terms;
}

class Samples : public ::testing::Test {
 protected:
  void AssignFiles(const fs::path& folder) {
    const std::vector<fs::path> texts = FilesEndingIn(folder, ".txt");
    const std::vector<fs::path> bundles = FilesEndingIn(folder, ".stix.json");
    ASSERT_FALSE(texts.empty());
    ASSERT_LE(texts.size(), samples_.size());
    ASSERT_LE(bundles.size(), samples_.size());
    for (size_t i = 0; i < samples_.size(); ++i) {
      samples_[i].body = texts[i % texts.size()];
      if (i < bundles.size()) samples_[i].attachment = bundles[i];
    }
  }

  std::string TitleOf(const Sample& sample) const {
    return absl::StrCat("Sample ", &sample - samples_.data());
  }

  std::string Draft(const Sample& sample) const {
    const Words attached =
        sample.attachment ? Words{fs::absolute(*sample.attachment).string()} : Words{};
    const std::string text =
        absl::StrCat("+++\ntitle = \"", TitleOf(sample), "\"\nkind = \"", sample.kind,
                     "\"\ntlp = \"", TlpWithPrefix(sample.tlp), "\"\nto = ", TomlList(sample.to),
                     "\nattachments = ", TomlList(attached), "\n+++\n", ReadAll(sample.body));
    return network_.WriteDraft(TitleOf(sample) + ".md", text);
  }

  // Publishes, and holds what the author is told to what the second model says. Both name everyone.
  void Publish(Sample& sample) {
    SCOPED_TRACE(TitleOf(sample));
    const absl::Time now = absl::Now();
    const Terms terms = TermsFor(sample, *directory_, now);
    const SecondModel model(*directory_, terms, sample.means, now);
    ASSERT_TRUE(absl::StartsWith(model.PublishAnswer(), "allow:")) << model.PublishAnswer();
    const std::string draft = Draft(sample);
    std::map<MemberId, Answer> told;
    const nlohmann::json plan =
        network_.ShieldJson(sample.author, {"bulletin", "publish", "--dry-run", draft});
    for (const auto& [list, verdict] : {std::pair("recipients", "allow:"), {"excluded", "deny:"}}) {
      for (const nlohmann::json& reader : plan[list]) {
        told[*MemberId::Parse(reader["member"].get<std::string>())] =
            absl::StrCat(verdict, reader["rule"].get<std::string>());
      }
    }
    const std::map<MemberId, Answer> answers = model.Answers({.at_publish = true});
    for (const auto& [member, answer] : told) EXPECT_EQ(answer, answers.at(member)) << member;
    // Who publishes content sees everyone; others are told of those they may know of.
    if (terms.bulletin_class == BulletinClass::kContent) {
      EXPECT_EQ(told.size(), answers.size());
    }
    const std::vector<MemberId> recipients = model.Recipients();
    const nlohmann::json published =
        network_.ShieldJson(sample.author, {"bulletin", "publish", draft});
    EXPECT_EQ(published["recipients"], recipients.size());
    sample.id = published["id"];
    for (const MemberId& member : recipients) inbox_of_[member.str()].push_back(&sample);
  }

  void ExpectInbox(const std::string& member) {
    SCOPED_TRACE(member);
    const std::vector<const Sample*>& expected = inbox_of_[member];
    const nlohmann::json entries = network_.ShieldJson(member, {"inbox", "ls"})["entries"];
    ASSERT_EQ(entries.size(), expected.size()) << entries;
    for (size_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(entries[i]["seq"], i + 1);
      EXPECT_EQ(entries[i]["id"], expected[i]->id);
      EXPECT_EQ(entries[i]["state"], "live");
      ExpectContent(member, *expected[i]);
    }
  }

  void ExpectContent(const std::string& member, const Sample& sample) {
    SCOPED_TRACE(TitleOf(sample));
    const nlohmann::json shown =
        network_.ShieldJson(member, {"inbox", "show", sample.id, "--offline"});
    EXPECT_EQ(shown["tlp"], TlpWithPrefix(sample.tlp));
    EXPECT_EQ(shown["title"], TitleOf(sample));
    EXPECT_EQ(shown["kind"], sample.kind);
    EXPECT_EQ(shown["author"], sample.author);
    EXPECT_EQ(shown["body"], Expected(sample.body));
    ASSERT_EQ(shown["attachments"].size(), sample.attachment ? 1u : 0u);
    if (!sample.attachment) return;
    const std::string name = shown["attachments"][0]["name"];
    EXPECT_EQ(name, sample.attachment->filename());
    const std::string out = network_.folder() / absl::StrCat(member, "-", sample.id);
    network_.ShieldJson(member, {"inbox", "export", sample.id, "--out", out});
    EXPECT_TRUE(ReadAll(out + "/attachments/" + name) == ReadAll(*sample.attachment));
  }

  // Whoever was not sent it may not even learn that it exists.
  void ExpectNothingToSee(const std::string& member) {
    const std::vector<const Sample*>& had = inbox_of_[member];
    for (const Sample& sample : samples_) {
      if (std::find(had.begin(), had.end(), &sample) != had.end()) continue;
      const ProcessResult shown =
          network_.Shield(member, {"inbox", "show", sample.id, "--offline", "--json"});
      EXPECT_EQ(shown.exit_code, 3) << member << " " << TitleOf(sample) << shown.data;
      return;  // one is enough: the list was exact
    }
  }

  RealNetwork network_;
  std::vector<Sample> samples_ = Bulletins();
  std::shared_ptr<const Directory> directory_ = SampleDirectory(absl::Now());
  std::map<std::string, std::vector<const Sample*>> inbox_of_;
};

TEST_F(Samples, ReachExactlyWhomTheSecondModelNamesByteForByte) {
  SHIELD_REQUIRE_SHARED(folder, "samples");
  AssignFiles(folder);
  ASSERT_FALSE(HasFatalFailure());
  std::set<std::string> sectors;
  for (const OrgRecord& org : directory_->orgs()) {
    sectors.insert(org.sectors.begin(), org.sectors.end());
  }
  ASSERT_EQ(sectors.size(), AllSectors().size());
  ASSERT_GE(directory_->orgs().size(), 12u);
  ASSERT_GE(directory_->members().size(), 40u);

  EnrolSampleNetwork(network_);
  for (Sample& sample : samples_) Publish(sample);
  for (const std::string& member : SampleMembers()) {
    if (member == kSampleRevoked || member == kSampleSuspended) {
      EXPECT_EQ(network_.Shield(member, {"inbox", "ls", "--json"}).exit_code, 4);
      EXPECT_TRUE(inbox_of_[member].empty());
      continue;
    }
    ExpectInbox(member);
    ExpectNothingToSee(member);
  }
}

}  // namespace
}  // namespace shield::testing

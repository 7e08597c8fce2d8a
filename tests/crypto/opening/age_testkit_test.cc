// Every file of the folder SHIELD_AGE_TESTKIT, by default ../shared/vectors/age-testkit beside the
// checkout, opens or is refused for the reason its header says. Prints a line for each:
//
//     NAME pass | NAME refused KIND | NAME n/a REASON | NAME FAILED WHY
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/hex.h"
#include "base/status.h"
#include "crypto/opening/age_failure.h"
#include "crypto/opening/armor.h"
#include "crypto/opening/open_age_file.h"
#include "crypto/opening/x25519_identity.h"
#include "crypto/sha256.h"
#include "tests/crypto/opening/age_vector.h"
#include "tests/support/shared_folder.h"

namespace shield {
namespace {

using testing::AgeVector;

// Identities of other kinds begin otherwise: AGE-SECRET-KEY-PQ-1, AGE-PLUGIN-….
constexpr absl::string_view kX25519Identity = "AGE-SECRET-KEY-1";

// How the vectors name the outcome that `status` stands for.
std::string Outcome(const absl::Status& status) {
  if (status.ok()) return "success";
  const std::optional<AgeFailure> failure = AgeFailureOf(status);
  if (!failure.has_value()) return absl::StrCat("another error: ", status.ToString());
  switch (*failure) {
    case AgeFailure::kHeader:
      return "header failure";
    case AgeFailure::kNoMatch:
      return "no match";
    case AgeFailure::kHmac:
      return "HMAC failure";
    case AgeFailure::kPayload:
      return "payload failure";
    case AgeFailure::kArmor:
      return "armor failure";
  }
  return "";
}

// Opens the vector's file; `released` digests all plaintext that was handed on.
absl::Status Open(const AgeVector& vector, const std::vector<X25519Identity>& identities,
                  Sha256Hasher& released) {
  const std::vector<absl::string_view> passphrases(vector.passphrases.begin(),
                                                   vector.passphrases.end());
  AgeFileOpener opener({.identities = identities, .passphrases = passphrases},
                       [&released](ByteSpan bytes) {
                         released.Update(bytes);
                         return absl::OkStatus();
                       });
  if (vector.armored) {
    ArmorDecoder armor([&opener](ByteSpan bytes) { return opener.Write(bytes); });
    RETURN_IF_ERROR(armor.Write(vector.file));
    RETURN_IF_ERROR(armor.Finish());
  } else {
    RETURN_IF_ERROR(opener.Write(vector.file));
  }
  return opener.Finish();
}

// What is printed after the file's name.
std::string Judge(const AgeVector& vector) {
  std::vector<X25519Identity> identities;
  for (const std::string& text : vector.identities) {
    auto identity = X25519Identity::Parse(text);
    if (!identity.ok() && absl::StartsWith(text, kX25519Identity)) {
      return "FAILED an X25519 identity of it was refused";
    }
    if (!identity.ok()) return "n/a an identity of it is of another kind than X25519";
    identities.push_back(*std::move(identity));
  }
  Sha256Hasher released;
  const std::string outcome = Outcome(Open(vector, identities, released));
  if (outcome != vector.expect) {
    return absl::StrCat("FAILED expected ", vector.expect, ", got ", outcome);
  }
  const bool releases = outcome == "success" || outcome == "payload failure";
  if (releases && HexEncode(released.Finish().span()) != vector.payload) {
    return "FAILED released other plaintext than expected";
  }
  return outcome == "success" ? "pass" : absl::StrCat("refused ", outcome);
}

std::string JudgeFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  const auto vector = testing::ReadAgeVector(AsBytes(bytes));
  if (absl::IsUnimplemented(vector.status())) {
    return absl::StrCat("n/a ", vector.status().message());
  }
  if (!vector.ok()) return absl::StrCat("FAILED ", vector.status().message());
  return Judge(*vector);
}

std::vector<std::filesystem::path> FilesIn(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// The named folder; a relative name may also be meant from the checkout.
std::filesystem::path Folder(const char* named) {
  if (named == nullptr) return testing::SharedFolder("vectors/age-testkit");
  if (std::filesystem::exists(named)) return named;
  return testing::SourceFolder() / named;
}

TEST(AgeTestkit, EveryFileOpensOrIsRefusedForTheRightReason) {
  const char* named = std::getenv("SHIELD_AGE_TESTKIT");
  const std::filesystem::path folder = Folder(named);
  if (named == nullptr && !std::filesystem::exists(folder)) {
    GTEST_SKIP() << "SKIPPED: " << folder << " is not here; the age vectors did not run";
  }
  ASSERT_TRUE(std::filesystem::is_directory(folder)) << folder;
  const std::vector<std::filesystem::path> files = FilesIn(folder);
  ASSERT_FALSE(files.empty()) << folder << " holds no test vector";
  int judged = 0;
  for (const std::filesystem::path& path : files) {
    const std::string verdict = JudgeFile(path);
    std::printf("%s %s\n", path.filename().c_str(), verdict.c_str());
    EXPECT_FALSE(absl::StartsWith(verdict, "FAILED")) << path << " " << verdict;
    if (!absl::StartsWith(verdict, "n/a")) ++judged;
  }
  EXPECT_GT(judged, 0) << folder << " holds no vector that applies here";
}

}  // namespace
}  // namespace shield

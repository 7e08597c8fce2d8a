#include "tests/bench/micro/age_workload.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/bytes.h"
#include "base/status.h"
#include "crypto/age_recipient.h"
#include "crypto/file_key.h"
#include "crypto/payload.h"
#include "crypto/seal_slots.h"
#include "crypto/system_random.h"
#include "tests/bench/harness/turns.h"
#include "tests/bench/micro/bench_keys.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace shield::testing {
namespace {

constexpr size_t kPlainBytes = 1024;
constexpr double kMillisecondsASecond = 1e3;
constexpr absl::Duration kAgeTimeout = absl::Minutes(5);

struct Size {
  size_t recipients;
  Effort least;
};

constexpr Size kSizes[] = {{100, Effort::kQuick},
                           {1'000, Effort::kDefault},
                           {10'000, Effort::kDefault},
                           {100'000, Effort::kFull}};

absl::StatusOr<std::string> FindAge() {
  const char* path = std::getenv("PATH");
  for (const absl::string_view folder : absl::StrSplit(path == nullptr ? "" : path, ':')) {
    std::string program = absl::StrCat(folder, "/age");
    if (access(program.c_str(), X_OK) == 0) return program;
  }
  return absl::NotFoundError("the program `age` is not installed, so there is nothing to compare");
}

absl::StatusOr<std::string> ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file) return absl::NotFoundError(absl::StrCat("cannot read `", path, "`"));
  return text;
}

absl::StatusOr<std::vector<X25519PublicKey>> ReadRecipients(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadAll(path));
  std::vector<X25519PublicKey> recipients;
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    ASSIGN_OR_RETURN(recipients.emplace_back(), ParseAgeRecipient(line));
  }
  return recipients;
}

// The files both work on, in a folder of their own.
class SealedFiles {
 public:
  explicit SealedFiles(size_t recipients) {
    std::ofstream list(recipients_);
    for (const X25519PublicKey& key : SomeRecipients(recipients)) {
      list << PrintAgeRecipient(key) << "\n";
    }
    std::ofstream(plain_) << std::string(kPlainBytes, 'x');
  }

  absl::Status SealByShield() const {
    ASSIGN_OR_RETURN(const std::vector<X25519PublicKey> recipients, ReadRecipients(recipients_));
    ASSIGN_OR_RETURN(const std::string plaintext, ReadAll(plain_));
    SystemRandom random;
    const FileKey file_key = NewFileKey(random);
    ASSIGN_OR_RETURN(const std::vector<Slot> slots, SealSlots(recipients, file_key));
    const Bytes payload = SealPayload(file_key, NewPayloadNonce(random), AsBytes(plaintext));
    std::ofstream file(folder_ / "shield", std::ios::binary);
    for (const Slot& slot : slots) file << AsText(slot);
    file << AsText(payload);
    file.close();
    if (!file) return absl::DataLossError("what was sealed could not be written");
    return absl::OkStatus();
  }

  absl::Status SealByAge(const std::string& age) const {
    ProcessOptions options;
    options.timeout = kAgeTimeout;
    const ProcessResult result =
        RunProcess({age, "-R", recipients_, "-o", folder_ / "age", plain_}, options);
    if (result.exit_code == 0) return absl::OkStatus();
    return absl::InternalError(
        absl::StrCat("`age` ended with ", result.exit_code, ": ", result.notes));
  }

 private:
  const TemporaryFolder folder_;
  const std::string recipients_ = folder_ / "recipients";
  const std::string plain_ = folder_ / "plain";
};

absl::StatusOr<Figure> Measure(const Run& run, size_t recipients) {
  ASSIGN_OR_RETURN(const std::string age, FindAge());
  const SealedFiles files(recipients);
  ASSIGN_OR_RETURN(const Comparison costs,
                   Compare(
                       run, TimedBy::kWall, [&] { return files.SealByShield(); },
                       [&] { return files.SealByAge(age); }));
  return TimeFigure("ms", kMillisecondsASecond, costs);
}

}  // namespace

void AddAgeComparison(Suite& suite) {
  for (const Size& size : kSizes) {
    suite.Add("seal_slots_vs_age", size.least, {{"recipients", size.recipients}},
              [recipients = size.recipients](const Run& run) { return Measure(run, recipients); });
  }
}

}  // namespace shield::testing

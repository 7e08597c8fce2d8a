// An attachment on its way up, in a bulletin that is committed, and down to a reader.
//
// "counting" moves sealed bytes and looks at none of them; "full" is the library, which seals to a
// file and opens to one. The ceiling is a bare gRPC stream of as many bytes; on its way up they are
// written to a file and synced before the answer.
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "base/system_clock.h"
#include "crypto/sha256.h"
#include "crypto/system_random.h"
#include "tests/bench/harness/process_cost.h"
#include "tests/bench/harness/turns.h"
#include "tests/bench/network/bare_connection.h"
#include "tests/bench/network/bench_network.h"
#include "tests/bench/network/network_turns.h"
#include "tests/bench/network/network_workloads.h"

namespace shield::testing {
namespace {

constexpr uint64_t kMebibyte = uint64_t{1} << 20;
constexpr size_t kPayloadBytes = 4096;
constexpr absl::Duration kPatience = absl::Minutes(5);

enum class Way { kUp, kDown };

class Attachment {
 public:
  explicit Attachment(uint64_t bytes)
      : bytes_(bytes),
        network_({.subscribers = kAuthors + 1}),
        bare_(network_.folder(), network_.network().analyst().ReadKeys(std::nullopt)->tls),
        block_(kMebibyte) {
    random_.Fill(block_);
  }

  absl::StatusOr<Figure> MeasureSealed(Way way, const Run& run) {
    Sha256Hasher hasher;
    for (uint64_t at = 0; at < bytes_; at += block_.size()) hasher.Update(ByteSpan(block_));
    const SizedDigest object{bytes_, hasher.Finish()};
    if (way == Way::kUp) return MeasureUp(run, [&] { return UploadSealed(object); });
    ASSIGN_OR_RETURN(const PublishReceipt receipt, PublishSealed(object));
    const auto connection = network_.network().Connect(Reader());
    return MeasureDown(run, [&] { return Fetch(*connection, *receipt.id); });
  }

  absl::StatusOr<Figure> MeasureLibrary(Way way, const Run& run) {
    const std::string path = network_.folder() + "/attachment.bin";
    std::ofstream file(path, std::ios::binary);
    for (uint64_t at = 0; at < bytes_; at += block_.size()) {
      file.write(reinterpret_cast<const char*>(block_.data()),
                 static_cast<std::streamsize>(block_.size()));
    }
    file.close();
    ASSIGN_OR_RETURN(Client author, Open(network_.network().analyst()));
    if (way == Way::kUp) return MeasureUp(run, [&] { return Publish(author, path).status(); });
    ASSIGN_OR_RETURN(const Published published, Publish(author, path));
    ASSIGN_OR_RETURN(Client reader, Open(Reader()));
    RETURN_IF_ERROR(reader.Sync().status());
    return MeasureDown(run, [&] {
      const std::string target = network_.folder() + "/fetched.bin";
      std::filesystem::remove(target);
      return reader.FetchAttachment(published.id, 1, target);
    });
  }

 private:
  using Deed = std::function<absl::Status()>;

  const Home& Reader() { return network_.network().homes().front(); }

  absl::StatusOr<Client> Open(const Home& home) {
    ClientOptions options;
    options.timeout = kPatience;
    return Client::Open(home, Passphrase(std::nullopt), network_.network().Connect(home), clock_,
                        random_, options);
  }

  absl::StatusOr<Published> Publish(Client& author, const std::string& path) {
    Draft draft = network_.ToReaders(absl::StrCat("With an attachment ", ++published_));
    draft.attachments.push_back({path, "attachment.bin", "application/octet-stream", draft.tlp});
    return author.Publish(draft);
  }

  absl::Status UploadSealed(const SizedDigest& object) { return PublishSealed(object).status(); }

  absl::StatusOr<PublishReceipt> PublishSealed(const SizedDigest& object) {
    ASSIGN_OR_RETURN(const std::vector<SealedUpload> upload,
                     network_.Seal(1, kPayloadBytes, {object}));
    ASSIGN_OR_RETURN(const std::unique_ptr<PublishWriter> writer,
                     network_.connection().Publish(upload.front().offer, kPatience));
    RETURN_IF_ERROR(writer->WriteSlots(upload.front().slots));
    RETURN_IF_ERROR(writer->WritePayload(upload.front().payload));
    for (uint64_t at = 0; at < bytes_; at += block_.size()) {
      RETURN_IF_ERROR(writer->WriteObject(0, block_));
    }
    return writer->Finish();
  }

  absl::Status Fetch(Connection& connection, const BulletinId& id) {
    ASSIGN_OR_RETURN(const std::unique_ptr<FetchReader> reader,
                     connection.Fetch({.id = id, .object = 1}, kPatience));
    uint64_t had = 0;
    while (true) {
      ASSIGN_OR_RETURN(const Bytes piece, reader->Read());
      if (piece.empty()) break;
      had += piece.size();
    }
    return had == bytes_ ? absl::OkStatus() : absl::DataLossError("bytes are missing");
  }

  absl::StatusOr<Figure> MeasureUp(const Run& run, const Deed& ours) {
    return Measure(run, ours, [&] { return bare_.Upload(bytes_); });
  }
  absl::StatusOr<Figure> MeasureDown(const Run& run, const Deed& ours) {
    return Measure(run, ours, [&] { return bare_.Download(bytes_); });
  }

  absl::StatusOr<Figure> Measure(const Run& run, const Deed& ours, const Deed& ceiling) {
    std::vector<double> our_rates;
    std::vector<double> bare_rates;
    std::vector<double> cpu;
    for (int turn = 0; turn < NetworkTurns(run); ++turn) {
      const double before = ProcessorSeconds(network_.broker());
      ASSIGN_OR_RETURN(const double our_rate, RateOf(ours));
      cpu.push_back(ProcessorSeconds(network_.broker()) - before);
      ASSIGN_OR_RETURN(const double bare_rate, RateOf(ceiling));
      our_rates.push_back(our_rate);
      bare_rates.push_back(bare_rate);
    }
    return Figure{"MB/s",
                  Better::kHigher,
                  Median(std::move(our_rates)),
                  Median(std::move(bare_rates)),
                  Median(std::move(cpu)),
                  PeakBytes(network_.broker())};
  }

  // Megabytes a second.
  absl::StatusOr<double> RateOf(const Deed& deed) const {
    const absl::Time begun = absl::Now();
    RETURN_IF_ERROR(deed());
    return 1e-6 * static_cast<double>(bytes_) / absl::ToDoubleSeconds(absl::Now() - begun);
  }

  const uint64_t bytes_;
  SystemClock clock_;
  SystemRandom random_;
  BenchNetwork network_;
  BareConnection bare_;
  Bytes block_;
  int published_ = 0;
};

}  // namespace

void AddAttachment(Suite& suite) {
  for (const auto& [mebibytes, least] :
       {std::pair(uint64_t{4}, Effort::kQuick), std::pair(uint64_t{256}, Effort::kDefault)}) {
    for (const bool library : {false, true}) {
      for (const Way way : {Way::kUp, Way::kDown}) {
        const uint64_t bytes = mebibytes * kMebibyte;
        suite.Add("attachment", least,
                  {{"bytes", bytes},
                   {"way", way == Way::kUp ? "up" : "down"},
                   {"client", library ? "full" : "counting"}},
                  [=](const Run& run) {
                    Attachment attachment(bytes);
                    return library ? attachment.MeasureLibrary(way, run)
                                   : attachment.MeasureSealed(way, run);
                  });
      }
    }
  }
}

}  // namespace shield::testing

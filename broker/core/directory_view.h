// What a caller may see of the directory, part by part.
//
// The seats of an authority see all: it enrols, publishes to and hears from everyone. Everybody
// else sees whole organisations: its own, the authority's, and those it is a client of or that are
// its clients, which are the ones policy lets it address. The proof of each shows that it is the
// organisation the authority signed.
#pragma once

#include <cstdint>
#include <vector>

#include "broker/core/directory_board.h"
#include "broker/core/service.h"

namespace shield::broker {

// Indexes of the organisations, in the order of the tree, ascending.
std::vector<uint32_t> VisibleOrgs(const Seat& seat);

// Gives the head, then the organisations of `shown`, each cut into parts that fit a message.
class DirectoryView final : public DirectoryReader {
 public:
  static constexpr size_t kMaxPartBytes = 64 * 1024;
  static constexpr size_t kMaxPartLines = 1024;

  // `unchanged`: the head alone.
  DirectoryView(PostedDirectoryPtr posted, std::vector<uint32_t> shown, bool unchanged);

  absl::StatusOr<std::optional<DirectoryPart>> Next() override;

 private:
  DirectoryPart TakeOrganisation();

  const PostedDirectoryPtr posted_;
  const std::vector<uint32_t> shown_;
  const bool unchanged_;
  bool head_given_ = false;
  size_t next_org_ = 0;   // into shown_
  size_t next_line_ = 0;  // own line of that organisation
};

}  // namespace shield::broker

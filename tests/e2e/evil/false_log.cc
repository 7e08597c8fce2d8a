#include "tests/e2e/evil/false_log.h"

#include <algorithm>
#include <variant>
#include <vector>

#include "base/status.h"
#include "crypto/merkle.h"
#include "crypto/merkle_frontier.h"
#include "policy/proof/checkpoint.h"

namespace shield::testing {
namespace {

absl::StatusOr<std::vector<Digest>> FalseLeaves(const Attack& attack, store::Store& store) {
  const auto size = static_cast<uint32_t>(store.log_size());
  ASSIGN_OR_RETURN(std::vector<Digest> leaves, store.ReadLogNodes(0, 0, size));
  if (attack.kind == AttackKind::kLogBack) {
    leaves.resize(std::min<size_t>(leaves.size(), attack.place()));
  } else if (attack.place() <= leaves.size()) {
    leaves[attack.place() - 1].bytes[0] ^= 1;
  }
  return leaves;
}

struct Answering {
  const std::vector<Digest>& leaves;
  const Origin& network;
  const SigningKey& log_key;

  MerkleTree Tree(uint64_t size) const {
    return MerkleTree({leaves.begin(), leaves.begin() + static_cast<ptrdiff_t>(size)});
  }
  broker::LogProof Signed(uint64_t size) const {
    const Checkpoint checkpoint{network.KeyName("log"), size, Tree(size).Root()};
    return broker::LogProof{SignCheckpoint(checkpoint, log_key), {}};
  }

  absl::StatusOr<broker::LogProof> operator()(const broker::CheckpointQuery& query) const {
    broker::LogProof answer = Signed(leaves.size());
    if (query.old_size <= leaves.size()) {
      answer.proof = Tree(leaves.size()).ConsistencyPath(query.old_size);
    }
    return answer;
  }
  absl::StatusOr<broker::LogProof> operator()(const broker::InclusionQuery& query) const {
    if (query.size > leaves.size()) return absl::NotFoundError("beyond the log");
    broker::LogProof answer = Signed(query.size);
    answer.proof = Tree(query.size).InclusionPath(query.index);
    return answer;
  }
  absl::StatusOr<broker::LogProof> operator()(const broker::BatchQuery& query) const {
    if (query.size > leaves.size()) return absl::NotFoundError("beyond the log");
    broker::LogProof answer = Signed(query.size);
    const MerkleTree tree = Tree(query.size);
    answer.batch = true;
    ASSIGN_OR_RETURN(
        answer.proof,
        StoredBatchPath(query.indexes, query.size, [&tree](uint32_t level, uint64_t index) {
          return absl::StatusOr<Digest>(tree.Node(level, index));
        }));
    return answer;
  }
  template <typename Other>
  absl::StatusOr<broker::LogProof> operator()(const Other&) const {
    return absl::NotFoundError("not of this log");
  }
};

}  // namespace

bool IsOnLog(const Attack& attack) {
  return attack.kind == AttackKind::kLogFork || attack.kind == AttackKind::kLogBack ||
         attack.kind == AttackKind::kLogDenied;
}

absl::StatusOr<broker::LogProof> AnswerFalsely(const Attack& attack, store::Store& store,
                                               const Origin& network, const SigningKey& log_key,
                                               const broker::LogQuery& query) {
  if (attack.kind == AttackKind::kLogDenied) return absl::NotFoundError("there is no log");
  ASSIGN_OR_RETURN(const std::vector<Digest> leaves, FalseLeaves(attack, store));
  return std::visit(Answering{leaves, network, log_key}, query);
}

}  // namespace shield::testing

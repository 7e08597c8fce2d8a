#include <utility>
#include <variant>

#include "base/status.h"
#include "broker/transport/codec.h"
#include "broker/transport/shells.h"
#include "proto/wire/strict_parse.h"

namespace shield::broker {
namespace {

// A handler of one message type from a function that has its answer at once.
template <typename Request, typename Answer>
UnaryHandler AtOnce(Answer answer) {
  return [answer](const Caller& caller, absl::string_view bytes, const Reply& reply) {
    absl::StatusOr<Request> request = wire::ParseStrict<Request>(bytes);
    if (!request.ok()) return reply(std::move(request).status());
    auto result = answer(caller, *request);
    if (!result.ok()) return reply(std::move(result).status());
    reply(Encode(ToMessage(*std::move(result))));
  };
}

void AnswerLog(BrokerService& service, const Caller& caller, const LogQuery& query,
               const Reply& reply) {
  absl::StatusOr<LogProof> proof = service.Log(caller, query);
  if (!proof.ok()) return reply(std::move(proof).status());
  reply(Encode(ToMessage(*std::move(proof))));
}

}  // namespace

UnaryHandler GetBrokerShell(BrokerService& service) {
  return AtOnce<v1::GetBrokerRequest>(
      [&service](const Caller& caller, const v1::GetBrokerRequest&) {
        return service.GetBroker(caller);
      });
}

UnaryHandler GetRetentionShell(BrokerService& service) {
  return AtOnce<v1::GetRetentionRequest>(
      [&service](const Caller& caller,
                 const v1::GetRetentionRequest& request) -> absl::StatusOr<RetentionPage> {
        ASSIGN_OR_RETURN(const RetentionQuery query, ToRetentionQuery(request));
        return service.GetRetention(caller, query);
      });
}

UnaryHandler LogShell(BrokerService& service, UploadThread& thread) {
  return [&service, &thread](const Caller& caller, absl::string_view bytes, const Reply& reply) {
    absl::StatusOr<v1::LogRequest> request = wire::ParseStrict<v1::LogRequest>(bytes);
    if (!request.ok()) return reply(std::move(request).status());
    const absl::StatusOr<LogQuery> query = ToLogQuery(*request);
    if (!query.ok()) return reply(query.status());
    if (!std::holds_alternative<CosignQuery>(*query))
      return AnswerLog(service, caller, *query, reply);
    thread.Post(
        [&service, caller, cosign = *query, reply] { AnswerLog(service, caller, cosign, reply); });
  };
}

UnaryHandler AddReceiptsShell(BrokerService& service) {
  return [&service](const Caller& caller, absl::string_view bytes, const Reply& reply) {
    absl::StatusOr<v1::AddReceiptsRequest> request =
        wire::ParseStrict<v1::AddReceiptsRequest>(bytes);
    if (!request.ok()) return reply(std::move(request).status());
    absl::StatusOr<std::vector<std::string>> notes = ToReceipts(*std::move(request));
    if (!notes.ok()) return reply(std::move(notes).status());
    service.AddReceipts(caller, *std::move(notes),
                        [reply](absl::StatusOr<std::vector<std::string>> rules) {
                          if (!rules.ok()) return reply(std::move(rules).status());
                          reply(Encode(ToMessage(*std::move(rules))));
                        });
  };
}

UnaryHandler AcknowledgeShell(BrokerService& service) {
  return [&service](const Caller& caller, absl::string_view bytes, const Reply& reply) {
    absl::StatusOr<v1::AcknowledgeRequest> request =
        wire::ParseStrict<v1::AcknowledgeRequest>(bytes);
    if (!request.ok()) return reply(std::move(request).status());
    absl::StatusOr<Digest> hash = ToDigest(request->hash(), "hash");
    if (!hash.ok()) return reply(std::move(hash).status());
    service.Acknowledge(caller, request->seq(), *hash, [reply](absl::StatusOr<uint64_t> cursor) {
      if (!cursor.ok()) return reply(std::move(cursor).status());
      v1::AcknowledgeResponse response;
      response.set_acknowledged(*cursor);
      reply(Encode(response));
    });
  };
}

}  // namespace shield::broker

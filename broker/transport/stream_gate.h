// Asks the gatekeeper about every call as soon as its headers have arrived, on gRPC's own thread
// and before gRPC queues it.
#pragma once

#include <grpcpp/security/auth_metadata_processor.h>

#include <memory>

#include "broker/transport/gatekeeper.h"

namespace shield::broker {

// For grpc::ServerCredentials::SetAuthMetadataProcessor. `gatekeeper` must outlive the server.
std::shared_ptr<grpc::AuthMetadataProcessor> NewStreamGate(Gatekeeper& gatekeeper);

}  // namespace shield::broker

// Messages of a subscription, put together from parts that are encoded once for all readers.
//
// A protobuf message is the concatenation of its fields, so an entry is the shared part, as every
// other reader gets it, followed by this reader's own. Large shared parts go into the message as a
// reference, not as a copy (docs/adr/0004).
#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <string>

#include "broker/core/feed.h"

namespace shield::broker {

// The field `shared` of shield.v1.Entry, tag and length included.
std::string EncodeShared(const SharedContent& content);

// A shield.v1.SubscribeResponse.
grpc::ByteBuffer EncodeFeedMessage(const FeedMessage& message);
grpc::ByteBuffer EncodeHeartbeat(const FeedHeartbeat& heartbeat);

}  // namespace shield::broker

// The methods of shield.v1.Broker as the engine wants them: read the message strictly, make values
// of it, ask the service, encode what it says. `service` must outlive each.
#pragma once

#include "broker/core/service.h"
#include "broker/transport/handlers.h"
#include "broker/transport/upload_thread.h"

namespace shield::broker {

UnaryHandler GetBrokerShell(BrokerService& service);
UnaryHandler AcknowledgeShell(BrokerService& service);
UnaryHandler AddReceiptsShell(BrokerService& service);
UnaryHandler GetRetentionShell(BrokerService& service);
// A cosignature is taken on `thread`, which outlives the handler too: it waits for a synced write.
UnaryHandler LogShell(BrokerService& service, UploadThread& thread);

UploadHandler PublishShell(BrokerService& service);
UploadHandler PublishDirectoryShell(BrokerService& service);

DownloadHandler GetDirectoryShell(BrokerService& service);
DownloadHandler FetchShell(BrokerService& service);
DownloadHandler GetStatusShell(BrokerService& service);

LiveHandler SubscribeShell(BrokerService& service);

}  // namespace shield::broker

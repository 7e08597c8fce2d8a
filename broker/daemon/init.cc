#include <cstdio>

#include "base/base64.h"
#include "base/status.h"
#include "broker/daemon/commands.h"
#include "broker/daemon/home.h"

namespace shield::broker {

absl::Status InitHome(const std::string& home, const ListenAddress& listen, Surroundings world) {
  DaemonConfig config;
  config.listen = listen;
  ASSIGN_OR_RETURN(const Digest pin, CreateBrokerHome(HomePaths(home), config, world.random));
  std::printf("%s\n", Base64Encode(pin.span(), Base64Form::kPadded).c_str());
  std::fprintf(stderr, "made a broker home in %s; `shield network create` takes the pin above\n",
               home.c_str());
  return absl::OkStatus();
}

}  // namespace shield::broker

#include <cstdio>

#include "base/base64.h"
#include "base/status.h"
#include "broker/daemon/commands.h"
#include "broker/daemon/home.h"
#include "broker/store/store_folder.h"

namespace shield::broker {

absl::Status InitHome(const std::string& home, const ListenAddress& listen, Surroundings world) {
  DaemonConfig config;
  config.listen = listen;
  const HomePaths paths(home);
  ASSIGN_OR_RETURN(const Digest pin, CreateBrokerHome(paths, config, world.random));
  RETURN_IF_ERROR(store::CreateStore(paths.store, world.random));
  std::printf("%s\n", Base64Encode(pin.span(), Base64Form::kPadded).c_str());
  std::fprintf(stderr,
               "made a broker home in %s; `shield network create` takes the pin that it printed\n",
               home.c_str());
  return absl::OkStatus();
}

}  // namespace shield::broker

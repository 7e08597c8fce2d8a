// The world as a command sees it. main.cc fills it with the real one, tests with another.
#pragma once

#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/clock.h"
#include "base/random.h"
#include "client/cli/interrupt.h"
#include "client/connection.h"

namespace shield::cli {

// What a connection is made from: the pins stand in the network file, the keys in the home.
struct Endpoint {
  std::string address;  // host:port
  Digest pin;           // SHA-256 of the broker's TLS public key
  std::string tls_key_pem;
  std::string tls_certificate_pem;
};

struct Environment {
  Clock& clock;
  Random& random;
  std::ostream& data;   // standard output
  std::ostream& notes;  // standard error
  std::istream& input;
  bool input_is_terminal = false;
  bool data_is_terminal = false;
  bool notes_is_terminal = false;
  size_t data_columns = 0;  // of the terminal that standard output is; 0 when it is none
  // An environment variable; nothing when it is not set.
  std::function<std::optional<std::string>(absl::string_view)> variable;
  // Reads a line without echo, after showing the prompt on the terminal.
  std::function<absl::StatusOr<std::string>(absl::string_view prompt)> read_secret;
  std::function<absl::StatusOr<std::shared_ptr<Connection>>(const Endpoint&)> connect;
  Interrupt& interrupt;
  // The folder this program stands in; `shieldd` is looked for beside it (shield demo).
  std::string program_folder;
};

}  // namespace shield::cli

// A secret as text (an identity file, a key in PEM form): overwritten when it goes, never printed,
// read only by code that says why.
//
//   ASSIGN_OR_RETURN(const SecretText text, ReadSecretFile(path));
//   ParseKey(text.Reveal(SecretAccess::ForCrypto()));
#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "crypto/secret_bytes.h"

namespace shield {

// Movable; the source is then empty. Thread-compatible.
class SecretText {
 public:
  // `text` is wiped: what came before it, on its way here, is its maker's affair.
  explicit SecretText(std::string&& text) : text_(std::move(text)) { WipeAll(text); }
  ~SecretText() { WipeAll(text_); }
  SecretText(SecretText&& other) noexcept : text_(std::move(other.text_)) { WipeAll(other.text_); }
  SecretText& operator=(SecretText&& other) noexcept {
    if (this == &other) return *this;
    WipeAll(text_);
    text_ = std::move(other.text_);
    WipeAll(other.text_);
    return *this;
  }
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;

  // Valid as long as this object.
  absl::string_view Reveal(SecretAccess) const { return text_; }

 private:
  // All the memory it owns: a short text lies inside the string and stays there after a move.
  static void WipeAll(std::string& text) {
    text.resize(text.capacity());  // NOLINT(clang-analyzer-cplusplus.Move): what a move left behind
    Wipe({reinterpret_cast<uint8_t*>(text.data()), text.size()});
    text.clear();
  }

  std::string text_;
};

// The whole of a small file, through no buffer but its own. NOT_FOUND, PERMISSION_DENIED, or
// INVALID_ARGUMENT above kMaxSmallFileBytes.
absl::StatusOr<SecretText> ReadSecretFile(const std::string& path);

}  // namespace shield

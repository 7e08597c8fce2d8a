// The key commitment: what binds every reader of a bulletin to one file key and one context.
//
// Poly1305 does not commit to its key: with a header of its own for each reader, two file keys can
// be found that open one payload to two different texts. The statement therefore carries, signed,
//
//     HKDF-SHA-256(file key, salt = payload nonce,
//                  info = "shield/v1/key-commitment" || 00 || SHA-256(context block))
//
// and a reader refuses a file key that does not give it (docs/spec/sealing.md section 5). Compare
// commitments with ==; they are public.
#pragma once

#include "absl/strings/string_view.h"
#include "base/digest.h"
#include "crypto/age_keys.h"
#include "crypto/file_key.h"

namespace shield {

// `context_block` is the statement's text from its first byte through the line feed that ends its
// `directory` line.
Digest KeyCommitment(const FileKey& file_key, const PayloadNonce& nonce,
                     absl::string_view context_block);

}  // namespace shield

// What parses as one of the small signed texts prints again to the same bytes.
#include "base/bytes.h"
#include "base/check.h"
#include "policy/proof/authority_note.h"
#include "policy/proof/checkpoint.h"
#include "policy/proof/enrolment.h"
#include "policy/proof/fresh.h"
#include "policy/proof/inbox_chain.h"
#include "policy/proof/network_file.h"
#include "policy/proof/receipt.h"
#include "policy/proof/rekey.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace shield;
  const absl::string_view text = AsText(ByteSpan(bytes, size));
  if (const auto parsed = ParseNetworkFile(text); parsed.ok()) {
    SHIELD_CHECK(PrintNetworkFile(*parsed) == text);
  }
  // The first rotation of a network, whatever its keys were before.
  NetworkFile before{.network = *Origin::Parse("antwerp.example"), .broker_address = ""};
  if (const auto next = NextNetwork(before, text); next.ok()) {
    SHIELD_CHECK(PrintAuthorityNote(before, *next) == text);
  }
  if (const auto parsed = ParseRekeyRequest(text); parsed.ok()) {
    SHIELD_CHECK(PrintRekeyRequest(*parsed) == text);
  }
  if (const auto parsed = ParseEnrolmentRequest(text); parsed.ok()) {
    SHIELD_CHECK(PrintEnrolmentRequest(*parsed) == text);
  }
  if (const auto parsed = ParseInboxHead(text); parsed.ok()) {
    SHIELD_CHECK(PrintInboxHead(*parsed) == text);
  }
  if (const auto parsed = ParseReceipt(text); parsed.ok()) {
    SHIELD_CHECK(PrintReceipt(*parsed) == text);
  }
  if (const auto parsed = ParseFreshNote(text); parsed.ok()) {
    SHIELD_CHECK(PrintFreshNote(*parsed) == text);
  }
  if (const auto parsed = ParseCheckpoint(text); parsed.ok()) {
    SHIELD_CHECK(PrintCheckpoint(*parsed) == text);
  }
  return 0;
}

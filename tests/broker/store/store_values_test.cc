// The bytes of docs/spec/storage.md section 2, and that nothing else is read.
#include "broker/store/store_values.h"

#include "base/hex.h"
#include "broker/store/head_sentinel.h"
#include "gtest/gtest.h"
#include "tests/broker/store/sample_commands.h"
#include "tests/support/temporary_folder.h"

namespace shield::testing {
namespace {

std::string Hex(absl::string_view bytes) { return HexEncode(AsBytes(bytes)); }

Digest Filled(uint8_t byte) {
  Digest digest;
  digest.bytes.fill(byte);
  return digest;
}

store::BulletinValue SampleBulletin() {
  return {.record = {.id = SampleId(1),
                     .sender = Member("analyst"),
                     .state = store::BulletinState::kSuperseded,
                     .ended_by = SampleId(2),
                     .statement = {'t', 'e', 'x', 't'},
                     .text_digest = Filled(0xaa),
                     .openings = {{Bytes(16, 5), "org:police"}, {Bytes(16, 6), "org:hotel"}},
                     .source = OrgId::Parse("police"),
                     .community = CommunityId::Parse("shield-test"),
                     .named = {{1, *OrgId::Parse("hotel")}},
                     .part_bytes = {4096, 70000},
                     .commit = 7,
                     .log_index = 9,
                     .directory_version = 3,
                     .recipients = 2,
                     .expires = absl::FromUnixSeconds(1'800'000'000)},
          .request_hash = Filled(0xbb),
          .upload = 12,
          .warnings = {"EMPTY_AUDIENCE"}};
}

// Each strict beginning, and one byte more, must not decode.
template <typename Decode>
void ExpectStrict(const std::string& bytes, Decode decode) {
  EXPECT_TRUE(decode(bytes));
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode(bytes.substr(0, size))) << "the first " << size << " bytes";
  }
  EXPECT_FALSE(decode(bytes + "x")) << "a byte more";
}

TEST(StoreKeys, SortAsTheirNumbersDo) {
  EXPECT_EQ(Hex(store::InboxKey({0x01020304}, 5)), "010203040000000000000005");
  EXPECT_LT(store::InboxKey({1}, 255), store::InboxKey({1}, 256));
  EXPECT_LT(store::InboxKey({255}, 9), store::InboxKey({256}, 1));
  EXPECT_EQ(Hex(store::PayloadKey(1, 2, 3)), "00000000000000010000000200000003");
  EXPECT_EQ(Hex(store::LogKey(3, 4)), "030000000000000004");
  EXPECT_EQ(store::MemberKey(Member("desk-astrid")), "mdesk-astrid");
  EXPECT_EQ(Hex(store::CursorKey({7})), "6300000007");
}

TEST(StoreValues, AnInboxRowIsAsSpecified) {
  const store::InboxEntry entry{.seq = 5,
                                .id = SampleId(1),
                                .leaf_index = 2,
                                .slot = {0xde, 0xad},
                                .slot_digest = Sha256(ByteSpan(Bytes{0xde, 0xad})),
                                .chain_hash = Filled(0xcc)};
  const std::string bytes = store::EncodeInboxEntry(entry);
  std::string chain;
  for (int i = 0; i < 32; ++i) chain += "cc";
  EXPECT_EQ(Hex(bytes), "01" + SampleId(1).ToHex() + chain + "00000002" + "01" + "dead");
  const std::optional<store::InboxEntry> back = store::DecodeInboxEntry(5, bytes);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->slot_digest, entry.slot_digest);
  EXPECT_EQ(back->chain_hash, entry.chain_hash);
}

TEST(StoreValues, ATombstoneKeepsTheSlotsDigest) {
  const store::InboxEntry entry{.seq = 5, .id = SampleId(1), .slot_digest = Filled(0xdd)};
  const std::string bytes = store::EncodeInboxEntry(entry);
  ExpectStrict(bytes,
               [](absl::string_view row) { return store::DecodeInboxEntry(5, row).has_value(); });
  EXPECT_EQ(store::DecodeInboxEntry(5, bytes)->slot_digest, Filled(0xdd));
  std::string other_kind = bytes;
  other_kind[1 + 16 + 32 + 4] = 2;
  EXPECT_FALSE(store::DecodeInboxEntry(5, other_kind).has_value());
}

TEST(StoreValues, ABulletinRowReadsBackWhole) {
  const store::BulletinValue value = SampleBulletin();
  const std::string bytes = store::EncodeBulletin(value);
  const std::optional<store::BulletinValue> back = store::DecodeBulletin(SampleId(1), bytes);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(store::EncodeBulletin(*back), bytes);
  EXPECT_EQ(back->record.ended_by, SampleId(2));
  EXPECT_EQ(back->record.openings, value.record.openings);
  EXPECT_EQ(back->warnings, value.warnings);
  // The statement comes last and ends where the row ends.
  for (size_t size = 0; size + value.record.statement.size() < bytes.size(); ++size) {
    EXPECT_FALSE(store::DecodeBulletin(SampleId(1), bytes.substr(0, size)).has_value()) << size;
  }
}

TEST(StoreValues, AnUnknownFormatOrStateIsRefused) {
  const std::string bytes = store::EncodeBulletin(SampleBulletin());
  std::string format = bytes;
  format[0] = 2;
  std::string state = bytes;
  for (char bad : {'\0', '\5'}) {
    state[1] = bad;
    EXPECT_FALSE(store::DecodeBulletin(SampleId(1), state).has_value());
  }
  EXPECT_FALSE(store::DecodeBulletin(SampleId(1), format).has_value());
}

TEST(StoreValues, ALengthBeyondTheRowIsRefused) {
  std::string bytes = store::EncodeBulletin(SampleBulletin());
  const size_t parts = bytes.find("analyst") + 7;
  bytes[parts] = '\x7f';
  EXPECT_FALSE(store::DecodeBulletin(SampleId(1), bytes).has_value());
}

TEST(StoreValues, AReceiptRowIsAsSpecified) {
  EXPECT_EQ(Hex(store::ReceiptKey(SampleId(1), {0x01020304}, 2)),
            SampleId(1).ToHex() + "01020304" + "02");
  const std::string bytes = store::EncodeReceipt({.commit = 5, .note = {0xde, 0xad}});
  EXPECT_EQ(Hex(bytes), "010000000000000005dead");
  EXPECT_EQ(store::DecodeReceipt(bytes)->note, (Bytes{0xde, 0xad}));
  for (size_t size = 0; size <= 9; ++size) {
    EXPECT_FALSE(store::DecodeReceipt(bytes.substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(store::DecodeReceipt("\2" + bytes.substr(1)).has_value());
}

TEST(StoreValues, CommitsAndDirectoriesAreReadStrictly) {
  const store::CommitValue publish{.kind = store::CommitKind::kPublish,
                                   .log_index = 4,
                                   .directory_version = 2,
                                   .id = SampleId(3),
                                   .running_hash = Filled(1)};
  ExpectStrict(store::EncodeCommit(publish),
               [](absl::string_view row) { return store::DecodeCommit(row).has_value(); });
  ExpectStrict(
      store::EncodeDirectory(
          {.version = 2, .log_index = 1, .blocks = 3, .note = {1}, .fresh = {}, .authority = {2}}),
      [](absl::string_view row) { return store::DecodeDirectory(row).has_value(); });
}

TEST(StoreValues, RecipientsComeInWholeRowsOfATile) {
  std::string tile;
  for (uint32_t i = 0; i < store::kRecipientsPerTile; ++i) {
    store::AppendRecipient(tile, {.member = {i}, .seq = i + 1, .leaf = Filled(3)});
  }
  EXPECT_EQ(tile.size(), 44 * store::kRecipientsPerTile);
  EXPECT_EQ(store::DecodeRecipients(tile)->back().seq, store::kRecipientsPerTile);
  EXPECT_FALSE(store::DecodeRecipients(tile.substr(1)).has_value());
  EXPECT_FALSE(store::DecodeRecipients("").has_value());
  store::AppendRecipient(tile, {});
  EXPECT_FALSE(store::DecodeRecipients(tile).has_value()) << "one too many";
}

TEST(StoreValues, LinesSurviveTheirBlocks) {
  std::vector<std::string> lines(3000, std::string(100, 'a'));
  lines.push_back("");
  std::vector<std::string> back;
  for (const std::string& block : store::LineBlocks(lines)) {
    EXPECT_LE(block.size(), store::kLineBlockBytes);
    EXPECT_TRUE(store::AppendLines(block, back));
  }
  EXPECT_EQ(back, lines);
  EXPECT_FALSE(store::AppendLines("no line feed", back));
}

TEST(HeadSentinelTest, RemembersTheNewestWrite) {
  TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "head";
  EXPECT_FALSE(store::HeadSentinel::Read(path)->has_value());
  store::SentinelRecord record{.commit = 5, .running_hash = Filled(9), .directory_version = 2};
  auto sentinel = store::HeadSentinel::Create(path, record);
  ASSERT_TRUE(sentinel.ok());
  EXPECT_EQ(**store::HeadSentinel::Read(path), record);
  for (record.commit = 6; record.commit < 9; ++record.commit) {
    ASSERT_TRUE(sentinel->Write(record).ok());
    EXPECT_EQ(**store::HeadSentinel::Read(path), record);
  }
  EXPECT_EQ(std::filesystem::file_size(path), 2 * store::HeadSentinel::kSectorBytes);
}

}  // namespace
}  // namespace shield::testing

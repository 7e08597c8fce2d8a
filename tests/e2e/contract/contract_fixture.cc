#include "tests/e2e/contract/contract_fixture.h"

#include <array>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/check.h"
#include "client/publish/plan_withdrawal.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/audience.h"
#include "policy/proof/verified_statement.h"
#include "policy/terms.h"

namespace shield::testing {
namespace {

template <typename T>
T Must(absl::StatusOr<T> value) {
  if (!value.ok()) std::fprintf(stderr, "contract: %s\n", value.status().ToString().c_str());
  SHIELD_CHECK(value.ok());
  return *std::move(value);
}

Draft DraftFor(const std::vector<std::string>& to, const std::string& title,
               Tlp tlp = Tlp::kAmberStrict) {
  return Must(
      ParseDraft(absl::StrCat("+++\ntitle = \"", title, "\"\nkind = \"flash_alert\"\ntlp = \"",
                              TlpWithPrefix(tlp), "\"\nto = [\"", absl::StrJoin(to, "\", \""),
                              "\"]\n+++\nBody.\n"),
                 "/"));
}

Reference RefersTo(Relation relation, const Envelope& original) {
  return {relation, original.id, Sha256(Must(ParseNote(original.sealed.offer.statement)).text)};
}

BulletinId NewId(Random& random) {
  std::array<uint8_t, BulletinId::kSize> raw{};
  random.Fill(raw);
  return BulletinId(raw);
}

}  // namespace

std::string CodeAndRule(const absl::Status& status) {
  return absl::StrCat(absl::StatusCodeToString(status.code()), " ", RuleOf(status));
}

PublishingMember ConnectionContract::AuthorOf(const std::string& member) {
  const MemberKeys keys = network_->KeysOf(member);
  return {keys.network, keys.member, keys.Verifier().ToString()};
}

Envelope ConnectionContract::SealDraft(const Draft& draft, const std::vector<Reference>& references,
                                       const std::string& author) {
  const auto directory = Must(network_->authority().VerifyPublished());
  const BulletinId id = NewId(network_->random());
  const PlannedBulletin planned = Must(
      PlanBulletin(draft, id, AuthorOf(author), references, *directory, network_->clock().Now()));
  return {id,
          Must(SealBulletin(planned, draft.members_json, {}, *directory,
                            network_->KeysOf(author).sign, network_->random())),
          {}};
}

Envelope ConnectionContract::Seal(const std::vector<std::string>& to, const std::string& title) {
  return SealDraft(DraftFor(to, title), {}, "ann");
}

Envelope ConnectionContract::Referring(Relation relation, const Envelope& original,
                                       const std::vector<std::string>& to, Tlp tlp,
                                       const std::string& author) {
  return SealDraft(DraftFor(to, "another", tlp), {RefersTo(relation, original)}, author);
}

Envelope ConnectionContract::Withdrawal(const Envelope& original, const std::string& author) {
  const auto directory = Must(network_->authority().VerifyPublished());
  Envelope envelope{NewId(network_->random()), {}, {}};
  // By an analyst of the source, who may; then as `author` would sign it.
  Statement statement =
      Must(PlanWithdrawal({original.sealed.offer.statement, OrgId::Parse("police")}, envelope.id,
                          AuthorOf("ann"), *directory, network_->clock().Now()));
  statement.author = *MemberId::Parse(author);
  statement.author_key = AuthorOf(author).verifier;
  envelope.sealed.offer.statement = Must(SignStatement(statement, network_->KeysOf(author).sign));
  return envelope;
}

Reference ConnectionContract::Referred(Relation relation, const Envelope& original) {
  return RefersTo(relation, original);
}

Envelope ConnectionContract::Composed(const std::string& author, BulletinClass bulletin_class,
                                      Tlp tlp, const std::vector<std::string>& to,
                                      std::vector<Reference> references) {
  const auto directory = Must(network_->authority().VerifyPublished());
  const PublishingMember by = AuthorOf(author);
  Statement statement{by.network, NewId(network_->random()), by.member, by.verifier};
  statement.bulletin_class = bulletin_class;
  statement.issued = statement.not_before = network_->Now();
  statement.expires = statement.issued + absl::Hours(24);
  statement.tlp = tlp;
  statement.references = std::move(references);
  statement.directory_version = directory->version();
  statement.directory_digest = directory->digest();
  const BulletinId id = statement.id;
  PlannedBulletin planned{std::move(statement), {}, {}};
  for (const std::string& word : to) planned.audience.push_back(Must(ParseAudienceToken(word)));
  const absl::StatusOr<Terms> terms =
      TermsOf(directory->directory(), planned.statement, planned.audience);
  if (terms.ok()) {
    const auto chosen = ResolveRecipients(directory->directory(), *terms, terms->issued);
    if (chosen.ok()) planned.readers.recipients = chosen->recipients;
  }
  return {id,
          Must(SealBulletin(planned, R"({"title":"x","kind":"notice","body":"b"})", {}, *directory,
                            network_->KeysOf(author).sign, network_->random())),
          {}};
}

// The file key is none of the original's: only its readers could tell.
Envelope ConnectionContract::Passed(const Envelope& original, const std::string& sharer,
                                    const std::vector<std::string>& to) {
  const auto directory = Must(network_->authority().VerifyPublished());
  const Statement shared = Must(ReadClaimedStatement(original.sealed.offer.statement));
  const PublishingMember author = AuthorOf(sharer);
  Statement statement{author.network, NewId(network_->random()), author.member, author.verifier};
  statement.bulletin_class = BulletinClass::kDirect;
  statement.issued = statement.not_before = network_->Now();
  statement.expires = shared.expires;
  statement.tlp = shared.tlp;
  statement.priority = shared.priority;
  statement.status = shared.status;
  statement.references = {RefersTo(Relation::kShares, original)};
  statement.directory_version = directory->version();
  statement.directory_digest = directory->digest();
  statement.payload = shared.payload;
  statement.objects = shared.objects;
  const BulletinId id = statement.id;
  PlannedBulletin planned{std::move(statement), {}, {}};
  std::vector<std::string> readers = to;
  readers.push_back(sharer);
  for (const std::string& reader : readers) {
    const MemberRecord* member = directory->directory().FindMember(*MemberId::Parse(reader));
    planned.readers.recipients.push_back({member->id, member->org, Rule::kNamedPerson});
    if (reader != sharer) planned.audience.push_back(AudienceToken::Member(member->id));
  }
  return {
      id,
      Must(SealShare(planned, NewFileKey(network_->random()), NewPayloadNonce(network_->random()),
                     *directory, network_->KeysOf(sharer).sign, network_->random())),
      {}};
}

Envelope ConnectionContract::SealWithObject(const std::vector<std::string>& to,
                                            const Bytes& object) {
  Envelope envelope = Altered(Seal(to), [&object](Statement& statement) {
    statement.objects.push_back({object.size(), Sha256(object)});
  });
  envelope.objects.push_back(object);
  return envelope;
}

Envelope ConnectionContract::Altered(Envelope envelope,
                                     const std::function<void(Statement&)>& change,
                                     const std::string& author) {
  Statement statement = Must(ReadClaimedStatement(envelope.sealed.offer.statement));
  change(statement);
  envelope.sealed.offer.statement = Must(SignStatement(statement, network_->KeysOf(author).sign));
  return envelope;
}

absl::StatusOr<PublishReceipt> ConnectionContract::Send(const Envelope& envelope,
                                                        const std::string& member) {
  ASSIGN_OR_RETURN(const std::unique_ptr<PublishWriter> writer,
                   As(member).Publish(envelope.sealed.offer, kCall));
  RETURN_IF_ERROR(writer->WriteSlots(envelope.sealed.slots));
  RETURN_IF_ERROR(writer->WritePayload(envelope.sealed.payload));
  for (size_t i = 0; i < envelope.objects.size(); ++i) {
    RETURN_IF_ERROR(writer->WriteObject(static_cast<uint32_t>(i), envelope.objects[i]));
  }
  return writer->Finish();
}

Envelope ConnectionContract::MustPublish(const std::vector<std::string>& to,
                                         const std::string& title) {
  Envelope envelope = Seal(to, title);
  Must(Send(envelope));
  return envelope;
}

absl::Status ConnectionContract::RefusalOfFetch(const std::string& member,
                                                const FetchSource& source) {
  ASSIGN_OR_RETURN(const std::unique_ptr<FetchReader> reader, As(member).Fetch(source, kCall));
  for (;;) {
    ASSIGN_OR_RETURN(const Bytes piece, reader->Read());
    if (piece.empty()) return absl::OkStatus();
  }
}

absl::StatusOr<Caught> ConnectionContract::CatchUp(const std::string& member,
                                                   const SubscriptionStart& start) {
  ASSIGN_OR_RETURN(const std::unique_ptr<SubscriptionReader> reader,
                   As(member).Subscribe(start, kCall));
  ASSIGN_OR_RETURN(SubscriptionMessage message, reader->Read());
  // The first message says where the reader stands.
  if (!message.hello.has_value()) return absl::InternalError("no hello came first");
  Caught caught{*message.hello, {}, {}};
  for (;;) {
    caught.entries.insert(caught.entries.end(), message.entries.begin(), message.entries.end());
    if (message.mark.has_value()) break;
    ASSIGN_OR_RETURN(message, reader->Read());
    if (message.hello.has_value()) return absl::InternalError("a second hello came");
  }
  caught.mark = *message.mark;
  reader->Cancel();
  return caught;
}

Caught ConnectionContract::All(const std::string& member) { return Must(CatchUp(member, {})); }

InboxPosition ConnectionContract::Signed(const std::string& head, const std::string& member) {
  const BrokerAnswer broker = Must(As(member).GetBroker(kCall));
  const VerifierKey key = Must(VerifierKey::Parse(broker.broker_key));
  return Must(VerifyInboxHead(head, key, *MemberId::Parse(member))).position;
}

InboxPosition ConnectionContract::After(const std::string& member, InboxPosition position,
                                        const std::vector<DeliveredEntry>& entries) {
  if (position.seq == 0) position.hash = InboxGenesis(*MemberId::Parse(member));
  InboxChain chain(position);
  for (const DeliveredEntry& entry : entries) {
    const Digest text = Sha256(Must(ParseNote(entry.statement)).text);
    chain.Extend({entry.log_index, text, entry.slot_hash});
    EXPECT_EQ(entry.seq, chain.position().seq);
  }
  return chain.position();
}

Connection& ConnectionContract::As(const std::string& member) {
  std::shared_ptr<Connection>& connection = connections_[member];
  if (connection == nullptr) connection = network_->Connect(member);
  return *connection;
}

}  // namespace shield::testing

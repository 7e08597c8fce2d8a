// shield bulletin update | relabel | extend | permit | withdraw
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "client/cli/commands.h"
#include "client/cli/counted.h"
#include "client/cli/draft_options.h"
#include "client/cli/edition_again.h"
#include "client/cli/extension_delta.h"
#include "client/cli/extensions.h"
#include "client/cli/open_client.h"
#include "client/cli/plan_text.h"
#include "client/cli/published_text.h"
#include "client/cli/widening.h"
#include "client/digest/publish/held_edition.h"
#include "client/home/private_file.h"
#include "client/publish/redraft.h"
#include "client/publish/without_key.h"
#include "client/text/terminal_text.h"
#include "policy/decision.h"
#include "policy/statement.h"

namespace shield::cli {
namespace {

struct LifecycleOptions {
  std::string id;
  DraftOptions draft;  // of an update
  std::string tlp;     // of a relabelling
  std::vector<std::string> to;
  bool dry_run = false;
  std::string confirm;
  std::string reason;
};

// The draft as it is sent in the place of what it refers to, or beside it.
absl::Status Send(Session& session, Client& client, const LifecycleOptions& options,
                  const Draft& draft) {
  if (options.dry_run) {
    ASSIGN_OR_RETURN(const PublicationPlan plan, client.Plan(draft));
    RETURN_IF_ERROR(CheckEditionAgain(session, client, draft, plan));
    PrintPlan(session.out(), plan);
    session.out().Object(PlanJson(plan));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const bool unconfirmed, client.IsUnconfirmed(draft));
  if (!unconfirmed) {
    ASSIGN_OR_RETURN(const PublicationPlan plan, client.Plan(draft));
    RETURN_IF_ERROR(CheckEditionAgain(session, client, draft, plan));
    RETURN_IF_ERROR(
        ConfirmWidening(session, client, {options.confirm, options.reason}, draft, plan));
  }
  ASSIGN_OR_RETURN(const PublishConditions conditions, ConditionsOf(session, client, draft));
  ASSIGN_OR_RETURN(const Published published, client.Publish(draft, conditions));
  ShowPublished(session, draft.tlp, published);
  return absl::OkStatus();
}

absl::StatusOr<Client> OpenRefreshed(Session& session) {
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  const absl::Status refreshed = Refresh(session, client);
  if (Prevents(refreshed)) return absl::Status(refreshed);
  return client;
}

Draft InThePlaceOf(Draft draft, const BulletinId& id, const std::vector<InboxItem>& extensions) {
  draft.refs.push_back({Relation::kSupersedes, id});
  for (const InboxItem& item : extensions) draft.refs.push_back({Relation::kSupersedes, *item.id});
  return draft;
}

absl::Status Update(Session& session, const LifecycleOptions& options) {
  ASSIGN_OR_RETURN(const BulletinId id, ParseId(options.id));
  ASSIGN_OR_RETURN(const Draft draft, DraftToPublish(session, options.draft));
  ASSIGN_OR_RETURN(Client client, OpenRefreshed(session));
  RETURN_IF_ERROR(client.Item(id).status());
  ASSIGN_OR_RETURN(std::vector<InboxItem> extensions, AllExtensionsOf(client, id));
  // An attempt without an answer may have ended them meanwhile.
  const Draft attempted = InThePlaceOf(draft, id, extensions);
  ASSIGN_OR_RETURN(const bool unconfirmed, client.IsUnconfirmed(attempted));
  if (unconfirmed) return Send(session, client, options, attempted);
  return Send(session, client, options, InThePlaceOf(draft, id, StandingOf(std::move(extensions))));
}

absl::StatusOr<Tlp> ParseLabel(const std::string& text) {
  const absl::StatusOr<Tlp> label = ParseTlp(text);
  if (label.ok()) return label;
  return WithHint(UsageError(absl::StrCat("`", text, "` is no label")),
                  "TLP:RED, TLP:AMBER+STRICT, TLP:AMBER, TLP:GREEN or TLP:CLEAR");
}

absl::StatusOr<std::vector<AudienceToken>> ParseAudience(const std::vector<std::string>& words) {
  std::vector<AudienceToken> audience;
  for (const std::string& word : words) {
    absl::StatusOr<AudienceToken> token = ParseAudienceToken(word);
    if (!token.ok()) return AsUsageError(token.status());
    audience.push_back(*std::move(token));
  }
  return audience;
}

// Whom it was for, when nothing else was said: the words that this home can read, all of them.
absl::StatusOr<std::vector<AudienceToken>> AudienceFor(Client& client, const BulletinId& id,
                                                       const LifecycleOptions& options) {
  if (!options.to.empty()) return ParseAudience(options.to);
  ASSIGN_OR_RETURN(const std::optional<std::vector<AudienceToken>> known, client.AudienceOf(id));
  if (known.has_value()) return *known;
  return WithHint(UsageError("not every word of whom it was for is known in this home"),
                  "name the readers with --to");
}

// A private folder for attachments on their way from one bulletin to the next.
absl::StatusOr<std::string> MakeFolder(const Session& session, const BulletinId& id) {
  ASSIGN_OR_RETURN(const std::filesystem::path home, session.Home());
  const std::string folder = (home / absl::StrCat("opened-", id.ToHex())).string();
  std::error_code error;
  std::filesystem::remove_all(folder, error);  // what a run that was killed left behind
  RETURN_IF_ERROR(MakePrivateFolder(folder));
  return folder;
}

absl::StatusOr<std::vector<std::string>> FetchAttachments(Client& client, const BulletinId& id,
                                                          size_t count, const std::string& folder) {
  std::vector<std::string> paths;
  for (size_t number = 1; number <= count; ++number) {
    paths.push_back(absl::StrCat(folder, "/", number));
    RETURN_IF_ERROR(client.FetchAttachment(id, number, paths.back()));
  }
  return paths;
}

// Whether what is on its way is what is asked for: under this label, to these readers.
bool IsWhatWasAsked(const PendingBulletin& pending, const RedraftRequest& request,
                    const std::vector<std::string>& to) {
  if (request.tlp.has_value() && pending.tlp != *request.tlp) return false;
  if (to.empty()) return true;
  const absl::StatusOr<std::vector<AudienceToken>> asked = ParseAudience(to);
  if (!asked.ok()) return false;
  std::set<std::string> words;
  std::set<std::string> sent;
  for (const AudienceToken& token : *asked) words.insert(PrintAudienceToken(token));
  for (const AudienceToken& token : pending.audience) {
    const std::string word = PrintAudienceToken(token);
    // Who had it already was left out of an extension.
    const bool left_out = request.relation == Relation::kExtends &&
                          token.kind == AudienceToken::Kind::kNotMember && !words.contains(word);
    if (!left_out) sent.insert(word);
  }
  return words == sent;
}

// An attempt without an answer may have ended the bulletin that it was made from: then it cannot be
// made again, and its bytes are sent once more. False when there was none, or when it was not
// published and can be made anew. `is_edition`: that is asked anew then whom it may reach.
absl::StatusOr<bool> ResumeAttempt(Session& session, Client& client,
                                   const LifecycleOptions& options, const RedraftRequest& request,
                                   const BulletinId& id, bool is_edition) {
  if (options.dry_run) return false;
  ASSIGN_OR_RETURN(const std::optional<PendingBulletin> pending,
                   client.FindPending(request.relation, id));
  if (!pending.has_value() || !IsWhatWasAsked(*pending, request, options.to)) return false;
  if (is_edition) {
    ASSIGN_OR_RETURN(const bool committed, client.IsCommitted(pending->id));
    if (!committed) return false;
  }
  const absl::StatusOr<Published> published = client.Resume(pending->id);
  if (published.ok()) {
    ShowPublished(session, pending->tlp, *published);
    return true;
  }
  const bool refused = absl::IsAborted(published.status()) ||
                       absl::IsFailedPrecondition(published.status()) ||
                       absl::IsNotFound(published.status());
  if (refused) return false;
  return published.status();
}

// `plan` reaches nobody more: all have it.
absl::Status NobodyLacksIt(Session& session, const LifecycleOptions& options,
                           const PublicationPlan& plan, const BulletinId& id) {
  Output& out = session.out();
  const std::string sentence =
      absl::StrCat("all whom that would reach have ", id.ToHex(), " already; nothing is published");
  if (options.dry_run) {
    PrintPlan(out, plan, plan.tlp, {sentence});
    out.Object(PlanJson(plan));
    return absl::OkStatus();
  }
  out.Line(out.Label(plan.tlp));
  out.Line(sentence);
  if (!plan.without_key.empty()) {
    out.Line(absl::StrCat("nothing can be sealed to ", NamesOf(plan.without_key),
                          ": no key in the directory"));
  }
  out.Line(out.Label(plan.tlp));
  out.Object({{"id", ""},
              {"extends", id.ToHex()},
              {"recipients", 0},
              {"without_key", ReadersJson(plan.without_key)},
              {"warnings", plan.warnings}});
  return absl::OkStatus();
}

// An extension is sealed to those who lack the bulletin.
absl::Status SendToWhoLacksIt(Session& session, Client& client, const LifecycleOptions& options,
                              const BulletinId& id, Draft draft) {
  ASSIGN_OR_RETURN(PublicationPlan plan, client.Plan(draft));
  ASSIGN_OR_RETURN(const std::set<MemberId> served, ServedBySource(client, id));
  const bool reaches_nobody =
      !plan.warnings.empty() && plan.warnings.front() == RuleName(Rule::kEmptyAudience);
  if (LeaveOutServed(served, plan, draft) == 0 && !reaches_nobody) {
    // Whoever lacks it then lacks a key as well.
    const std::vector<PlannedReader> lacking = Lacking(served, plan.without_key);
    if (!lacking.empty()) return RefuseWithoutKey(lacking);
    plan.recipients.clear();
    plan.organisations = 0;
    return NobodyLacksIt(session, options, plan, id);
  }
  return Send(session, client, options, draft);
}

absl::Status LabelStays(Tlp label) {
  return WithHint(UsageError(absl::StrCat("it is ", TlpWithPrefix(label), " already")),
                  "`extend` sends it to more readers, `update` puts another text in its place");
}

// The content of a bulletin that is here, sent again.
absl::Status Resend(Session& session, const LifecycleOptions& options, Relation relation) {
  ASSIGN_OR_RETURN(const BulletinId id, ParseId(options.id));
  RedraftRequest request{relation, std::nullopt, {}};
  if (relation == Relation::kRelabels) {
    ASSIGN_OR_RETURN(request.tlp, ParseLabel(options.tlp));
  }
  ASSIGN_OR_RETURN(Client client, OpenRefreshed(session));
  // Nobody is shown it here, so that it is not opened.
  const absl::StatusOr<OpenedBulletin> opened = client.Read(id);
  const bool is_edition = opened.ok() && opened->content.kind == kEditionKind;
  ASSIGN_OR_RETURN(const bool resumed,
                   ResumeAttempt(session, client, options, request, id, is_edition));
  if (resumed) return absl::OkStatus();
  ASSIGN_OR_RETURN(request.to, AudienceFor(client, id, options));
  if (!opened.ok()) return AsOwnStanding(opened.status());
  if (request.tlp == opened->item.tlp) return LabelStays(opened->item.tlp);
  ASSIGN_OR_RETURN(const std::string folder, MakeFolder(session, id));
  const auto remove = [folder] {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  };
  const absl::Cleanup leave = remove;
  // Whoever is asked to confirm may press Ctrl-C instead.
  const Interrupt::Undo undo(session.environment().interrupt, remove);
  ASSIGN_OR_RETURN(const std::vector<std::string> paths,
                   FetchAttachments(client, id, opened->content.attachments.size(), folder));
  ASSIGN_OR_RETURN(Draft draft, RedraftOf(*opened, request, paths));
  if (relation == Relation::kRelabels) {
    ASSIGN_OR_RETURN(std::vector<InboxItem> extensions, AllExtensionsOf(client, id));
    for (const InboxItem& item : StandingOf(std::move(extensions))) {
      draft.refs.push_back({relation, *item.id});
    }
  }
  if (relation == Relation::kExtends) {
    return SendToWhoLacksIt(session, client, options, id, std::move(draft));
  }
  return Send(session, client, options, draft);
}

// What is left to take back of a bulletin.
struct Remainder {
  BulletinId id;
  Tlp label = Tlp::kUnspecified;
  bool withdrawn = false;                  // the bulletin itself, by an earlier attempt
  std::vector<InboxItem> extensions = {};  // that stand
};

std::string ReachOf(const Remainder& left, const absl::StatusOr<std::set<MemberId>>& holders) {
  const std::string extensions = Counted(left.extensions.size(), "extension");
  if (left.withdrawn) {
    return absl::StrCat("It is withdrawn already. This takes ", extensions, " of it (",
                        TlpWithPrefix(left.label),
                        ") back from all who hold them, who are told so.");
  }
  const std::string whom = holders.ok() ? absl::StrCat(holders->size(), " members, who are told so")
                                        : "all who hold it, who are told so";
  return absl::StrCat("This takes ", TlpWithPrefix(left.label), " back from ", whom, ".",
                      left.extensions.empty() ? "" : " So are those of ",
                      left.extensions.empty() ? "" : absl::StrCat(extensions, " of it."));
}

absl::Status ConfirmWithdrawal(Session& session, Client& client, const LifecycleOptions& options,
                               const Remainder& left) {
  const absl::StatusOr<std::set<MemberId>> holders = HoldersOf(client, left.id);
  // Whom a RED one was for its author alone may know; a colleague takes it back all the same.
  if (!holders.ok() && !absl::IsNotFound(holders.status())) return holders.status();
  return session.Confirm(left.id.ToHex(), ReachOf(left, holders), options.confirm, options.reason);
}

// What this home, and the broker where it has to be asked, know of it. WITHDRAWN when nothing is
// left to do.
absl::StatusOr<Remainder> FindRemainder(Client& client, const BulletinId& id) {
  // RED of a colleague's was not sealed to this member, who may take it back all the same.
  ASSIGN_OR_RETURN(const Tlp label, client.WithdrawnLabel(id));
  ASSIGN_OR_RETURN(std::vector<InboxItem> all, AllExtensionsOf(client, id));
  Remainder left{id, label, false, StandingOf(std::move(all))};
  ASSIGN_OR_RETURN(const bool unconfirmed, client.IsWithdrawalUnconfirmed(id));
  if (unconfirmed) return left;
  const absl::Status refused = client.CheckWithdrawal(id);
  left.withdrawn = RuleOf(refused) == RuleName(Rule::kWithdrawn) && !left.extensions.empty();
  if (!refused.ok() && !left.withdrawn) return refused;
  return left;
}

absl::Status NotAllWithdrawn(const absl::Status& status, const BulletinId& extension) {
  const std::string own = HintOf(status);
  return WithHint(
      Annotate(status, absl::StrCat("the bulletin is withdrawn, its extension `", extension.ToHex(),
                                    "` is not")),
      absl::StrCat(own, own.empty() ? "" : "; ", "the same command goes on with what is left"));
}

// What a withdrawal has done so far.
struct Withdrawn {
  std::optional<Published> first;  // the bulletin's, or that of the first of the extensions
  nlohmann::json also = nlohmann::json::array();
};

// Whoever holds an extension is told as well. One that cannot be withdrawn hinders no other; the
// first error comes back.
absl::Status WithdrawExtensions(Session& session, Client& client, const Remainder& left,
                                Withdrawn& done) {
  absl::Status first;
  for (const InboxItem& item : left.extensions) {
    const absl::StatusOr<Published> each = client.Withdraw(*item.id);
    // A colleague was quicker.
    if (RuleOf(each.status()) == RuleName(Rule::kWithdrawn)) continue;
    if (!each.ok()) {
      first.Update(NotAllWithdrawn(each.status(), *item.id));
      continue;
    }
    NotePublishedSoFar(session, *each);
    session.out().Line(absl::StrFormat("withdrew the extension %s; %d members are told",
                                       item.id->ToHex(), each->told));
    done.also.push_back(item.id->ToHex());
    if (!done.first.has_value()) done.first = *each;
  }
  return first;
}

// The bulletin itself goes first: most hold that.
absl::Status WithdrawOriginal(Session& session, Client& client, const Remainder& left,
                              Withdrawn& done) {
  ASSIGN_OR_RETURN(const Published published, client.Withdraw(left.id));
  NotePublishedSoFar(session, published);
  Output& out = session.out();
  out.Line(out.Label(left.label));
  out.Line(absl::StrFormat("withdrew %s by %s; %d members are told (log index %d)", left.id.ToHex(),
                           published.id.ToHex(), published.told, published.log_index));
  done.first = published;
  return absl::OkStatus();
}

absl::Status Withdraw(Session& session, const LifecycleOptions& options) {
  ASSIGN_OR_RETURN(const BulletinId id, ParseId(options.id));
  ASSIGN_OR_RETURN(Client client, OpenRefreshed(session));
  ASSIGN_OR_RETURN(const Remainder left, FindRemainder(client, id));
  ASSIGN_OR_RETURN(const bool unconfirmed, client.IsWithdrawalUnconfirmed(id));
  if (!unconfirmed) RETURN_IF_ERROR(ConfirmWithdrawal(session, client, options, left));
  Output& out = session.out();
  Withdrawn done;
  if (left.withdrawn) {
    out.Line(out.Label(left.label));
  } else {
    RETURN_IF_ERROR(WithdrawOriginal(session, client, left, done));
  }
  if (!left.extensions.empty()) {
    out.Note(absl::StrCat("shield: bulletin `", id.ToHex(), "` is withdrawn; ",
                          Counted(left.extensions.size(), "extension"),
                          " of it to go. Should that be cut short, the same command goes on"));
  }
  const absl::Status outcome = WithdrawExtensions(session, client, left, done);
  session.environment().interrupt.Settle();
  out.Line(out.Label(left.label));
  nlohmann::json object =
      done.first.has_value() ? PublishedJson(*done.first) : nlohmann::json::object();
  object["withdraws"] = id.ToHex();
  object["already_withdrawn"] = left.withdrawn;
  object["also"] = std::move(done.also);
  const absl::Status told = out.ObjectUnless(outcome, std::move(object));
  TellDone(session, absl::StrCat("bulletin `", id.ToHex(), "` is withdrawn"));
  return told;
}

void AddConfirmation(CLI::App* command, LifecycleOptions& options) {
  command->add_option("--confirm", options.confirm, "The id again, instead of typing it");
  command->add_option(
      "--reason", options.reason,
      "Why, wanted with --confirm so that nobody goes on unthinking; it is neither sent nor kept");
}

void AddAudience(CLI::App* command, LifecycleOptions& options, bool required) {
  CLI::Option* to = command->add_option("--to", options.to, "An audience token; may be repeated")
                        ->allow_extra_args(false)
                        ->delimiter(',');
  to->required(required);
  command->add_flag("--dry-run", options.dry_run, "Show who would get it and who not, and why");
}

}  // namespace

void AddLifecycleCommands(CLI::App& bulletin, Session& session) {
  const auto options = std::make_shared<LifecycleOptions>();
  const auto add = [&](const char* name, const char* what) {
    CLI::App* command = bulletin.add_subcommand(name, what);
    command->add_option("ID", options->id, "Its id")->required();
    AddConfirmation(command, *options);
    return command;
  };

  CLI::App* update = add("update", "Replace one by a newer version");
  AddDraftOptions(update, options->draft);
  update->add_flag("--dry-run", options->dry_run, "Show who would get it and who not, and why");
  session.OnlineCommand(update, [&session, options] { return Update(session, *options); });

  CLI::App* relabel = add("relabel", "Replace one by the same under another label");
  relabel->add_option("--tlp", options->tlp, "The new label")->required();
  AddAudience(relabel, *options, /*required=*/false);
  session.OnlineCommand(
      relabel, [&session, options] { return Resend(session, *options, Relation::kRelabels); });

  CLI::App* extend = add("extend", "Send one to more readers, within its label");
  AddAudience(extend, *options, /*required=*/true);
  session.OnlineCommand(
      extend, [&session, options] { return Resend(session, *options, Relation::kExtends); });

  CLI::App* permit =
      add("permit", "Send one to readers whom its label alone would not let have it");
  AddAudience(permit, *options, /*required=*/true);
  session.OnlineCommand(
      permit, [&session, options] { return Resend(session, *options, Relation::kPermits); });

  CLI::App* withdraw = add("withdraw", "Take one back from all who hold it");
  session.OnlineCommand(withdraw, [&session, options] { return Withdraw(session, *options); });
}

}  // namespace shield::cli

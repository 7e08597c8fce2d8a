// shield bulletin share
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "client/cli/commands.h"
#include "client/cli/open_client.h"
#include "client/cli/plan_text.h"
#include "client/cli/published_text.h"
#include "client/text/terminal_text.h"

namespace shield::cli {
namespace {

struct ShareOptions {
  std::string id;
  std::vector<std::string> to;
  std::string reason;
  std::string confirm;
  bool dry_run = false;
};

absl::StatusOr<ShareOrder> OrderOf(const ShareOptions& options) {
  ASSIGN_OR_RETURN(const BulletinId id, ParseId(options.id));
  ShareOrder order{id, {}, options.reason};
  for (const std::string& word : options.to) {
    absl::StatusOr<AudienceToken> token = ParseAudienceToken(word);
    if (!token.ok()) return AsUsageError(token.status());
    order.to.push_back(*std::move(token));
  }
  return order;
}

// {id, shares, reason_id, recipients:[{member, org, rule}], …}
nlohmann::json SharedJson(const ShareOrder& order, const SharedOn& shared) {
  nlohmann::json object = PublishedJson(shared.share);
  object["shares"] = order.id.ToHex();
  object["reason_id"] = shared.reason.has_value() ? shared.reason->ToHex() : "";
  nlohmann::json readers = nlohmann::json::array();
  for (const PlannedReader& reader : shared.readers) {
    readers.push_back(
        {{"member", reader.member.str()}, {"org", reader.org.str()}, {"rule", reader.rule}});
  }
  object["readers"] = std::move(readers);
  return object;
}

void ShowShared(Session& session, Tlp tlp, const ShareOrder& order, const SharedOn& shared) {
  NotePublished(session, shared.share);
  Output& out = session.out();
  out.Line(out.Label(tlp));
  for (const PlannedReader& reader : shared.readers) {
    if (reader.rule == RuleName(Rule::kAuthor)) continue;
    out.Line(
        absl::StrFormat("to %s of %s (%s)", reader.member.str(), reader.org.str(), reader.rule));
  }
  if (!shared.share.without_key.empty()) {
    out.Line(absl::StrCat("not sealed to ", NamesOf(shared.share.without_key),
                          ": no key in the directory"));
  }
  out.Line(absl::StrFormat("passed on %s as %s (directory %d, log index %d)", order.id.ToHex(),
                           shared.share.id.ToHex(), shared.share.directory_version,
                           shared.share.log_index));
  if (shared.reason.has_value()) {
    out.Line(absl::StrCat("the reason went as ", shared.reason->ToHex()));
  }
  out.Line("its source sees who passed it on, and to whom");
  out.Line(out.Label(tlp));
  out.Object(SharedJson(order, shared));
  TellDone(session, absl::StrCat("bulletin `", order.id.ToHex(), "` is passed on as `",
                                 shared.share.id.ToHex(), "`"));
}

absl::Status Share(Session& session, const ShareOptions& options) {
  ASSIGN_OR_RETURN(const ShareOrder order, OrderOf(options));
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  const absl::Status refreshed = Refresh(session, client);
  if (Prevents(refreshed)) return refreshed;
  const absl::StatusOr<PublicationPlan> plan = client.PlanShare(order);
  if (!plan.ok()) return AsOwnStanding(plan.status());
  if (options.dry_run) {
    PrintPlan(session.out(), *plan);
    session.out().Object(PlanJson(*plan));
    return absl::OkStatus();
  }
  const std::string reach = ReachSentence(*plan);
  if (plan->organisations > kReachThatAsks) {
    RETURN_IF_ERROR(session.Confirm(options.id, reach, options.confirm, options.reason));
  } else {
    session.out().Note(reach);
  }
  ASSIGN_OR_RETURN(const SharedOn shared, client.Share(order));
  ShowShared(session, plan->tlp, order, shared);
  return absl::OkStatus();
}

}  // namespace

void AddShareCommand(CLI::App& bulletin, Session& session) {
  const auto options = std::make_shared<ShareOptions>();
  CLI::App* share = bulletin.add_subcommand("share", "Pass one on, as far as its label lets");
  share->add_option("ID", options->id, "Its id, as `inbox ls` lists it")->required();
  share->add_option("--to", options->to, "member:ID or org:ID; may be repeated")
      ->allow_extra_args(false)
      ->delimiter(',')
      ->required();
  share->add_option("--reason", options->reason,
                    "Why they need to know: sealed, for them alone; a client needs one");
  share->add_option("--confirm", options->confirm, "The id again, when asked for it");
  share->add_flag("--dry-run", options->dry_run, "Show who would get it, and why");
  session.OnlineCommand(share, [&session, options] { return Share(session, *options); });
}

}  // namespace shield::cli

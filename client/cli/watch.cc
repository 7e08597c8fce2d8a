#include "client/cli/watch.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/cli/bulletin_text.h"
#include "client/cli/omission_text.h"
#include "client/cli/open_client.h"
#include "client/cli/plan_text.h"
#include "client/digest/publish/ended_parts.h"
#include "client/digest/publish/held_edition.h"
#include "client/state/handing_lock.h"
#include "client/text/terminal_text.h"

namespace shield::cli {
namespace {

// What the watching person is told of the line, and when there is no use in waiting.
class Line {
 public:
  Line(Output& out, Clock& clock, absl::Duration patience)
      : out_(out), clock_(clock), give_up_(clock.Now() + patience) {}

  absl::Status Changed(const absl::Status& link) {
    if (link.ok()) {
      if (lost_) out_.Note("shield: the broker is back");
      lost_ = false;
      reached_ = true;
      return absl::OkStatus();
    }
    if (RuleOf(link) == "INBOX_ANEW") {
      out_.Note(absl::StrCat("shield: warning: ", WarningSentence(RuleOf(link))));
      return absl::OkStatus();
    }
    if (absl::IsDataLoss(link)) {
      out_.Note(TerminalLine(absl::StrCat("shield: ALARM: ", link.message(), " (", RuleOf(link),
                                          "); tell the authority; what comes is shown on")));
      return absl::OkStatus();
    }
    if (!reached_ && clock_.Now() >= give_up_) return link;
    if (!lost_) {
      out_.Note(
          TerminalLine(absl::StrCat("shield: the broker is lost, trying again: ", link.message())));
    }
    lost_ = true;
    return absl::OkStatus();
  }

 private:
  Output& out_;
  Clock& clock_;
  const absl::Time give_up_;
  bool reached_ = false;
  bool lost_ = false;
};

absl::Status CheckFormat(const Output& out, const WatchOptions& options) {
  if (out.format() != Format::kJson) return absl::OkStatus();
  if (options.max >= 1 && options.max <= kMostInOneObject) return absl::OkStatus();
  return WithHint(UsageError("a watch is a stream, and --json gives one object at its end"),
                  absl::StrCat("use --jsonl, or --max N up to ", kMostInOneObject));
}

// Several watches of one home share its bulletins: the person is told why one stays silent.
absl::StatusOr<std::optional<HandingLock>> TakeTurn(Session& session) {
  ASSIGN_OR_RETURN(const Home home, OpenHome(session));
  ASSIGN_OR_RETURN(std::optional<HandingLock> alone,
                   HandingLock::TryTake(home.PathOf("watch.lock")));
  if (!alone.has_value()) {
    session.out().Note(
        "shield: warning: another watch runs in this home; each bulletin shows in one of them "
        "only");
  }
  return alone;
}

// What is written of each bulletin, and acknowledged once that stands.
class Showing {
 public:
  Showing(Output& out, Client& client, Clock& clock, const WatchOptions& options)
      : out_(out), client_(client), clock_(clock), options_(options) {}

  absl::Status Show(const OpenedBulletin& bulletin) {
    ASSIGN_OR_RETURN(const std::vector<EndedPart> ended_since, EndedPartsOf(client_, bulletin));
    if (out_.format() == Format::kJson) {
      entries_.push_back(BulletinJson(bulletin, ended_since));
    } else {
      if (shown_ > 0) out_.Line("");
      PrintBulletin(out_, bulletin, ended_since);
      out_.Object(BulletinJson(bulletin, ended_since));
      RETURN_IF_ERROR(out_.Flush());
      // What was carried here is acknowledged once the broker has delivered it.
      if (options_.acknowledge && !bulletin.item.carried) {
        RETURN_IF_ERROR(client_.Acknowledge(bulletin.item.seq));
      }
    }
    last_ = bulletin.item.seq;
    if (bulletin.content.kind == kEditionKind) RETURN_IF_ERROR(HoldAgainstEditions());
    if (++shown_ == options_.max) client_.Stop();
    return absl::OkStatus();
  }

  // The number asked for has been shown: that is an end, not an interruption. An alarm stays one.
  absl::Status End(const absl::Status& ended) {
    const bool complete = options_.max > 0 && shown_ >= options_.max && !absl::IsDataLoss(ended);
    const bool stopped = complete || absl::IsCancelled(ended);
    const absl::Status outcome = stopped && !omitted_.ok() ? omitted_
                                 : complete                ? absl::OkStatus()
                                                           : ended;
    if (out_.format() != Format::kJson) return outcome;
    const absl::Status told = out_.ObjectUnless(outcome, {{"entries", std::move(entries_)}});
    RETURN_IF_ERROR(out_.Flush());
    if (options_.acknowledge && last_ > 0) RETURN_IF_ERROR(client_.Acknowledge(last_));
    return told;
  }

 private:
  // What an edition says is missing is told when it comes; the watch goes on.
  absl::Status HoldAgainstEditions() {
    ASSIGN_OR_RETURN(const std::vector<InboxItem> items, client_.Inbox());
    omitted_ = TellOmissions(out_, client_, items, clock_.Now());
    return omitted_.ok() || absl::IsDataLoss(omitted_) ? absl::OkStatus() : omitted_;
  }

  Output& out_;
  Client& client_;
  Clock& clock_;
  const WatchOptions& options_;
  absl::Status omitted_;
  nlohmann::json entries_ = nlohmann::json::array();
  int64_t shown_ = 0;
  uint64_t last_ = 0;
};

}  // namespace

absl::Status Watch(Session& session, const WatchOptions& options) {
  RETURN_IF_ERROR(CheckFormat(session.out(), options));
  ASSIGN_OR_RETURN(const absl::Duration timeout, session.Timeout());
  Line line(session.out(), session.environment().clock, timeout);
  ASSIGN_OR_RETURN(Client client, OpenClient(session, [&line](const absl::Status& link) {
                     return line.Changed(link);
                   }));
  ASSIGN_OR_RETURN(const std::optional<HandingLock> alone, TakeTurn(session));
  session.environment().interrupt.OnRaise([client]() mutable { client.Stop(); });
  Showing showing(session.out(), client, session.environment().clock, options);
  const absl::Status ended = client.Subscribe(
      [&showing](const OpenedBulletin& bulletin) { return showing.Show(bulletin); });
  session.environment().interrupt.Forget();
  return showing.End(ended);
}

}  // namespace shield::cli

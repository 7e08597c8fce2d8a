// What the use-cases of the broker work with. Made by Broker (broker/core/broker.h), which owns or
// was given every part; a use-case refers to them for as long as it lives.
#pragma once

#include "base/clock.h"
#include "base/log.h"
#include "broker/committer/committer.h"
#include "broker/core/bulletin_shelf.h"
#include "broker/core/directory_board.h"
#include "broker/core/holder_book.h"
#include "broker/core/inbox_growth.h"
#include "broker/core/rate_gate.h"
#include "broker/core/retention.h"
#include "broker/core/signer.h"
#include "broker/store/store.h"
#include "policy/proof/network_file.h"

namespace shield::broker {

struct CoreParts {
  const NetworkFile& network;
  store::Store& store;
  store::Committer& committer;
  Clock& clock;
  LogSink& log;
  DirectoryBoard& board;
  BulletinShelf& shelf;
  HolderBook& holders;
  InboxGrowth& growth;
  RateGate& rates;
  const RetentionTable& retention;
  const Signer& signer;
  Clock& pacing;  // only goes forward
};

}  // namespace shield::broker

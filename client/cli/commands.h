// The commands of `shield`, a file each noun. Every function adds its noun's commands to `app`;
// what they need at run time they take from the session.
#pragma once

#include <CLI/CLI.hpp>

#include "client/cli/session.h"

namespace shield::cli {

void AddNetworkCommands(CLI::App& app, Session& session);    // network create, join; key create
void AddEnrolmentCommands(CLI::App& app, Session& session);  // org add; member add, suspend, …
void AddSetCommands(CLI::App& org, CLI::App& member, Session& session);  // org set, member set
void AddDirectoryCommands(CLI::App& app, Session& session);  // directory publish, show, verify, …
void AddRotationCommands(CLI::App& network, Session& session);  // network rotate, follow
void AddKeyCommands(CLI::App& key, Session& session);           // key rotate, answer
void AddAdoptCommand(CLI::App& directory, Session& session);    // directory adopt
void AddSignCommand(CLI::App& directory, Session& session);     // directory sign
void AddBulletinCommands(CLI::App& app,
                         Session& session);  // bulletin lint, publish, ls, show, status
void AddLifecycleCommands(CLI::App& bulletin,
                          Session& session);  // bulletin update, relabel, extend, permit, withdraw
void AddShareCommand(CLI::App& bulletin, Session& session);   // bulletin share
void AddImportCommand(CLI::App& bulletin, Session& session);  // bulletin import
void AddInboxCommands(CLI::App& app, Session& session);       // inbox ls, show, watch, ack, export
void AddDigestCommands(CLI::App& app, Session& session);      // digest build, publish, due, …
void AddPolicyCommands(CLI::App& app, Session& session);      // policy explain, test
void AddRetentionCommand(CLI::App& app, Session& session);    // audit retention
void AddAuditCommands(CLI::App& app, Session& session);   // audit verify, ls, prove, export, …
void AddVerifyCommands(CLI::App& app, Session& session);  // verify
void AddDoctorCommand(CLI::App& app, Session& session);   // doctor
void AddDemoCommands(CLI::App& app, Session& session);    // demo up, down

}  // namespace shield::cli

#include "client/digest/show/terminal.h"

#include "client/digest/show/compose_document.h"
#include "client/digest/show/print_terminal.h"
#include "client/digest/show/read_body.h"

namespace shield {

std::string WriteTerminal(const Edition& edition, size_t columns, Colours colours) {
  return show::PrintTerminal(show::ComposeDocument(edition), columns == 0 ? kPlainColumns : columns,
                             colours);
}

std::string WriteTerminalOf(absl::string_view markdown, size_t columns) {
  show::Body body = show::ReadDocument(markdown);
  if (body.shortened) body.blocks.push_back(show::Paragraph({show::Plain("…")}));
  return show::PrintTerminalBlocks(body.blocks, columns, Colours::kNone);
}

}  // namespace shield

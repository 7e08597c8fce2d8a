#include "client/digest/show/terminal.h"

#include "client/digest/show/compose_document.h"
#include "client/digest/show/print_terminal.h"

namespace shield {

std::string WriteTerminal(const Edition& edition, size_t columns, Colours colours) {
  return show::PrintTerminal(show::ComposeDocument(edition), columns == 0 ? kPlainColumns : columns,
                             colours);
}

}  // namespace shield

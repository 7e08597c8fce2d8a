#include "client/digest/show/markdown.h"

#include "client/digest/show/compose_document.h"
#include "client/digest/show/print_markdown.h"

namespace shield {

std::string WriteMarkdown(const Edition& edition) {
  return show::PrintMarkdown(show::ComposeDocument(edition));
}

}  // namespace shield

// Editions made by hand, as rich as one can be: what each format is looked at and tested with.
#pragma once

#include "client/digest/edition.h"

namespace shield {

// Week 47 of 2026, AMBER, of an authority in Antwerp: every part is there, with bulletins in Dutch,
// French and English. Persons and firms are invented; hosts are of the names set apart for that.
Edition SampleEdition(Language language);
// The own edition of a member: the same week, with TLP:RED pointers and what waits for
// acknowledgement.
Edition SampleOwnEdition(Language language);
// A week in which nothing happened.
Edition QuietEdition(Language language);
// The sample with `lines` more bulletins in its lists.
Edition LongEdition(Language language, int lines);

}  // namespace shield

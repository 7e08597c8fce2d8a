// QuarterPlaces and QuarterStreets: public places in and around Antwerp.
#include "tests/client/digest/quarter/quarter_texts.h"

namespace shield::testing {

const std::vector<QuarterPlace>& QuarterPlaces() {
  static const auto* const places = new std::vector<QuarterPlace>{
      {"Grote Markt", 4.3997, 51.2213},
      {"Meir", 4.4090, 51.2183},
      {"Groenplaats", 4.4013, 51.2190},
      {"Antwerpen-Centraal", 4.4213, 51.2172},
      {"De Keyserlei", 4.4175, 51.2174},
      {"Koningin Astridplein", 4.4230, 51.2185},
      {"Eilandje", 4.4090, 51.2330},
      {"Hanzestedenplaats", 4.4050, 51.2290},
      {"Steenplein", 4.3976, 51.2226},
      {"Theaterplein", 4.4062, 51.2147},
      {"Sint-Jansplein", 4.4200, 51.2275},
      {"Stadspark", 4.4140, 51.2126},
      {"Berchem, station", 4.4325, 51.1993},
      {"Merksem, Schijnpoort", 4.4395, 51.2313},
      {"Linkeroever, Frederik van Eedenplein", 4.3850, 51.2235},
      {"Deurne, Boekenbergpark", 4.4570, 51.2020},
      {"Zurenborg, Dageraadplaats", 4.4290, 51.2055},
      {"Handschoenmarkt", 4.4008, 51.2207},
      {"Wilde Zee", 4.4045, 51.2175},
      {"Gedempte Zuiderdokken", 4.3930, 51.2105},
      {"Mechelen, Grote Markt", 4.4800, 51.0281},
      {"Turnhout, Grote Markt", 4.9447, 51.3225},
      {"Lier, Grote Markt", 4.5703, 51.1313},
  };
  return *places;
}

const std::vector<absl::string_view>& QuarterStreets() {
  static const auto* const streets = new std::vector<absl::string_view>{
      "Kammenstraat",         "Nationalestraat", "Huidevettersstraat", "Schuttershofstraat",
      "Carnotstraat",         "Pelikaanstraat",  "Hoogstraat",         "Sint-Katelijnevest",
      "Lange Koepoortstraat", "Leopoldstraat",   "Britselei",          "Italiëlei"};
  return *streets;
}

}  // namespace shield::testing

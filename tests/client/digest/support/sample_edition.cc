#include "tests/client/digest/support/sample_edition.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace shield {
namespace {

// Monday 23 November 2026, 07:00 in Brussels, and hours from there.
absl::Time Moment(int hours) { return absl::FromUnixSeconds(1795413600) + absl::Hours(hours); }

BulletinId Id(int number) {
  std::array<uint8_t, BulletinId::kSize> bytes{};
  for (size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<uint8_t>(number * 37 + static_cast<int>(i) * 61 + 5);
  }
  return BulletinId(bytes);
}

Digest TextDigest(int number) {
  Digest digest;
  for (size_t i = 0; i < digest.bytes.size(); ++i) {
    digest.bytes[i] = static_cast<uint8_t>(number * 53 + static_cast<int>(i) * 29 + 11);
  }
  return digest;
}

BriefedBulletin Bulletin(int number, Tlp tlp, int issued, int expires) {
  BriefedBulletin bulletin{.id = Id(number),
                           .text_digest = TextDigest(number),
                           .author = *MemberId::Parse("analyst-peeters"),
                           .source = *OrgId::Parse("politie-antwerpen")};
  bulletin.bulletin_class = BulletinClass::kContent;
  bulletin.tlp = tlp;
  bulletin.priority = Priority::kUrgent;
  bulletin.issued = bulletin.not_before = Moment(issued);
  bulletin.expires = Moment(expires);
  return bulletin;
}

EditionItem Reconnaissance() {
  EditionItem item{1, Bulletin(1, Tlp::kAmber, -30, 400), ItemChange::kNew};
  item.bulletin.sectors = {"hotels-restaurants", "transport"};
  item.bulletin.regions = {"BE211"};
  BriefedContent& content = item.bulletin.content;
  content.kind = "flash_alert";
  content.title = "Herhaalde verkenning van de stationsomgeving Antwerpen-Centraal";
  content.language = "nl";
  content.summary =
      "Drie meldingen in vier dagen van dezelfde twee personen die camera's en nooduitgangen "
      "fotograferen. Het patroon past bij voorbereiding, een onschuldige verklaring is mogelijk.";
  content.body =
      "## Wat is gezien\n\nTussen **dinsdag 17** en **vrijdag 20 november** werden in en rond het "
      "station drie keer twee mannen opgemerkt:\n\n1. dinsdag 17.40 u., Koningin Astridplein: "
      "foto's van de camera's boven de ingang;\n2. woensdag 08.15 u., sporen 21-24: aftellen van "
      "passen tussen nooduitgang en roltrap;\n3. vrijdag 17.55 u., Pelikaanstraat: gesprek met een "
      "bewakingsagent over de wissel van de ploegen.\n\n> \"Hij vroeg hoe laat wij wisselen en of "
      "er 's nachts iemand zit.\" (bewakingsagent)\n\nBeelden worden nagekeken; zie de "
      "[richtlijn verdachte gedragingen](https://politie.example/richtlijn).";
  content.restrictions = {"Niet delen met de pers."};
  content.actions = {{"guards", "Noteer uur, plaats en rijrichting; spreek de personen niet aan."},
                     {"front_desk", "Geef geen inlichtingen over uurroosters of camera's."}};
  content.severity = Severity::kSevere;
  content.urgency = "immediate";
  content.certainty = "likely";
  content.grading = "B2";
  content.likelihood = "likely";
  content.confidence = "moderate";
  content.statement_type = StatementType::kAssessment;
  content.places = {{"Antwerpen-Centraal", 4.4211, 51.2172, 300.0},
                    {"Koningin Astridplein", 4.4226, 51.2186, std::nullopt}};
  content.valid_from = Moment(-30);
  content.valid_until = Moment(400);
  content.contact_name = "Wachtdienst informatie";
  content.contact_phone = "+32 3 555 01 00";
  content.contact_hours = "24/7";
  content.acknowledge_by = Moment(6);
  return item;
}

EditionItem Phishing() {
  EditionItem item{2, Bulletin(2, Tlp::kGreen, -54, 600), ItemChange::kChanged};
  item.bulletin.revision = 2;
  item.bulletin.supersedes = Id(31);
  item.bulletin.sectors = {"health"};
  BriefedContent& content = item.bulletin.content;
  content.kind = "indicator_checklist";
  content.title = "Hameçonnage au nom d'un service de badges";
  content.language = "fr";
  content.summary =
      "Une campagne vise les accueils d'hôpitaux : la pièce jointe ouvre un accès à distance. "
      "Deux victimes confirmées à Anvers.";
  content.body =
      "Le message annonce un badge *à renouveler* et renvoie vers une page imitée.\n\n"
      "- objet : « Votre badge expire aujourd'hui »\n- expéditeur : `badges@acces.example`\n"
      "- pièce jointe : `badge.iso`\n\nL'adresse change chaque jour, l'objet ne change pas.";
  content.actions = {{"it", "Bloquez les indicateurs ci-dessous et cherchez-les sur 30 jours."},
                     {"front_desk", "N'ouvrez aucune pièce jointe d'un « service de badges »."}};
  content.severity = Severity::kModerate;
  content.grading = "A1";
  content.statement_type = StatementType::kFact;
  content.indicators = {{"[domain-name:value = 'acces.example']", "page imitée", Moment(500)},
                        {"[ipv4-addr:value = '192.0.2.45']", "serveur de commande", Moment(500)}};
  return item;
}

EditionItem Drones() {
  EditionItem item{3, Bulletin(3, Tlp::kClear, -100, 300), ItemChange::kNew};
  item.bulletin.status = BulletinStatus::kExercise;
  BriefedContent& content = item.bulletin.content;
  content.kind = "guidance";
  content.title = "Unlit drones above the port at night";
  content.language = "en";
  content.summary = "An exercise: how terminals report a drone, and what they leave alone.";
  content.body = "Report the **time**, the *direction* and the number of lights. Do not touch it.";
  content.actions = {{"security_manager", "Take part in the exercise of 26 November."}};
  content.severity = Severity::kMinor;
  content.statement_type = StatementType::kMixed;
  content.places = {{"Deurganckdok", 4.2561, 51.2899, 1500.0}};
  return item;
}

EditionLine Line(int number, Tlp tlp, std::string title, std::string kind, int issued,
                 int expires) {
  EditionLine line{.number = number,
                   .id = Id(number),
                   .tlp = tlp,
                   .title = std::move(title),
                   .kind = std::move(kind),
                   .source = *OrgId::Parse("politie-antwerpen")};
  line.issued = Moment(issued);
  line.expires = Moment(expires);
  return line;
}

void FillLists(Edition& edition) {
  edition.also = {
      Line(4, Tlp::kGreen, "Betogingen in de binnenstad op 28 november", "guidance", -70, 130),
      Line(5, Tlp::kClear, "Formation : reconnaître les signes de radicalisation", "training", -90,
           900)};
  edition.open = {
      Line(6, Tlp::kAmber, "Vol van twee politie-uniformen te Merksem", "flash_alert", -400, 800),
      Line(7, Tlp::kGreen, "Faux agents de sécurité devant des hôtels", "notice", -500, 300)};
  edition.open[0].severity = Severity::kSevere;
  edition.open[1].severity = Severity::kModerate;
  edition.expiring = {
      Line(8, Tlp::kGreen, "Kerstmarkt: laatste opbouwdagen", "event_plan", -300, 100)};
  edition.withdrawn = {Line(9, Tlp::kGreen, "", "", -250, 500)};
  edition.withdrawn[0].ended = Moment(-44);
  edition.corrected = {Line(10, Tlp::kGreen, "", "", -310, 200)};
  edition.corrected[0].ended = Moment(-54);
  edition.corrected[0].replaced_by = Id(2);
}

void FillJudgements(Edition& edition) {
  Judgement level;
  level.kind = Judgement::Kind::kThreatLevel;
  level.threat_level = BriefedThreatLevel{"ocad", "3", "3", "general", "België"};
  level.items = {1};
  Judgement stated;
  stated.text =
      "Dezelfde twee personen verkennen de stationsomgeving; herhaling deze week is waarschijnlijk "
      "tijdens de avondspits.";
  stated.likelihood = "likely";
  stated.confidence = "moderate";
  stated.grading = "B2";
  stated.statement_type = StatementType::kAssessment;
  stated.items = {1};
  Judgement fact;
  fact.text = "La campagne d'hameçonnage au nom d'un service de badges a fait deux victimes.";
  fact.grading = "A1";
  fact.statement_type = StatementType::kFact;
  fact.items = {2};
  Judgement trend;
  trend.kind = Judgement::Kind::kTrend;
  edition.judgements = {level, stated, fact, trend};
}

void FillRest(Edition& edition) {
  edition.deeds = {
      {"front_desk",
       {{"Geef geen inlichtingen over uurroosters of camera's.", {1}},
        {"N'ouvrez aucune pièce jointe d'un « service de badges ».", {2}}},
       0},
      {"guards", {{"Noteer uur, plaats en rijrichting; spreek de personen niet aan.", {1}}}, 2},
      {"security_manager", {{"Take part in the exercise of 26 November.", {3}}}, 0},
      {"it", {{"Bloquez les indicateurs ci-dessous et cherchez-les sur 30 jours.", {2}}}, 0}};
  edition.places = {{"Antwerpen-Centraal", 4.4211, 51.2172, Severity::kSevere, {1}},
                    {"Koningin Astridplein", 4.4226, 51.2186, Severity::kSevere, {1}},
                    {"Deurganckdok", 4.2561, 51.2899, Severity::kMinor, {3}}};
  edition.events = {
      {{"Oefening drones", "Deurganckdok, kaai 1742", "Havenkapiteinsdienst", Moment(75),
        Moment(79), std::nullopt, "drones-2026@politie.example"},
       "event_plan",
       3,
       Id(3)},
      {{"Formation : reconnaître les signes de radicalisation", "Rue de la Loi 12, Bruxelles",
        "Cellule formation", Moment(195), Moment(202), Moment(100), ""},
       "training",
       5,
       Id(5)}};
  edition.indicators = {
      {{"[domain-name:value = 'acces.example']", "page imitée", Moment(500)}, 2},
      {{"[ipv4-addr:value = '192.0.2.45']", "serveur de commande", Moment(500)}, 2},
      {{"[url:value = 'https://acces.example/badge/renouveler']", "", std::nullopt}, 2},
      {{"[file:hashes.'SHA-256' = "
        "'9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08']",
        "badge.iso", std::nullopt},
       2}};
  edition.indicators_left_out = 3;
  const std::vector<size_t> published = {4, 7, 3, 6, 5};
  for (size_t i = 0; i < published.size(); ++i) {
    edition.trend.push_back({edition.week.Plus(static_cast<int>(i) - 4), published[i]});
  }
  edition.trend_compares = true;
  for (int number = 1; number <= 10; ++number) {
    edition.provenance.push_back({number, Id(number), TextDigest(number)});
  }
}

Edition Head(Language language) {
  Edition edition{.network = "shield.politie-antwerpen.example",
                  .tier = Tier::kAmber,
                  .author = *MemberId::Parse("digest-antwerpen"),
                  .source = *OrgId::Parse("politie-antwerpen")};
  edition.week = Week::Of(Moment(-24));
  edition.language = language;
  edition.label = Tlp::kAmber;
  edition.audience = {"sector:health", "sector:transport"};
  edition.as_of = Moment(0);
  edition.valid_until = Moment(168);
  edition.directory_version = 214;
  edition.generator = "shield 0.4.0";
  return edition;
}

}  // namespace

Edition SampleEdition(Language language) {
  Edition edition = Head(language);
  edition.foreword =
      "De kerstmarkt opent op **5 december**. Lees eerst [1] en bespreek het met de ploegen.";
  edition.items = {Reconnaissance(), Phishing(), Drones()};
  FillJudgements(edition);
  FillLists(edition);
  FillRest(edition);
  return edition;
}

Edition SampleOwnEdition(Language language) {
  Edition edition = SampleEdition(language);
  edition.tier = Tier::kMine;
  edition.label = Tlp::kAmberStrict;
  edition.audience = {"member:desk-astrid"};
  edition.author = *MemberId::Parse("desk-astrid");
  edition.source = *OrgId::Parse("hotel-astrid");
  edition.foreword.clear();
  edition.red = {{Id(40), Moment(-60), false}, {Id(41), Moment(-20), true}};
  edition.unacknowledged = {
      Line(1, Tlp::kAmber, edition.items[0].bulletin.content.title, "flash_alert", -30, 400)};
  edition.unacknowledged[0].acknowledge_by = Moment(6);
  return edition;
}

Edition QuietEdition(Language language) {
  Edition edition = Head(language);
  edition.tier = Tier::kGreen;
  edition.label = Tlp::kGreen;
  edition.audience = {"community:shield-antwerpen"};
  Judgement quiet;
  quiet.kind = Judgement::Kind::kQuiet;
  edition.judgements = {quiet};
  for (int back = kTrendWeeks - 1; back >= 0; --back) {
    edition.trend.push_back({edition.week.Plus(-back), 0});
  }
  return edition;
}

Edition LongEdition(Language language, int lines) {
  Edition edition = SampleEdition(language);
  for (int i = 0; i < lines; ++i) {
    const int number = 11 + i;
    EditionLine line = Line(number, Tlp::kGreen, absl::StrCat("Melding ", number, " uit de wijk"),
                            "notice", -100, 200);
    (i % 2 == 0 ? edition.also : edition.open).push_back(std::move(line));
    edition.provenance.push_back({number, Id(number), TextDigest(number)});
  }
  return edition;
}

}  // namespace shield

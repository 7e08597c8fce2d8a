#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/digest/words.h"
#include "policy/labels.h"

namespace shield {
namespace {

// A word of a bulletin's document, and what a briefing says for it.
struct Translation {
  absl::string_view code;
  absl::string_view english;
  absl::string_view dutch;
  absl::string_view french;
};

constexpr std::array<Translation, 6> kRoles = {{
    {"front_desk", "Front desk", "Onthaal", "Accueil"},
    {"guards", "Guards", "Bewaking", "Gardiennage"},
    {"security_manager", "Security manager", "Veiligheidsverantwoordelijke",
     "Responsable de la sécurité"},
    {"it", "IT", "IT", "Informatique"},
    {"management", "Management", "Directie", "Direction"},
    {"all", "Everyone", "Iedereen", "Tous"},
}};

// Every kind of docs/spec/tlp.md.
constexpr std::array<Translation, 20> kKinds = {{
    {"data_request", "data request", "vraag om gegevens", "demande de données"},
    {"event_plan", "event plan", "evenementenplan", "plan d’événement"},
    {"feedback", "feedback", "terugkoppeling", "retour d’information"},
    {"flash_alert", "flash alert", "spoedmelding", "alerte urgente"},
    {"geo_restriction", "area restriction", "gebiedsbeperking", "restriction de zone"},
    {"guidance", "guidance", "richtlijn", "recommandations"},
    {"hash_list", "hash list", "lijst van hashes", "liste d’empreintes"},
    {"indicator_checklist", "indicator checklist", "lijst van indicatoren", "liste d’indicateurs"},
    {"measure_activation", "measure activated", "activering van een maatregel",
     "activation d’une mesure"},
    {"meeting", "meeting", "vergadering", "réunion"},
    {"message", "message", "boodschap", "message"},
    {"notice", "notice", "kennisgeving", "avis"},
    {"rfi_response", "answer to a request", "antwoord op een vraag", "réponse à une demande"},
    {"rsvp", "answer to an invitation", "antwoord op een uitnodiging", "réponse à une invitation"},
    {"survey", "survey", "bevraging", "enquête"},
    {"suspicious_activity", "suspicious activity", "verdachte gedraging", "comportement suspect"},
    {"threat_level", "threat level", "dreigingsniveau", "niveau de la menace"},
    {"training", "training", "opleiding", "formation"},
    {"weekly_briefing", "weekly briefing", "weekbriefing", "briefing hebdomadaire"},
    {"withdraw", "withdrawal", "intrekking", "retrait"},
}};

// ICD 203.
constexpr std::array<Translation, 7> kLikelihoods = {{
    {"almost no chance", "almost no chance", "vrijwel uitgesloten", "quasi exclu"},
    {"very unlikely", "very unlikely", "zeer onwaarschijnlijk", "très improbable"},
    {"unlikely", "unlikely", "onwaarschijnlijk", "improbable"},
    {"roughly even chance", "roughly even chance", "ongeveer even waarschijnlijk als niet",
     "chances à peu près égales"},
    {"likely", "likely", "waarschijnlijk", "probable"},
    {"very likely", "very likely", "zeer waarschijnlijk", "très probable"},
    {"almost certain", "almost certain", "vrijwel zeker", "quasi certain"},
}};

constexpr std::array<Translation, 3> kConfidences = {{
    {"low", "low", "laag", "faible"},
    {"moderate", "moderate", "matig", "moyenne"},
    {"high", "high", "hoog", "élevée"},
}};

// The Admiralty system: of a source, and of what it says.
constexpr std::array<Translation, 6> kReliabilities = {{
    {"A", "reliable source", "betrouwbare bron", "source fiable"},
    {"B", "usually reliable source", "doorgaans betrouwbare bron", "source habituellement fiable"},
    {"C", "fairly reliable source", "vrij betrouwbare bron", "source assez fiable"},
    {"D", "source not usually reliable", "doorgaans niet betrouwbare bron",
     "source habituellement peu fiable"},
    {"E", "unreliable source", "onbetrouwbare bron", "source non fiable"},
    {"F", "reliability of the source unknown", "betrouwbaarheid van de bron onbekend",
     "fiabilité de la source inconnue"},
}};
constexpr std::array<Translation, 6> kCredibilities = {{
    {"1", "confirmed by others", "bevestigd door andere", "confirmé par d’autres"},
    {"2", "probably true", "waarschijnlijk waar", "probablement vrai"},
    {"3", "possibly true", "mogelijk waar", "peut-être vrai"},
    {"4", "doubtful", "twijfelachtig", "douteux"},
    {"5", "improbable", "onwaarschijnlijk", "improbable"},
    {"6", "truth unknown", "juistheid onbekend", "véracité inconnue"},
}};

constexpr std::array<Translation, 4> kSeverities = {{
    {"minor", "minor", "gering", "mineure"},
    {"moderate", "moderate", "matig", "modérée"},
    {"severe", "severe", "ernstig", "grave"},
    {"extreme", "extreme", "extreem", "extrême"},
}};

// TLP 2.0 (FIRST, August 2022), section 3.
constexpr std::array<Translation, 5> kLabels = {{
    {"TLP:RED", "TLP:RED: for the persons named alone. Do not pass it on to anybody.",
     "TLP:RED: alleen voor de personen op naam. Geef het aan niemand door.",
     "TLP:RED\u00a0: pour les seules personnes nommées. Ne le transmettez à personne."},
    {"TLP:AMBER+STRICT",
     "TLP:AMBER+STRICT: only within your own organisation, for those who need to know it.",
     "TLP:AMBER+STRICT: enkel binnen uw eigen organisatie, voor wie het moet weten.",
     "TLP:AMBER+STRICT\u00a0: uniquement au sein de votre propre organisation, pour ceux qui "
     "doivent le savoir."},
    {"TLP:AMBER",
     "TLP:AMBER: within your own organisation and with its clients, for those who need to know it.",
     "TLP:AMBER: binnen uw eigen organisatie en met haar klanten, voor wie het moet weten.",
     "TLP:AMBER\u00a0: au sein de votre propre organisation et avec ses clients, pour ceux qui "
     "doivent le savoir."},
    {"TLP:GREEN",
     "TLP:GREEN: within the community. Not through channels that are open to the public.",
     "TLP:GREEN: binnen de gemeenschap. Niet via kanalen die voor iedereen openstaan.",
     "TLP:GREEN\u00a0: au sein de la communauté. Pas par des canaux accessibles au public."},
    {"TLP:CLEAR", "TLP:CLEAR: may be passed on without restriction.",
     "TLP:CLEAR: mag zonder beperking worden verspreid.",
     "TLP:CLEAR\u00a0: peut être diffusé sans restriction."},
}};

absl::string_view Translate(absl::Span<const Translation> table, Language language,
                            absl::string_view code, absl::string_view otherwise) {
  for (const Translation& entry : table) {
    if (entry.code != code) continue;
    switch (language) {
      case Language::kEnglish:
        return entry.english;
      case Language::kDutch:
        return entry.dutch;
      case Language::kFrench:
        return entry.french;
    }
  }
  return otherwise;
}

absl::string_view CodeOf(Severity severity) {
  switch (severity) {
    case Severity::kUnspecified:
      break;
    case Severity::kMinor:
      return "minor";
    case Severity::kModerate:
      return "moderate";
    case Severity::kSevere:
      return "severe";
    case Severity::kExtreme:
      return "extreme";
  }
  return "";
}

}  // namespace

absl::string_view SaySeverity(Language language, Severity severity) {
  return Translate(kSeverities, language, CodeOf(severity), "");
}

absl::string_view SeverityMark(Severity severity) {
  switch (severity) {
    case Severity::kExtreme:
      return "◆";
    case Severity::kSevere:
      return "▲";
    case Severity::kModerate:
      return "■";
    case Severity::kMinor:
      return "●";
    case Severity::kUnspecified:
      break;
  }
  return "○";
}

absl::string_view SayRole(Language language, absl::string_view who) {
  return Translate(kRoles, language, who, who);
}

absl::string_view SayKind(Language language, absl::string_view kind) {
  return Translate(kKinds, language, kind, kind);
}

absl::string_view SayLikelihood(Language language, absl::string_view word) {
  return Translate(kLikelihoods, language, word, word);
}

absl::string_view SayConfidence(Language language, absl::string_view word) {
  return Translate(kConfidences, language, word, word);
}

std::string SayGrading(Language language, absl::string_view grading) {
  const absl::string_view source = Translate(kReliabilities, language, grading.substr(0, 1), "");
  const absl::string_view information =
      grading.size() == 2 ? Translate(kCredibilities, language, grading.substr(1), "") : "";
  if (source.empty() || information.empty()) return std::string(grading);
  return absl::StrCat(grading, " (", source, ", ", information, ")");
}

absl::string_view SayLabel(Language language, Tlp label) {
  return Translate(kLabels, language, TlpWithPrefix(label), "");
}

}  // namespace shield

#include "client/digest/words.h"

#include <array>

namespace shield {
namespace {

struct Entry {
  Word word;
  absl::string_view english;
  absl::string_view dutch;
  absl::string_view french;
};

// In the order of Word. Before : ; ? and ! French has a space that does not break.
constexpr std::array<Entry, static_cast<size_t>(Word::kCount_)> kEntries = {{
    {Word::kBriefing, "Weekly briefing", "Weekbriefing", "Briefing hebdomadaire"},
    {Word::kIssue, "Issue", "Nummer", "Numéro"},
    {Word::kRevision, "Revision {0}: corrects the one before",
     "Herziening {0}: verbetert de vorige", "Révision {0}\u00a0: corrige la précédente"},
    {Word::kWeek, "Week {0}", "Week {0}", "Semaine {0}"},
    {Word::kPeriod, "Period", "Periode", "Période"},
    {Word::kAudience, "For", "Voor", "Pour"},
    {Word::kAuthor, "From", "Van", "De"},
    {Word::kAsOf, "As of", "Stand op", "Situation au"},
    {Word::kValidUntil, "Valid until", "Geldig tot", "Valable jusqu’au"},
    {Word::kLabelMeans, "What the label allows", "Wat het label toelaat", "Ce que permet le label"},
    {Word::kForeword, "Editor’s note", "Nota van de redactie", "Note de la rédaction"},
    {Word::kJudgements, "Key judgements", "Kernbevindingen", "Appréciations clés"},
    {Word::kWhatToDo, "What to do this week", "Wat u deze week doet", "À faire cette semaine"},
    {Word::kNewAndChanged, "New and changed", "Nieuw en gewijzigd", "Nouveau et modifié"},
    {Word::kAlso, "Also published", "Ook verschenen", "Également publié"},
    {Word::kStillOpen, "Still open", "Nog van kracht", "Toujours en vigueur"},
    {Word::kExpiring, "Ends before the next edition", "Loopt af vóór de volgende editie",
     "Prend fin avant la prochaine édition"},
    {Word::kWithdrawn, "Withdrawn: do not act on it any more",
     "Ingetrokken: handel er niet meer naar", "Retiré\u00a0: n’en tenez plus compte"},
    {Word::kCorrected, "Corrected: replaced by a newer version",
     "Verbeterd: vervangen door een nieuwere versie",
     "Corrigé\u00a0: remplacé par une version plus récente"},
    {Word::kPlaces, "Places", "Plaatsen", "Lieux"},
    {Word::kTrend, "Bulletins a week", "Berichten per week", "Bulletins par semaine"},
    {Word::kLookAhead, "Look ahead", "Agenda", "À venir"},
    {Word::kIndicators, "Indicators (defanged)", "Indicatoren (onschadelijk gemaakt)",
     "Indicateurs (neutralisés)"},
    {Word::kRed, "For you by name", "Voor u op naam", "À votre nom"},
    {Word::kRedHint,
     "TLP:RED, {0}: read it with `shield inbox show {1}`; nothing of it stands here",
     "TLP:RED, {0}: lees het met `shield inbox show {1}`; hier staat er niets van",
     "TLP:RED, {0}\u00a0: lisez-le avec `shield inbox show {1}`\u00a0; rien n’en figure ici"},
    {Word::kUnacknowledged, "Waiting for your acknowledgement", "Wacht op uw bevestiging",
     "En attente de votre accusé de réception"},
    {Word::kReport, "Seen something? How to report", "Iets gezien? Zo meldt u het",
     "Vous avez vu quelque chose\u00a0? Comment le signaler"},
    {Word::kReportHow,
     "Is someone in danger, call 112 (101 for the police). Report anything else that strikes you "
     "with `shield bulletin publish`, kind `suspicious_activity`: what, where, when, and how you "
     "can be reached.",
     "Is er iemand in gevaar, bel 112 (101 voor de politie). Wat u verder opvalt, meldt u met "
     "`shield bulletin publish`, soort `suspicious_activity`: wat, waar, wanneer, en hoe u te "
     "bereiken bent.",
     "Si quelqu’un est en danger, appelez le 112 (101 pour la police). Signalez tout autre fait "
     "qui vous frappe avec `shield bulletin publish`, type `suspicious_activity`\u00a0: quoi, où, "
     "quand, et comment vous joindre."},
    {Word::kProvenance, "Where this comes from", "Waar dit vandaan komt", "D’où cela vient"},
    {Word::kProvenanceHow,
     "Each bulletin can be checked: export it, then `shield verify`. Made by {0} with version {1} "
     "of the directory.",
     "Elk bericht kan worden nagegaan: exporteer het, dan `shield verify`. Gemaakt door {0} met "
     "versie {1} van de ledenlijst.",
     "Chaque bulletin est vérifiable\u00a0: exportez-le, puis `shield verify`. Établi par {0} avec "
     "la version {1} de l’annuaire."},
    {Word::kQuiet, "A quiet week: nothing new was published for you.",
     "Een rustige week: voor u verscheen er niets nieuws.",
     "Une semaine calme\u00a0: rien de nouveau n’a été publié pour vous."},
    {Word::kNothing, "None.", "Geen.", "Néant."},
    {Word::kNew, "new", "nieuw", "nouveauté"},
    {Word::kChanged, "changed", "gewijzigd", "mise à jour"},
    {Word::kRevisionShort, "version {0}", "versie {0}", "version {0}"},
    {Word::kWhyItMatters, "Why it matters", "Waarom dit telt", "Pourquoi c’est important"},
    {Word::kDoThis, "Do this", "Doe dit", "À faire"},
    {Word::kWhere, "Where", "Waar", "Où"},
    {Word::kFrom, "Source", "Bron", "Source"},
    {Word::kGrading, "Source grading", "Bronbeoordeling", "Cotation de la source"},
    {Word::kFact, "fact", "feit", "fait"},
    {Word::kAssessment, "assessment", "inschatting", "appréciation"},
    {Word::kMixed, "fact and assessment", "feit en inschatting", "fait et appréciation"},
    {Word::kLikelihood, "Likelihood", "Waarschijnlijkheid", "Probabilité"},
    {Word::kConfidence, "Confidence", "Vertrouwen", "Confiance"},
    {Word::kHolds, "In force", "Van kracht", "En vigueur"},
    {Word::kEnds, "Ends", "Loopt af", "Prend fin"},
    {Word::kPublished, "Published", "Verschenen", "Publié"},
    {Word::kContact, "Contact", "Contact", "Contact"},
    {Word::kRestrictions, "Restrictions", "Beperkingen", "Restrictions"},
    {Word::kMore, "More", "Meer", "Plus"},
    {Word::kMoreIn, "The rest is in the bulletin: `shield inbox show {0}`",
     "De rest staat in het bericht: `shield inbox show {0}`",
     "La suite est dans le bulletin\u00a0: `shield inbox show {0}`"},
    {Word::kLeftOut, "and {0} more", "en nog {0}", "et {0} de plus"},
    {Word::kExercise, "EXERCISE", "OEFENING", "EXERCICE"},
    {Word::kTest, "TEST", "TEST", "TEST"},
    {Word::kReplacedBy, "replaced by {0}", "vervangen door {0}", "remplacé par {0}"},
    {Word::kWithdrawnOn, "withdrawn on {0}", "ingetrokken op {0}", "retiré le {0}"},
    {Word::kExpiresOn, "ends on {0}", "loopt af op {0}", "prend fin le {0}"},
    {Word::kAcknowledgeBy, "acknowledge by {0}", "bevestigen vóór {0}", "à confirmer avant le {0}"},
    {Word::kTrendMore,
     "More was published than usual: {0} this week, against a mean of {1} in the four weeks "
     "before.",
     "Er verscheen meer dan gewoonlijk: {0} deze week, tegenover gemiddeld {1} in de vier weken "
     "ervoor.",
     "Il a été publié plus que d’habitude\u00a0: {0} cette semaine, contre {1} en moyenne les "
     "quatre semaines précédentes."},
    {Word::kTrendFewer,
     "Less was published than usual: {0} this week, against a mean of {1} in the four weeks "
     "before.",
     "Er verscheen minder dan gewoonlijk: {0} deze week, tegenover gemiddeld {1} in de vier weken "
     "ervoor.",
     "Il a été publié moins que d’habitude\u00a0: {0} cette semaine, contre {1} en moyenne les "
     "quatre semaines précédentes."},
    {Word::kTrendSame,
     "As much was published as usual: {0} this week, with a mean of {1} in the four weeks before.",
     "Er verscheen evenveel als gewoonlijk: {0} deze week, met gemiddeld {1} in de vier weken "
     "ervoor.",
     "Il a été publié autant que d’habitude\u00a0: {0} cette semaine, avec {1} en moyenne les "
     "quatre semaines précédentes."},
    {Word::kThreatLevel, "Threat level {0}: {1} (before: {2})",
     "Dreigingsniveau {0}: {1} (voordien: {2})",
     "Niveau de la menace {0}\u00a0: {1} (auparavant\u00a0: {2})"},
    {Word::kThreatLevelSame, "Threat level {0}: {1}, unchanged",
     "Dreigingsniveau {0}: {1}, ongewijzigd", "Niveau de la menace {0}\u00a0: {1}, inchangé"},
    {Word::kWeekColumn, "Week", "Week", "Semaine"},
    {Word::kCountColumn, "Bulletins", "Berichten", "Bulletins"},
    {Word::kMeanRow, "Mean of the four weeks before", "Gemiddelde van de vier weken ervoor",
     "Moyenne des quatre semaines précédentes"},
    {Word::kPlaceColumn, "Place", "Plaats", "Lieu"},
    {Word::kItemsColumn, "See", "Zie", "Voir"},
    {Word::kSeverityColumn, "Severity", "Ernst", "Gravité"},
    {Word::kWhenColumn, "When", "Wanneer", "Quand"},
    {Word::kWhatColumn, "What", "Wat", "Quoi"},
    {Word::kWhereColumn, "Where", "Waar", "Où"},
    {Word::kPatternColumn, "Pattern", "Patroon", "Motif"},
    {Word::kUntilColumn, "Until", "Tot", "Jusqu’au"},
    {Word::kRegisterUntil, "register until {0}", "inschrijven tot {0}", "inscription jusqu’au {0}"},
    {Word::kIdColumn, "Bulletin", "Bericht", "Bulletin"},
    {Word::kDigestColumn, "SHA-256 of its statement without the signatures",
     "SHA-256 van de verklaring zonder de handtekeningen",
     "SHA-256 de la déclaration sans les signatures"},
    {Word::kMapTitle, "Places of this week’s bulletins", "Plaatsen in de berichten van deze week",
     "Lieux des bulletins de cette semaine"},
    {Word::kMapDescription, "Places drawn: {0}. The table below has the same data.",
     "Getekende plaatsen: {0}. De tabel hieronder heeft dezelfde gegevens.",
     "Lieux représentés\u00a0: {0}. Le tableau ci-dessous contient les mêmes données."},
    {Word::kTrendDescription,
     "Bulletins in each of five weeks, the last one this week. The table below has the same data.",
     "Berichten in elk van vijf weken, de laatste is deze week. De tabel hieronder heeft dezelfde "
     "gegevens.",
     "Bulletins de chacune des cinq semaines, la dernière étant celle-ci. Le tableau ci-dessous "
     "contient les mêmes données."},
    {Word::kPage, "Page {0} of {1}", "Bladzijde {0} van {1}", "Page {0} sur {1}"},
    {Word::kStub, "A briefing with {0} bulletins waits in your Shield inbox.",
     "Een briefing met {0} berichten wacht in uw Shield-inbox.",
     "Un briefing de {0} bulletins vous attend dans votre boîte Shield."},
    {Word::kStubHow,
     "The briefing itself may not be sent by e-mail. Read it where your keys are: "
     "`shield inbox ls`.",
     "De briefing zelf mag niet per e-mail worden verstuurd. Lees ze waar uw sleutels zijn: "
     "`shield inbox ls`.",
     "Le briefing lui-même ne peut pas être envoyé par courriel. Lisez-le là où sont vos "
     "clés\u00a0: `shield inbox ls`."},
    {Word::kColon, ": ", ": ", "\u00a0: "},
    {Word::kSharedBy, "passed on by {0}", "doorgegeven door {0}", "transmis par {0}"},
    {Word::kThreatLevelFirst, "Threat level {0}: {1} (level before unknown)",
     "Dreigingsniveau {0}: {1} (vorig niveau onbekend)",
     "Niveau de la menace {0}\u00a0: {1} (niveau précédent inconnu)"},
    {Word::kPicture, "picture: {0}", "afbeelding: {0}", "image\u00a0: {0}"},
    {Word::kExpired, "Ended in the meantime, by their number in the list at the end:",
     "Intussen afgelopen, met hun nummer in de lijst onderaan:",
     "Arrivés à leur terme entre-temps, par leur numéro dans la liste finale\u00a0:"},
    {Word::kMoreLines, "and {0} more: `shield inbox ls`", "en nog {0}: `shield inbox ls`",
     "et {0} de plus\u00a0: `shield inbox ls`"},
    {Word::kForCommunity, "everyone in the community {0}", "iedereen in de gemeenschap {0}",
     "toute la communauté {0}"},
    {Word::kForVetting, "vetting level {0} and above", "screeningsniveau {0} en hoger",
     "niveau d’habilitation {0} et plus"},
    {Word::kForPublic, "the public", "iedereen", "le public"},
    {Word::kOffMap, "Not on the map, but in the table: {0}",
     "Niet op de kaart, wel in de tabel: {0}", "Hors de la carte, mais dans le tableau\u00a0: {0}"},
    {Word::kStubOne, "A briefing with {0} bulletin waits in your Shield inbox.",
     "Een briefing met {0} bericht wacht in uw Shield-inbox.",
     "Un briefing de {0} bulletin vous attend dans votre boîte Shield."},
    {Word::kStubOwn, "Bulletins of your week in your Shield inbox: {0}.",
     "Berichten van uw week in uw Shield-inbox: {0}.",
     "Bulletins de votre semaine dans votre boîte Shield\u00a0: {0}."},
    {Word::kTimesAre, "all times are those of Brussels", "alle tijden zijn die van Brussel",
     "toutes les heures sont celles de Bruxelles"},
    {Word::kOrganisedBy, "organised by {0}", "georganiseerd door {0}", "organisé par {0}"},
    {Word::kRegistrationOver, "registration ended on {0}", "inschrijving afgesloten op {0}",
     "inscription close depuis le {0}"},
    {Word::kAcknowledgeOver, "was to be acknowledged by {0}", "was te bevestigen vóór {0}",
     "était à confirmer avant le {0}"},
    {Word::kNoSeverity, "not given", "niet opgegeven", "non précisée"},
    {Word::kIndicatorsWhole,
     "Defanged for reading, and long ones are cut: `shield inbox show ID --json` of the bulletin "
     "has each of them whole.",
     "Onschadelijk gemaakt om te lezen, en lange zijn ingekort: `shield inbox show ID --json` van "
     "het bericht geeft ze volledig.",
     "Neutralisés pour la lecture, et les longs sont abrégés\u00a0: `shield inbox show ID --json` "
     "du bulletin les donne en entier."},
}};

constexpr bool InOrder() {
  for (size_t i = 0; i < kEntries.size(); ++i) {
    if (static_cast<size_t>(kEntries[i].word) != i) return false;
  }
  return true;
}
static_assert(InOrder(), "each word has its entry, in the order of Word");

}  // namespace

absl::string_view Say(Language language, Word word) {
  const auto index = static_cast<size_t>(word);
  if (index >= kEntries.size()) return "";
  const Entry& entry = kEntries[index];
  switch (language) {
    case Language::kEnglish:
      return entry.english;
    case Language::kDutch:
      return entry.dutch;
    case Language::kFrench:
      return entry.french;
  }
  return entry.english;
}

std::string Fill(absl::string_view text, absl::Span<const std::string> arguments) {
  std::string filled;
  filled.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const bool place = text[i] == '{' && i + 2 < text.size() && text[i + 2] == '}' &&
                       text[i + 1] >= '0' && text[i + 1] <= '9';
    const size_t index = place ? static_cast<size_t>(text[i + 1] - '0') : arguments.size();
    if (index < arguments.size()) {
      filled += arguments[index];
      i += 2;
    } else {
      filled += text[i];
    }
  }
  return filled;
}

std::string SayFilled(Language language, Word word, absl::Span<const std::string> arguments) {
  return Fill(Say(language, word), arguments);
}

}  // namespace shield

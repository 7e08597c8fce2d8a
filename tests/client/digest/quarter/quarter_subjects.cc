// QuarterSubjects: what the bulletins of a quarter are about. Invented.
#include <iterator>

#include "tests/client/digest/quarter/quarter_texts.h"

namespace shield::testing {
namespace {

std::vector<Subject> StreetCrime() {
  return {
      {.kind = "flash_alert",
       .gravest = 2,
       .is_assessed = true,
       .days = 7,
       .sector = "retail",
       .weight = 5,
       .english = {"Pickpocket team working around {place}",
                   "{count} visitors lost a wallet or telephone at {place} since Friday; the team "
                   "works in threes and hands the loot on at once.",
                   "One asks the way with a **paper map**, the second stands too close, the third "
                   "waits outside.\n\nSeen most between {hour} and closing time. They leave by "
                   "{street}.\n\n- Two men and a woman, twenty to thirty years old\n- No bags of "
                   "their own, coats over the arm\n"},
       .dutch = {"Zakkenrollers actief rond {place}",
                 "Sinds vrijdag raakten {count} bezoekers aan {place} hun portefeuille of telefoon "
                 "kwijt; de daders werken met drie en geven de buit meteen door.",
                 "De eerste vraagt de weg met een **papieren plan**, de tweede staat te dicht, de "
                 "derde wacht buiten.\n\nVooral gezien tussen {hour} en sluitingstijd. Ze "
                 "verdwijnen via de {street}.\n\n- Twee mannen en een vrouw, twintig tot dertig "
                 "jaar\n- Geen eigen tassen, een jas over de arm\n"},
       .french = {"Pickpockets actifs aux abords de {place}",
                  "Depuis vendredi, {count} visiteurs ont perdu portefeuille ou téléphone à "
                  "{place} ; les auteurs opèrent à trois et se passent aussitôt le butin.",
                  "Le premier demande son chemin avec un **plan en papier**, le deuxième se tient "
                  "trop près, le troisième attend dehors.\n\nSurtout entre {hour} et la "
                  "fermeture.\n"},
       .deeds = {{"front_desk", "Warn guests who ask the way to {place}.",
                  "Waarschuw gasten die de weg naar {place} vragen.",
                  "Prévenez les clients qui demandent le chemin de {place}."},
                 {"guards", "Note time and direction, do not follow; call the dispatch.",
                  "Noteer tijdstip en richting, volg niet; bel de meldkamer.",
                  "Notez l’heure et la direction, ne suivez pas ; appelez la centrale."}}},
      {.kind = "flash_alert",
       .gravest = 3,
       .is_assessed = true,
       .days = 10,
       .sector = "hotels-restaurants",
       .weight = 3,
       .english =
           {"False police officers in hotels near {place}",
            "Two men with a forged warrant card ask guests to hand over cash “for control”; "
            "{count} cases this week.",
            "They speak to guests in the lobby, never at the desk, and hurry them to a room. "
            "A real officer **always** lets you call 101 first.\n\nLast seen in the {street} "
            "at {hour}.\n"},
       .dutch =
           {"Valse politieagenten in hotels bij {place}",
            "Twee mannen met een vervalste legitimatiekaart vragen gasten om contant geld “ter "
            "controle”; {count} feiten deze week.",
            "Ze spreken gasten in de lobby aan, nooit aan de balie, en loodsen hen naar de "
            "kamer. Een echte agent laat u **altijd** eerst 101 bellen.\n\nLaatst gezien in de "
            "{street} om {hour}.\n"},
       .french = {"Faux policiers dans des hôtels près de {place}",
                  "Deux hommes munis d’une fausse carte demandent aux clients leur argent liquide "
                  "« pour contrôle » ; {count} faits cette semaine.",
                  "Ils abordent les clients dans le hall, jamais à la réception. Un vrai policier "
                  "vous laisse **toujours** appeler le 101 d’abord.\n"},
       .deeds = {{"front_desk", "Ask any officer for the card and check it with 101.",
                  "Vraag elke agent naar de kaart en ga ze na via 101.",
                  "Demandez sa carte à tout policier et vérifiez-la au 101."},
                 {"management", "Put the notice in the lift and in the rooms.",
                  "Hang het bericht in de lift en in de kamers.",
                  "Affichez l’avis dans l’ascenseur et dans les chambres."}}},
      {.kind = "flash_alert",
       .gravest = 3,
       .days = 5,
       .sector = "night-time-economy",
       .weight = 3,
       .english = {"Drinks spiked in bars around {place}",
                   "{count} young people were taken ill at {place} within one night; the hospital "
                   "found GHB in two samples.",
                   "All had left a glass alone for some minutes. Keep the glass: the police can "
                   "have it tested **until twelve hours** later.\n"},
       .dutch = {"Drankjes vergiftigd in cafés rond {place}",
                 "{count} jongeren werden in één nacht onwel aan {place}; het ziekenhuis vond GHB "
                 "in twee stalen.",
                 "Allen hadden hun glas enkele minuten alleen gelaten. Bewaar het glas: de politie "
                 "kan het **tot twaalf uur** later laten onderzoeken.\n"},
       .french = {},
       .deeds = {{"guards", "Keep the glass, call 112 when someone is taken ill.",
                  "Bewaar het glas, bel 112 als iemand onwel wordt.", ""},
                 {"front_desk", "Offer lids for glasses.", "Bied dekseltjes voor glazen aan.",
                  ""}}},
      {.kind = "notice",
       .gravest = 2,
       .days = 21,
       .sector = "retail",
       .weight = 3,
       .english = {"Forged 50 euro notes in circulation near {place}",
                   "{count} shops took forged 50 euro notes; the hologram does not change when the "
                   "note is tilted.",
                   "The serial numbers begin with the same four characters. Do not give the note "
                   "back; note the time and keep the images of the till at {street}.\n"},
       .dutch = {"Valse biljetten van 50 euro in omloop bij {place}",
                 "{count} winkels namen valse biljetten van 50 euro aan; het hologram verandert "
                 "niet als u het biljet kantelt.",
                 "De serienummers beginnen met dezelfde vier tekens. Geef het biljet niet terug; "
                 "noteer het uur en bewaar de beelden van de kassa in de {street}.\n"},
       .french = {"Faux billets de 50 euros en circulation près de {place}",
                  "{count} commerces ont accepté de faux billets de 50 euros ; l’hologramme ne "
                  "change pas quand on incline le billet.",
                  "Les numéros de série commencent par les mêmes caractères. Ne rendez pas le "
                  "billet.\n"},
       .deeds = {{"front_desk", "Tilt each 50 euro note; keep a forged one apart.",
                  "Kantel elk biljet van 50 euro; leg een vals apart.",
                  "Inclinez chaque billet de 50 euros ; mettez un faux de côté."}}},
      {.kind = "notice",
       .gravest = 1,
       .days = 14,
       .weight = 3,
       .english =
           {"Bicycles and scooters stolen near {place}",
            "More electric scooters than usual disappear at {place}, most between {hour} and "
            "midnight.",
            "A white van without lettering was seen twice in the {street}.\n"},
       .dutch = {"Diefstal van fietsen en steps bij {place}",
                 "Aan {place} verdwijnen meer elektrische steps dan gewoonlijk, meestal tussen "
                 "{hour} en middernacht.",
                 "Een witte bestelwagen zonder opschrift werd tweemaal gezien in de {street}.\n"},
       .french = {},
       .deeds = {}},
      {.kind = "flash_alert",
       .gravest = 4,
       .is_assessed = true,
       .days = 6,
       .weight = 2,
       .english =
           {"Explosive charge at a facade in {street}",
            "A home-made charge damaged a facade near {place} in the night; nobody was hurt. "
            "More attempts in the same quarter are to be reckoned with.",
            "The charge was placed by two persons on a scooter at {hour}. Do **not** touch "
            "an object at a door or letter box. Keep fifty metres away and call 112.\n\nThe "
            "road stays closed for traffic until the search is over.\n"},
       .dutch = {"Explosief aan een gevel in de {street}",
                 "Een zelfgemaakt explosief beschadigde ’s nachts een gevel bij {place}; niemand "
                 "raakte gewond. Met nieuwe pogingen in dezelfde wijk moet rekening worden "
                 "gehouden.",
                 "Het explosief werd om {hour} geplaatst door twee personen op een scooter. Raak "
                 "een voorwerp aan een deur of brievenbus **niet** aan. Blijf vijftig meter weg en "
                 "bel 112.\n\nDe straat blijft afgesloten tot het onderzoek voorbij is.\n"},
       .french =
           {"Engin explosif contre une façade, {street}",
            "Un engin artisanal a endommagé une façade près de {place} pendant la nuit ; "
            "personne n’a été blessé. D’autres tentatives sont à craindre.",
            "L’engin a été posé vers {hour} par deux personnes en scooter. Ne touchez **pas** "
            "un objet suspect ; éloignez-vous de cinquante mètres et appelez le 112.\n"},
       .deeds = {{"guards", "Look along facade and letter boxes before you open.",
                  "Kijk gevel en brievenbussen na vóór u opent.",
                  "Inspectez façade et boîtes aux lettres avant l’ouverture."},
                 {"security_manager", "Check that the cameras over the entrance record at night.",
                  "Ga na of de camera’s boven de ingang ’s nachts opnemen.",
                  "Vérifiez que les caméras de l’entrée enregistrent la nuit."}}},
  };
}

std::vector<Subject> TerrorAndOrder() {
  return {
      {.kind = "notice",
       .gravest = 3,
       .is_assessed = true,
       .days = 28,
       .weight = 4,
       .english = {"Persons photograph entrances and cameras at {place}",
                   "On {count} days the same two persons took pictures of service doors, cameras "
                   "and the shift of the guards at {place}.",
                   "They say that they are students of architecture. One takes notes; the other "
                   "times the round of the guards.\n\n> A friendly question (“can I help you?”) "
                   "ended each visit at once.\n\nSeen at {hour}, leaving towards the {street}.\n"},
       .dutch = {"Personen fotograferen ingangen en camera’s aan {place}",
                 "Op {count} dagen fotografeerden dezelfde twee personen dienstingangen, camera’s "
                 "en de aflossing van de bewaking aan {place}.",
                 "Ze zeggen dat ze architectuur studeren. De ene noteert, de andere klokt de ronde "
                 "van de bewakers.\n\n> Een vriendelijke vraag (“kan ik u helpen?”) maakte telkens "
                 "meteen een einde aan het bezoek.\n\nGezien om {hour}, vertrokken richting "
                 "{street}.\n"},
       .french = {},
       .deeds = {{"guards", "Speak to whoever photographs doors and cameras; write down the time.",
                  "Spreek aan wie deuren en camera’s fotografeert; noteer het tijdstip.", ""},
                 {"security_manager", "Vary the times of the rounds.",
                  "Wissel de tijdstippen van de rondes af.", ""},
                 {"all", "Report with `suspicious_activity`.", "Meld met `suspicious_activity`.",
                  ""}}},
      {.kind = "threat_level",
       .extra = Extra::kLevel,
       .days = 40,
       .weight = 1,
       .english = {"Threat level for {place}",
                   "The level for crowded places was reviewed; measures follow from it for who "
                   "receives visitors.",
                   "There is no indication of a concrete preparation. The review rests on events "
                   "abroad.\n"},
       .dutch = {"Dreigingsniveau voor {place}",
                 "Het niveau voor drukke plaatsen werd herzien; wie bezoekers ontvangt, neemt de "
                 "maatregelen die eruit volgen.",
                 "Er is geen aanwijzing van een concrete voorbereiding. De herziening steunt op "
                 "gebeurtenissen in het buitenland.\n"},
       .french = {},
       .deeds = {{"security_manager", "Go through the measures that belong to the level.",
                  "Overloop de maatregelen die bij het niveau horen.", ""}}},
      {.kind = "flash_alert",
       .gravest = 3,
       .days = 4,
       .weight = 2,
       .english =
           {"Wave of bomb threats by e-mail around {place}",
            "{count} organisations received the same threat by e-mail within an hour; all "
            "searches found nothing.",
            "The text is the same, in English, sent through a service that hides the sender. "
            "Keep the mail with its headers. **Do not answer.**\n\nThe decision to evacuate "
            "is yours, after a call to 101.\n"},
       .dutch =
           {"Golf van bommeldingen per e-mail rond {place}",
            "{count} organisaties kregen binnen het uur dezelfde dreiging per e-mail; nergens "
            "werd iets gevonden.",
            "De tekst is telkens dezelfde, in het Engels, verzonden via een dienst die de "
            "afzender verbergt. Bewaar de mail met de headers. **Antwoord niet.**\n\nOntruimen "
            "beslist u zelf, na een oproep naar 101.\n"},
       .french = {"Vague d’alertes à la bombe par courriel autour de {place}",
                  "{count} organisations ont reçu la même menace en moins d’une heure ; les "
                  "fouilles n’ont rien donné.",
                  "Conservez le courriel et ses en-têtes. **Ne répondez pas.**\n"},
       .deeds = {{"front_desk", "Pass a threat on to the security manager; do not answer it.",
                  "Geef een dreiging door aan de veiligheidsverantwoordelijke; antwoord niet.",
                  "Transmettez toute menace au responsable de la sécurité ; n’y répondez pas."},
                 {"it", "Keep the mail with its headers.", "Bewaar de mail met de headers.",
                  "Conservez le courriel et ses en-têtes."}}},
      {.kind = "geo_restriction",
       .extra = Extra::kArea,
       .gravest = 1,
       .days = 3,
       .weight = 2,
       .english = {"{street} closed for traffic and drones",
                   "Search and clearing between {place} and {street}; deliveries go by {other}.",
                   "Residents and hotel guests pass on foot with a proof of address or a key "
                   "card.\n"},
       .dutch = {"{street} afgesloten voor verkeer en drones",
                 "Zoeking en opruiming tussen {place} en {street}; leveringen verlopen via "
                 "{other}.",
                 "Bewoners en hotelgasten kunnen te voet door, met een bewijs van adres of een "
                 "sleutelkaart.\n"},
       .french = {},
       .deeds = {{"front_desk", "Tell guests to carry their key card.",
                  "Vraag gasten hun sleutelkaart bij zich te hebben.", ""}}},
      {.kind = "measure_activation",
       .extra = Extra::kMeasure,
       .gravest = 1,
       .days = 12,
       .weight = 2,
       .english = {"More patrols on foot at {place}",
                   "Until further notice patrols pass {place} every two hours from {hour} on.",
                   "Say it to the patrol when something strikes you. The number of the "
                   "neighbourhood team is on the notice at your entrance.\n"},
       .dutch =
           {"Meer voetpatrouilles aan {place}",
            "Tot nader bericht komt er vanaf {hour} om de twee uur een patrouille langs "
            "{place}.",
            "Zeg het aan de patrouille als u iets opvalt. Het nummer van de wijkploeg staat op "
            "het bericht aan uw ingang.\n"},
       .french = {"Davantage de patrouilles à pied à {place}",
                  "Jusqu’à nouvel ordre, une patrouille passe à {place} toutes les deux heures à "
                  "partir de {hour}.",
                  "Parlez-en à la patrouille si quelque chose vous frappe.\n"},
       .deeds = {}},
      {.kind = "notice",
       .gravest = 1,
       .days = 6,
       .weight = 3,
       .english =
           {"Demonstration from {place} to {other}",
            "Some {count} hundred people are expected; trams are diverted from {hour} on.",
            "The route goes through the {street}. No incidents are expected. The entrance of "
            "shops along the route may be closed for a quarter of an hour.\n"},
       .dutch =
           {"Betoging van {place} naar {other}",
            "Er worden {count} honderd mensen verwacht; vanaf {hour} rijden de trams "
            "om.",
            "De tocht gaat door de {street}. Er worden geen incidenten verwacht. De ingang van "
            "winkels langs de route kan een kwartier dicht zijn.\n"},
       .french =
           {"Manifestation de {place} à {other}",
            "Plusieurs centaines de personnes sont attendues ; les trams sont déviés à partir "
            "de {hour}.",
            "Le cortège passe par la {street}. Aucun incident n’est attendu.\n"},
       .deeds = {{"front_desk", "Warn guests of the diversion.",
                  "Verwittig gasten van de omleiding.",
                  "Avertissez les clients de la déviation."}}},
  };
}

std::vector<Subject> Cyber() {
  return {
      {.kind = "indicator_checklist",
       .extra = Extra::kIndicators,
       .gravest = 3,
       .is_assessed = true,
       .days = 30,
       .sector = "hotels-restaurants",
       .weight = 4,
       .english =
           {"Phishing in the name of a booking platform, guests of {place}",
            "Guests get a message inside the platform that asks them to “verify” their card; "
            "{count} hotels were abused for it.",
            "The attacker has the password of the hotel’s own account, taken by a false "
            "CAPTCHA that asks to press `Win+R`.\n\n1. Change the password of the account\n"
            "2. Turn on the second factor\n3. Look for rules that forward mail\n"},
       .dutch =
           {"Phishing uit naam van een boekingsplatform, gasten aan {place}",
            "Gasten krijgen binnen het platform een bericht om hun kaart te “verifiëren”; "
            "{count} hotels werden ervoor misbruikt.",
            "De aanvaller heeft het wachtwoord van het hotel zelf, buitgemaakt met een valse "
            "CAPTCHA die vraagt om `Win+R` te drukken.\n\n1. Verander het wachtwoord\n2. Zet de "
            "tweede factor aan\n3. Zoek regels die mail doorsturen\n"},
       .french = {},
       .deeds = {{"it", "Look for the indicators in proxy and mail logs of thirty days.",
                  "Zoek de indicatoren in de proxy- en maillogs van dertig dagen.", ""},
                 {"front_desk", "Nobody at the desk presses keys because a page asks for it.",
                  "Niemand aan de balie drukt toetsen omdat een pagina dat vraagt.", ""}}},
      {.kind = "hash_list",
       .extra = Extra::kHashes,
       .gravest = 2,
       .days = 30,
       .weight = 2,
       .english = {"Loader in invoices about {place}",
                   "Attachments named as invoices of a supplier load remote control software.",
                   "The archive holds a shortcut, not a document. Of the files seen so far the "
                   "digests are attached.\n"},
       .dutch = {"Loader in facturen over {place}",
                 "Bijlagen met de naam van een factuur van een leverancier laden software om de "
                 "computer over te nemen.",
                 "Het archief bevat een snelkoppeling, geen document. Van de bestanden die tot nu "
                 "toe gezien zijn, staan de hashes hierbij.\n"},
       .french = {},
       .deeds = {{"it", "Block the digests on endpoints.", "Blokkeer de hashes op de toestellen.",
                  ""}}},
      {.kind = "indicator_checklist",
       .extra = Extra::kIndicators,
       .gravest = 2,
       .is_assessed = true,
       .days = 21,
       .weight = 2,
       .english =
           {"False QR codes on parking meters near {place}",
            "{count} meters carried a sticker over the real code; the page behind it asks "
            "for card and PIN.",
            "The stickers are laid exactly over the printed code. Photograph before you take "
            "one off.\n"},
       .dutch = {"Valse QR-codes op parkeerautomaten bij {place}",
                 "{count} automaten droegen een sticker over de echte code; de pagina erachter "
                 "vraagt kaart en pincode.",
                 "De stickers liggen precies over de gedrukte code. Neem een foto vóór u er een "
                 "verwijdert.\n"},
       .french = {"Faux codes QR sur des horodateurs près de {place}",
                  "{count} appareils portaient un autocollant sur le vrai code ; la page demande "
                  "carte et code secret.",
                  "Photographiez l’autocollant avant de l’enlever.\n"},
       .deeds = {{"guards", "Look at the meters on your round.",
                  "Kijk de automaten na op uw ronde.",
                  "Vérifiez les horodateurs lors de la ronde."},
                 {"it", "Block the domain.", "Blokkeer het domein.", "Bloquez le domaine."}}},
  };
}

std::vector<Subject> TogetherAndAhead() {
  return {
      {.kind = "event_plan",
       .extra = Extra::kEvent,
       .gravest = 1,
       .days = 45,
       .sector = "major-events",
       .weight = 2,
       .english =
           {"Plan for the winter market at {place}",
            "{count} thousand visitors a day are expected; entrances are narrowed at {street} "
            "by barriers against vehicles.",
            "Meeting point in an emergency: {other}. Deliveries before {hour}.\n"},
       .dutch = {"Plan voor de wintermarkt aan {place}",
                 "Per dag worden {count} duizend bezoekers verwacht; aan de {street} komen "
                 "voertuigwerende barrières.",
                 "Verzamelpunt bij nood: {other}. Leveringen vóór {hour}.\n"},
       .french = {},
       .deeds = {{"management", "Make sure that deliveries are over before {hour}.",
                  "Zorg dat leveringen voorbij zijn vóór {hour}.", ""}}},
      {.kind = "training",
       .extra = Extra::kSession,
       .days = 45,
       .weight = 2,
       .english = {"Training: recognise and address suspicious behaviour",
                   "Half a day for staff at doors and desks, free of charge.",
                   "With role play at {place}. Bring a badge of your organisation.\n"},
       .dutch = {"Opleiding: verdacht gedrag herkennen en aanspreken",
                 "Een halve dag voor wie aan deuren en balies werkt, gratis.",
                 "Met rollenspel aan {place}. Breng een badge van uw organisatie mee.\n"},
       .french = {"Formation : reconnaître un comportement suspect",
                  "Une demi-journée pour le personnel d’accueil, gratuite.",
                  "Avec jeux de rôle à {place}.\n"},
       .deeds = {{"security_manager", "Enrol two people of each shift.",
                  "Schrijf van elke ploeg twee mensen in.",
                  "Inscrivez deux personnes de chaque équipe."}}},
      {.kind = "meeting",
       .extra = Extra::kSession,
       .days = 45,
       .weight = 2,
       .english = {"Consultation of the partners around {place}",
                   "What was seen, what helped, what is coming.",
                   "Agenda: the past month, the winter market, questions. Send yours two days "
                   "ahead.\n"},
       .dutch = {"Overleg met de partners rond {place}",
                 "Wat werd gezien, wat hielp, wat komt eraan.",
                 "Agenda: de voorbije maand, de wintermarkt, vragen. Bezorg de uwe twee dagen "
                 "vooraf.\n"},
       .french = {},
       .deeds = {}},
      {.kind = "guidance",
       .days = 60,
       .weight = 2,
       .english =
           {"Bags and cloakrooms at {place}: a short guide",
            "What may be asked of visitors, by whom, and how to say it.",
            "#### At the door\n\nA check is voluntary and superficial; whoever refuses may be "
            "kept out.\n\n#### Afterwards\n\nLost property is not opened by hotel staff.\n"},
       .dutch =
           {"Tassen en vestiaires aan {place}: een korte gids",
            "Wat mag u van bezoekers vragen, wie mag het, en hoe zegt u het.",
            "#### Aan de deur\n\nEen controle is vrijwillig en oppervlakkig; wie weigert, mag u "
            "de toegang ontzeggen.\n\n#### Achteraf\n\nVerloren voorwerpen worden niet door het "
            "personeel geopend.\n"},
       .french = {"Sacs et vestiaires à {place} : petit guide",
                  "Ce qu’on peut demander aux visiteurs, qui le peut, et comment le dire.",
                  "Un contrôle est volontaire et superficiel.\n"},
       .deeds = {}},
      {.kind = "survey",
       .days = 25,
       .weight = 1,
       .english = {"Emergency contacts around {place}: are they still right?",
                   "Five questions, two minutes; so that we reach you at night.",
                   "Answer with a message to the desk.\n"},
       .dutch = {"Noodcontacten rond {place}: kloppen ze nog?",
                 "Vijf vragen, twee minuten; zodat we u ’s nachts bereiken.",
                 "Antwoord met een bericht aan het secretariaat.\n"},
       .french = {},
       .deeds = {{"management", "Check who is called at night.",
                  "Ga na wie ’s nachts gebeld wordt.", ""}}},
  };
}

}  // namespace

const std::vector<Subject>& QuarterSubjects() {
  static const auto* const subjects = [] {
    auto* all = new std::vector<Subject>();
    for (std::vector<Subject> part :
         {StreetCrime(), TerrorAndOrder(), Cyber(), TogetherAndAhead()}) {
      all->insert(all->end(), std::make_move_iterator(part.begin()),
                  std::make_move_iterator(part.end()));
    }
    return all;
  }();
  return *subjects;
}

}  // namespace shield::testing

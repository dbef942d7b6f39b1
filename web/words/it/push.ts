import type { Translation } from "../catalogue";

const push: Translation<"it", "push"> = {
  "told.commented": "{by} ha commentato la tua immagine",
  "told.replied": "{by} ti ha risposto",
  "told.mentioned": "{by} ti ha menzionato",
  "told.reacted": "La tua immagine piace a {by}",
  "told.reacted-more": {
    one: "La tua immagine piace a {by} e a un’altra persona",
    many: "La tua immagine piace a {by} e ad altri {count} di persone",
    other: "La tua immagine piace a {by} e ad altre {count} persone",
  },
  "told.remixed": "{by} ha remixato la tua immagine",
  "told.published": "{by} ha pubblicato un’immagine fatta insieme a te",
  "told.followed": "{by} ti segue",
  "told.finished": "La tua immagine è finita",
  "told.refused": "La tua immagine non è stata dipinta",
  "told.failed": "La tua immagine non è stata terminata",
  "told.something": "Qualcosa di nuovo su livefeed",
};

export default push;

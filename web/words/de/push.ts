import type { Translation } from "../catalogue";

const push: Translation<"de", "push"> = {
  "told.commented": "{by} hat dein Bild kommentiert",
  "told.replied": "{by} hat dir geantwortet",
  "told.mentioned": "{by} hat dich erwähnt",
  "told.reacted": "{by} mag dein Bild",
  "told.reacted-more": {
    one: "{by} und noch eine Person mögen dein Bild",
    other: "{by} und {count} weitere Personen mögen dein Bild",
  },
  "told.remixed": "{by} hat dein Bild geremixt",
  "told.published": "{by} hat ein Bild veröffentlicht, an dem du mitgemalt hast",
  "told.followed": "{by} folgt dir",
  "told.finished": "Dein Bild ist fertig",
  "told.refused": "Dein Bild wurde nicht gemalt",
  "told.failed": "Dein Bild konnte nicht fertig gemalt werden",
  "told.something": "Etwas Neues auf livefeed",
};

export default push;

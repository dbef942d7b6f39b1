import type { Translation } from "../catalogue";

const push: Translation<"fr", "push"> = {
  "told.commented": "{by} a commenté votre image",
  "told.replied": "{by} vous a répondu",
  "told.mentioned": "{by} vous a mentionné",
  "told.reacted": "{by} aime votre image",
  "told.reacted-more": {
    one: "{by} et une autre personne aiment votre image",
    many: "{by} et {count} d’autres personnes aiment votre image",
    other: "{by} et {count} autres personnes aiment votre image",
  },
  "told.remixed": "{by} a remixé votre image",
  "told.published": "{by} a publié une image que vous avez faite ensemble",
  "told.followed": "{by} vous suit",
  "told.finished": "Votre image est terminée",
  "told.refused": "Votre image n’a pas été peinte",
  "told.failed": "Votre image n’a pas pu être terminée",
  "told.something": "Du nouveau sur livefeed",
};

export default push;

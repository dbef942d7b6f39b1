import type { Translation } from "../catalogue";

const head: Translation<"de", "head"> = {
  "head.about": "Sag, was du sehen willst, und sieh mit allen anderen zu, wie es gemalt wird.",
  "head.scripts": "Diese Seite malt live und braucht JavaScript. Bitte schalte es ein.",
  "head.post": "{title}, von {handle}",
  "head.by": "von {handle}",
  "head.post-about": "Ein Bild von {handle}, live gemalt vor aller Augen.",
  "head.person-about": "Bilder von {handle}, live gemalt vor aller Augen.",
  "head.tag-about": "Bilder mit {tag}, und die, die gerade gemalt werden.",
  "head.newest": "Die neuesten Bilder auf livefeed",
  "head.newest-of": "Die neuesten Bilder von {name}",
  "head.room": "Ein Remix-Raum auf livefeed",
  "head.room-about": "Hier wird ein Bild gemeinsam geremixt.",
};

export default head;

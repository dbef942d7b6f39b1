import type { Translation } from "../catalogue";

const head: Translation<"fr", "head"> = {
  "head.about": "Dites ce que vous voulez voir et regardez-le se peindre, avec tout le monde.",
  "head.scripts": "Cette page peint en direct et a besoin de JavaScript. Veuillez l’activer.",
  "head.post": "{title}, par {handle}",
  "head.by": "par {handle}",
  "head.post-about": "Une image de {handle}, peinte en direct sous les yeux de tous.",
  "head.person-about": "Des images de {handle}, peintes en direct sous les yeux de tous.",
  "head.tag-about": "Les images marquées {tag}, et celles que l’on peint en ce moment.",
  "head.newest": "Les dernières images sur livefeed",
  "head.newest-of": "Les dernières images de {name}",
  "head.room": "Une salle de remix sur livefeed",
  "head.room-about": "Ici, on remixe une image à plusieurs.",
};

export default head;

import type { Translation } from "../catalogue";

const head: Translation<"it", "head"> = {
  "head.about": "Di’ che cosa vuoi vedere e guardalo mentre viene dipinto, insieme a tutti gli altri.",
  "head.scripts": "Questa pagina dipinge in diretta e ha bisogno di JavaScript: attivalo.",
  "head.post": "{title}, di {handle}",
  "head.by": "di {handle}",
  "head.post-about": "Un’immagine di {handle}, dipinta in diretta davanti a tutti.",
  "head.person-about": "Immagini di {handle}, dipinte in diretta davanti a tutti.",
  "head.tag-about": "Le immagini con il tag {tag}, e quelle che si stanno dipingendo ora.",
  "head.newest": "Le ultime immagini su livefeed",
  "head.newest-of": "Le ultime immagini di {name}",
  "head.room": "Una stanza di remix su livefeed",
  "head.room-about": "Qui si remixa un’immagine insieme.",
};

export default head;

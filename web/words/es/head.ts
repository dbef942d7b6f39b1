import type { Translation } from "../catalogue";

const head: Translation<"es", "head"> = {
  "head.about": "Di qué quieres ver y mira cómo se pinta, junto con todos los demás.",
  "head.scripts": "Esta página pinta en directo y necesita JavaScript. Actívalo, por favor.",
  "head.post": "{title}, de {handle}",
  "head.by": "de {handle}",
  "head.post-about": "Una imagen de {handle}, pintada en directo a la vista de todos.",
  "head.person-about": "Imágenes de {handle}, pintadas en directo a la vista de todos.",
  "head.tag-about": "Imágenes con {tag}, y las que se están pintando ahora mismo.",
  "head.newest": "Las imágenes más nuevas en livefeed",
  "head.newest-of": "Las imágenes más nuevas de {name}",
  "head.room": "Una sala de remix en livefeed",
  "head.room-about": "Aquí se remezcla una imagen entre varios.",
};

export default head;

import type { Translation } from "../catalogue";

const push: Translation<"es", "push"> = {
  "told.commented": "{by} ha comentado tu imagen",
  "told.replied": "{by} te ha respondido",
  "told.mentioned": "{by} te ha mencionado",
  "told.reacted": "A {by} le gusta tu imagen",
  "told.reacted-more": {
    one: "A {by} y a una persona más les gusta tu imagen",
    many: "A {by} y a {count} de personas más les gusta tu imagen",
    other: "A {by} y a {count} personas más les gusta tu imagen",
  },
  "told.remixed": "{by} ha remezclado tu imagen",
  "told.published": "{by} ha publicado una imagen que hicisteis en compañía",
  "told.followed": "{by} te sigue",
  "told.finished": "Tu imagen está terminada",
  "told.refused": "Tu imagen no se ha pintado",
  "told.failed": "Tu imagen no se ha podido terminar",
  "told.something": "Algo nuevo en livefeed",
};

export default push;

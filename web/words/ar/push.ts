import type { Translation } from "../catalogue";

const push: Translation<"ar", "push"> = {
  "told.commented": "تعليق على صورتك من {by}",
  "told.replied": "رد عليك من {by}",
  "told.mentioned": "إشارة إليك من {by}",
  "told.reacted": "إعجاب بصورتك من {by}",
  "told.reacted-more": {
    zero: "إعجاب بصورتك من {by}",
    one: "إعجاب بصورتك من {by} وشخص آخر",
    two: "إعجاب بصورتك من {by} وشخصين آخرين",
    few: "إعجاب بصورتك من {by} و{count} أشخاص آخرين",
    many: "إعجاب بصورتك من {by} و{count} شخصًا آخر",
    other: "إعجاب بصورتك من {by} و{count} شخص آخر",
  },
  "told.remixed": "ريمكس لصورتك من {by}",
  "told.published": "نُشرت صورة شاركت في صنعها، والناشر {by}",
  "told.followed": "متابعة جديدة من {by}",
  "told.finished": "اكتملت صورتك",
  "told.refused": "لم تُرسم صورتك",
  "told.failed": "تعذّر إكمال صورتك",
  "told.something": "جديد على livefeed",
};

export default push;

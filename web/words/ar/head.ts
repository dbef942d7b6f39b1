import type { Translation } from "../catalogue";

const head: Translation<"ar", "head"> = {
  "head.about": "يُرجى قول ما تُراد رؤيته، ثم مشاهدة رسمه مباشرةً مع الجميع.",
  "head.scripts": "هذه الصفحة ترسم مباشرةً وتحتاج إلى جافاسكريبت. يُرجى تفعيله.",
  "head.post": "{title}، من {handle}",
  "head.by": "من {handle}",
  "head.post-about": "صورة من {handle}، رُسمت مباشرةً أمام الجميع.",
  "head.person-about": "صور من {handle}، رُسمت مباشرةً أمام الجميع.",
  "head.tag-about": "الصور ذات الوسم {tag}، وتلك التي تُرسم الآن.",
  "head.newest": "أحدث الصور على livefeed",
  "head.newest-of": "أحدث الصور من {name}",
  "head.room": "غرفة ريمكس على livefeed",
  "head.room-about": "هنا تُعاد صياغة صورة معًا.",
};

export default head;

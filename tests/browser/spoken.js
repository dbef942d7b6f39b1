/* What a page says, looked at from outside: used by test_languages.py as an expression. */
(() => {
  const CONTROLS = "button, a.button, .chip, .tab, .item, summary, select, label, [role=tab], [role=radio], h1, h2";
  const SAYING = ["aria-label", "aria-valuetext", "title", "placeholder", "alt"];

  /** Every element of the page, in shadow trees too. */
  function* elements(root = document.body) {
    for (const element of root.querySelectorAll("*")) {
      yield element;
      if (element.shadowRoot) yield* elements(element.shadowRoot);
    }
  }

  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;

  /** What stands beside others in something that scrolls sideways may be out of sight. */
  function scrolls(element) {
    for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {
      const { overflowX } = getComputedStyle(at);
      if ((overflowX === "auto" || overflowX === "scroll") && at.scrollWidth > at.clientWidth) return true;
    }
    return false;
  }

  function textsOf(element) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode())
      if (walker.currentNode.data.trim() && isSeen(walker.currentNode.parentElement)) found.push(walker.currentNode);
    return found;
  }

  const isHidden = (element) => element.closest(".visually-hidden") !== null;

  /** Words that stick out of their control, and controls that stick out of the page. */
  function cut() {
    const wrong = [];
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width + 1) wrong.push(`the page is ${document.documentElement.scrollWidth} px wide`);
    for (const element of elements()) {
      if (!element.matches(CONTROLS) || !isSeen(element) || isHidden(element)) continue;
      const box = element.getBoundingClientRect();
      const name = `${element.getRootNode().host?.localName ?? ""} ${element.className || element.localName}`;
      if (!scrolls(element) && (box.left < -1 || box.right > width + 1))
        wrong.push(`${name} sticks out: ${element.textContent.trim().slice(0, 40)}`);
      for (const text of textsOf(element)) {
        if (text.parentElement.closest("bdi, [dir=auto]") || isHidden(text.parentElement)) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        const words = range.getBoundingClientRect();
        if (words.left < box.left - 1.5 || words.right > box.right + 1.5) wrong.push(`${name} cuts ${text.data.trim().slice(0, 40)}`);
      }
    }
    return [...new Set(wrong)];
  }

  /** What is said without the marks of the pseudo-language, and is none of the content. */
  function untranslated(content) {
    const wrong = [];
    const look = (said, where) => {
      let rest = said;
      for (const text of content) rest = rest.replaceAll(text, "");
      for (let before = ""; before !== rest; ) {
        before = rest;
        rest = rest.replace(/⟦[^⟦⟧]*⟧/g, "");
      }
      if (/\p{L}{2,}/u.test(rest.replace(/×|[⟦⟧]/g, ""))) wrong.push(`${where}: ${said.trim().slice(0, 80)}`);
    };
    for (const element of elements()) {
      if (!isSeen(element) && !isHidden(element)) continue;
      if (element.matches("style, script, kbd, noscript, option[lang]")) continue;
      // What was said aloud stays as it was said.
      if (element.getRootNode().host?.localName === "live-region") continue;
      const where = `${element.getRootNode().host?.localName ?? ""} ${element.localName}`;
      const own = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
      look(own.map(({ data }) => data).join(""), where);
      // A moment is written by the browser, not by us.
      if (element.matches("time")) continue;
      for (const name of SAYING) if (element.hasAttribute(name)) look(element.getAttribute(name), `${where} ${name}`);
    }
    look(document.title, "title");
    return [...new Set(wrong)];
  }

  return { cut, untranslated };
})()

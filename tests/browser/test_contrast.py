"""In the reader's own few colours: whatever can be pressed or written in has an edge that can be seen."""

from __future__ import annotations

from typing import Any

EDGELESS = """() => {
  const CONTROLS = 'button, select, textarea, input:not([hidden]), a.button, .chip';
  const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && element.getClientRects().length > 0 && !element.closest('[inert]');
  const edged = (element) => {
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
    return outlined || (style.borderTopStyle !== 'none' && parseFloat(style.borderTopWidth) >= 1);
  };
  const wrong = [];
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = 'Canvas';
  const wall = getComputedStyle(probe).color;
  probe.remove();
  const through = (root) => {
    for (const element of root.querySelectorAll('*')) {
      // A radio or a box that lies unseen on its label has the label's edge.
      const shown = getComputedStyle(element).opacity === '0' ? element.closest('label') : element;
      if (element.matches(CONTROLS) && shown && seen(shown) && !edged(shown))
        wrong.push([root.host?.localName, element.localName, element.className, element.ariaLabel].join(' '));
      // Words in the wall's colour stand on a plate of the wall's colour, unless they are left as they are.
      const { color, forcedColorAdjust } = getComputedStyle(element);
      if (element.matches('button, a') && element.innerText?.trim() && color === wall && forcedColorAdjust !== 'none')
        wrong.push(`unreadable: ${element.innerText}`);
      if (element.shadowRoot) through(element.shadowRoot);
    }
  };
  through(document);
  return wrong;
}"""
LOST = """([host, mark]) => {
  const through = (root) => [...root.querySelectorAll('*')].flatMap((element) => [
    ...(root.host?.localName === host && element.matches(mark) ? [element] : []),
    ...(element.shadowRoot ? through(element.shadowRoot) : []),
  ]);
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = 'Canvas';
  const wall = getComputedStyle(probe).color;
  probe.remove();
  const marks = through(document);
  return marks.length === 0 || marks.some((one) => {
    const { backgroundColor, boxShadow, forcedColorAdjust } = getComputedStyle(one);
    const filled = backgroundColor !== wall && backgroundColor !== 'rgba(0, 0, 0, 0)';
    return forcedColorAdjust !== 'none' || !(filled || boxShadow !== 'none');
  });
}"""


def test_controls_and_marks_are_seen_where_the_system_chooses_the_colours(people: Any, picture: bytes) -> None:
    visitor = people(forced_colors="active")
    visitor.sign_in()
    post = visitor.upload(picture, "a red fox")["id"]
    visitor.open()
    page = visitor.page
    page.get_by_test_id("post-card").first.wait_for()
    assert page.evaluate(LOST, ["studio-mark", ".mark span"]) is False
    assert page.evaluate(LOST, ["live-status", ".dab"]) is False
    for path in ("/", f"/post/{post}", "/settings", "/search"):
        if path != "/":
            visitor.open(path)
        page.get_by_role("button").first.wait_for()
        assert page.evaluate(EDGELESS) == [], path

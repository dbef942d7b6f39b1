"""What a page is asked about itself: scripts that run in it, for tests and benchmarks alike."""

from __future__ import annotations

import io

from PIL import Image

SIZES = ((512, 512), (512, 640), (640, 480), (480, 768), (768, 512))

THROUGH = """
const through = (root, see) => {
  for (const element of root.querySelectorAll('*')) {
    see(element);
    if (element.shadowRoot) through(element.shadowRoot, see);
  }
};
const all = (name) => {
  const found = [];
  through(document, (element) => element.localName === name && found.push(element));
  return found;
};
"""
"""Walks the document through every shadow."""

NODES = f"() => {{ {THROUGH} let nodes = 0; through(document, () => nodes++); return nodes; }}"
"""Elements in the document, those in shadows too."""

FRAME = f"""() => {{
  {THROUGH}
  let nodes = 0;
  through(document, () => nodes++);
  for (const card of all('picture-card')) through(card.shadowRoot, () => nodes--);
  return nodes - all('picture-card').length;
}}"""
"""Elements in the document but for the cards and what is in them."""

ONLY_NEAR = f"""() => {{
  {THROUGH}
  const [, ...drawn] = all('picture-card').map((card) => card.getBoundingClientRect());
  return drawn.some(({{ top, bottom }}) => bottom > 0 && top < innerHeight)
    && drawn.every(({{ top, bottom }}) => bottom > -2 * innerHeight - 400 && top < 3 * innerHeight + 400);
}}"""
"""Whether the cards that are drawn, but for the wall's first, are those within two windows of the window."""

CARDS = f"() => {{ {THROUGH} return all('picture-card').map((card) => card.post); }}"
"""The posts whose pictures are drawn, in order."""

WATCH = f"""() => {{
  {THROUGH}
  const read = all('picture-card').find((card) => {{
    const {{ top, bottom }} = card.getBoundingClientRect();
    return top >= 100 && bottom <= innerHeight;
  }}) ?? all('picture-card').find((card) => card.getBoundingClientRect().bottom > 200);
  const at = () => read.getBoundingClientRect();
  const begun = at();
  const watch = (window.watched = {{ moved: 0, shift: 0, by: [], frames: 0, gone: false }});
  new PerformanceObserver((list) => {{
    for (const entry of list.getEntries()) {{
      watch.shift += entry.value;
      const name = (node) => node?.localName ?? `${{node?.parentElement?.className}}: ${{node?.textContent}}`;
      watch.by.push(...entry.sources.map(({{ node, previousRect: from, currentRect: to }}) =>
        `${{name(node)}} from ${{from.x}}, ${{from.y}} to ${{to.x}}, ${{to.y}}`));
    }}
  }}).observe({{ type: 'layout-shift' }});
  const look = () => {{
    const {{ x, y, width, height }} = at();
    const by = [x - begun.x, y - begun.y, width - begun.width, height - begun.height];
    watch.moved = Math.max(watch.moved, ...by.map(Math.abs));
    watch.gone ||= !read.isConnected;
    watch.frames++;
    requestAnimationFrame(look);
  }};
  requestAnimationFrame(look);
}}"""
"""From now on, note how far the picture that is read moves, px, and the browser's layout-shift score and its causes."""

AT_HAND = f"() => {{ {THROUGH} return all('feed-wall')[0].atHand; }}"
"""How many of the posts that hang are at hand; the others are laid aside."""

HANGING = f"""() => {{
  {THROUGH}
  const drawn = all('picture-card').filter((card) => card.shadowRoot.querySelector('[data-testid=post-card]'));
  return Object.fromEntries(drawn.map((card) => {{
    const {{ x, y, width, height }} = card.getBoundingClientRect();
    return [card.post, [x, y + scrollY, width, height].map(Math.round)];
  }}));
}}"""
"""Where each picture that is drawn with what it shows hangs on the page, px."""

OLDER = """async () => {
  scrollTo(0, document.documentElement.scrollHeight);
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  return document.documentElement.scrollHeight;
}"""
"""Scroll to the end of what hangs; returns the height of the page."""

FIRST_PICTURE = f"""() => new Promise((resolve) => {{
  {THROUGH}
  const look = () => {{
    const seen = all('picture-frame').some((frame) => {{
      const image = frame.shadowRoot?.querySelector('img');
      return image?.complete && image.naturalWidth > 0 && frame.getBoundingClientRect().top < innerHeight;
    }});
    if (seen) resolve(performance.now());
    else requestAnimationFrame(look);
  }};
  look();
}})"""
"""Milliseconds from the navigation until a picture in the window is drawn."""


def painting(number: int) -> bytes:
    """Return a picture unlike the others, in one of the SIZES."""
    out = io.BytesIO()
    tint = (40 + number * 37 % 200, 40 + number * 61 % 200, 40 + number * 83 % 200)
    light = Image.linear_gradient("L").resize(SIZES[number % len(SIZES)])
    Image.composite(Image.new("RGB", light.size, tint), Image.new("RGB", light.size, "white"), light).save(out, "PNG")
    return out.getvalue()

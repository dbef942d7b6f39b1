import { svg, html, type TemplateResult } from "lit";

/**
 * Icons on a 24 px grid, 1.7 px round strokes. The shapes of Lucide (ISC licence, see NOTICE.md),
 * drawn at 18 unless told otherwise.
 */
const SHAPES = {
  brush: svg`<path d="m14.6 12.3 7.1-8.1a1.5 1.5 0 0 0-2.1-2.1l-8.1 7.1"/><path d="m9.5 8.8 5.6 5.6"/><path d="M11.2 16.4A3.9 3.9 0 0 1 4.9 20c-1 .9-2.4 1-3.4.5 1.4-.4 1.9-1.5 2-2.8a3.9 3.9 0 0 1 6.3-3.4c1 .5 1.4 1.2 1.4 2.1Z"/>`,
  fork: svg`<circle cx="12" cy="18.5" r="2.5"/><circle cx="6" cy="5.5" r="2.5"/><circle cx="18" cy="5.5" r="2.5"/><path d="M18 8v1.5a2.5 2.5 0 0 1-2.5 2.5h-7A2.5 2.5 0 0 1 6 9.5V8"/><path d="M12 12v4"/>`,
  bubble: svg`<path d="M7.9 20A9 9 0 1 0 4 16.1L2 22Z"/>`,
  react: svg`<path d="M21.5 11A9.5 9.5 0 1 1 13 2.5"/><path d="M8 14s1.5 2.2 4 2.2 4-2.2 4-2.2"/><path d="M9 9.2h.01M15 9.2h.01"/><path d="M16.5 5h6M19.5 2v6"/>`,
  share: svg`<path d="M12 2.5v13"/><path d="m16 6.5-4-4-4 4"/><path d="M4 12v7.5A1.5 1.5 0 0 0 5.5 21h13a1.5 1.5 0 0 0 1.5-1.5V12"/>`,
  close: svg`<path d="M18 6 6 18M6 6l12 12"/>`,
  back: svg`<path d="m15 18-6-6 6-6"/>`,
  forward: svg`<path d="m9 18 6-6-6-6"/>`,
  down: svg`<path d="m6 9 6 6 6-6"/>`,
  send: svg`<path d="m3.4 4.2 18 7.8-18 7.8L6.5 12Z"/><path d="M6.5 12h15"/>`,
  home: svg`<path d="M3.5 10.2 12 3l8.5 7.2V19a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2Z"/><path d="M9.2 21v-7h5.6v7"/>`,
  plus: svg`<path d="M5 12h14M12 5v14"/>`,
  picture: svg`<path d="M16 5h6M19 2v6"/><path d="M21 11.5V19a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h7.5"/><path d="m21 15-3.1-3.1a2 2 0 0 0-2.8 0L6 21"/><circle cx="9" cy="9" r="2"/>`,
  dice: svg`<rect x="10" y="10" width="11.5" height="11.5" rx="2"/><path d="m17.9 7-4.3-4.3a2.2 2.2 0 0 0-3 0L3 10.4a2.2 2.2 0 0 0 0 3.1L7 17.6"/><path d="M14 14h.01M17.6 17.6h.01M7 11h.01M11.5 6.6h.01"/>`,
  palette: svg`<path d="M12 2.500a9.500 9.500 0 0 0 0 19 1.700 1.700 0 0 0 1.650-1.690c0-.44-.18-.83-.44-1.120-.29-.29-.44-.65-.44-1.130a1.640 1.640 0 0 1 1.670-1.660h2a5.500 5.500 0 0 0 5.060-5.560C21.500 6 17.200 2.500 12 2.500Z"/><path d="M13.500 6.500h.01M17.500 10.500h.01M8.500 7.500h.01M6.500 12.500h.01"/>`,
  globe: svg`<circle cx="12" cy="12" r="9.5"/><path d="M12 2.5c3.2 3 4 6.2 4 9.500s-.8 6.5-4 9.500c-3.2-3-4-6.2-4-9.500s.8-6.5 4-9.500Z"/><path d="M2.5 12h19"/>`,
  lock: svg`<rect x="4" y="10.5" width="16" height="11" rx="2.5"/><path d="M7.5 10.500V7a4.5 4.5 0 0 1 9 0v3.5"/>`,
  trash: svg`<path d="M3.5 6h17M8.5 6V4a1.5 1.5 0 0 1 1.5-1.500h4A1.5 1.5 0 0 1 15.5 4v2M18.5 6l-.8 13a2 2 0 0 1-2 1.900H8.300a2 2 0 0 1-2-1.900L5.5 6M10 11v5.500M14 11v5.5"/>`,
  pause: svg`<rect x="6" y="4.5" width="4" height="15" rx="1"/><rect x="14" y="4.5" width="4" height="15" rx="1"/>`,
  play: svg`<path d="M7 4.500v15l12-7.500Z"/>`,
  sun: svg`<circle cx="12" cy="12" r="4.2"/><path d="M12 2v2.200M12 19.800V22M4.9 4.900l1.6 1.600M17.5 17.500l1.6 1.600M2 12h2.200M19.8 12H22M4.9 19.100l1.6-1.600M17.5 6.500l1.6-1.6"/>`,
  moon: svg`<path d="M20.5 14.300A8.8 8.8 0 0 1 9.7 3.500a8.8 8.8 0 1 0 10.8 10.800Z"/>`,
  check: svg`<path d="M4.5 12.5 10 18 20 6.5"/>`,
  refused: svg`<circle cx="12" cy="12" r="9.5"/><path d="m8.5 15.5 7-7"/>`,
  pencil: svg`<path d="M12 20.500h9"/><path d="M16.4 3.600a2.1 2.1 0 0 1 3 3L7.5 18.500l-4 1 1-4Z"/>`,
  reply: svg`<path d="m9 17-5-5 5-5"/><path d="M20 18.500v-2a4.5 4.5 0 0 0-4.5-4.500H4"/>`,
  mask: svg`<path d="M5 3.500a2 2 0 0 0-2 2M19 3.500a2 2 0 0 1 2 2M5 20.500a2 2 0 0 1-2-2M19 20.500a2 2 0 0 0 2-2M9 3.500h1.500M13.500 3.500H15M9 20.500h1.500M13.500 20.500H15M3 9.500V11M3 14v1.500M21 9.500V11M21 14v1.5"/>`,
  eraser: svg`<path d="m7 20.500-4.200-4.200a1.8 1.8 0 0 1 0-2.600l9.900-9.900a1.8 1.8 0 0 1 2.6 0l5.400 5.400a1.8 1.8 0 0 1 0 2.600L12 20.500"/><path d="M21.500 20.500H7"/><path d="m5.500 11 8 8"/>`,
  hand: svg`<path d="M18 11.500V6.200a1.8 1.8 0 0 0-3.600 0"/><path d="M14.400 10.500V4.300a1.8 1.8 0 0 0-3.600 0v6.200"/><path d="M10.800 10.500V6.200a1.8 1.8 0 0 0-3.600 0v8.300"/><path d="M18 8.400a1.8 1.8 0 1 1 3.600 0V14a8 8 0 0 1-8 8h-1.800c-2.500 0-4-.8-5.300-2.200l-3.300-3.600a1.8 1.8 0 0 1 2.600-2.500L7.200 15"/>`,
  undo: svg`<path d="M8.500 13.500 4 9l4.500-4.500"/><path d="M4 9h10.200a5.500 5.500 0 0 1 0 11H10.500"/>`,
  redo: svg`<path d="M15.500 13.500 20 9l-4.500-4.500"/><path d="M20 9H9.800a5.500 5.500 0 0 0 0 11h3.700"/>`,
  "zoom-in": svg`<circle cx="11" cy="11" r="7.500"/><path d="m21 21-4.600-4.600M11 8v6M8 11h6"/>`,
  "zoom-out": svg`<circle cx="11" cy="11" r="7.500"/><path d="m21 21-4.600-4.600M8 11h6"/>`,
  people: svg`<circle cx="9.500" cy="7.500" r="4"/><path d="M2.500 21v-1.500a4.500 4.500 0 0 1 4.500-4.500h5a4.500 4.500 0 0 1 4.500 4.500V21"/><path d="M16 3.700a4 4 0 0 1 0 7.600M21.500 21v-1.500a4.500 4.500 0 0 0-3.200-4.300"/>`,
  invite: svg`<circle cx="9.500" cy="7.500" r="4"/><path d="M2.500 21v-1.500a4.500 4.500 0 0 1 4.500-4.500h5a4.500 4.500 0 0 1 4.500 4.500V21"/><path d="M19 8v6M22 11h-6"/>`,
  link: svg`<path d="M10 13.500a4.800 4.800 0 0 0 7.200.5l2.900-2.900a4.800 4.800 0 0 0-6.800-6.800l-1.600 1.600"/><path d="M14 10.500a4.800 4.800 0 0 0-7.200-.5l-2.900 2.900a4.800 4.800 0 0 0 6.800 6.800l1.600-1.600"/>`,
  unseen: svg`<path d="M10.600 5.200A9.700 9.700 0 0 1 22 12a12.600 12.600 0 0 1-2.300 3.400"/><path d="M14.100 14.200a3 3 0 0 1-4.200-4.200"/><path d="M17.200 17.400A9.800 9.800 0 0 1 2 12a12.900 12.900 0 0 1 4.700-5.300"/><path d="m2.500 2.500 19 19"/>`,
  find: svg`<circle cx="11" cy="11" r="7.500"/><path d="m21 21-4.600-4.600"/>`,
  bell: svg`<path d="M18.500 9a6.500 6.500 0 0 0-13 0c0 5.500-2 7.500-2.500 8.500h18c-.5-1-2.500-3-2.500-8.500Z"/><path d="M9.800 20.500a2.500 2.500 0 0 0 4.400 0"/>`,
  settings: svg`<path d="M4 7h8M18 7h2M4 17h2M12 17h8"/><circle cx="15" cy="7" r="2.700"/><circle cx="9" cy="17" r="2.700"/>`,
  copy: svg`<rect x="8.500" y="8.500" width="12.500" height="12.500" rx="2.500"/><path d="M15.500 8.500V5.500A2.500 2.500 0 0 0 13 3H5.500A2.500 2.500 0 0 0 3 5.500V13a2.500 2.500 0 0 0 2.500 2.500h3"/>`,
  more: svg`<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="2.600"/>`,
  eye: svg`<path d="M2 12a10.700 10.700 0 0 1 20 0 10.700 10.700 0 0 1-20 0Z"/><circle cx="12" cy="12" r="3"/>`,
} as const;

export type IconName = keyof typeof SHAPES;

/** Those that point along the line: where it is written from the right, they point the other way. */
const MIRRORED: ReadonlySet<string> = new Set<IconName>(["back", "forward", "send", "reply", "undo", "redo"]);

export function icon(name: IconName, size = 18): TemplateResult {
  return html`<svg
    aria-hidden="true"
    ?data-mirrored=${MIRRORED.has(name)}
    width=${size}
    height=${size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.7"
    stroke-linecap="round"
    stroke-linejoin="round"
    style="display:block;flex:none"
  >
    ${SHAPES[name]}
  </svg>`;
}

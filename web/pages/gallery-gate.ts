/**
 * Whether the catalogue of the components is asked for. It stands in the page's place then, which so never begins: no
 * connection, no guest.
 */
export function isGallery(): boolean {
  if (location.pathname !== "/gallery") return false;
  document.querySelector("livefeed-app")?.replaceWith(document.createElement("gallery-page"));
  return true;
}

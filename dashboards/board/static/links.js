// Links from values: only to pages of this board and to http(s) addresses.

const WHOLE = /^\$\{__data\.fields\.(\w+)\}$/;

/** The address of a link template over a row, or null where it leads nowhere safe. */
export function address(template, row) {
  const whole = WHOLE.exec(template);
  if (whole) return safe(row[whole[1]]);
  const filled = template.replace(/\$\{__data\.fields\.(\w+)\}/g, (_, name) => encodeURIComponent(row[name] ?? ""));
  return filled.startsWith("/d/") ? filled : safe(filled);
}

function safe(text) {
  try {
    const url = new URL(String(text));
    return ["http:", "https:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** An element that links where its template says, or the bare node. */
export function linked(node, links, row, title) {
  const target = links?.length ? address(links[0].url, row) : null;
  if (!target) return node;
  const anchor = document.createElement("a");
  anchor.href = target;
  anchor.rel = "noopener noreferrer";
  if (links[0].targetBlank) anchor.target = "_blank";
  anchor.title = title(links[0].title.replace(/\$\{__data\.fields\.(\w+)\}/g, (_, name) => row[name] ?? ""));
  anchor.append(node);
  return anchor;
}

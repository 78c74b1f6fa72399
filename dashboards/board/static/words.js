// The little markdown that text panels use, built from nodes: paragraphs, bold, emphasis, code, links.

const PART = /\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`|\[(.+?)\]\((\/d\/[\w-]+|https?:\/\/[^\s)]+)\)/g;

export function words(text) {
  const box = document.createElement("div");
  box.className = "words";
  for (const block of text.split(/\n\s*\n/)) {
    const paragraph = document.createElement("p");
    fill(paragraph, block.replace(/\s+/g, " ").trim());
    box.append(paragraph);
  }
  return box;
}

function fill(node, text) {
  let at = 0;
  for (const found of text.matchAll(PART)) {
    node.append(text.slice(at, found.index));
    const [all, bold, emphasis, code, title, url] = found;
    const part = document.createElement(bold ? "strong" : emphasis ? "em" : code ? "code" : "a");
    part.textContent = bold || emphasis || code || title;
    if (url) part.href = url;
    node.append(part);
    at = found.index + all.length;
  }
  node.append(text.slice(at));
}

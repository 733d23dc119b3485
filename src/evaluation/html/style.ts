/**
 * The page's style. Colours are declared once for light and once for dark; `--hit` is what is right, `--miss` what is
 * wrong, and shades of them are laid over the background so that text on them stays legible in both.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --panel: #f5f6f8; --ink: #1b1f24; --muted: #5b6470; --line: #dde1e6;
  --hit: 31 111 235; --miss: 205 88 20;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1317; --panel: #181d23; --ink: #e7eaee; --muted: #98a2ad; --line: #2b323a;
    --hit: 82 145 255; --miss: 245 132 58;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 68rem;
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif;
  color: var(--ink); background: var(--page); font-variant-numeric: tabular-nums;
  -webkit-text-size-adjust: 100%; text-size-adjust: 100%;
}
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; letter-spacing: -0.01em; }
h2 { margin: 3rem 0 0.25rem; font-size: 1.2rem; }
p { margin: 0.25rem 0 1rem; max-width: 46rem; }
.quiet { color: var(--muted); }
.wrap { overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.75rem, 1fr)); gap: 0.75rem;
  margin: 1.5rem 0 0; }
.tiles div { padding: 0.9rem 1rem; border-radius: 10px; background: var(--panel); }
.tiles dt { color: var(--muted); font-size: 0.85rem; }
.tiles dd { margin: 0; font-size: 1.5rem; font-weight: 650; line-height: 1.3; }
.tiles dd + dd { color: var(--muted); font-size: 0.8rem; font-weight: 400; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0 3rem;
  align-items: start; }
table { border-collapse: collapse; }
caption { caption-side: bottom; padding-top: 0.5rem; color: var(--muted); font-size: 0.85rem; text-align: left; }
.matrix { width: 100%; max-width: 32rem; table-layout: fixed; border-collapse: separate; border-spacing: 2px;
  font-size: 0.8rem; }
.matrix th:first-child, .matrix td:first-child { width: 1.4rem; }
.matrix th { color: var(--muted); font-weight: 500; text-align: center; }
.matrix td { height: 2.3rem; padding: 0; border-radius: 4px; text-align: center; background: var(--panel); }
.matrix .hit { background: rgb(var(--hit) / var(--shade)); font-weight: 600; }
.matrix .miss { background: rgb(var(--miss) / var(--shade)); }
.matrix .none { color: var(--muted); opacity: 0.55; }
.figures { width: 100%; max-width: 32rem; }
.figures th, .figures td { padding: 0.3rem 0.5rem; border-bottom: 1px solid var(--line); text-align: right;
  white-space: nowrap; }
.figures thead th { color: var(--muted); font-size: 0.85rem; font-weight: 500; }
.figures tbody th { font-weight: 650; }
svg { display: block; width: 100%; max-width: 32rem; height: auto;
  font: 11px system-ui, 'DejaVu Sans', sans-serif; fill: var(--muted); }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .ideal { stroke: var(--muted); stroke-width: 1; stroke-dasharray: 4 3; }
svg .bar { fill: rgb(var(--hit) / 0.55); }
svg .whisker { stroke: var(--ink); stroke-width: 1; opacity: 0.55; }
svg .mean { fill: rgb(var(--miss)); }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(112px, 1fr)); gap: 1.25rem 1rem;
  margin: 1rem 0 0; padding: 0; list-style: none; }
.gallery li { font-size: 0.8rem; line-height: 1.35; }
.gallery strong { display: block; font-size: 0.85rem; }
.gallery span { display: block; overflow-wrap: anywhere; }
img { display: block; width: 112px; height: 112px; margin-bottom: 0.4rem; border-radius: 4px;
  image-rendering: pixelated; outline: 1px solid var(--line); }
.meter { display: block; width: 112px; height: 6px; margin-top: 0.3rem; border-radius: 3px;
  background: var(--line); overflow: hidden; }
.meter i { display: block; height: 100%; background: rgb(var(--miss)); }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.3rem 1rem;
  margin: 0.75rem 0 0; font-size: 0.85rem; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 34rem) {
  body { padding: 1.25rem 0.9rem 3rem; }
  h1 { font-size: 1.35rem; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0.5rem; }
  .tiles div { padding: 0.7rem 0.8rem; }
  .tiles dd { font-size: 1.25rem; }
  .matrix { font-size: 0.68rem; border-spacing: 1px; }
  .matrix .hit { font-weight: 400; }
  .figures { font-size: 0.85rem; }
  .figures th, .figures td { padding: 0.3rem 0.2rem; }
  .matrix td { height: 1.9rem; }
  .gallery { grid-template-columns: repeat(auto-fill, minmax(96px, 1fr)); justify-items: start; }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .facts dd { margin-bottom: 0.5rem; }
}
@media print { body { max-width: none; } .gallery li { break-inside: avoid; } }
`;

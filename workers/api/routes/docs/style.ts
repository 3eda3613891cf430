/** The stylesheet of the API page, served as /api/docs.css. Dark by default, light where the reader's system asks for it. */
export const stylesheet = `
:root {
  color-scheme: dark light;
  --ground: #0c0c0f; --raised: #15151a; --line: #2a2a32; --text: #ecebe6; --soft: #a3a19b; --accent: #f4b860;
  --get: #7cc7ff; --post: #8fdc9b; --put: #f4b860; --patch: #f4b860; --delete: #ff8f85;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: light) {
  :root {
    --ground: #faf9f6; --raised: #fff; --line: #dedbd2; --text: #1b1a17; --soft: #5f5c55; --accent: #8a5300;
    --get: #00588f; --post: #1a6b2c; --put: #8a5300; --patch: #8a5300; --delete: #a6281c;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1.5rem; }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
a { color: var(--accent); text-underline-offset: .2em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 3px; }
code, pre { font-family: var(--mono); font-size: .875em; }
code { overflow-wrap: anywhere; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 10px; padding: 1rem; overflow-x: auto; white-space: pre-wrap; }
h1, h2, h3 { line-height: 1.15; text-wrap: balance; }
h1 { font-size: clamp(2.2rem, 5vw, 3.4rem); letter-spacing: -.03em; margin: .2em 0 .4em; }
h2 { font-size: 1.8rem; letter-spacing: -.02em; margin: 0 0 .4em; padding-top: 2.5rem; }
h3 { font-size: 1.2rem; margin: 0 0 .4em; }
h4 { font-size: .8rem; margin: 1.4rem 0 .4rem; color: var(--soft); letter-spacing: .06em; text-transform: uppercase; }
.kicker, .note, .access, .type { color: var(--soft); font-size: .85rem; }
h4 .note { text-transform: none; letter-spacing: 0; }
.lead { font-size: 1.2rem; max-width: 46rem; }
p { max-width: 46rem; margin: .4em 0; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--raised); padding: .5rem 1rem; z-index: 2; }
nav { padding: 1.5rem; border-bottom: 1px solid var(--line); max-height: 45vh; overflow-y: auto; }
nav .brand { display: block; font-weight: 700; font-size: 1.25rem; letter-spacing: -.02em; color: var(--text); text-decoration: none; margin-bottom: 1rem; }
nav ul { list-style: none; padding: 0; margin: 0 0 .8rem; }
nav li a { display: block; padding: .2rem 0; color: var(--soft); text-decoration: none; font-size: .9rem; }
nav li a:hover { color: var(--text); }
nav summary { cursor: pointer; font-weight: 600; padding: .25rem 0; }
main { padding: 1.5rem; max-width: 64rem; }
article { background: var(--raised); border: 1px solid var(--line); border-radius: 14px; padding: 1.25rem 1.4rem; margin: 1rem 0; }
article:target { border-color: var(--accent); }
.line { display: flex; flex-wrap: wrap; gap: .4rem .7rem; align-items: baseline; max-width: none; }
.method { font: 700 .75rem/1 var(--mono); letter-spacing: .04em; padding: .3rem .45rem; border-radius: 6px; border: 1px solid currentColor; }
.get { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); } .patch { color: var(--patch); } .delete { color: var(--delete); }
.path { font-size: 1rem; }
.anchor { margin-left: auto; text-decoration: none; color: var(--soft); }
.fields, .answers { list-style: none; padding: 0; margin: 0; }
.fields li { padding: .3rem 0; border-top: 1px solid var(--line); }
.fields > li:first-child { border-top: 0; }
.fields .fields { margin: .3rem 0 .2rem .2rem; padding-left: 1rem; border-left: 2px solid var(--line); }
.fields p { margin: .1rem 0; font-size: .92rem; color: var(--soft); }
.type { font-family: var(--mono); overflow-wrap: anywhere; }
.answers > li { padding: .25rem 0; }
.refusals { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; list-style: none; padding: .7rem 0 0; margin: .6rem 0 0; border-top: 1px solid var(--line); }
.status { display: inline-block; min-width: 2.4rem; font: 600 .85rem/1 var(--mono); }
.s2, .s1 { color: var(--post); } .s3 { color: var(--get); } .s4 { color: var(--put); } .s5 { color: var(--delete); }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .8rem .45rem 0; border-top: 1px solid var(--line); }
@media (min-width: 60rem) {
  body { display: grid; grid-template-columns: 17rem minmax(0, 1fr); }
  nav { position: sticky; top: 0; height: 100vh; max-height: none; border-bottom: 0; border-right: 1px solid var(--line); }
  main { padding: 2.5rem 3.5rem 6rem; }
}
`;

// The pages that are measured: whole sites from packages, and small pages of ours around libraries (pages/).
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const tool = path.dirname(fileURLToPath(import.meta.url));
const inPackage = (folder) => path.join(tool, 'node_modules', folder);
const ours = (folder) => path.join(tool, 'pages', folder);

const NOTHING = '/shared/none.js';
/** What sites load from elsewhere comes from two hosts of ours: `{cdn}` gives leave to read its files, `{plain}` to fonts only. */
const ELSEWHERE = [
  ['https://use.fontawesome.com/releases/v6.3.0/js/all.js', '{cdn}/npm/@fortawesome/fontawesome-free/js/all.min.js'],
  ['https://use.fontawesome.com/releases/v5.7.1/css/all.css', '{cdn}/npm/@fortawesome/fontawesome-free/css/all.min.css'],
  ['https://kit.fontawesome.com/42d5adcbca.js', '{cdn}/npm/@fortawesome/fontawesome-free/js/all.min.js'],
  ['https://fonts.googleapis.com/css?family=Montserrat:400,700,200', '{cdn}/npm/@fontsource/montserrat/index.css'],
  ['https://fonts.googleapis.com/css?family=Montserrat:400,700', '{cdn}/npm/@fontsource/montserrat/index.css'],
  ['https://fonts.googleapis.com/css?family=Roboto+Slab:400,100,300,700', '{cdn}/npm/@fontsource/roboto-slab/index.css'],
  ['https://fonts.googleapis.com/css?family=Roboto:300,400,500,700,900|Roboto+Slab:400,700', '{cdn}/npm/@fontsource/roboto/index.css'],
  ['https://fonts.googleapis.com/icon?family=Material+Icons+Round', '{cdn}/npm/material-icons/iconfont/round.css'],
  ['https://fonts.googleapis.com/css?family=Lato:400,700,400italic,700italic', '{cdn}/npm/@fontsource/lato/index.css'],
  ['https://fonts.googleapis.com/css?family=Lora:400,700,400italic,700italic', '{cdn}/npm/@fontsource/lora/index.css'],
  ['https://fonts.googleapis.com/css?family=Open+Sans:300italic,400italic,600italic,700italic,800italic,400,300,600,700,800', '{cdn}/npm/@fontsource/open-sans/index.css'],
  ['https://cdn.jsdelivr.net/npm/bootstrap@5.2.3/', '{cdn}/npm/bootstrap/'],
  ['https://cdn.startbootstrap.com/sb-forms-latest.js', NOTHING],
  ['https://api.nepcha.com/js/nepcha-analytics.js', NOTHING],
  ['https://buttons.github.io/buttons.js', NOTHING],
  ['https://maps.googleapis.com/maps/api/js?key=YOUR_KEY_HERE', NOTHING],
];

const fill = (field, text) => async (tab) => {
  await tab.click(field);
  await tab.keyboard.type(text);
};
const click = (selector) => (tab) => tab.click(selector);
const scrollIn = (selector, top) => (tab) => tab.evaluate(([found, to]) => document.querySelector(found).scrollTo({ top: to, behavior: 'instant' }), [selector, top]);
const steps = (...list) => async (tab) => {
  for (const step of list) await step(tab);
};

/** `use` is the third moment: clicks, typing, an open menu. `quick` pages run in CI. */
export const PAGES = [
  { name: 'demo-shop', quick: true, root: path.join(tool, '../../demo'), open: 'index.html', ready: '#page a', rewrite: [['{{gateway}}/sdk/crow.js', NOTHING]], scroll: 400, use: steps(click('#page a'), (tab) => tab.waitForLoadState()) },
  { name: 'agency', quick: true, root: inPackage('startbootstrap-agency/dist'), open: 'index.html', rewrite: ELSEWHERE, ready: 'svg.svg-inline--fa', scroll: 1_900, use: steps(click('.portfolio-link >> nth=0'), (tab) => tab.waitForSelector('.modal.show')) },
  { name: 'freelancer', root: inPackage('startbootstrap-freelancer/dist'), open: 'index.html', rewrite: ELSEWHERE, ready: 'svg.svg-inline--fa', scroll: 750, use: steps(click('.portfolio-item >> nth=1'), (tab) => tab.waitForSelector('.modal.show')) },
  { name: 'clean-blog', root: inPackage('startbootstrap-clean-blog/dist'), open: 'contact.html', rewrite: ELSEWHERE, ready: 'svg.svg-inline--fa', scroll: 450, use: steps(fill('#name', 'Ada Lovelace'), fill('#email', 'ada@'), fill('#message', 'Hello there')) },
  { name: 'sb-admin-2', quick: true, canvas: true, root: inPackage('startbootstrap-sb-admin-2'), open: 'index.html', rewrite: ELSEWHERE, ready: '#myPieChart', scroll: 400, use: steps(click('#sidebarToggle'), click('#alertsDropdown')) },
  { name: 'material-dashboard', canvas: true, root: inPackage('material-dashboard'), open: 'pages/dashboard.html', rewrite: [...ELSEWHERE, ['"../assets', '"/assets']], ready: '.sidenav', scroll: 500, use: steps((tab) => tab.evaluate(() => scrollTo(0, 0)), fill('.form-control', 'orders'), click('.fixed-plugin-button-nav')) },
  { name: 'now-ui-kit', root: inPackage('now-ui-kit'), open: 'index.html', rewrite: ELSEWHERE, ready: '.bootstrap-switch, .slider', scroll: 900, use: steps(fill('input[placeholder="Regular"]', 'Some words')) },
  { name: 'swagger-ui', root: inPackage('swagger-ui-dist'), open: 'index.html', rewrite: [['https://petstore.swagger.io/v2/swagger.json', '/shared/petstore.json']], ready: '.opblock', scroll: 250, use: steps(click('.opblock-summary-control >> nth=0'), click('.try-out__btn')) },
  { name: 'reveal', root: inPackage('reveal.js'), open: 'demo.html', rewrite: [['https://', '{plain}/']], ready: '.reveal.ready', scroll: (tab) => tab.keyboard.press('ArrowRight'), use: steps((tab) => tab.keyboard.press('ArrowRight'), (tab) => tab.keyboard.press('Escape')) },
  { name: 'jquery-ui', root: inPackage('jquery-ui-dist'), open: 'index.html', ready: '.ui-accordion', scroll: 500, use: steps((tab) => tab.evaluate(() => scrollTo(0, 0)), click('.ui-accordion-header >> nth=1'), fill('#autocomplete', 'ja')) },
  { name: 'tabler', root: ours('tabler'), open: 'index.html', ready: '.navbar', scroll: 300, use: steps(click('#menu'), fill('#search', 'invoice')) },
  { name: 'admin-lte', root: ours('admin-lte'), open: 'index.html', ready: '.sidebar-menu', scroll: 300, use: steps(click('#tree > a'), click('#collapse')) },
  { name: 'bulma', root: ours('bulma'), open: 'index.html', ready: '.hero', scroll: 500, use: steps(click('#open'), (tab) => tab.waitForSelector('.modal.is-active')) },
  { name: 'fomantic', root: ours('fomantic'), open: 'index.html', ready: '.ui.menu', scroll: 300, use: steps(click('#choice'), click('#accordion .title >> nth=1')) },
  { name: 'ionic', quick: true, root: ours('ionic'), open: 'index.html', ready: 'ion-list.hydrated', scroll: (tab) => tab.evaluate(() => document.querySelector('ion-content').scrollToPoint(0, 300, 0)), use: steps(click('#toggle'), fill('#note input', 'Milk')) },
  { name: 'shoelace', root: ours('shoelace'), open: 'index.html', ready: 'sl-card:defined', scroll: 300, use: steps(click('#open'), (tab) => tab.waitForSelector('sl-dialog[open]')) },
  { name: 'material-web', root: ours('material-web'), open: 'index.html', ready: 'md-filled-button:defined', scroll: 300, use: steps(click('#tab2'), fill('md-outlined-text-field', 'Grace')) },
  { name: 'monaco', canvas: true, root: ours('monaco'), open: 'index.html', ready: '.monaco-editor .view-line', scroll: (tab) => tab.evaluate(() => window.editor.setScrollTop(400)), use: steps((tab) => tab.evaluate(() => window.editor.setPosition({ lineNumber: 30, column: 1 })), (tab) => tab.evaluate(() => window.editor.focus()), (tab) => tab.keyboard.type('const crow = 1;')) },
  { name: 'codemirror', root: ours('codemirror'), open: 'index.html', ready: '.cm-line', scroll: scrollIn('.cm-scroller', 300), use: steps(click('.cm-line >> nth=20'), (tab) => tab.keyboard.type('// seen')) },
  { name: 'quill', quick: true, root: ours('quill'), open: 'index.html', ready: '.ql-editor', scroll: scrollIn('.ql-editor', 120), use: steps(click('.ql-editor p >> nth=1'), (tab) => tab.keyboard.type('New words. '), click('.ql-header .ql-picker-label')) },
  { name: 'tinymce', root: ours('tinymce'), open: 'index.html', ready: '.tox-tinymce iframe', scroll: 200, use: steps(click('button[data-mce-name="styles"], .tox-tbtn--select >> nth=0')) },
  { name: 'ag-grid', root: ours('ag-grid'), open: 'index.html', ready: '.ag-row', scroll: (tab) => tab.evaluate(() => [...document.querySelectorAll('#grid *')].find((e) => e.scrollHeight > e.clientHeight + 900 && getComputedStyle(e).overflowY !== 'visible').scrollTo(0, 900)), use: steps(click('.ag-header-cell >> nth=1'), click('.ag-row >> nth=3')) },
  { name: 'tabulator', root: ours('tabulator'), open: 'index.html', ready: '.tabulator-row', scroll: scrollIn('.tabulator-tableholder', 500), use: steps(click('.tabulator-col-title >> nth=1'), fill('.tabulator-header-filter input >> nth=0', 'a')) },
  { name: 'fullcalendar', root: ours('fullcalendar'), open: 'index.html', ready: '#calendar *', scroll: 200, use: steps(click('button:has-text("Week")')) },
  { name: 'leaflet', root: ours('leaflet'), open: 'index.html', ready: '.leaflet-tile-loaded', scroll: (tab) => tab.evaluate(() => window.map.panBy([180, 90], { animate: false })), use: steps(click('.leaflet-control-zoom-in'), click('.leaflet-marker-icon')) },
  { name: 'chart', canvas: true, root: ours('chart'), open: 'index.html', ready: '#done', scroll: 350, use: steps((tab) => tab.evaluate(() => scrollTo(0, 0)), click('#more')) },
  { name: 'three', canvas: true, root: ours('three'), open: 'index.html', ready: '#done', scroll: 200, use: steps(click('#turn')) },
  { name: 'swiper', root: ours('swiper'), open: 'index.html', ready: '.swiper-initialized', scroll: 200, use: steps(click('.swiper-button-next')) },
  { name: 'todomvc', root: ours('todomvc'), open: 'index.html', ready: '.todo-list li', scroll: 60, use: steps(fill('.new-todo', 'Feed the crow'), (tab) => tab.keyboard.press('Enter'), click('.toggle >> nth=0'), (tab) => tab.dblclick('.todo-list label >> nth=1')) },
];

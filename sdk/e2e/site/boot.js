// `__settings` comes from the test, by an init script that runs before any script of the page.
window.__created = [];
window.__lost = [];

// Before the first paint, so that a dark page does not flash.
(function () {
  try {
    var theme = JSON.parse(localStorage.getItem('crow.theme') || '"system"');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // The system's theme.
  }
})();

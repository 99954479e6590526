// A consent banner. Until it is answered the SDK keeps everything in memory, and sends nothing.

const KEY = 'shop_consent';

/** Tells the tracker what the person decided, and asks if there is no decision. */
export function applyConsent() {
  const decided = localStorage.getItem(KEY);
  if (decided) window.crow?.consent(decided);
  else ask();
  document.getElementById('privacy').onclick = ask;
}

function ask() {
  document.querySelector('.consent')?.remove();
  const banner = document.createElement('aside');
  banner.className = 'consent card';
  banner.innerHTML = `<p><b>May we watch you shop?</b> This demo records what you click and see, on this machine only. What you type stays with you.</p>
    <div><button class="primary" data-choice="granted">Yes, watch</button><button data-choice="denied">No</button></div>`;
  banner.onclick = ({ target }) => {
    const { choice } = target.dataset;
    if (!choice) return;
    localStorage.setItem(KEY, choice);
    banner.remove();
    window.crow?.consent(choice);
  };
  document.body.append(banner);
}

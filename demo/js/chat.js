// A chat window in a shadow root. The answers come word by word: many small mutations, as live widgets make them.

const ANSWERS = [
  [/deliver|ship|arrive|when/i, 'We post every weekday at four. As the crow flies, it takes two to three days.'],
  [/lamp|light/i, 'The lamp takes any E27 bulb. A warm one makes the brass glow.'],
  [/back|return|refund/i, 'Thirty days, polished or not. The label is in the box.'],
  [/hello|hi|hey/i, 'Hello! I am Munin. I remember everything, but I only tell what is in stock.'],
];
const SHRUG = 'Caw. I know about delivery, returns and lamps; for the rest there is a form on the help page.';
const STYLE = `
  :host { display: flex; flex-direction: column; align-items: flex-end; position: fixed; right: 22px; bottom: 22px; z-index: 5; font: 15px/1.45 system-ui, sans-serif; color: #1f2a30; }
  .open { border: 0; border-radius: 999px; padding: 13px 20px; background: #1f2a30; color: #f4efe6; font: inherit; font-weight: 600; cursor: pointer; box-shadow: 0 8px 24px #1f2a3040; }
  .window { width: 310px; background: #fffdf8; border-radius: 16px; overflow: hidden; box-shadow: 0 18px 60px #1f2a3050; margin-bottom: 12px; }
  .window[hidden] { display: none; }
  header { background: #1f2a30; color: #f4efe6; padding: 13px 16px; font-weight: 600; }
  header small { display: block; font-weight: 400; opacity: .7; }
  ol { list-style: none; margin: 0; padding: 14px; height: 220px; overflow: auto; display: flex; flex-direction: column; gap: 8px; }
  li { padding: 8px 12px; border-radius: 14px; max-width: 80%; background: #efe8db; }
  li.mine { align-self: flex-end; background: #d9e6e2; }
  li.typing::after { content: ' …'; opacity: .5; }
  form { display: flex; gap: 8px; padding: 10px; border-top: 1px solid #e6ddcd; }
  input { flex: 1; min-width: 0; border: 1px solid #d8cdb9; border-radius: 10px; padding: 8px 10px; font: inherit; background: #fff; }
  form button { border: 0; border-radius: 10px; padding: 0 14px; background: #b4552d; color: #fff; font: inherit; cursor: pointer; }`;

export function startChat() {
  const host = document.createElement('div');
  host.id = 'chat';
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  root.innerHTML = `<div class="window" hidden><header>Munin <small>usually answers at once</small></header><ol></ol>
    <form><input name="question" placeholder="Ask about delivery, returns, lamps" aria-label="Your question" autocomplete="off" /><button>Ask</button></form></div>
    <button class="open">Ask the crow</button>`;
  const [list, form, window_] = ['ol', 'form', '.window'].map((name) => root.querySelector(name));
  root.querySelector('.open').onclick = () => {
    window_.hidden = !window_.hidden;
    if (!list.children.length) answer(list, 'Caw! What are you looking for?');
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    const question = form.question.value.trim();
    if (!question) return;
    form.reset();
    say(list, question, 'mine');
    window.crow?.track('chat_question', { length: question.length });
    answer(list, ANSWERS.find(([pattern]) => pattern.test(question))?.[1] ?? SHRUG);
  };
  document.body.append(host);
}

function say(list, text, kind) {
  const item = document.createElement('li');
  item.className = kind;
  item.textContent = text;
  list.append(item);
  list.scrollTop = list.scrollHeight;
  return item;
}

function answer(list, text) {
  const item = say(list, '', 'typing');
  const words = text.split(' ');
  const timer = setInterval(() => {
    item.append((item.textContent ? ' ' : '') + words.shift());
    list.scrollTop = list.scrollHeight;
    if (words.length) return;
    clearInterval(timer);
    item.className = '';
  }, 60);
}

const list = document.querySelector('.todo-list');
const todos = [{ title: 'Look at crows', done: false }, { title: 'Write down what they do', done: true }, { title: 'Feed them', done: false }];

function draw() {
  list.replaceChildren(...todos.map((todo) => {
    const item = document.createElement('li');
    item.className = todo.done ? 'completed' : '';
    item.innerHTML = '<div class="view"><input class="toggle" type="checkbox"><label></label><button class="destroy"></button></div><input class="edit">';
    const [toggle, edit] = item.querySelectorAll('input');
    item.querySelector('label').textContent = edit.value = todo.title;
    toggle.checked = todo.done;
    toggle.onchange = () => ((todo.done = toggle.checked), draw());
    item.querySelector('label').ondblclick = () => (item.classList.add('editing'), edit.focus());
    return item;
  }));
  document.querySelector('.todo-count').innerHTML = `<strong>${todos.filter(({ done }) => !done).length}</strong> items left`;
}

document.querySelector('.new-todo').onkeydown = ({ key, target }) => {
  if (key !== 'Enter' || !target.value) return;
  todos.push({ title: target.value, done: false });
  target.value = '';
  draw();
};
draw();

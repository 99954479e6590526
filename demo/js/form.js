// Forms that say what is wrong beside the field.

const MESSAGES = {
  valueMissing: 'This is needed.',
  typeMismatch: 'This does not look right.',
  patternMismatch: 'This does not look right.',
  tooShort: 'A little more, please.',
};

/** Calls `onValid` with a submitted form that is right. */
export function validated(form, onValid) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const wrong = [...form.querySelectorAll('input, select, textarea')].filter((field) => !show(field));
    if (wrong.length) wrong[0].focus();
    else onValid(new FormData(form));
  });
  form.addEventListener('focusout', ({ target }) => target.value && target.localName !== 'button' && show(target));
}

/** Whether the field is right; shows why not. */
function show(field) {
  const isRight = field.checkValidity();
  field.setAttribute('aria-invalid', String(!isRight));
  const note = field.parentElement.querySelector('.wrong') ?? document.createElement('small');
  note.className = 'wrong';
  const rule = Object.keys(MESSAGES).find((name) => field.validity[name]);
  note.textContent = isRight ? '' : MESSAGES[rule];
  field.after(note);
  return isRight;
}

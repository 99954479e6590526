import { basicSetup, EditorView } from 'codemirror';

const doc = Array.from({ length: 80 }, (_, i) => `const crow${i} = ${i}; // caw\nif (crow${i}) {\n  say("caw");\n}`).join('\n');
window.editor = new EditorView({ doc, extensions: [basicSetup], parent: document.getElementById('editor') });

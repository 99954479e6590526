import 'temporal-polyfill/global';
import { Calendar } from 'fullcalendar';
import dayGrid from 'fullcalendar/daygrid';
import timeGrid from 'fullcalendar/timegrid';
import theme from 'fullcalendar/themes/classic';
import 'fullcalendar/skeleton.css';
import 'fullcalendar/themes/classic/theme.css';
import 'fullcalendar/themes/classic/palette.css';

const events = Array.from({ length: 12 }, (_, i) => ({ title: 'Watch ' + i, start: `2026-03-${String(2 * i + 1).padStart(2, '0')}T${10 + (i % 6)}:00:00`, end: `2026-03-${String(2 * i + 1).padStart(2, '0')}T${12 + (i % 6)}:00:00` }));
new Calendar(document.getElementById('calendar'), {
  plugins: [dayGrid, timeGrid, theme],
  initialDate: '2026-03-10',
  now: '2026-03-10T09:00:00',
  headerToolbar: { left: 'prev,next today', center: 'title', right: 'dayGridMonth,timeGridWeek' },
  buttons: { timeGridWeek: { text: 'Week' } },
  buttonText: { week: 'Week', month: 'Month' },
  events,
}).render();

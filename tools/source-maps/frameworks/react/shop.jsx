import { cloneElement, useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** Of a cart with an item that has no price, there is no total. */
function totalOf(cart) {
  let total = 0;
  for (const item of cart.items) total += item.price.amount;
  return total;
}

function Pay({ cart }) {
  const onPay = () => {
    document.title = `Pay ${totalOf(cart)}`;
  };
  return (
    <button id="handler" onClick={onPay}>
      Pay
    </button>
  );
}

function Total({ cart }) {
  const total = totalOf(cart);
  return <p>{total}</p>;
}

function Title({ cart }) {
  useEffect(() => {
    document.title = `Cart ${totalOf(cart)}`;
  }, [cart]);
  return null;
}

/** Without an element, React itself fails. */
function Link({ children }) {
  const link = cloneElement(children, { title: 'Cart' });
  return <p>{link}</p>;
}

/** Each button leads to an error in another place. */
export function Shop({ cart }) {
  const [shown, show] = useState('');
  return (
    <main>
      <Pay cart={cart} />
      <button id="render" onClick={() => show('total')}>
        Show the total
      </button>
      <button id="effect" onClick={() => show('title')}>
        Show it in the title
      </button>
      <button id="library" onClick={() => show('link')}>
        Show a link
      </button>
      <button id="deep" onClick={() => flushSync(() => show('cart'))}>
        Show all of it
      </button>
      {shown === 'total' && <Total cart={cart} />}
      {shown === 'title' && <Title cart={cart} />}
      {shown === 'link' && <Link />}
      {shown === 'cart' && cart}
    </main>
  );
}

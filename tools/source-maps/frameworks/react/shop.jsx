import { useEffect, useState } from 'react';

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
      {shown === 'total' && <Total cart={cart} />}
      {shown === 'title' && <Title cart={cart} />}
    </main>
  );
}

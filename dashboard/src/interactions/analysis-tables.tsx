import type { RangeAnalysis } from '../api/types';
import { exactCount, percent } from '../format';

type Numbers = RangeAnalysis['numbers'];

interface CountProps {
  head: string;
  rows: Numbers['tags'];
  total: number;
  nameOf: (name: string) => string;
  /** The list of the interactions with this name. */
  to: (name: string) => string;
}

/** How many interactions have each name, in this range and in the one before. */
export function CountTable({ head, rows, total, nameOf, to }: CountProps) {
  if (!rows.length) return <p className="muted padded">None in this range.</p>;
  return (
    <table className="table cards">
      <thead>
        <tr>
          <th>{head}</th>
          <th className="right">Interactions</th>
          <th className="right">Share</th>
          <th className="right">Before</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, count, previous }) => (
          <tr key={name}>
            <td>
              <a className="link foreign" href={to(name)}>
                {nameOf(name)}
              </a>
            </td>
            <td data-label="Interactions" className="right">
              {exactCount(count)}
            </td>
            <td data-label="Share" className="right">
              {total ? percent(count / total) : ''}
            </td>
            <td data-label="Before" className="right muted">
              {exactCount(previous)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface ProductProps {
  products: Numbers['products'];
  to: (id: string) => string;
}

/** The products of most interactions. */
export function ProductTable({ products, to }: ProductProps) {
  if (!products.length) return <p className="muted padded">No products in this range.</p>;
  return (
    <table className="table cards">
      <thead>
        <tr>
          <th>Product</th>
          <th className="right">Interactions</th>
          <th className="right">Views</th>
          <th className="right">Added</th>
          <th className="right">Purchased</th>
          <th className="right">Abandoned</th>
        </tr>
      </thead>
      <tbody>
        {products.map(({ id, count, views, added, purchased, abandoned }) => (
          <tr key={id}>
            <td>
              <a className="link foreign" href={to(id)}>
                {id}
              </a>
            </td>
            <td data-label="Interactions" className="right">
              {exactCount(count)}
            </td>
            <td data-label="Views" className="right">
              {exactCount(views)}
            </td>
            <td data-label="Added" className="right">
              {exactCount(added)}
            </td>
            <td data-label="Purchased" className="right">
              {exactCount(purchased)}
            </td>
            <td data-label="Abandoned" className="right">
              {exactCount(abandoned)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

import { InvalidRequest } from './problems.ts';

export interface OrderItem {
  readonly product: string;
  readonly quantity: number;
}

/** An order as a customer sends it. */
export interface NewOrder {
  readonly userId: string;
  readonly items: readonly OrderItem[];
}

/** An order as the orders service keeps it. */
export interface Order extends NewOrder {
  readonly id: string;
  readonly placedAt: string;
}

/** How many pieces are in the basket. */
export function basketSize(order: NewOrder): number {
  return order.items.reduce((sum, item) => sum + item.quantity, 0);
}

/** Takes a request's body for an order, or says everything that is wrong with it at once. */
export function parseOrder(body: unknown): NewOrder {
  const { userId, items } = isRecord(body) ? body : {};
  if (isName(userId) && isList(items) && items.every(isItem)) {
    return { userId, items: items.map(({ product, quantity }) => ({ product, quantity })) };
  }
  const details = [
    ...(isName(userId) ? [] : [wrong('userId', aName, userId)]),
    ...(isList(items) ? items.flatMap(faults) : [wrong('items', 'a list of 1 to 50', items)]),
  ];
  throw new InvalidRequest('the order is not valid', { details });
}

function faults(item: unknown, index: number): string[] {
  const { product, quantity } = isRecord(item) ? item : {};
  const at = `items[${index}]`;
  return [
    ...(isName(product) ? [] : [wrong(`${at}.product`, aName, product)]),
    ...(isQuantity(quantity) ? [] : [wrong(`${at}.quantity`, aQuantity, quantity)]),
  ];
}

const aName = 'a string of 1 to 100 characters';
const aQuantity = 'a whole number from 1 to 100';

function isItem(value: unknown): value is OrderItem {
  return isRecord(value) && isName(value.product) && isQuantity(value.quantity);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= 100;
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length >= 1 && value.length <= 50;
}

function isQuantity(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 100;
}

function wrong(field: string, wanted: string, value: unknown): string {
  const got = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 40);
  return `${field} must be ${wanted}, got ${got}`;
}

export interface User {
  readonly id: string;
  readonly name: string;
}

/** The customers of the shop. */
export const knownUsers: readonly User[] = [
  { id: '1', name: 'Ada' },
  { id: '2', name: 'Grace' },
  { id: '3', name: 'Katherine' },
];

export function findUser(id: string | undefined): User | undefined {
  return knownUsers.find((user) => user.id === id);
}

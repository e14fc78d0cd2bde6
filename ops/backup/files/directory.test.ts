import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backupName, backupNames, findBackup, partialSuffix } from './directory.ts';

const older = backupName(new Date('2026-11-23T19:10:55.123Z'));
const newer = backupName(new Date('2026-11-24T01:00:00Z'));

function directory() {
  const path = mkdtempSync(join(tmpdir(), 'mantis-'));
  for (const name of [newer, older, `mantis-20261125T000000Z${partialSuffix}`, 'other']) {
    mkdirSync(join(path, name));
  }
  return path;
}

test('a backup is named by its time', () => {
  expect(older).toBe('mantis-20261123T191055Z');
});

test('only complete backups are listed, the oldest first', () => {
  expect(backupNames(directory())).toEqual([older, newer]);
  expect(backupNames('/no/such/directory')).toEqual([]);
});

test('a backup is found by name, by path and as the latest', () => {
  const path = directory();
  expect(findBackup(older, path)).toBe(join(path, older));
  expect(findBackup(join(path, older), '/elsewhere')).toBe(join(path, older));
  expect(findBackup('latest', path)).toBe(join(path, newer));
});

test('an unknown backup is an error that lists the existing ones', () => {
  const path = directory();
  expect(() => findBackup('nothing', path)).toThrow(`there are ${older}, ${newer}`);
  expect(() => findBackup('latest', '/no/such/directory')).toThrow('there is none');
});

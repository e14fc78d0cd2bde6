import { parseBackupUrl, parseLocation, s3Url } from './location.ts';

test.each([
  ['s3://backups', { bucket: 'backups', prefix: '' }],
  ['s3://backups/', { bucket: 'backups', prefix: '' }],
  ['s3://my.backups/one//cluster/', { bucket: 'my.backups', prefix: 'one/cluster' }],
])('%s is a location', (url, location) => {
  expect(parseLocation(url)).toEqual(location);
  expect(parseLocation(s3Url(location))).toEqual(location);
});

test.each(['backups', 's3:/backups', 's3://', 's3://UPPER/x', 'https://backups'])(
  '%s is no location',
  (url) => {
    expect(() => parseLocation(url)).toThrow('is written s3://bucket/prefix');
  },
);

test('the URL of a backup is a location and a name', () => {
  expect(parseBackupUrl('s3://backups/one/cluster/latest')).toEqual({
    location: 's3://backups/one/cluster',
    name: 'latest',
  });
  expect(parseBackupUrl('s3://backups/latest').location).toBe('s3://backups');
  expect(() => parseBackupUrl('s3://backups')).toThrow('s3://backups/latest');
});

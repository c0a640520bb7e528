/** Where llvmpipe is looked for, when it can be installed, and from which mirror. */
import { expect, test } from 'vitest';
import { backportsSource, obstacle, presentDriver } from '../../src/cli/vulkan-driver.ts';

const debian12 = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_CODENAME=bookworm\n';

test('takes the driver that is named, else llvmpipe from a usual place', () => {
  const usual = '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json';
  const isThere = (path: string): boolean => path === usual;
  expect(presentDriver({ VK_ICD_FILENAMES: '/a/card.json' }, isThere)).toBe('/a/card.json');
  expect(presentDriver({ VK_DRIVER_FILES: '/a/card.json' }, isThere)).toBe('/a/card.json');
  expect(presentDriver({}, isThere)).toBe(usual);
  expect(presentDriver({}, () => false)).toBeUndefined();
});

test.each([
  [{ isRoot: true, hasApt: true, release: debian12 }, undefined],
  [{ isRoot: false, hasApt: true, release: debian12 }, 'only root'],
  [{ isRoot: true, hasApt: true, release: 'ID=ubuntu\nVERSION_CODENAME=noble\n' }, 'not Debian 12'],
  [{ isRoot: true, hasApt: false, release: '' }, 'not Debian 12'],
])('on %j it says what stands in the way, and what a person can do', (system, word) => {
  if (word === undefined) return expect(obstacle(system)).toBeUndefined();
  expect(obstacle(system)).toContain(word);
  expect(obstacle(system)).toContain('apt-get install mesa-vulkan-drivers/bookworm-backports');
});

test('takes backports from the mirror of the release', () => {
  const targets =
    'mirror://security bookworm-security\nmirror://own/debian bookworm\nmirror://own/debian bookworm-updates\n';
  expect(backportsSource(targets)).toBe(
    'Types: deb\nURIs: mirror://own/debian\nSuites: bookworm-backports\nComponents: main\n' +
      'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n',
  );
  expect(backportsSource('mirror://other noble\n')).toBeUndefined();
});

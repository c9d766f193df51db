// semver: comparison, ranges, increments, coercion.
'use strict';
const semver = require('semver');

const versions = ['1.2.3', '1.10.0', '1.2.3-beta.2', '1.2.3-beta.10', '2.0.0', '0.9.9', '1.2.3+build'];
console.log(semver.sort([...versions]), semver.rsort([...versions])[0], semver.maxSatisfying(versions, '^1.2'), semver.minSatisfying(versions, '>=1'));
for (const range of ['^0.2.3', '~1.2', '1.x || >=2.5 <3', '1.2 - 2.3', '>1.2.3-alpha', '', 'not one']) console.log(range, semver.validRange(range), semver.satisfies('1.2.9', range), semver.minVersion(semver.validRange(range) ?? '0')?.version);
for (const kind of ['major', 'minor', 'patch', 'prerelease', 'premajor']) console.log(kind, semver.inc('1.2.3-rc.1', kind, 'rc'));
console.log(semver.coerce('v3.4 something').version, semver.diff('1.0.0', '1.1.0-a'), semver.intersects('^1.2', '<1.5'), semver.subset('~1.2.3', '^1'), semver.parse('1.2.3-a.1+b'), semver.simplifyRange(versions, '1.2.3 || 1.10.0'));

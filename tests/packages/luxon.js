// luxon: zones, locales, intervals, and the Intl beneath them.
'use strict';
const { DateTime, Duration, Interval, Settings, Info } = require('luxon');

Settings.defaultZone = 'Europe/Berlin';
Settings.defaultLocale = 'en-GB';
const at = DateTime.fromISO('2024-03-31T01:30:00');
console.log(at.toString(), at.plus({ hours: 1 }).toString(), at.setZone('America/New_York').toFormat('fff ZZZZ'), at.isInDST, at.plus({ hours: 1 }).isInDST);
console.log(at.setLocale('fr').toLocaleString(DateTime.DATE_HUGE), at.setLocale('ja').toLocaleString(DateTime.DATETIME_FULL), at.reconfigure({ numberingSystem: 'arab' }).toLocaleString());
console.log(Duration.fromObject({ hours: 30, minutes: 75 }).normalize().toHuman(), Duration.fromISO('PT1H30M').toFormat('h:mm:ss'));
console.log(Interval.fromDateTimes(at, at.plus({ days: 3 })).splitBy({ days: 1 }).map((it) => it.toISODate()), Interval.after(at, { weeks: 2 }).length('days'));
console.log(Info.months('short', { locale: 'de' }), Info.weekdays('narrow'), Info.features(), DateTime.fromFormat('5 Mai 2020', 'd MMMM yyyy', { locale: 'de' }).toISODate());
console.log(DateTime.fromISO('2024-13-01').invalidExplanation, at.toRelative({ base: at.plus({ days: 40 }) }), at.toHTTP(), at.toRFC2822(), at.toSQL());

// moment: parsing, formatting, durations, locales, arithmetic.
'use strict';
const moment = require('moment');
require('moment/locale/de');
require('moment/locale/ar');

moment.locale('en');
const day = moment.utc('2024-02-29T13:45:30.123Z');
console.log(day.format(), day.format('dddd, MMMM Do YYYY, h:mm:ss a [week] W'), day.clone().add(1, 'year').format('L LT'));
console.log(day.clone().locale('de').format('LLLL'), day.clone().locale('ar').format('LLL'), day.isLeapYear(), day.quarter());
console.log(moment.duration(3661, 'seconds').humanize(), moment.duration('P1Y2M3DT4H').toISOString(), day.from(moment.utc('2024-01-01')));
console.log(moment.utc('31/12/2023 23:59', 'DD/MM/YYYY HH:mm', true).toISOString(), moment('nonsense', 'YYYY', true).isValid(), day.diff('2020-01-01', 'days', true));
console.log(moment.parseZone('2024-03-10T01:00:00-08:00').endOf('month').format(), moment.utc([2020, 0, 31]).add(1, 'month').format('LL'));

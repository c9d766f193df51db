// rxjs: operators, subjects, schedulers, interoperation with promises and iterators.
'use strict';
const { of, from, interval, Subject, BehaviorSubject, merge, combineLatest, throwError, defer, firstValueFrom, lastValueFrom, asyncScheduler, fromEvent } = require('rxjs');
const { map, filter, scan, take, toArray, mergeMap, concatMap, switchMap, catchError, retry, bufferCount, debounceTime, observeOn, timeout, groupBy, share, zipWith } = require('rxjs/operators');
const { TestScheduler } = require('rxjs/testing');
const assert = require('assert');

async function main() {
  console.log(await lastValueFrom(from([1, 2, 3, 4]).pipe(filter((n) => n % 2 === 0), map((n) => n * 10), scan((a, b) => a + b, 0), toArray())));
  console.log(await lastValueFrom(of('a', 'b').pipe(concatMap((x) => interval(2).pipe(take(2), map((n) => x + n))), toArray())));
  let tries = 0;
  console.log(await lastValueFrom(defer(() => (++tries < 3 ? throwError(() => new Error('no')) : of('yes'))).pipe(retry(5))), tries);
  const subject = new BehaviorSubject(0);
  const seen = [];
  subject.pipe(bufferCount(2)).subscribe({ next: (pair) => seen.push(pair), complete: () => seen.push('done') });
  [1, 2, 3].forEach((n) => subject.next(n)); subject.complete();
  console.log(seen, await firstValueFrom(combineLatest([of(1, 2), of('x')])), await lastValueFrom(merge(of(1), of(2)).pipe(observeOn(asyncScheduler), toArray())));
  console.log(await lastValueFrom(from([1, 2, 3, 4, 5]).pipe(groupBy((n) => n % 2), mergeMap((g) => g.pipe(toArray())), toArray())));
  console.log(await firstValueFrom(new Subject().pipe(timeout(5), catchError((error) => of(error.name)))));
  const emitter = new EventTarget();
  const clicks = firstValueFrom(fromEvent(emitter, 'click').pipe(switchMap(async (event) => event.type)));
  emitter.dispatchEvent(new Event('click'));
  console.log(await clicks, await lastValueFrom(of(1, 2).pipe(zipWith(of('a', 'b')), share(), toArray())));
  new TestScheduler((a, b) => assert.deepStrictEqual(a, b)).run(({ cold, expectObservable }) => {
    expectObservable(cold('-a-b-c|').pipe(debounceTime(1))).toBe('--a-b-(c|)');
  });
  console.log('virtual time holds');
}
main().catch((error) => { console.log(error); process.exitCode = 1; });

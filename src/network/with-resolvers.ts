/**
 * Node 20 lacks Promise.withResolvers, which libp2p uses: this gives it to the process when it is missing.
 * Must be imported before anything of libp2p.
 * Source: https://tc39.es/ecma262/#sec-promise.withResolvers
 */
if (typeof Promise.withResolvers !== 'function') {
  Object.defineProperty(Promise, 'withResolvers', {
    configurable: true,
    writable: true,
    value: function withResolvers<T>(this: PromiseConstructor): PromiseWithResolvers<T> {
      let resolve: PromiseWithResolvers<T>['resolve'] | undefined;
      let reject: PromiseWithResolvers<T>['reject'] | undefined;
      const promise = new this<T>((onResolve, onReject) => {
        resolve = onResolve;
        reject = onReject;
      });
      if (resolve === undefined || reject === undefined) throw new TypeError('not a promise constructor');
      return { promise, resolve, reject };
    },
  });
}

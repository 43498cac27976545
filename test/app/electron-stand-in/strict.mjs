/**
 * An object on which every member that it does not have throws, as a reminder to model it. Methods are
 * bound to the object itself, whose private members a proxy cannot reach.
 */
export function strict(name, object) {
  return new Proxy(object, {
    get(target, key) {
      if (typeof key === 'string' && !(key in target) && key !== 'then' && key !== 'toJSON') {
        throw new Error(`The stand-in for Electron has no ${name}.${key}.`);
      }
      const value = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

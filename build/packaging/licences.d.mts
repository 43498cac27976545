interface Licence {
  name: string;
  version: string;
  identifier: string;
  text: string;
}

export function licences(): Licence[];
export function forbidden(list: Licence[]): string[];

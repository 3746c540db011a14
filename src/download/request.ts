/** Requests over https alone, redirects too. */
import { InputError } from '../errors.ts';

/** What is used of Node's `fetch`. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const mostRedirects = 5;

/**
 * Sends a GET or HEAD and follows redirects, as long as they lead to https.
 *
 * @throws InputError if the address or a redirect is not https, or there are more than 5 of them; or what `fetch` throws.
 */
export async function request(
  url: string,
  options: { method?: 'GET' | 'HEAD'; headers?: Record<string, string>; signal?: AbortSignal; fetch?: Fetch },
): Promise<Response> {
  const { method = 'GET', headers = {}, signal, fetch: send = fetch } = options;
  let address = url;
  for (let hops = 0; hops <= mostRedirects; hops++) {
    requireHttps(address, url);
    const init: RequestInit = {
      method,
      headers: { 'accept-encoding': 'identity', ...headers }, // sizes are those of the file itself
      redirect: 'manual',
      signal,
    };
    const response = await send(address, init);
    const location = response.headers.get('location');
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
    await response.body?.cancel();
    address = new URL(location, address).href;
  }
  throw new InputError(
    `${url}: the server redirects more than ${mostRedirects} times. Look whether the address still holds.`,
  );
}

function requireHttps(address: string, url: string): void {
  if (new URL(address).protocol === 'https:') return;
  const way = address === url ? 'the address is' : `the server redirects to ${address}, which is`;
  throw new InputError(
    `${url}: ${way} not https, so anyone on the way could change the file. Get it by hand.`,
  );
}

/**
 * Names for endpoints that may be shown in logs and metrics: host and port only, because user, path and query of a URL
 * can hold credentials. Where several have one host, their place follows.
 */
export function providerNames(urls: readonly string[]): string[] {
  const hosts = urls.map((url) => new URL(url).host);
  return hosts.map((host, index) => {
    const earlier = hosts.slice(0, index).filter((other) => other === host).length;
    return earlier === 0 ? host : `${host}#${earlier + 1}`;
  });
}

const SHORTEST_SECRET = 6;

/** Takes out of a text whatever may be a credential in a URL: an endpoint can say in its answer what it was asked with. */
export function redactor(url: string): (text: string) => string {
  const { username, password, pathname, searchParams } = new URL(url);
  const basic = Buffer.from(`${decode(username)}:${decode(password)}`).toString("base64");
  const parts = [basic, username, password, ...pathname.split("/"), ...searchParams.values()];
  const secrets = parts
    .flatMap((part) => [part, decode(part)])
    .filter((part) => part.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, "…"), text);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

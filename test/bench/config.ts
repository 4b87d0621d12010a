/** A program as workerd is to serve it. */
export interface Service {
  readonly name: string;
  /** Its one module. */
  readonly script: string;
  readonly texts?: Readonly<Record<string, string>>;
  /** Bindings to classes of Durable Objects, its own or another service's. */
  readonly objects?: Readonly<Record<string, { readonly className: string; readonly service: string }>>;
  /** The class of Durable Objects that it has itself. */
  readonly className?: string;
  /** The service behind its D1 binding `DB`. */
  readonly database?: string;
}

const text = (value: string): string => JSON.stringify(value);

/** workerd's configuration: every service has a socket of its own, and reaches the network without a proxy between. @param state where objects are kept */
export function workerdConfig(services: readonly Service[], state: string, compatibilityDate: string): string {
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "internet", network = (allow = ["public", "private"])),
    (name = "disk", disk = (path = ${text(state)}, writable = true)),
    ${services.map(({ name }) => `(name = ${text(name)}, worker = .${name})`).join(",\n    ")}
  ],
  sockets = [
    ${services.map(({ name }) => `(name = ${text(name)}, address = "127.0.0.1:0", http = (), service = ${text(name)})`).join(",\n    ")}
  ],
);
${services.map((service) => workerOf(service, compatibilityDate)).join("")}`;
}

function workerOf(service: Service, compatibilityDate: string): string {
  const { name, script, className } = service;
  return `
const ${name} :Workerd.Worker = (
  modules = [(name = "index.js", esModule = embed ${text(script)})],
  compatibilityDate = ${text(compatibilityDate)},
  bindings = [${bindingsOf(service).join(", ")}],
  durableObjectNamespaces = [${className === undefined ? "" : `(className = ${text(className)}, uniqueKey = ${text(name)}, enableSql = true)`}],
  durableObjectStorage = (localDisk = "disk"),
  globalOutbound = "internet",
);
`;
}

function bindingsOf({ texts = {}, objects = {}, database }: Service): readonly string[] {
  const d1 = `wrapped = (moduleName = "cloudflare-internal:d1-api", innerBindings = [(name = "fetcher", service = ${text(database ?? "")})])`;
  return [
    ...Object.entries(texts).map(([name, value]) => `(name = ${text(name)}, text = ${text(value)})`),
    ...Object.entries(objects).map(
      ([name, { className, service }]) =>
        `(name = ${text(name)}, durableObjectNamespace = (className = ${text(className)}, serviceName = ${text(service)}))`,
    ),
    ...(database === undefined ? [] : [`(name = "DB", ${d1})`]),
  ];
}

import type { DurableObject } from "cloudflare:workers";

/** What a program has asked of Cloudflare since it was last asked: what its operator is billed for, but for rows and time. */
export interface Counts {
  requests: number;
  objectRequests: number;
  alarms: number;
  queries: number;
}

interface CountedEnv {
  readonly SENDER: DurableObjectNamespace;
  readonly DB?: D1Database;
}

const COUNTS: Counts = { requests: 0, objectRequests: 0, alarms: 0, queries: 0 };

/** The program, with a count at each of its edges; `GET /counts` shows them. */
export function countWorker(program: { readonly fetch: unknown }): ExportedHandler<CountedEnv> {
  const fetch = program.fetch as (request: Request, env: CountedEnv, ctx: ExecutionContext) => Promise<Response>;
  return {
    fetch: async (request, env, ctx) => {
      if (new URL(request.url).pathname === "/counts") return Response.json(COUNTS);
      COUNTS.requests += 1;
      return await fetch(request, countEnv(env), ctx);
    },
  };
}

type SenderClass = new (ctx: DurableObjectState, env: CountedEnv) => DurableObject<CountedEnv>;

export function countSender(Sender: SenderClass): SenderClass {
  return class extends Sender {
    constructor(ctx: DurableObjectState, env: CountedEnv) {
      super(ctx, countEnv(env));
    }

    override async alarm(info?: AlarmInvocationInfo): Promise<void> {
      COUNTS.objectRequests += 1;
      COUNTS.alarms += 1;
      await super.alarm?.(info);
    }
  };
}

function countEnv(env: CountedEnv): CountedEnv {
  const { SENDER, DB } = env;
  return { ...env, SENDER: countObjects(SENDER), ...(DB === undefined ? {} : { DB: countQueries(DB) }) };
}

/** Every call of a stub's method is a request to the object. */
function countObjects(namespace: DurableObjectNamespace): DurableObjectNamespace {
  return intercept(namespace, "getByName", (getByName) => (name: string) => {
    const stub = getByName(name) as object;
    return new Proxy(stub, {
      get: (target, property) => {
        COUNTS.objectRequests += 1;
        const method = Reflect.get(target, property, target) as (...values: readonly unknown[]) => unknown;
        return (...values: readonly unknown[]) => method(...values);
      },
    });
  });
}

/** Every statement that is prepared is run once. */
function countQueries(database: D1Database): D1Database {
  return intercept(database, "prepare", (prepare) => (sql: string) => {
    COUNTS.queries += 1;
    return prepare(sql);
  });
}

function intercept<Target extends object>(
  target: Target,
  name: keyof Target,
  replace: (method: (value: string) => unknown) => (value: string) => unknown,
): Target {
  return new Proxy(target, {
    get: (it, property) => {
      const value = Reflect.get(it, property, it) as unknown;
      if (typeof value !== "function") return value;
      const method = value.bind(it) as (value: string) => unknown;
      return property === name ? replace(method) : method;
    },
  });
}

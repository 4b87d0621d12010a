/** Reads what the objects of the other programs have counted: `GET /?program=parley&sender=+12025550140`. */
export default {
  async fetch(request, env) {
    const { searchParams } = new URL(request.url);
    const namespace = env[searchParams.get("program") ?? ""];
    const sender = searchParams.get("sender");
    if (namespace === undefined || sender === null) return new Response(null, { status: 404 });
    // A property over RPC: it is read when it is awaited.
    return Response.json(await (namespace.getByName(sender) as unknown as { readonly rows: Promise<object> }).rows);
  },
} satisfies ExportedHandler<Record<string, DurableObjectNamespace>>;

using System.Text.Json;
using Blackwall.Api;
using Blackwall.Api.Keys;
using Blackwall.Api.Licenses;
using Blackwall.Api.Problems;
using Blackwall.Pipeline.Model;

namespace Blackwall.Remediation.CrowdSec;

/// <summary>
/// /v1/decisions: what remediation components of CrowdSec ask a local API for, as its published description has it, so that those for nginx, HAProxy,
/// Traefik and firewalls enforce what this appliance decides. Read only.
/// </summary>
internal static class CrowdSecEndpoints
{
    private const int MaxProgram = 256;
    private const int FlushBytes = 64 * 1024;
    private static readonly string[] Read = ["GET", "HEAD"];

    public static void MapCrowdSec(this IEndpointRouteBuilder root)
    {
        RouteGroupBuilder group = root.MapGroup("/v1").ExcludeFromDescription();
        group.WithMetadata(KeyCarrier.Header, new CrowdSecFailure(), new AnyQuery());
        group.MapMethods("/decisions/stream", Read, StreamAsync).Needs(RemediationScopes.Read).WithMetadata(new Licensed(null));
        group.MapMethods("/decisions", Read, ListAsync).Needs(RemediationScopes.Read).WithMetadata(new Licensed(null));
        group.Map("/{**rest}", (Delegate)Elsewhere).Needs(null);
    }

    private static async Task StreamAsync(HttpContext context, BlockList blocks, StreamPlaces places, GoneBlocks gone, TimeProvider time)
    {
        DecisionFilter filter = DecisionFilter.Read(context.Request.Query);
        Caller caller = Caller.For(context);
        string program = context.Request.Headers.UserAgent.ToString();
        var reader = (caller.Key.Id, caller.Address, program.Length > MaxProgram ? program[..MaxProgram] : program);
        bool isStart = string.Equals(context.Request.Query["startup"], "true", StringComparison.OrdinalIgnoreCase);
        BlockDelta? delta = isStart ? null : places.Find(reader) is { } place ? blocks.Since(place) : null;
        if (delta is null)
        {
            (long now, Block[] all) = blocks.All();
            delta = new BlockDelta(now, all, isStart ? [] : await gone.FindAsync(all, context.RequestAborted));
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        await WriteAsync(context, async json =>
        {
            json.WriteStartObject();
            foreach ((string name, IReadOnlyCollection<Block> list) in new[] { ("deleted", delta.Deleted), ("new", delta.New) })
            {
                Block[] fitting = [.. list.Where(filter.Fits)];
                if (fitting.Length == 0)
                {
                    json.WriteNull(name);
                    continue;
                }

                json.WriteStartArray(name);
                foreach (Block block in fitting)
                {
                    DecisionJson.Write(json, name is "deleted" ? block with { Until = time.GetUtcNow() } : block, time.GetUtcNow());
                    await FlushAsync(context, json);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        });

        // Whoever did not get the answer is told the same again.
        places.Set(reader, delta.Cursor);
    }

    private static async Task ListAsync(HttpContext context, BlockList blocks, TimeProvider time)
    {
        IQueryCollection query = context.Request.Query;
        string text = query["ip"].ToString() is { Length: > 0 } ip ? ip : query["range"].ToString() is { Length: > 0 } range ? range : query["value"].ToString();
        DecisionFilter filter = DecisionFilter.Read(query);
        IReadOnlyList<Block> found;
        if (text.Length == 0)
        {
            found = blocks.All().Blocks;
        }
        else if (Prefix.TryParse(text, out Prefix scope, out string? wrong))
        {
            found = blocks.Touching(scope);
        }
        else
        {
            await Problem.Create(StatusCodes.Status400BadRequest, wrong!).ExecuteAsync(context);
            return;
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        Block[] fitting = [.. found.Where(filter.Fits)];
        await WriteAsync(context, async json =>
        {
            if (fitting.Length == 0)
            {
                json.WriteNullValue();
                return;
            }

            json.WriteStartArray();
            foreach (Block block in fitting)
            {
                DecisionJson.Write(json, block, time.GetUtcNow());
                await FlushAsync(context, json);
            }

            json.WriteEndArray();
        });
    }

    private static Task Elsewhere(HttpContext context) =>
        Problem.Create(StatusCodes.Status404NotFound, "There is nothing at this path: this API knows decisions and decisions/stream.").ExecuteAsync(context);

    private static async Task WriteAsync(HttpContext context, Func<Utf8JsonWriter, Task> content)
    {
        await using Utf8JsonWriter json = new(context.Response.BodyWriter);
        await content(json);
        await json.FlushAsync(context.RequestAborted);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    // A hundred thousand decisions are not kept in memory until the last one is written.
    private static async ValueTask FlushAsync(HttpContext context, Utf8JsonWriter json)
    {
        if (json.BytesPending >= FlushBytes || context.Response.BodyWriter.UnflushedBytes >= FlushBytes)
        {
            json.Flush();
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
    }
}

using System.Globalization;
using System.Text.Json;
using Blackwall.Api;
using Blackwall.Api.Auditing;
using Blackwall.Api.Contracts;
using Blackwall.Api.Keys;
using Blackwall.Api.Licenses;
using Blackwall.Api.Problems;
using Blackwall.Events;
using Blackwall.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Blackwall.Siem.Sinks;

/// <summary>/sinks: where events are forwarded to.</summary>
internal static class SinkEndpoints
{
    public static void MapSinks(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/sinks").WithTags("sinks");
        group.MapGet("", List).WithName("listSinks").Needs(SiemScopes.Read).Produces<SinkList>();
        group.MapPost("", CreateAsync).WithName("createSink").Needs(SiemScopes.Write).Produces<SinkBody>(StatusCodes.Status201Created).Refuses(400, 409, 413, 415, 422, 503);
        group.MapGet("/{name}", Get).WithName("getSink").Needs(SiemScopes.Read).Produces<SinkBody>().Refuses(404);
        group.MapPut("/{name}", ReplaceAsync).WithName("replaceSink").Needs(SiemScopes.Write).Produces<SinkBody>().Refuses(400, 404, 412, 413, 415, 422, 428, 503);
        group.MapDelete("/{name}", RemoveAsync).WithName("deleteSink").Needs(SiemScopes.Write).Produces(StatusCodes.Status204NoContent).Produces<PreviewBody>(StatusCodes.Status202Accepted).Refuses(404, 412, 503);
        group.MapPost("/{name}/test", TestAsync).WithName("testSink").Needs(SiemScopes.Write).Produces<SinkTestBody>().Refuses(404);
    }

    /// <summary>Lists the sinks and how they do, without secrets.</summary>
    private static Ok<SinkList> List(SinkBook sinks) => TypedResults.Ok(new SinkList(sinks.All));

    /// <summary>One sink and how it does; the ETag header is what a change has to send as If-Match.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="context">The request.</param>
    /// <param name="sinks">All sinks.</param>
    private static IResult Get(string name, HttpContext context, SinkBook sinks) => Answer(name, context, sinks);

    /// <summary>Makes a sink. It gets what happens from now on, as far as the key that makes it may read it.</summary>
    private static async Task<IResult> CreateAsync(SinkInput input, HttpContext context, SinkBook sinks, WordRegistry words, ILicense license)
    {
        SinkReader reader = new(words.Find(WordLists.EventKind));
        string name = reader.Name(input.Name);
        (SinkSettings settings, SinkSecrets secrets) = reader.Read(input, before: null);
        if (reader.Errors.Count > 0)
        {
            return Problem.Invalid(reader.Errors);
        }

        if (Unlicensed(sinks, settings, name, license) is { } refused)
        {
            return refused;
        }

        settings = settings with { Scopes = ScopesOf(context) };
        SinkChange? change = await ChangeAsync(() => sinks.PutAsync(name, settings, secrets, fits: null));
        if (change is not SinkChange.Done)
        {
            return change is { } known ? Refused(known, name) : Unstored();
        }

        AuditNote.For(context).After = JsonOf(settings);
        context.Response.Headers.ETag = TagOf(sinks.Find(name)!);
        return TypedResults.Created($"/api/v1/sinks/{name}", sinks.Describe(name)!);
    }

    /// <summary>Gives a sink other settings. It goes on where it was; a token that is left out stays, unless the sink is another server now.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="input">All its settings.</param>
    /// <param name="context">The request.</param>
    /// <param name="sinks">All sinks.</param>
    /// <param name="words">Kinds of events.</param>
    /// <param name="license">Says how many sinks there may be.</param>
    /// <param name="ifMatch">ETag of the sink as it was read.</param>
    private static async Task<IResult> ReplaceAsync(string name, SinkInput input, HttpContext context, SinkBook sinks, WordRegistry words, ILicense license, [FromHeader(Name = "If-Match")] string? ifMatch)
    {
        if (sinks.Find(name) is not { } before)
        {
            return Refused(SinkChange.Missing, name);
        }

        if (string.IsNullOrEmpty(ifMatch))
        {
            return Problem.Create(StatusCodes.Status428PreconditionRequired, "Send the sink's ETag as If-Match.");
        }

        SinkReader reader = new(words.Find(WordLists.EventKind));
        (SinkSettings settings, SinkSecrets secrets) = reader.Read(input, before);
        Dictionary<string, string[]> errors = new(reader.Errors, StringComparer.Ordinal);
        if (input.Name is { } other && !string.Equals(other, name, StringComparison.Ordinal))
        {
            errors["name"] = [$"It is '{name}', for ever."];
        }

        if (errors.Count > 0)
        {
            return Problem.Invalid(errors);
        }

        if (Unlicensed(sinks, settings, name, license) is { } refused)
        {
            return refused;
        }

        settings = settings with { Scopes = ScopesOf(context) };
        SinkChange? change = await ChangeAsync(() => sinks.PutAsync(name, settings, secrets, Matching(ifMatch)));
        if (change is not SinkChange.Done)
        {
            return change is { } known ? Refused(known, name) : Unstored();
        }

        (AuditNote.For(context).Before, AuditNote.For(context).After) = (JsonOf(before.Settings), JsonOf(settings));
        return Answer(name, context, sinks);
    }

    /// <summary>Takes a sink away, and what it refused; with If-Match only if it is still as it was read.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="context">The request.</param>
    /// <param name="sinks">All sinks.</param>
    /// <param name="ifMatch">ETag of the sink as it was read.</param>
    private static async Task<IResult> RemoveAsync(string name, HttpContext context, SinkBook sinks, [FromHeader(Name = "If-Match")] string? ifMatch)
    {
        Sink? before = sinks.Find(name);
        SinkChange? change = await ChangeAsync(() => sinks.RemoveAsync(name, string.IsNullOrEmpty(ifMatch) ? _ => true : Matching(ifMatch)));
        if (change is not SinkChange.Done)
        {
            return change is { } known ? Refused(known, name) : Unstored();
        }

        AuditNote.For(context).Before = JsonOf(before!.Settings);
        return TypedResults.NoContent();
    }

    /// <summary>Sends one event of the kind "test" to a sink and says what became of it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="context">The request.</param>
    /// <param name="sinks">All sinks.</param>
    /// <param name="log">Numbers events.</param>
    /// <param name="time">For its date.</param>
    private static async Task<IResult> TestAsync(string name, HttpContext context, SinkBook sinks, EventLog log, TimeProvider time)
    {
        if (sinks.Find(name) is not { } sink)
        {
            return Refused(SinkChange.Missing, name);
        }

        DateTimeOffset now = time.GetUtcNow();
        SiemEvent happened = new(string.Create(CultureInfo.InvariantCulture, $"{log.Id}-test-{now.ToUnixTimeMilliseconds()}"), 0, now, "test", "Test of a sink", 1, "{}"u8.ToArray()) { Message = "The appliance was asked to test this sink." };
        string? error = await sinks.TestAsync(sink, happened, context.RequestAborted);
        return TypedResults.Ok(new SinkTestBody(error is null, error, happened.Id));
    }

    private static IResult Answer(string name, HttpContext context, SinkBook sinks)
    {
        if (sinks.Find(name) is not { } sink || sinks.Describe(name) is not { } body)
        {
            return Refused(SinkChange.Missing, name);
        }

        context.Response.Headers.ETag = TagOf(sink);
        return TypedResults.Ok(body);
    }

    private static async Task<SinkChange?> ChangeAsync(Func<Task<SinkChange>> change)
    {
        try
        {
            return await change();
        }
        catch (StoreException)
        {
            return null;
        }
    }

    private static IReadOnlyList<string>? ScopesOf(HttpContext context)
    {
        ScopeSet scopes = Caller.For(context).Key.Scopes;
        return scopes.IsAdmin ? null : [.. scopes.Words];
    }

    private static Problem? Unlicensed(SinkBook sinks, SinkSettings settings, string name, ILicense license) =>
        sinks.Lacking(Enum.Parse<SinkKind>(settings.Kind, ignoreCase: true), name) is { } needed ? LicenseGate.Refuse(license.Tier, needed) : null;

    private static Problem Unstored() => Problem.Create(StatusCodes.Status503ServiceUnavailable, "It cannot be stored; nothing has changed. health/ready says more.");

    private static Problem Refused(SinkChange change, string name) => change switch
    {
        SinkChange.Missing => Problem.Create(StatusCodes.Status404NotFound, "There is no sink of this name."),
        SinkChange.Exists => Problem.Create(StatusCodes.Status409Conflict, $"There is a sink '{name}': change that one, or choose another name."),
        SinkChange.Stale => Problem.Create(StatusCodes.Status412PreconditionFailed, "The sink has changed since it was read."),
        _ => Problem.Create(StatusCodes.Status409Conflict, string.Create(CultureInfo.InvariantCulture, $"There can be {SinkBook.MaxSinks} sinks.")),
    };

    private static Func<Sink, bool> Matching(string ifMatch) => sink =>
        EntityTagHeaderValue.TryParseList([ifMatch], out IList<EntityTagHeaderValue>? tags) && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || (!tag.IsWeak && tag.Tag.Equals(TagOf(sink), StringComparison.Ordinal)));

    private static string TagOf(Sink sink) => string.Create(CultureInfo.InvariantCulture, $"\"{sink.Revision}\"");

    private static string JsonOf(SinkSettings settings) => JsonSerializer.Serialize(settings, SiemJson.Default.SinkSettings);
}

using System.Globalization;
using System.Text.Json;
using Blackwall.Api;
using Blackwall.Api.Auditing;
using Blackwall.Api.Contracts;
using Blackwall.Api.Keys;
using Blackwall.Api.Problems;
using Blackwall.Decisions;
using Blackwall.Pipeline.Model;
using Blackwall.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Blackwall.Capture;

/// <summary>/captures: packets of flagged sources, and of sources that the operator asks for.</summary>
internal static class CaptureEndpoints
{
    private const string PcapType = "application/vnd.tcpdump.pcap";
    private const int DefaultSeconds = 60;
    private const int MaxSeconds = 3600;
    private const int PageSize = 1000;
    private const int MostEvidence = 16;

    public static void MapCaptures(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/captures").WithTags("captures");
        group.MapGet("", List).WithName("listCaptures").Needs(CaptureScopes.Read).Produces<CaptureList>().Refuses(422, 503);
        group.MapPost("", Start).WithName("startCapture").Needs(CaptureScopes.Write).Produces<CaptureBody>(StatusCodes.Status201Created).Produces<CaptureBody>().Refuses(400, 409, 413, 415, 422);
        group.MapGet("/{id:long}", GetAsync).WithName("getCapture").Needs(CaptureScopes.Read).Produces<CaptureBody>().Refuses(404, 503);
        group.MapDelete("/{id:long}", Delete).WithName("deleteCapture").Needs(CaptureScopes.Write).Produces(StatusCodes.Status204NoContent).Produces<PreviewBody>(StatusCodes.Status202Accepted).Refuses(404, 503);
        group.MapGet("/{id:long}/file", File).WithName("readCapture").Needs(CaptureScopes.Read).Produces<FileStreamResult>(StatusCodes.Status200OK, PcapType).Refuses(404, 503);
        api.MapGet("/decisions/{id:long}/capture", OfDecision).WithTags("captures").WithName("readCaptureOfDecision").Needs(CaptureScopes.Read)
            .Produces<FileStreamResult>(StatusCodes.Status200OK, PcapType).Refuses(404, 503);
    }

    /// <summary>Lists captures, newest first.</summary>
    /// <param name="book">The captures.</param>
    /// <param name="address">Of exactly this address or prefix.</param>
    /// <param name="decision">Of the decision with this id.</param>
    /// <param name="limit">1..1000; 100 without it.</param>
    /// <param name="cursor">nextCursor of the page before.</param>
    private static IResult List(CaptureBook book, [FromQuery] string? address, [FromQuery] string? decision, [FromQuery] string? limit, [FromQuery] string? cursor)
    {
        DecisionReader reader = new();
        long? decided = string.IsNullOrEmpty(decision) ? null : reader.Cursor("decision", decision);
        CaptureQuery query = new(reader.Cursor("cursor", cursor), reader.Scope("address", address), decided, reader.Number("limit", limit, 100, 1, PageSize));
        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        return Try(() =>
        {
            IReadOnlyList<CaptureRecord> found = book.List(query with { Limit = query.Limit + 1 });
            string? next = found.Count > query.Limit ? found[query.Limit - 1].Id.ToString(CultureInfo.InvariantCulture) : null;
            return TypedResults.Ok(new CaptureList([.. found.Take(query.Limit).Select(CaptureBody.From)], next));
        });
    }

    /// <summary>Captures a source for a while.</summary>
    /// <remarks>
    /// 201 when it is new, 200 when the source was captured already and is for longer now. Packets of the management plane are never captured:
    /// 409 for guarded addresses, and on this machine's own addresses ports of the API and of pcap.exclude_ports are left out.
    /// </remarks>
    private static IResult Start(CaptureInput input, HttpContext context, CaptureBook book, DecisionDesk desk)
    {
        DecisionReader reader = new();
        Prefix scope = reader.Scope("address", input.Address, required: true) ?? default;
        if (input.Seconds is < 1 or > MaxSeconds)
        {
            reader.Fail("seconds", string.Create(CultureInfo.InvariantCulture, $"A whole number within 1..{MaxSeconds}."));
        }

        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        CaptureAnswer answer = book.Start(scope, TimeSpan.FromSeconds(input.Seconds ?? DefaultSeconds), Caller.For(context).Name);
        if (answer.Capture is not { } capture)
        {
            return Problem.Create(StatusCodes.Status409Conflict, answer.Refusal!);
        }

        CaptureBody body = CaptureBody.From(capture);
        AuditNote.For(context).After = JsonSerializer.Serialize(body, CaptureJson.Default.CaptureBody);
        desk.Log(context, "captures", $"{capture.Scope}");
        return answer.IsNew
            ? TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"/api/v1/captures/{capture.Id}"), body)
            : TypedResults.Ok(body);
    }

    /// <summary>One capture, while it runs with what it holds so far, and what was seen of its source.</summary>
    private static async Task<IResult> GetAsync(long id, HttpContext context, CaptureBook book, EvidenceStore store)
    {
        IResult found = Try(() => book.Find(id) is { } record ? TypedResults.Ok(CaptureBody.From(record)) : Unknown());
        if (found is not Ok<CaptureBody> { Value: { } body } || !Address.TryParse(body.Address, out Address source))
        {
            return found;
        }

        IReadOnlyList<Evidence> seen = await store.OfAsync(source, MostEvidence, context.RequestAborted);
        return TypedResults.Ok(body with { Evidence = [.. seen.Select(EvidenceBody.From)] });
    }

    /// <summary>Removes a capture and its packets; one that runs ends.</summary>
    private static IResult Delete(long id, HttpContext context, CaptureBook book, DecisionDesk desk) => Try(() =>
    {
        if (book.Find(id) is not { } record || !book.Delete(id))
        {
            return Unknown();
        }

        AuditNote.For(context).Before = JsonSerializer.Serialize(CaptureBody.From(record), CaptureJson.Default.CaptureBody);
        desk.Log(context, "deleted", string.Create(CultureInfo.InvariantCulture, $"capture {id} of {record.Scope}"));
        return TypedResults.NoContent();
    });

    /// <summary>The packets of a capture as pcapng, also while it runs.</summary>
    private static IResult File(long id, CaptureBook book) => Try(() => book.Find(id) is { } record ? Send(book, record) : Unknown());

    /// <summary>The packets of the newest capture of a decision, as pcapng.</summary>
    private static IResult OfDecision(long id, CaptureBook book) => Try(() =>
        book.List(new CaptureQuery(long.MaxValue, null, id, 1)) is [var newest]
            ? Send(book, newest)
            : Problem.Create(StatusCodes.Status404NotFound, "There is no capture of a decision of this id."));

    private static FileStreamHttpResult Send(CaptureBook book, CaptureRecord record) =>
        TypedResults.Stream(book.OpenRead(record), PcapType, string.Create(CultureInfo.InvariantCulture, $"blackwall-capture-{record.Id}.pcapng"));

    private static IResult Try(Func<IResult> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (failure is StoreException or IOException or UnauthorizedAccessException)
        {
            return Problem.Create(StatusCodes.Status503ServiceUnavailable, $"Captures cannot be read or written: {failure.Message}");
        }
    }

    private static Problem Unknown() => Problem.Create(StatusCodes.Status404NotFound, "There is no capture of this id.");
}

using System.Globalization;
using System.Net;
using System.Text.Json;
using Blackwall.Api;
using Blackwall.Api.Auditing;
using Blackwall.Api.Contracts;
using Blackwall.Api.Problems;
using Blackwall.Decisions;
using Microsoft.AspNetCore.Mvc;

namespace Blackwall.Sessions;

/// <summary>/sessions: what attackers did in the tarpit.</summary>
internal static class SessionEndpoints
{
    private const string CastType = "application/x-asciicast";
    private const string FileType = "application/octet-stream";
    private const int PageSize = 1000;

    public static void MapSessions(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/sessions").WithTags("sessions");
        group.MapGet("", List).WithName("listSessions").Needs(SessionScopes.Read).Produces<SessionList>().Refuses(422);
        group.MapGet("/{id}", Get).WithName("getSession").Needs(SessionScopes.Read).Produces<SessionBody>().Refuses(404);
        group.MapDelete("/{id}", DeleteAsync).WithName("deleteSession").Needs(SessionScopes.Write).Produces(StatusCodes.Status204NoContent).Produces<PreviewBody>(StatusCodes.Status202Accepted).Refuses(404, 409, 503);
        group.MapGet("/{id}/events", Events).WithName("listSessionEvents").Needs(SessionScopes.Read).Produces<SessionEventList>().Refuses(404, 422, 503);
        group.MapGet("/{id}/terminal", Terminal).WithName("readSessionTerminal").Needs(SessionScopes.Read).Produces<FileStreamResult>(StatusCodes.Status200OK, CastType).Refuses(404, 503);
        group.MapGet("/{id}/files/{sha256}", File).WithName("readSessionFile").Needs(SessionScopes.Read).Produces<FileStreamResult>(StatusCodes.Status200OK, FileType).Refuses(404, 503);
    }

    /// <summary>Lists sessions of the tarpit, newest first.</summary>
    /// <param name="archive">The sessions.</param>
    /// <param name="source">Of exactly this address.</param>
    /// <param name="limit">1..1000; 100 without it.</param>
    /// <param name="cursor">nextCursor of the page before.</param>
    private static IResult List(SessionArchive archive, [FromQuery] string? source, [FromQuery] string? limit, [FromQuery] string? cursor)
    {
        DecisionReader reader = new();
        int count = reader.Number("limit", limit, 100, 1, PageSize);
        long before = reader.Cursor("cursor", cursor);
        IPAddress? address = null;
        if (!string.IsNullOrEmpty(source) && !IPAddress.TryParse(source, out address))
        {
            reader.Fail("source", "An IPv4 or IPv6 address.");
        }

        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        DateTimeOffset end = before >= DateTimeOffset.MaxValue.Ticks ? DateTimeOffset.MaxValue : new DateTimeOffset(Math.Max(0, before), TimeSpan.Zero);
        IReadOnlyList<SessionBody> found = archive.List(address, end, count + 1);
        string? next = found.Count > count ? found[count - 1].Started.UtcTicks.ToString(CultureInfo.InvariantCulture) : null;
        return TypedResults.Ok(new SessionList([.. found.Take(count)], next));
    }

    /// <summary>One session, while it goes on with what is known so far.</summary>
    private static IResult Get(string id, SessionArchive archive) => archive.Find(id) is { } body ? TypedResults.Ok(body) : Unknown();

    /// <summary>Removes a session that has ended: its transcript, its terminal, and files that no other session has.</summary>
    /// <remarks>Its lines in the logs in Cowrie's format go too; what was told to others (events, SIEMs, evidence) stays as it is.</remarks>
    private static async Task<IResult> DeleteAsync(string id, HttpContext context, SessionArchive archive, DecisionDesk desk)
    {
        if (archive.Find(id) is not { } body)
        {
            return Unknown();
        }

        try
        {
            if (!await archive.RemoveAsync(id, context.RequestAborted))
            {
                return Problem.Create(StatusCodes.Status409Conflict, "This session goes on, or its end is not written yet: remove it when it has ended.");
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Problem.Create(StatusCodes.Status503ServiceUnavailable, $"The session cannot be removed: {failure.Message}");
        }

        AuditNote.For(context).Before = JsonSerializer.Serialize(body, SessionJson.Default.SessionBody);
        desk.Log(context, "deleted", $"session {id} of {body.Source}");
        return TypedResults.NoContent();
    }

    /// <summary>What happened in a session, in order: its transcript.</summary>
    /// <param name="id">The session.</param>
    /// <param name="archive">The sessions.</param>
    /// <param name="folder">Their files.</param>
    /// <param name="limit">1..1000; 1000 without it.</param>
    /// <param name="cursor">nextCursor of the page before.</param>
    private static IResult Events(string id, SessionArchive archive, SessionFolder folder, [FromQuery] string? limit, [FromQuery] string? cursor)
    {
        DecisionReader reader = new();
        int count = reader.Number("limit", limit, PageSize, 1, PageSize);
        long skipped = string.IsNullOrEmpty(cursor) ? 0 : reader.Cursor("cursor", cursor);
        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        if (archive.Find(id) is null)
        {
            return Unknown();
        }

        return Try(() =>
        {
            string path = folder.PathOf(id, SessionFolder.Events);
            List<SessionEvent> events = [];
            foreach (string line in System.IO.File.Exists(path) ? System.IO.File.ReadLines(path).Skip((int)Math.Min(skipped, int.MaxValue)).Take(count + 1) : [])
            {
                if (Parse(line) is not { } happened)
                {
                    // Cut short when the machine went down: it is the last one.
                    break;
                }

                events.Add(happened);
            }

            string? next = events.Count > count ? (skipped + count).ToString(CultureInfo.InvariantCulture) : null;
            return TypedResults.Ok(new SessionEventList([.. events.Take(count)], next));
        });
    }

    private static SessionEvent? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, SessionJson.Default.SessionEvent);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What the peer saw and typed, as asciicast v2: asciinema plays it. A range (Range: bytes=N-) gives what came since, while it goes on.</summary>
    private static IResult Terminal(string id, SessionArchive archive, SessionFolder folder) =>
        archive.Find(id) is null ? Unknown() : Send(folder.PathOf(id, SessionFolder.Terminal), CastType, $"blackwall-{id}.cast", "This session had no terminal.");

    /// <summary>A file that the peer brought, as it is: handle it as malware.</summary>
    private static IResult File(string id, string sha256, SessionArchive archive, SessionFolder folder) =>
        archive.Find(id) is not { } body || !body.Files.Contains(sha256, StringComparer.Ordinal)
            ? Problem.Create(StatusCodes.Status404NotFound, "There is no such file of a session of this id.")
            : Send(folder.FileOf(sha256), FileType, $"{sha256}.bin", "This file was too large to be kept.");

    private static IResult Send(string path, string type, string name, string missing) => Try(() => System.IO.File.Exists(path)
        ? TypedResults.Stream(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), type, name, enableRangeProcessing: true)
        : Problem.Create(StatusCodes.Status404NotFound, missing));

    private static IResult Try(Func<IResult> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return Problem.Create(StatusCodes.Status503ServiceUnavailable, $"Sessions cannot be read: {failure.Message}");
        }
    }

    private static Problem Unknown() => Problem.Create(StatusCodes.Status404NotFound, "There is no session of this id.");
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using Blackwall.Api;
using Blackwall.Api.Auditing;
using Blackwall.Api.Contracts;
using Blackwall.Api.Problems;
using Blackwall.Decisions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Blackwall.Fingerprints;

/// <summary>/fingerprints: what is known of client fingerprints, to load, edit and take out.</summary>
internal static class FingerprintEndpoints
{
    private const long MaxBytes = 50 * 1024 * 1024;
    private const string JsonLines = "application/x-ndjson";
    private const string Csv = "text/csv";
    private const int MaxText = 100;

    public static void MapFingerprints(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/fingerprints").WithTags("fingerprints");
        group.MapGet("", List).WithName("listFingerprints").Needs(FingerprintScopes.Read).Produces<FingerprintList>().Refuses(422);
        group.MapGet("/{kind}/{value}", Get).WithName("getFingerprint").Needs(FingerprintScopes.Read).Produces<FingerprintBody>().Produces(StatusCodes.Status304NotModified).Refuses(404, 422);
        group.MapPut("/{kind}/{value}", PutAsync).WithName("putFingerprint").Needs(FingerprintScopes.Write).Produces<FingerprintBody>().Produces<FingerprintBody>(StatusCodes.Status201Created)
            .Refuses(400, 409, 412, 413, 415, 422, 428, 503);
        group.MapDelete("/{kind}/{value}", RemoveAsync).WithName("removeFingerprint").Needs(FingerprintScopes.Write).Produces(StatusCodes.Status204NoContent).Produces<PreviewBody>(StatusCodes.Status202Accepted).Refuses(404, 412, 422, 503);
        group.MapGet("/export", ExportAsync).WithName("exportFingerprints").Needs(FingerprintScopes.Read).Produces<string>(StatusCodes.Status200OK, JsonLines, Csv).Refuses(422);
        group.MapPost("/import", ImportAsync).WithName("importFingerprints").Needs(FingerprintScopes.Write)
            .Accepts<string>(JsonLines, Csv)
            .Produces<FingerprintImportBody>().Refuses(400, 409, 413, 415, 422, 503)
            .WithMetadata(new BodyLimit(MaxBytes));
    }

    /// <summary>Lists what is known of fingerprints, in order of kind and value.</summary>
    /// <param name="database">The database.</param>
    /// <param name="kind">ja4, hassh, ssh-banner or tcp-syn.</param>
    /// <param name="category">browser, library, tool, scanner or malware.</param>
    /// <param name="text">Somewhere in value or label, whatever the case; 1..100 characters.</param>
    /// <param name="limit">1..1000; 100 without it.</param>
    /// <param name="cursor">nextCursor of the page before.</param>
    private static IResult List(FingerprintDatabase database, [FromQuery] string? kind, [FromQuery] string? category, [FromQuery] string? text, [FromQuery] string? limit, [FromQuery] string? cursor)
    {
        DecisionReader reader = new();
        FingerprintQuery query = new(
            Word(reader, "kind", kind, FingerprintWords.Kinds),
            Word(reader, "category", category, FingerprintWords.Categories),
            string.IsNullOrEmpty(text) ? null : text,
            Cursor(reader, cursor),
            reader.Number("limit", limit, 100, 1, 1000));
        if (text?.Length > MaxText)
        {
            reader.Fail("text", string.Create(CultureInfo.InvariantCulture, $"1..{MaxText} characters."));
        }

        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        FingerprintPage page = database.List(query);
        return TypedResults.Ok(new FingerprintList([.. page.Items.Select(FingerprintBody.From)], page.Next is { } next ? $"{FingerprintWords.For(next.Kind)}:{next.Value}" : null));
    }

    /// <summary>What is known of one fingerprint; the ETag header is what a change has to send as If-Match.</summary>
    /// <param name="kind">ja4, hassh, ssh-banner or tcp-syn.</param>
    /// <param name="value">As it is listed: an entry with '*' is named with it.</param>
    /// <param name="context">The request.</param>
    /// <param name="database">The database.</param>
    private static IResult Get(string kind, string value, HttpContext context, FingerprintDatabase database)
    {
        DecisionReader reader = new();
        (FingerprintKind Kind, string Value) key = Key(reader, kind, value);
        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        if (database.Get(key.Kind, key.Value) is not { } entry)
        {
            return NotThere();
        }

        context.Response.Headers.ETag = TagOf(entry);
        return TypedResults.Ok(FingerprintBody.From(entry));
    }

    /// <summary>Says what a fingerprint is, or says it anew.</summary>
    /// <remarks>If-Match has to name an existing entry as it was read (428 without it, 412 when it has changed since or is gone).</remarks>
    /// <param name="kind">ja4, hassh, ssh-banner or tcp-syn.</param>
    /// <param name="value">The fingerprint; of all but HASSH also a beginning with '*' at its end.</param>
    /// <param name="input">What is said of it.</param>
    /// <param name="context">The request.</param>
    /// <param name="database">The database.</param>
    /// <param name="desk">The desk.</param>
    /// <param name="ifMatch">ETag of the entry as it was read.</param>
    private static async Task<IResult> PutAsync(
        string kind, string value, FingerprintInput input, HttpContext context, FingerprintDatabase database, DecisionDesk desk, [FromHeader(Name = "If-Match")] string? ifMatch)
    {
        Dictionary<string, string[]> errors = new(StringComparer.Ordinal);
        FingerprintLine line = new(kind, Unescape(value), input.Label, input.Category, input.Confidence, input.Source, input.Note);
        if (FingerprintReader.Read(line, errors) is not { } entry)
        {
            return Problem.Invalid(errors);
        }

        (FingerprintChange change, FingerprintEntry stored, FingerprintEntry? before) = await database.PutAsync(entry, Matching(ifMatch));
        if (change != FingerprintChange.Done)
        {
            // An entry that was read and is gone has changed since.
            return Refused(change == FingerprintChange.Missing ? FingerprintChange.Stale : change);
        }

        AuditNote note = AuditNote.For(context);
        (note.Before, note.After) = (before is null ? null : JsonOf(before), JsonOf(stored));
        desk.Log(context, before is null ? "made fingerprint" : "changed fingerprint", $"{kind} {stored.Value}");
        context.Response.Headers.ETag = TagOf(stored);
        return before is null
            ? TypedResults.Created($"/api/v1/fingerprints/{kind}/{Uri.EscapeDataString(stored.Value)}", FingerprintBody.From(stored))
            : TypedResults.Ok(FingerprintBody.From(stored));
    }

    /// <summary>Removes an entry; with If-Match only if it is still as it was read. A shipped one stays removed after an upgrade.</summary>
    private static async Task<IResult> RemoveAsync(string kind, string value, HttpContext context, FingerprintDatabase database, DecisionDesk desk, [FromHeader(Name = "If-Match")] string? ifMatch)
    {
        DecisionReader reader = new();
        (FingerprintKind Kind, string Value) key = Key(reader, kind, value);
        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        FingerprintEntry? before = database.Get(key.Kind, key.Value);
        FingerprintChange change = await database.RemoveAsync(key.Kind, key.Value, Matching(ifMatch));
        if (change != FingerprintChange.Done)
        {
            return Refused(change);
        }

        AuditNote.For(context).Before = before is null ? null : JsonOf(before);
        desk.Log(context, "removed fingerprint", $"{kind} {key.Value}");
        return TypedResults.NoContent();
    }

    /// <summary>The whole database as a file that can be imported again.</summary>
    /// <param name="context">The request.</param>
    /// <param name="database">The database.</param>
    /// <param name="format">json (one object a line) or csv; json without it.</param>
    private static async Task<IResult> ExportAsync(HttpContext context, FingerprintDatabase database, [FromQuery] string? format)
    {
        if (format is not (null or "" or "json" or "csv"))
        {
            DecisionReader reader = new();
            reader.Fail("format", Words.NotOneOf(format, ["json", "csv"]));
            return Problem.Invalid(reader.Errors);
        }

        bool csv = format is "csv";
        context.Response.ContentType = csv ? Csv : JsonLines;
        await using StreamWriter writer = new(context.Response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        if (csv)
        {
            await writer.WriteLineAsync(string.Join(',', FingerprintFile.Columns));
        }

        foreach (FingerprintEntry entry in database.All())
        {
            await writer.WriteLineAsync(csv ? FingerprintFile.Csv(entry) : FingerprintFile.Json(entry));
        }

        return Results.Empty;
    }

    /// <summary>Makes or replaces an entry for every line: JSON objects, or CSV with a line of column names.</summary>
    /// <remarks>All or nothing: one bad line and nothing changes. Each bad line is named, at most 100 of them.</remarks>
    private static async Task<IResult> ImportAsync(HttpContext context, FingerprintDatabase database, DecisionDesk desk)
    {
        using StreamReader body = new(context.Request.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false));
        string text = await body.ReadToEndAsync(context.RequestAborted);
        bool csv = context.Request.ContentType?.StartsWith(Csv, StringComparison.OrdinalIgnoreCase) == true;
        (IReadOnlyList<FingerprintEntry> entries, IReadOnlyDictionary<string, string[]> errors) = csv ? FingerprintFile.ReadCsv(text) : FingerprintFile.ReadJson(text);
        if (errors.Count > 0)
        {
            return Problem.Invalid(errors);
        }

        if (entries.Count == 0)
        {
            DecisionReader reader = new();
            reader.Fail("body", "There is no entry in it.");
            return Problem.Invalid(reader.Errors);
        }

        FingerprintChange change = await database.ImportAsync(entries);
        if (change != FingerprintChange.Done)
        {
            return Refused(change);
        }

        desk.Log(context, "imported", string.Create(CultureInfo.InvariantCulture, $"{entries.Count} fingerprints"));
        return TypedResults.Ok(new FingerprintImportBody(entries.Count));
    }

    private static Problem Refused(FingerprintChange change) => change switch
    {
        FingerprintChange.Missing => NotThere(),
        FingerprintChange.Stale => Problem.Create(StatusCodes.Status412PreconditionFailed, "The entry has changed since it was read."),
        FingerprintChange.Unread => Problem.Create(StatusCodes.Status428PreconditionRequired, "There is such an entry: send its ETag as If-Match."),
        FingerprintChange.Full => Problem.Create(
            StatusCodes.Status409Conflict,
            string.Create(CultureInfo.InvariantCulture, $"There can be {FingerprintDatabase.MaxEntries} entries, {FingerprintDatabase.MaxPrefixes} of them with '*'.")),
        _ => Problem.Create(StatusCodes.Status503ServiceUnavailable, "It cannot be stored; nothing has changed. health/ready says more."),
    };

    private static Problem NotThere() => Problem.Create(StatusCodes.Status404NotFound, "The database has no such entry.");

    private static (FingerprintKind Kind, string Value) Key(DecisionReader reader, string kind, string value)
    {
        value = Unescape(value);
        FingerprintKind? known = Word(reader, "kind", kind, FingerprintWords.Kinds);
        if (known is { } named && FingerprintReader.WrongValue(named, value) is { } wrong)
        {
            reader.Fail("value", wrong);
        }

        return (known ?? default, value);
    }

    // The router undoes every escape but this one, so that a path keeps its parts.
    private static string Unescape(string value) => value.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static (FingerprintKind Kind, string Value)? Cursor(DecisionReader reader, string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return null;
        }

        int colon = cursor.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && FingerprintWords.Kinds.TryGetValue(cursor[..colon], out FingerprintKind kind) && FingerprintReader.WrongValue(kind, cursor[(colon + 1)..]) is null)
        {
            return (kind, cursor[(colon + 1)..]);
        }

        reader.Fail("cursor", "Not a cursor of this list.");
        return null;
    }

    private static T? Word<T>(DecisionReader reader, string field, string? word, IReadOnlyDictionary<string, T> words)
        where T : struct
    {
        if (string.IsNullOrEmpty(word))
        {
            return null;
        }

        if (words.TryGetValue(word, out T value))
        {
            return value;
        }

        reader.Fail(field, Words.NotOneOf(word, words.Keys));
        return null;
    }

    private static Func<FingerprintEntry, bool>? Matching(string? ifMatch) => string.IsNullOrEmpty(ifMatch)
        ? null
        : entry => EntityTagHeaderValue.TryParseList([ifMatch], out IList<EntityTagHeaderValue>? tags)
            && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || (!tag.IsWeak && tag.Tag.Equals(TagOf(entry), StringComparison.Ordinal)));

    private static string JsonOf(FingerprintEntry entry) => JsonSerializer.Serialize(FingerprintBody.From(entry), FingerprintBodyJson.Default.FingerprintBody);

    private static string TagOf(FingerprintEntry entry) => string.Create(CultureInfo.InvariantCulture, $"\"{entry.Revision}\"");
}

using System.Globalization;
using System.Text.Json;
using Blackwall.Api;
using Blackwall.Api.Auditing;
using Blackwall.Api.Contracts;
using Blackwall.Api.Problems;
using Blackwall.Decisions;
using Blackwall.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Blackwall.Feeds;

/// <summary>/feeds: lists of addresses that others publish.</summary>
internal static class FeedEndpoints
{
    public static void MapFeeds(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/feeds").WithTags("feeds");
        group.MapGet("", List).WithName("listFeeds").Needs(FeedScopes.Read).Produces<FeedPage>();
        group.MapPost("", CreateAsync).WithName("createFeed").Needs(FeedScopes.Write).Produces<FeedBody>(StatusCodes.Status201Created).Refuses(400, 409, 413, 415, 422, 503);
        group.MapGet("/{name}", Get).WithName("getFeed").Needs(FeedScopes.Read).Produces<FeedBody>().Refuses(404);
        group.MapPut("/{name}", ReplaceAsync).WithName("replaceFeed").Needs(FeedScopes.Write).Produces<FeedBody>().Refuses(400, 404, 412, 413, 415, 422, 428, 503);
        group.MapDelete("/{name}", RemoveAsync).WithName("deleteFeed").Needs(FeedScopes.Write).Produces(StatusCodes.Status204NoContent).Produces<PreviewBody>(StatusCodes.Status202Accepted).Refuses(404, 412, 503);
        group.MapPost("/{name}/refresh", RefreshAsync).WithName("refreshFeed").Needs(FeedScopes.Write).Produces<FeedRun>().Refuses(404, 409, 422, 429);
        group.MapGet("/{name}/runs", Runs).WithName("listFeedRuns").Needs(FeedScopes.Read).Produces<FeedRunList>().Refuses(404, 503);
        group.MapGet("/{name}/impact", Impact).WithName("readFeedImpact").Needs(FeedScopes.Read).Produces<ImpactBody>().Refuses(404);
    }

    /// <summary>Lists the feeds and how they do, and those that can be made by their name.</summary>
    private static Ok<FeedPage> List(FeedBook feeds, TimeProvider time)
    {
        FeedRunner[] all = feeds.All;
        return TypedResults.Ok(new FeedPage(
            [.. all.Select(one => FeedBody.From(one, time.GetUtcNow()))],
            [.. FeedCatalogue.All.Select(known => new CatalogueBody(known.Name, known.About, known.Settings.Url, feeds.Find(known.Name) is not null))]));
    }

    /// <summary>One feed and how it does; the ETag header is what a change has to send as If-Match.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="context">The request.</param>
    /// <param name="feeds">All feeds.</param>
    /// <param name="time">For its age.</param>
    private static IResult Get(string name, HttpContext context, FeedBook feeds, TimeProvider time) => Answer(name, context, feeds, time);

    /// <summary>Makes a feed, which is fetched at once. Of one of the catalogue the name is enough.</summary>
    private static async Task<IResult> CreateAsync(FeedInput input, HttpContext context, FeedBook feeds, TimeProvider time)
    {
        FeedInputReader reader = new();
        string name = reader.Name(input.Name);
        FeedSettings settings = reader.Read(name, input);
        if (reader.Errors.Count > 0)
        {
            return Problem.Invalid(reader.Errors);
        }

        FeedChange? change = await ChangeAsync(() => feeds.PutAsync(name, settings, input.Token, fits: null));
        if (change is not FeedChange.Done || feeds.Find(name) is not { } made)
        {
            return change is { } known ? Refused(known, name) : Unstored();
        }

        AuditNote.For(context).After = JsonOf(settings);
        context.Response.Headers.ETag = TagOf(made.Feed);
        return TypedResults.Created($"/api/v1/feeds/{name}", FeedBody.From(made, time.GetUtcNow()));
    }

    /// <summary>Gives a feed other settings. What it claims changes at once; a token that is left out stays.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="input">All its settings.</param>
    /// <param name="context">The request.</param>
    /// <param name="feeds">All feeds.</param>
    /// <param name="time">For its age.</param>
    /// <param name="ifMatch">ETag of the feed as it was read.</param>
    private static async Task<IResult> ReplaceAsync(string name, FeedInput input, HttpContext context, FeedBook feeds, TimeProvider time, [FromHeader(Name = "If-Match")] string? ifMatch)
    {
        if (feeds.Find(name)?.Feed is not { } before)
        {
            return Refused(FeedChange.Missing, name);
        }

        if (string.IsNullOrEmpty(ifMatch))
        {
            return Problem.Create(StatusCodes.Status428PreconditionRequired, "Send the feed's ETag as If-Match.");
        }

        FeedInputReader reader = new();
        FeedSettings settings = reader.Read(name, input);
        if (input.Name is { } other && !string.Equals(other, name, StringComparison.Ordinal))
        {
            reader.Fail("name", $"It is '{name}', for ever.");
        }

        if (input.Token is null && before.Token is not null && !SameServer(before.Settings.Url, settings.Url))
        {
            reader.Fail("token", "The stored token is for another server: send the token for this one, or make the feed anew.");
        }

        if (reader.Errors.Count > 0)
        {
            return Problem.Invalid(reader.Errors);
        }

        FeedChange? change = await ChangeAsync(() => feeds.PutAsync(name, settings, input.Token ?? before.Token, Matching(ifMatch)));
        if (change is not FeedChange.Done)
        {
            return change is { } known ? Refused(known, name) : Unstored();
        }

        (AuditNote.For(context).Before, AuditNote.For(context).After) = (JsonOf(before.Settings), JsonOf(settings));
        return Answer(name, context, feeds, time);
    }

    /// <summary>Takes a feed away and everything that it claims; with If-Match only if it is still as it was read.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="context">The request.</param>
    /// <param name="feeds">All feeds.</param>
    /// <param name="ifMatch">ETag of the feed as it was read.</param>
    private static async Task<IResult> RemoveAsync(string name, HttpContext context, FeedBook feeds, [FromHeader(Name = "If-Match")] string? ifMatch)
    {
        Feed? before = feeds.Find(name)?.Feed;
        FeedChange? change = await ChangeAsync(() => feeds.RemoveAsync(name, string.IsNullOrEmpty(ifMatch) ? _ => true : Matching(ifMatch)));
        if (change is not FeedChange.Done)
        {
            return change is { } known ? Refused(known, name) : Unstored();
        }

        AuditNote.For(context).Before = JsonOf(before!.Settings);
        return TypedResults.NoContent();
    }

    /// <summary>Fetches a feed now and says what became of it.</summary>
    /// <remarks>A server is not asked more often than it bears: then the answer is 429 and Retry-After. A failed fetch is an answer as well, with the outcome "failed".</remarks>
    /// <param name="name">Its name.</param>
    /// <param name="context">The request.</param>
    /// <param name="feeds">All feeds.</param>
    /// <param name="time">The time.</param>
    /// <param name="dryRun">true: change nothing, and tell what would: entries added, removed, invalid and refused, and which of your own traffic would have been stopped.</param>
    /// <param name="accept">true: the list that waits for you comes into force, and nothing is fetched; where none waits, the answer is 409.</param>
    /// <param name="digest">With accept: heldDigest of the list that you looked at; if another one waits by now, the answer is 409. Without it, the list that was held first is meant.</param>
    private static async Task<IResult> RefreshAsync(string name, HttpContext context, FeedBook feeds, TimeProvider time, [FromQuery] string? dryRun, [FromQuery] string? accept, [FromQuery] string? digest)
    {
        DecisionReader reader = new();
        bool isDry = reader.Flag("dryRun", dryRun) ?? false;
        bool accepts = reader.Flag("accept", accept) ?? false;
        if (isDry && accepts)
        {
            reader.Fail("accept", "Nothing is accepted in a dry run.");
        }

        if (digest is not null && !accepts)
        {
            reader.Fail("digest", "It says which list is accepted: accept=true.");
        }

        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        if (feeds.Find(name) is not { } runner)
        {
            return Refused(FeedChange.Missing, name);
        }

        if (!runner.Feed.Settings.Enabled)
        {
            return Problem.Create(StatusCodes.Status409Conflict, $"The feed '{name}' is off.");
        }

        if (accepts)
        {
            (FeedRun? run, string? refusal) = await runner.AcceptAsync(digest);
            return run is not null ? TypedResults.Ok(run) : Problem.Create(StatusCodes.Status409Conflict, refusal!);
        }

        if (FeedSchedule.Earliest(runner.Feed.Settings, runner.State, time.GetUtcNow()) is { } earliest)
        {
            double seconds = Math.Ceiling((earliest - time.GetUtcNow()).TotalSeconds);
            context.Response.Headers.RetryAfter = string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, seconds)}");
            return Problem.Create(StatusCodes.Status429TooManyRequests, $"Its server is not asked again before {earliest.UtcDateTime:HH:mm:ss}Z.");
        }

        AuditNote.For(context).Dry = isDry;

        // Who asked may go away; the fetch goes on.
        return TypedResults.Ok(await runner.RefreshAsync(isDry, CancellationToken.None));
    }

    /// <summary>What became of the last attempts, newest first.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="feeds">All feeds.</param>
    /// <param name="store">The runs.</param>
    private static IResult Runs(string name, FeedBook feeds, FeedStore store)
    {
        if (feeds.Find(name) is null)
        {
            return Refused(FeedChange.Missing, name);
        }

        try
        {
            return TypedResults.Ok(new FeedRunList(store.Runs(name, FeedStore.MaxRuns)));
        }
        catch (StoreException failure)
        {
            return Problem.Create(StatusCodes.Status503ServiceUnavailable, $"The runs cannot be read: {failure.Message}");
        }
    }

    /// <summary>Which sources of the last days the list in force, or the one that waits for you, would have stopped, how many of them are ordinary users, and which other feeds agree.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="feeds">All feeds.</param>
    private static IResult Impact(string name, FeedBook feeds)
    {
        if (feeds.Find(name) is not { } runner)
        {
            return Refused(FeedChange.Missing, name);
        }

        FeedImpact? impact = runner.Impact();
        return TypedResults.Ok(new ImpactBody(name, runner.Staged is not null, (runner.Staged ?? runner.List).Entries.Count, impact is not null, impact, runner.Staged is null ? null : runner.State.HeldDigest));
    }

    private static IResult Answer(string name, HttpContext context, FeedBook feeds, TimeProvider time)
    {
        if (feeds.Find(name) is not { } runner)
        {
            return Refused(FeedChange.Missing, name);
        }

        context.Response.Headers.ETag = TagOf(runner.Feed);
        return TypedResults.Ok(FeedBody.From(runner, time.GetUtcNow()));
    }

    private static bool SameServer(string before, string after) => string.Equals(new Uri(before).GetLeftPart(UriPartial.Authority), Uri.TryCreate(after, UriKind.Absolute, out Uri? url) ? url.GetLeftPart(UriPartial.Authority) : "", StringComparison.OrdinalIgnoreCase);

    private static async Task<FeedChange?> ChangeAsync(Func<Task<FeedChange>> change)
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

    private static Problem Unstored() => Problem.Create(StatusCodes.Status503ServiceUnavailable, "It cannot be stored; nothing has changed. health/ready says more.");

    private static Problem Refused(FeedChange change, string name) => change switch
    {
        FeedChange.Missing => Problem.Create(StatusCodes.Status404NotFound, "There is no feed of this name."),
        FeedChange.Exists => Problem.Create(StatusCodes.Status409Conflict, $"There is a feed '{name}'; change it with PUT."),
        FeedChange.Stale => Problem.Create(StatusCodes.Status412PreconditionFailed, "The feed has changed since it was read."),
        _ => Problem.Create(StatusCodes.Status409Conflict, string.Create(CultureInfo.InvariantCulture, $"There can be {FeedBook.MaxFeeds} feeds.")),
    };

    private static Func<Feed, bool> Matching(string ifMatch) => feed =>
        EntityTagHeaderValue.TryParseList([ifMatch], out IList<EntityTagHeaderValue>? tags) && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || (!tag.IsWeak && tag.Tag.Equals(TagOf(feed), StringComparison.Ordinal)));

    private static string TagOf(Feed feed) => string.Create(CultureInfo.InvariantCulture, $"\"{feed.Revision}\"");

    private static string JsonOf(FeedSettings settings) => JsonSerializer.Serialize(settings, FeedJson.Default.FeedSettings);
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Blackwall.Feeds.Wire;
using Blackwall.Pipeline.Indicators;
using Microsoft.Extensions.Options;

namespace Blackwall.Feeds.Fetching;

/// <summary>Gets a feed from its server or its file and reads it. What a server does wrong is an answer, never an exception; it holds up nobody else.</summary>
internal sealed class FeedFetcher(IOptions<FeedOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>Feeds that are read at the same time, once they are here: reading one takes many times its bytes.</summary>
    private const int ReadAtOnce = 2;

    /// <summary>Feeds of the greatest length whose bytes may be here at the same time.</summary>
    private const int HeldAtOnce = 8;

    private const string Accepted = "text/plain, text/csv, application/json, application/x-ndjson, */*;q=0.5";
    private const string Taxii = "application/taxii+json;version=2.1";
    private const int MostPages = 2000;
    private const int MaxValidator = 512;

    private readonly SemaphoreSlim _turn = new(ReadAtOnce);
    private readonly FetchRoom _room = new(() => options.Value.MaxBytes * HeldAtOnce);

    public void Dispose() => _turn.Dispose();

    /// <param name="feed">Which.</param>
    /// <param name="known">State of the copy that is kept; null: there is none, or it shall come again.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<FetchResult> FetchAsync(Feed feed, FeedState? known, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(options.Value.TimeoutSeconds), time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        using FetchRoom.Share room = _room.Enter();
        try
        {
            Uri url = new(feed.Settings.Url);
            if (url.IsFile)
            {
                return await ReadFileAsync(feed, url.LocalPath, room, either.Token);
            }

            using FeedClient client = new(feed, time);
            return feed.Settings.Format is FeedFormat.Taxii ? await WalkAsync(feed, client, url, room, either.Token) : await GetAsync(feed, client, url, known, room, either.Token);
        }
        catch (FetchException failure)
        {
            return new FetchResult { Failure = failure.Message, RetryAfter = failure.RetryAfter };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new FetchResult { Failure = string.Create(CultureInfo.InvariantCulture, $"It did not come within {options.Value.TimeoutSeconds} s (feeds.timeout_seconds).") };
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            // Whatever it is: a feed that cannot be fetched is told of, and fetched again.
            return new FetchResult { Failure = Told(feed, failure) };
        }
    }

    /// <summary>What went wrong, for a person; of a server of this machine not what it sent, which may be no list but somebody's secret.</summary>
    private static string Told(Feed feed, Exception failure) => (feed.Settings.IsOfThisMachine, failure) switch
    {
        (true, HttpRequestException { InnerException: SocketException reached }) => reached.Message,
        (true, HttpRequestException answered) => $"The server of this machine does not answer as a server of lists does ({answered.HttpRequestError}).",
        (true, HttpIOException answered) => $"The server of this machine does not answer as a server of lists does ({answered.HttpRequestError}).",
        (true, not (IOException or UnauthorizedAccessException)) => $"It cannot be read ({failure.GetType().Name}).",
        _ => failure.InnerException is { } inner ? $"{failure.Message} {inner.Message}" : failure.Message,
    };

    private async Task<FetchResult> GetAsync(Feed feed, FeedClient client, Uri url, FeedState? known, FetchRoom.Share room, CancellationToken cancellation)
    {
        using HttpResponseMessage answer = await client.GetAsync(url, Accepted, known, cancellation);
        if (answer.StatusCode is HttpStatusCode.NotModified)
        {
            return known is null ? new FetchResult { Failure = "The server answered 304 to a question without a condition." } : new FetchResult { IsUnchanged = true };
        }

        byte[] body = await BodyAsync(answer, options.Value.MaxBytes, room, cancellation);
        return (await ReadAsync(feed, body, cancellation)) with { ETag = Validator(answer, "ETag"), LastModified = Validator(answer, "Last-Modified") };
    }

    private async Task<FetchResult> ReadFileAsync(Feed feed, string path, FetchRoom.Share room, CancellationToken cancellation)
    {
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Value.Folder)) + Path.DirectorySeparatorChar;
        FileInfo file = new(path);
        string real = file.FullName.StartsWith(folder, StringComparison.Ordinal) ? (file.ResolveLinkTarget(returnFinalTarget: true) ?? file).FullName : "";
        if (!real.StartsWith(folder, StringComparison.Ordinal))
        {
            throw new FetchException($"Feeds are read from {folder} alone (feeds.folder).");
        }

        await using FileStream stream = new(real, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return await ReadAsync(feed, await BoundedBody.ReadAsync(stream, options.Value.MaxBytes, room, cancellation), cancellation);
    }

    private async Task<FetchResult> ReadAsync(Feed feed, byte[] body, CancellationToken cancellation)
    {
        FeedReading reading = await InTurnAsync(
            () => FeedReader.Read(feed.Settings.Format, feed.Settings.Field, body, options.Value.MaxEntries, StixTime.ToMicros(time.GetUtcNow()), feed.Settings.IsOfThisMachine),
            cancellation);
        return new FetchResult { Reading = reading, Failure = reading.Failure, Bytes = body.Length };
    }

    /// <summary>Reads what is here: nothing is waited for in a turn.</summary>
    private async Task<T> InTurnAsync<T>(Func<T> read, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return read();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>All pages of a TAXII collection, and none twice.</summary>
    private async Task<FetchResult> WalkAsync(Feed feed, FeedClient client, Uri url, FetchRoom.Share room, CancellationToken cancellation)
    {
        FeedReading reading = new(options.Value.MaxEntries, feed.Settings.IsOfThisMachine);
        StixFeedReader stix = new(StixTime.ToMicros(time.GetUtcNow()), reading);
        HashSet<string> seen = new(StringComparer.Ordinal);
        Uri objects = new($"{url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{(url.AbsolutePath.TrimEnd('/').EndsWith("/objects", StringComparison.Ordinal) ? "" : "objects/")}");
        Uri page = objects;
        long bytes = 0;
        for (int pages = 0; ; pages++)
        {
            using HttpResponseMessage answer = await client.GetAsync(page, Taxii, null, cancellation);
            byte[] body = await BodyAsync(answer, options.Value.MaxBytes - bytes, room, cancellation);
            bytes += body.Length;
            if (FeedReader.Foreign(body) is { } foreign)
            {
                throw new FetchException(foreign);
            }

            StixPage? read = await InTurnAsync(() => stix.Read(body), cancellation);
            if (read is null || reading.IsOver || !read.HasMore)
            {
                break;
            }

            // Some servers say that there is more, and not where (OpenTAXII's manifest): then the date of the last object leads on.
            string? next = read.Next is { Length: > 0 and <= 2048 } token ? $"next={Uri.EscapeDataString(token)}"
                : answer.Headers.TryGetValues("X-TAXII-Date-Added-Last", out IEnumerable<string>? dates) ? $"added_after={Uri.EscapeDataString(dates.First())}" : null;
            if (next is null || pages == MostPages || !seen.Add(next))
            {
                throw new FetchException("The server says that there is more and does not say where, or sends in a circle.");
            }

            page = new Uri($"{objects}?{next}");
        }

        stix.Finish();
        reading.Finish();
        return new FetchResult { Reading = reading, Failure = reading.Failure, Bytes = bytes };
    }

    private static async Task<byte[]> BodyAsync(HttpResponseMessage answer, long most, FetchRoom.Share room, CancellationToken cancellation)
    {
        if (answer.Content.Headers.ContentLength > most)
        {
            throw new FetchException(string.Create(CultureInfo.InvariantCulture, $"It is {answer.Content.Headers.ContentLength >> 20} MiB long, more than feeds.max_megabytes allows."));
        }

        await using Stream stream = await answer.Content.ReadAsStreamAsync(cancellation);
        return await BoundedBody.ReadAsync(stream, most, room, cancellation);
    }

    private static string? Validator(HttpResponseMessage answer, string header) =>
        (answer.Headers.TryGetValues(header, out IEnumerable<string>? values) || answer.Content.Headers.TryGetValues(header, out values))
        && values.First() is { Length: > 0 and <= MaxValidator } value && value.All(letter => letter is >= ' ' and <= '~') ? value : null;
}

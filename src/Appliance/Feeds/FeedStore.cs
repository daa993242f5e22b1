using System.Text.Json;
using Blackwall.Storage;

namespace Blackwall.Feeds;

/// <summary>Keeps feeds, their state and their last runs.</summary>
internal sealed class FeedStore(Database database, StoreQueue queue)
{
    /// <summary>Runs that are kept of each feed; the oldest make room.</summary>
    public const int MaxRuns = 100;

    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<(Feed Feed, FeedState State)> All() => database.Read(connection =>
    {
        List<(Feed, FeedState)> feeds = [];
        using Statement read = new(connection, "SELECT name, settings, token, revision, state FROM feed ORDER BY name");
        while (read.Step())
        {
            if (Parse(read.Text(1)) is { } settings)
            {
                FeedState state = JsonSerializer.Deserialize(read.Text(4), FeedJson.Default.FeedState) ?? new FeedState();
                feeds.Add((new Feed(read.Text(0), settings, read.IsNull(2) ? null : read.Text(2), read.Int64(3)), state));
            }
        }

        return feeds;
    });

    /// <exception cref="StoreException">The disk refused.</exception>
    public Task PutAsync(Feed feed, FeedState state) => queue.WriteAsync(transaction =>
    {
        using Statement write = new(transaction.Connection, "INSERT INTO feed (name, settings, token, revision, state) VALUES (?1,?2,?3,?4,?5) ON CONFLICT (name) DO UPDATE SET settings = ?2, token = ?3, revision = ?4, state = ?5");
        write.Bind(0, feed.Name).Bind(1, JsonSerializer.Serialize(feed.Settings, FeedJson.Default.FeedSettings)).Bind(2, feed.Token).Bind(3, feed.Revision)
            .Bind(4, JsonSerializer.Serialize(state, FeedJson.Default.FeedState)).Step();
    });

    /// <summary>Notes what became of an attempt.</summary>
    /// <exception cref="StoreException">The disk refused.</exception>
    public Task NoteAsync(string name, FeedState state, FeedRun run) => queue.WriteAsync(transaction =>
    {
        using Statement remember = new(transaction.Connection, "UPDATE feed SET state = ? WHERE name = ?");
        remember.Bind(0, JsonSerializer.Serialize(state, FeedJson.Default.FeedState)).Bind(1, name).Step();
        using Statement write = new(transaction.Connection, "INSERT INTO feed_run (feed, body) VALUES (?,?)");
        write.Bind(0, name).Bind(1, JsonSerializer.Serialize(run, FeedJson.Default.FeedRun)).Step();
        using Statement prune = new(transaction.Connection, "DELETE FROM feed_run WHERE feed = ?1 AND id <= (SELECT id FROM feed_run WHERE feed = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)");
        prune.Bind(0, name).Bind(1, MaxRuns).Step();
    });

    /// <summary>Keeps the state of a feed that is there.</summary>
    /// <exception cref="StoreException">The disk refused.</exception>
    public Task RememberAsync(string name, FeedState state) => queue.WriteAsync(transaction =>
    {
        using Statement remember = new(transaction.Connection, "UPDATE feed SET state = ? WHERE name = ?");
        remember.Bind(0, JsonSerializer.Serialize(state, FeedJson.Default.FeedState)).Bind(1, name).Step();
    });

    /// <exception cref="StoreException">The disk refused.</exception>
    public Task RemoveAsync(string name) => queue.WriteAsync(transaction =>
    {
        using Statement remove = new(transaction.Connection, "DELETE FROM feed WHERE name = ?");
        remove.Bind(0, name).Step();
        using Statement forget = new(transaction.Connection, "DELETE FROM feed_run WHERE feed = ?");
        forget.Bind(0, name).Step();
    });

    /// <summary>The last runs of a feed, newest first.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<FeedRun> Runs(string name, int most) => database.Read(connection =>
    {
        List<FeedRun> runs = [];
        using Statement read = new(connection, "SELECT body FROM feed_run WHERE feed = ? ORDER BY id DESC LIMIT ?");
        read.Bind(0, name).Bind(1, most);
        while (read.Step())
        {
            if (JsonSerializer.Deserialize(read.Text(0), FeedJson.Default.FeedRun) is { } run)
            {
                runs.Add(run);
            }
        }

        return runs;
    });

    private static FeedSettings? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, FeedJson.Default.FeedSettings);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Text.Json;
using Blackwall.Storage;

namespace Blackwall.Siem.Sinks;

/// <summary>Keeps sinks, their places in the event log, and what they refused.</summary>
internal sealed class SinkStore(Database database, StoreQueue queue)
{
    /// <summary>Refused events that are kept for each sink; the oldest make room.</summary>
    public const int MaxRefused = 1000;

    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<Sink> All() => database.Read(connection =>
    {
        List<Sink> sinks = [];
        using Statement read = new(connection, "SELECT name, settings, secrets, revision, place FROM sink ORDER BY name");
        while (read.Step())
        {
            if (Parse(read.Text(1)) is { } settings)
            {
                SinkSecrets secrets = JsonSerializer.Deserialize(read.Text(2), SiemJson.Default.SinkSecrets) ?? new SinkSecrets(null);
                sinks.Add(new Sink(read.Text(0), settings, secrets, read.Int64(3), read.Int64(4)));
            }
        }

        return sinks;
    });

    /// <exception cref="StoreException">The disk refused.</exception>
    public Task PutAsync(Sink sink) => queue.WriteAsync(transaction =>
    {
        using Statement write = new(transaction.Connection, "INSERT INTO sink (name, settings, secrets, revision, place) VALUES (?1,?2,?3,?4,?5) ON CONFLICT (name) DO UPDATE SET settings = ?2, secrets = ?3, revision = ?4");
        write.Bind(0, sink.Name).Bind(1, JsonSerializer.Serialize(sink.Settings, SiemJson.Default.SinkSettings)).Bind(2, JsonSerializer.Serialize(sink.Secrets, SiemJson.Default.SinkSecrets))
            .Bind(3, sink.Revision).Bind(4, sink.Place).Step();
    });

    /// <exception cref="StoreException">The disk refused.</exception>
    public Task RemoveAsync(string name) => queue.WriteAsync(transaction =>
    {
        using Statement remove = new(transaction.Connection, "DELETE FROM sink WHERE name = ?");
        remove.Bind(0, name).Step();
        using Statement forget = new(transaction.Connection, "DELETE FROM sink_refused WHERE sink = ?");
        forget.Bind(0, name).Step();
    });

    /// <summary>Puts an event aside that the sink refuses, so that those behind it are not held up.</summary>
    /// <exception cref="StoreException">The disk refused.</exception>
    public Task QuarantineAsync(string name, SiemEvent refused, string why) => queue.WriteAsync(transaction =>
    {
        // One that is refused a second time, after a failure, is there once.
        using Statement before = new(transaction.Connection, "DELETE FROM sink_refused WHERE sink = ? AND seq = ?");
        before.Bind(0, name).Bind(1, refused.Sequence).Step();
        using Statement write = new(transaction.Connection, "INSERT INTO sink_refused (sink, seq, time, why, body, kind) VALUES (?,?,?,?,?,?)");
        write.Bind(0, name).Bind(1, refused.Sequence).Bind(2, refused.Time.ToUnixTimeMilliseconds()).Bind(3, Transport.SinkAnswer.Short(why)).Bind(4, refused.Data.Span).Bind(5, refused.Kind).Step();
        using Statement prune = new(transaction.Connection, "DELETE FROM sink_refused WHERE sink = ?1 AND id <= (SELECT id FROM sink_refused WHERE sink = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)");
        prune.Bind(0, name).Bind(1, MaxRefused).Step();
    });

    /// <summary>Refused events of a sink, newest first.</summary>
    /// <param name="name">Name of the sink.</param>
    /// <param name="before">Only those with an id below; null: from the newest one on.</param>
    /// <param name="limit">At most as many.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<RefusedEvent> Refused(string name, long? before, int limit) => database.Read(connection =>
    {
        List<RefusedEvent> found = [];
        using Statement read = new(connection, "SELECT id, seq, time, kind, why, body FROM sink_refused WHERE sink = ? AND id < ? ORDER BY id DESC LIMIT ?");
        read.Bind(0, name).Bind(1, before ?? long.MaxValue).Bind(2, limit);
        while (read.Step())
        {
            found.Add(new RefusedEvent(read.Int64(0), read.Int64(1), DateTimeOffset.FromUnixTimeMilliseconds(read.Int64(2)), read.Text(3), read.Text(4), read.Blob(5).ToArray()));
        }

        return found;
    });

    /// <summary>Forgets one refused event of a sink, or all of them.</summary>
    /// <exception cref="StoreException">The disk refused.</exception>
    public Task ForgetRefusedAsync(string name, long? id) => queue.WriteAsync(transaction =>
    {
        using Statement forget = new(transaction.Connection, "DELETE FROM sink_refused WHERE sink = ?1 AND (?2 < 0 OR id = ?2)");
        forget.Bind(0, name).Bind(1, id ?? -1).Step();
    });

    public static void Place(StoreTransaction transaction, string name, long place)
    {
        using Statement write = new(transaction.Connection, "UPDATE sink SET place = ? WHERE name = ?");
        write.Bind(0, place).Bind(1, name).Step();
    }

    private static SinkSettings? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, SiemJson.Default.SinkSettings);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

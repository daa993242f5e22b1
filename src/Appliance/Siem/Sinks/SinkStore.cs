using System.Text.Json;
using Blackwall.Storage;

namespace Blackwall.Siem.Sinks;

/// <summary>Keeps sinks, their places in the event log, and what they refused.</summary>
internal sealed class SinkStore(Database database, StoreQueue queue)
{
    /// <summary>Refused events that are kept for each sink; the oldest make room.</summary>
    private const int MaxRefused = 1000;

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
        using Statement write = new(transaction.Connection, "INSERT INTO sink_refused (sink, seq, time, why, body) VALUES (?,?,?,?,?)");
        write.Bind(0, name).Bind(1, refused.Sequence).Bind(2, refused.Time.ToUnixTimeMilliseconds()).Bind(3, why).Bind(4, refused.Data.Span).Step();
        using Statement prune = new(transaction.Connection, "DELETE FROM sink_refused WHERE sink = ?1 AND id <= (SELECT id FROM sink_refused WHERE sink = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)");
        prune.Bind(0, name).Bind(1, MaxRefused).Step();
    });

    /// <summary>How many refused events are kept of a sink.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public long Refused(string name) => database.Read(connection =>
    {
        using Statement read = new(connection, "SELECT count(*) FROM sink_refused WHERE sink = ?");
        return read.Bind(0, name).Step() ? read.Int64(0) : 0;
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

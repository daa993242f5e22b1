using System.Text.Json;
using System.Threading.Channels;
using Blackwall.Client;
using Blackwall.Client.Events;

namespace Blackwall.Tui.Live;

/// <summary>Keeps the stream of events open: resumes where it broke, waits longer while it cannot. What does not fit waits in the socket.</summary>
internal sealed class EventFeed(ApplianceClient client, TimeProvider time) : IDisposable
{
    private const int QueueSize = 1024;
    private const int HistorySize = 500;

    private readonly Channel<StreamItem> _arrived = Channel.CreateBounded<StreamItem>(new BoundedChannelOptions(QueueSize) { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _over = new();
    private Task<Failure>? _following;
    private DateTimeOffset _due = DateTimeOffset.MinValue;
    private string? _lastId;
    private int _failures;
    private volatile bool _open;
    private Task<Answer<EventPage>>? _history;
    private bool _hasHistory;

    /// <summary>Whether events arrive as they happen.</summary>
    public bool Open => _open && _following is not null;

    /// <summary>Why the stream is not open; null: it is, or is about to be.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>Hands over what arrived; at most one queue full, for the screen has other things to do.</summary>
    public int Tick(Action<EventRow> happened)
    {
        int taken = 0;
        if (!_hasHistory)
        {
            // What happened before comes first, and the stream goes on behind it.
            _history ??= client.Events.HistoryAsync(HistorySize, _over.Token);
            if (!_history.IsCompleted)
            {
                return 0;
            }

            _hasHistory = true;
            foreach (PastEvent past in (_history.IsCompletedSuccessfully ? _history.Result.Value?.Items ?? [] : []).Reverse())
            {
                _lastId = past.Id;
                happened(Understand(past.Kind, past.Data.GetRawText(), past.Time));
                taken++;
            }
        }

        while (taken < QueueSize && _arrived.Reader.TryRead(out StreamItem? item))
        {
            _lastId = item.Id ?? _lastId;
            happened(Understand(item.Kind, item.Data, time.GetUtcNow()));
            taken++;
        }

        // What arrived before the stream broke is read first: the id of the last one says where to go on.
        if (_following is { IsCompleted: true } ended && taken < QueueSize)
        {
            Failure = ended.IsCompletedSuccessfully ? ended.Result : new Failure(FailureKind.Broken, "The console could not follow.");
            _failures = _open ? 1 : _failures + 1;
            (_following, _open) = (null, false);
            _due = time.GetUtcNow() + Backoff.After(_failures, Failure);
        }

        if (_following is null && time.GetUtcNow() >= _due)
        {
            string? lastId = _lastId;
            CancellationToken over = _over.Token;
            _following = Task.Run(() => client.FollowAsync(lastId, () => _open = true, (item, cancellation) => _arrived.Writer.WriteAsync(item, cancellation), over), CancellationToken.None);
        }

        Failure = Open ? null : Failure;
        return taken;
    }

    public void Dispose()
    {
        _over.Cancel();
        _over.Dispose();
    }

    private static EventRow Understand(string kind, string data, DateTimeOffset now)
    {
        try
        {
            return kind switch
            {
                "decision" or "lifted" => EventRow.From(kind, JsonSerializer.Deserialize(data, ClientJson.Default.DecisionEvent)!),
                "evidence" => EventRow.From(JsonSerializer.Deserialize(data, ClientJson.Default.Evidence)!),
                "status" => EventRow.From(JsonSerializer.Deserialize(data, ClientJson.Default.Wall)!, now),
                "change" => EventRow.From(JsonSerializer.Deserialize(data, ClientJson.Default.ChangeEvent)!, now),
                "gap" => EventRow.From(JsonSerializer.Deserialize(data, ClientJson.Default.Gap)!, now),

                // A newer appliance has kinds that this console does not know; that they happened can still be told.
                _ => new EventRow(kind, now, PlainText.Clean(Flatten(data)), null, null),
            };
        }
        catch (JsonException)
        {
            return new EventRow(kind, now, "not understood by this console", null, null);
        }
    }

    // "action createRule, actor admin": what a person can read of a shape that this console does not know.
    private static string Flatten(string data)
    {
        using JsonDocument document = JsonDocument.Parse(data);
        return document.RootElement.ValueKind is not JsonValueKind.Object ? data : string.Join(", ", document.RootElement.EnumerateObject()
            .Where(member => member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
            .Select(member => $"{member.Name} {member.Value}"));
    }
}

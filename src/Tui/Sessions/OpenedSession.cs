using System.Globalization;
using Blackwall.Client;
using Blackwall.Client.Sessions;
using Blackwall.Tui.Live;

namespace Blackwall.Tui.Sessions;

/// <summary>One session that is looked at: its transcript and its terminal, kept up to date while it goes on.</summary>
internal sealed class OpenedSession(string id, ApplianceClient client, TimeProvider time)
{
    private const int MostEvents = 5000;
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(1);

    private readonly RequestJob _events = new();
    private readonly RequestJob _terminal = new();
    private readonly List<SessionEvent> _happened = [];
    private readonly TerminalRecording _recording = new();
    private DateTimeOffset _eventsDue = DateTimeOffset.MinValue;
    private DateTimeOffset _terminalDue = DateTimeOffset.MinValue;
    private int _failures;
    private bool _hasTerminal = true;

    public string Id => id;

    /// <summary>In order; the first 5,000.</summary>
    public IReadOnlyList<SessionEvent> Happened => _happened;

    public Replay Replay => _replay ??= new Replay(_recording);

    private Replay? _replay;

    /// <summary>A terminal was recorded.</summary>
    public bool HasTerminal => _recording.Pieces.Count > 0;

    /// <summary>Its close was read: nothing comes any more.</summary>
    public bool IsOver => _happened.Count > 0 && _happened[^1].Kind is "close";

    /// <summary>Why the last question was not answered; null: it was.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>Takes up answers and asks for what is new; whether something to be shown changed.</summary>
    public bool Tick()
    {
        DateTimeOffset now = time.GetUtcNow();
        bool changed = _events.Tick() | _terminal.Tick();
        if (now >= _eventsDue && _happened.Count < MostEvents)
        {
            string query = _happened.Count == 0 ? "limit=1000" : string.Create(CultureInfo.InvariantCulture, $"limit=1000&cursor={_happened.Count}");
            _events.Start(client.Sessions.EventsAsync(id, query, CancellationToken.None), AddEvents);
        }

        if (now >= _terminalDue && _hasTerminal)
        {
            _terminal.Start(Task.Run(CopyAsync, CancellationToken.None), AddTerminal);
        }

        return Replay.Tick(now) | changed;
    }

    private void AddEvents(Answer<SessionEventPage> answer)
    {
        DateTimeOffset now = time.GetUtcNow();
        Failure = answer.Failure;
        if (answer.Value is not { } page)
        {
            _eventsDue = now + Backoff.After(++_failures, answer.Failure);
            return;
        }

        _failures = 0;
        _happened.AddRange(page.Items);
        _eventsDue = page.NextCursor is not null ? now : IsOver ? DateTimeOffset.MaxValue : now + s_refresh;
    }

    private async Task<(byte[] Bytes, Failure? Failure)> CopyAsync()
    {
        using MemoryStream bytes = new();
        Failure? failure = await client.Sessions.CopyTerminalAsync(id, _recording.Length, bytes, CancellationToken.None);
        return (bytes.ToArray(), failure);
    }

    private void AddTerminal((byte[] Bytes, Failure? Failure) answer)
    {
        _recording.Add(answer.Bytes);

        // A session without a terminal may still open one while it goes on.
        _hasTerminal = !IsOver || answer is { Failure: null, Bytes.Length: > 0 };
        _terminalDue = time.GetUtcNow() + s_refresh;
    }
}

using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Blackwall.Events;
using Blackwall.Pipeline.Ports;
using Microsoft.Extensions.Options;

namespace Blackwall.Sessions;

/// <summary>
/// Records sessions: the bridge to the tarpit hands over what happened, one worker writes it, a quarter of a second later at the latest. What finds no room
/// in the queue or on the disk is counted and reported by health; sessions go on.
/// </summary>
internal sealed class SessionArchive(SessionFolder folder, IOptions<SessionOptions> options, EventLog events, TimeProvider time, ILogger<SessionArchive> log) : BackgroundService, IStatsSource, IHealthSource
{
    /// <summary>A session began, a login succeeded, or a session ended.</summary>
    public static readonly EventType<SessionBody, SessionBody> Moved = EventType.For("session", SessionJson.Default.SessionBody, scope: SessionScopes.Read);

    private const int MostQueued = 65_536;
    private const int MostOpen = 32_768;
    private const int MostRemoved = 1024;
    private static readonly TimeSpan CheckAgesEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WriteEvery = TimeSpan.FromMilliseconds(250);

    private readonly Channel<Action> _queue = Channel.CreateBounded<Action>(new BoundedChannelOptions(MostQueued) { SingleReader = true });
    private readonly Lock _lock = new();
    private readonly Dictionary<string, OpenSession> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SessionBody> _known = new(StringComparer.Ordinal);
    private readonly MemoryStream _cowrie = new();
    private DateTimeOffset _agesChecked;
    private long _lost;
    private long _events;
    private long _cut;
    private long _total;
    private string? _fault;

    public string Name => "sessions";

    public bool Ready => true;

    public string? Fault => _fault;

    private const string SessionGroup = "tarpit-session";

    /// <summary>Something happened in a session; the first must be its connect.</summary>
    public void Record(string id, SessionEvent happened) => Enqueue(() => Write(id, happened));

    public void RecordTerminal(string id, bool isInput, byte[] bytes)
    {
        DateTimeOffset now = time.GetUtcNow();
        Enqueue(() => WriteTerminal(id, now, isInput, bytes));
    }

    /// <summary>A file that is whole.</summary>
    public void SaveFile(string id, string hash, byte[] content) => Enqueue(() => WriteFile(id, hash, content));

    /// <summary>Removes a session that has ended. False: it goes on, or is not there.</summary>
    /// <exception cref="IOException">Its files cannot be removed, or too much waits to be written.</exception>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellation)
    {
        TaskCompletionSource<bool> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_queue.Writer.TryWrite(() => Remove(id, done)))
        {
            throw new IOException("Too much waits to be written; try again soon.");
        }

        return await done.Task.WaitAsync(cancellation);
    }

    public SessionBody? Find(string id)
    {
        lock (_lock)
        {
            return _known.GetValueOrDefault(id);
        }
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<SessionBody> List(IPAddress? source, DateTimeOffset before, int limit)
    {
        lock (_lock)
        {
            string? wanted = source?.ToString();
            return [.. _known.Values.Where(s => s.Started < before && (wanted is null || string.Equals(s.Source, wanted, StringComparison.Ordinal))).OrderByDescending(s => s.Started).Take(limit)];
        }
    }

    public IReadOnlyDictionary<string, long> Read()
    {
        lock (_lock)
        {
            return new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["open"] = _known.Values.Count(s => s.Ended is null),
                ["kept"] = _known.Count,
                ["events"] = Interlocked.Read(ref _events),
                ["lost"] = Interlocked.Read(ref _lost),
                ["cut"] = Interlocked.Read(ref _cut),
                ["bytes"] = Interlocked.Read(ref _total),
            };
        }
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (SessionBody body in folder.Prepare())
            {
                // One that was open when the appliance ended is over.
                _known[body.Id] = body with { Ended = body.Ended ?? body.Started };
            }

            _total = folder.Measure();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _fault = $"Sessions cannot be recorded: {e.Message}";
        }

        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(WriteEvery, time);
        try
        {
            do
            {
                Drain();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            Drain();
        }
    }

    private void Enqueue(Action work)
    {
        if (!_queue.Writer.TryWrite(work))
        {
            Interlocked.Increment(ref _lost);
        }
    }

    private void Drain()
    {
        for (int i = _queue.Reader.Count; i > 0 && _queue.Reader.TryRead(out Action? work); i--)
        {
            work();
        }

        try
        {
            Flush();
            _fault = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_fault is null)
            {
                SessionsLog.NotWritten(log, e.Message);
            }

            _fault = $"Sessions are not recorded: {e.Message} Make room below {folder.Path}, or give it back to the appliance.";
            foreach (OpenSession open in _open.Values)
            {
                _lost += open.Events.Length > 0 ? 1 : 0;
                open.Events.SetLength(0);
                open.Terminal.SetLength(0);
            }

            _cowrie.SetLength(0);
        }
    }

    private void Write(string id, SessionEvent happened)
    {
        if (!_open.TryGetValue(id, out OpenSession? open))
        {
            if (happened.Kind is not "connect" || _open.Count >= MostOpen || OpenSession.Begin(id, happened) is not { } begun)
            {
                Interlocked.Increment(ref _lost);
                return;
            }

            _open[id] = open = begun;
        }

        Interlocked.Increment(ref _events);
        SessionBody before = open.Body;
        open.Take(happened);
        open.IsDirty = true;
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(happened, SessionJson.Default.SessionEvent), (byte)'\n'];
        if (HasRoom(open, line.Length))
        {
            open.Events.Write(line);
            _cowrie.Write(CowrieLog.Line(open.Body, happened));
        }

        lock (_lock)
        {
            _known[id] = open.Body;
        }

        if (before.User is null != open.Body.User is null)
        {
            events.Add(Moved, open.Body);
        }
        else if (happened.Kind is "connect" or "close")
        {
            // Anybody can connect as often as he likes: of sessions in which nobody was let in, only a share is told, so that they do not push out all else.
            events.Add(Moved, open.Body, open.Body.User is null ? SessionGroup : null);
        }
    }

    private void WriteTerminal(string id, DateTimeOffset when, bool isInput, byte[] bytes)
    {
        if (!_open.TryGetValue(id, out OpenSession? open))
        {
            Interlocked.Increment(ref _lost);
            return;
        }

        byte[] piece = Asciicast.Piece(when - open.Body.Started, isInput, isInput || open.IsTerminal ? bytes : Asciicast.WithReturns(bytes));
        if (HasRoom(open, piece.Length))
        {
            if (!open.HasTerminal)
            {
                open.HasTerminal = true;
                open.Terminal.Write(Asciicast.Head(open.Body, open.Columns, open.Rows));
            }

            open.Terminal.Write(piece);
        }
    }

    private void WriteFile(string id, string hash, byte[] content)
    {
        try
        {
            bool isNew = !File.Exists(folder.FileOf(hash));
            if (!_open.ContainsKey(id) || !folder.SaveFile(hash, content))
            {
                Interlocked.Increment(ref _lost);
            }
            else
            {
                _total += isNew ? content.Length : 0;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Interlocked.Increment(ref _lost);
            _fault = $"Files of sessions are not kept: {e.Message}";
        }
    }

    private bool HasRoom(OpenSession open, int length)
    {
        if (open.Bytes + length > (long)options.Value.MaxSessionMegabytes << 20)
        {
            Interlocked.Increment(ref _cut);
            return false;
        }

        open.Bytes += length;
        return true;
    }

    private void Flush()
    {
        if (_cowrie.Length > 0)
        {
            _total += folder.AppendCowrie(_cowrie.GetBuffer().AsSpan(0, (int)_cowrie.Length), (long)options.Value.MaxLogMegabytes << 20);
            _cowrie.SetLength(0);
        }

        foreach (OpenSession open in _open.Values.Where(open => open.IsDirty || open.Terminal.Length > 0).ToArray())
        {
            Flush(open.Body.Id, SessionFolder.Events, open.Events);
            Flush(open.Body.Id, SessionFolder.Terminal, open.Terminal);
            _total += folder.Write(open.Body);
            open.IsDirty = false;
            if (open.Body.Ended is not null)
            {
                _open.Remove(open.Body.Id);
                _agesChecked = DateTimeOffset.MinValue;
            }
        }

        MakeRoom();
    }

    private void Flush(string id, string name, MemoryStream waiting)
    {
        if (waiting.Length > 0)
        {
            folder.Append(id, name, waiting.GetBuffer().AsSpan(0, (int)waiting.Length));
            _total += waiting.Length;
            waiting.SetLength(0);
        }
    }

    private void Remove(string id, TaskCompletionSource<bool> done)
    {
        try
        {
            Flush();
            SessionBody? body = Find(id);
            if (body?.Ended is null || _open.ContainsKey(id))
            {
                done.SetResult(false);
                return;
            }

            folder.EraseCowrie(new HashSet<string>([id], StringComparer.Ordinal));
            Remove(body, Uses());
            done.SetResult(true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            done.SetException(e);
        }
    }

    private void Remove(SessionBody body, Dictionary<string, int> uses)
    {
        _total -= folder.Remove(body, hash => --uses[hash] == 0);
        lock (_lock)
        {
            _known.Remove(body.Id);
        }
    }

    // How many sessions have each file.
    private Dictionary<string, int> Uses()
    {
        lock (_lock)
        {
            return _known.Values.SelectMany(s => s.Files).GroupBy(hash => hash, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        }
    }

    // The oldest sessions that ended go first, so many at a turn that new ones are written in between. What is kept is counted, never measured again.
    private void MakeRoom()
    {
        long most = (long)options.Value.MaxTotalMegabytes << 20;
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset eldest = options.Value.MaxDays == 0 ? DateTimeOffset.MinValue : now - TimeSpan.FromDays(options.Value.MaxDays);
        bool isDue = now - _agesChecked >= CheckAgesEvery;
        if (HasRoom() && !isDue)
        {
            return;
        }

        _agesChecked = isDue ? now : _agesChecked;
        List<SessionBody> ended;
        lock (_lock)
        {
            ended = [.. _known.Values.Where(s => s.Ended is not null && !_open.ContainsKey(s.Id)).OrderBy(s => s.Started).Take(MostRemoved)];
        }

        // Those that only make room for others are in logs that make room themselves.
        HashSet<string> old = [.. ended.Where(session => session.Ended < eldest).Select(session => session.Id)];
        if (old.Count > 0)
        {
            folder.EraseCowrie(old);
        }

        Dictionary<string, int>? uses = null;
        foreach (SessionBody oldest in ended)
        {
            if (oldest.Ended < eldest || !HasRoom())
            {
                Remove(oldest, uses ??= Uses());
            }
        }

        bool HasRoom() => _total <= most && _known.Count <= options.Value.MaxSessions;
    }
}

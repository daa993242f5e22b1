using System.Diagnostics.CodeAnalysis;
using Blackwall.Pipeline.Model;

namespace Blackwall.Bridges.Tarpit;

/// <summary>
/// What is known of the tarpit's open sessions. Of so many and no more: the tarpit's process may forget to end some, so the oldest make room for new ones.
/// Thread-safe.
/// </summary>
internal sealed class TarpitSessions(int most)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<TarpitSession>> _sessions = new(StringComparer.Ordinal);
    private readonly LinkedList<TarpitSession> _oldestFirst = new();

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Count;
            }
        }
    }

    public IReadOnlyList<string> Ids
    {
        get
        {
            lock (_lock)
            {
                return [.. _sessions.Keys];
            }
        }
    }

    /// <summary>A session begins. Returns the oldest one's id where it has to make room, else null.</summary>
    public string? Begin(string id, Address source)
    {
        lock (_lock)
        {
            Remove(id);
            string? oldest = _sessions.Count >= most ? _oldestFirst.First!.Value.Id : null;
            if (oldest is not null)
            {
                Remove(oldest);
            }

            _sessions[id] = _oldestFirst.AddLast(new TarpitSession(id, source));
            return oldest;
        }
    }

    public bool TryFind(string id, [NotNullWhen(true)] out TarpitSession? session)
    {
        lock (_lock)
        {
            session = _sessions.GetValueOrDefault(id)?.Value;
            return session is not null;
        }
    }

    public void End(string id)
    {
        lock (_lock)
        {
            Remove(id);
        }
    }

    private void Remove(string id)
    {
        if (_sessions.Remove(id, out LinkedListNode<TarpitSession>? node))
        {
            _oldestFirst.Remove(node);
        }
    }
}

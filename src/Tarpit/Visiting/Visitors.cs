using System.Net;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Improvisation;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Shell;
using Blackwall.Tarpit.Shell.Connections;
using Blackwall.Tarpit.World;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Visiting;

/// <summary>
/// Visitors, each of whom finds the machine as he left it: found again by address, by a password that he set and by a key that he left. Those who are not
/// there are forgotten here when there are too many, and read back from the store. Thread-safe.
/// </summary>
internal sealed class Visitors(Machine machine, TarpitSettings settings, IVisitorStore? store = null, Improviser? improviser = null)
{
    private const int MostRemembered = 512;
    private const int MostLinks = 4096;
    private const long MostBytes = 128L << 20;

    private readonly Lock _lock = new();
    private readonly IVisitorStore _store = store ?? new NoVisitorStore();
    private readonly FolderNode _tree = BaseTree.Build(machine, settings.HasAgentBait);
    private readonly Improviser _improviser = improviser ?? new Improviser(null, ImprovisationLimits.For(settings), machine.Time);
    private readonly Dictionary<string, Visitor> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _links = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldestLinks = new();

    /// <summary>The database server of the machine; null: there is none.</summary>
    public IMachineDatabase? Database { get; set; }

    /// <summary>Connects a visitor to ports of the machine; null: nothing can.</summary>
    public LocalConnect? Connect { get; set; }

    /// <summary>The tree that all share.</summary>
    public FolderNode Tree => _tree;

    /// <summary>Begins a visit of who is here already, or of a new one.</summary>
    public IHost LogIn(IPEndPoint remote, IPEndPoint local, string user, bool isByKey = false)
    {
        Visitor visitor;
        lock (_lock)
        {
            byte[] key = Follow(VisitorKey.OfAddress(remote.Address));
            visitor = _known.GetValueOrDefault(Name(key)) ?? Add(key, null);
            visitor.LastSeen = machine.Now;
        }

        return new Visit(machine, visitor.Files, user, remote, local, visitor.State, settings)
        {
            IsByKey = isByKey,
            Database = Database,
            Connect = Connect,
            Improviser = _improviser,
            Began = visitor.Enter,
            Ended = () =>
            {
                visitor.Leave();
                Save(visitor);
            },
        };
    }

    /// <summary>Who an address is; null: nobody knows it.</summary>
    public async ValueTask<Visitor?> FindAsync(IPAddress address, CancellationToken cancellation) => await FindAsync(VisitorKey.OfAddress(address), cancellation);

    /// <summary>Who a key stands for, read back from the store if need be; null: nobody.</summary>
    public async ValueTask<Visitor?> FindAsync(byte[] key, CancellationToken cancellation)
    {
        const int mostSteps = 4;
        for (int step = 0; step < mostSteps; step++)
        {
            lock (_lock)
            {
                key = Follow(key);
                if (_known.TryGetValue(Name(key), out Visitor? here))
                {
                    return here;
                }
            }

            byte[]? record = await _store.LoadAsync(key, cancellation);
            if (record is not { Length: > 1 })
            {
                return null;
            }

            if (record[0] != VisitorRecord.Link)
            {
                lock (_lock)
                {
                    return _known.GetValueOrDefault(Name(key)) ?? Add(key, record);
                }
            }

            Remember(key, record[1..]);
        }

        return null;
    }

    /// <summary>From now on an address is this visitor.</summary>
    public void Link(IPAddress address, Visitor visitor)
    {
        byte[] key = VisitorKey.OfAddress(address);
        bool isNew;
        lock (_lock)
        {
            isNew = !Follow(key).AsSpan().SequenceEqual(visitor.Key);
        }

        if (isNew)
        {
            SaveLink(key, visitor);
        }
    }

    /// <summary>Saves who changed something since the last time.</summary>
    public void SaveAll()
    {
        Visitor[] all;
        lock (_lock)
        {
            all = [.. _known.Values];
        }

        foreach (Visitor visitor in all.Where(visitor => visitor.Open > 0))
        {
            Save(visitor);
        }
    }

    private static string Name(byte[] key) => Convert.ToHexString(key);

    private byte[] Follow(byte[] key) => _links.GetValueOrDefault(Name(key)) ?? key;

    private void Remember(byte[] key, byte[] target)
    {
        lock (_lock)
        {
            if (_oldestLinks.Count >= MostLinks)
            {
                _links.Remove(_oldestLinks.Dequeue());
            }

            if (_links.TryAdd(Name(key), target))
            {
                _oldestLinks.Enqueue(Name(key));
            }
            else
            {
                _links[Name(key)] = target;
            }
        }
    }

    private Visitor Add(byte[] key, byte[]? record)
    {
        while (_known.Count > 0 && (_known.Count >= MostRemembered || _known.Values.Sum(visitor => visitor.Files.Added) > MostBytes))
        {
            if (_known.Where(entry => entry.Value.Open == 0).OrderBy(entry => entry.Value.LastSeen).Select(entry => entry.Key).FirstOrDefault() is not { } oldest)
            {
                break;
            }

            _known.Remove(oldest);
        }

        MachineState state = new(machine);
        FileSystem files = new(_tree, machine.Time, settings.MaxVisitorBytes);
        if (_tree.Entries.GetValueOrDefault("proc") is FolderNode common)
        {
            files.Mount("/proc", new ProcFolder(state, common).Node);
        }

        foreach ((string path, FileNode log) in LogFiles.Growing(state))
        {
            files.Mount(path, log);
        }

        Visitor visitor = new(key, files, state) { LastSeen = machine.Now };
        if (record is not null)
        {
            VisitorRecord.TryRead(record, visitor);
            visitor.SavedVersion = Version(visitor);
        }

        _known[Name(key)] = visitor;
        return visitor;
    }

    private static long Version(Visitor visitor) => (visitor.Files.Version * 31) + (visitor.State.Logins.Count * 7) + visitor.State.Logins.Count(login => login.Until is not null) + visitor.State.Passwords.Count + visitor.State.Processes.Lasting.Count + visitor.State.Services.Changes.Count + visitor.State.Kept.Version;

    private void Save(Visitor visitor)
    {
        long version = Version(visitor);
        if (visitor.SavedVersion == version || _store is NoVisitorStore)
        {
            SaveLinks(visitor, remote: false);
            return;
        }

        visitor.SavedVersion = version;
        if (VisitorRecord.Write(visitor) is { Length: > 0 } record)
        {
            _store.Save(visitor.Key, record);
        }

        SaveLinks(visitor, remote: true);
    }

    // Passwords that he set and keys that he left lead to him.
    private void SaveLinks(Visitor visitor, bool remote)
    {
        foreach ((string user, string password) in visitor.State.Passwords)
        {
            SaveLink(VisitorKey.OfPassword(user, password), visitor, remote);
        }

        foreach ((string user, byte[] key) in AuthorizedKeys.Own(visitor.Files))
        {
            SaveLink(VisitorKey.OfPublicKey(user, key), visitor, remote);
        }
    }

    private void SaveLink(byte[] key, Visitor visitor, bool remote = true)
    {
        bool isKnown;
        lock (_lock)
        {
            isKnown = _links.TryGetValue(Name(key), out byte[]? target) && target.AsSpan().SequenceEqual(visitor.Key);
        }

        Remember(key, visitor.Key);
        if (!isKnown && remote)
        {
            _store.Save(key, VisitorRecord.LinkTo(visitor.Key));
        }
    }
}

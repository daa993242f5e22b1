using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Remediation;

/// <summary>
/// What is kept out, as a list that says what changed since a place in it: a projection of the board for whoever enforces elsewhere. Changed by its one
/// reader of events alone; read by many. Thread-safe.
/// </summary>
internal sealed class BlockList(VerdictBoard board, TimeProvider time) : IStatsSource
{
    /// <summary>Changes that are remembered; who looked before them gets the whole list.</summary>
    public const int MaxChanges = 262_144;

    private const int PageSize = 1000;
    private readonly Lock _lock = new();
    private readonly Dictionary<Prefix, Block> _blocks = [];
    private readonly Queue<(long Place, Block Block, bool IsDeleted)> _changes = new();

    // Places of an earlier process lie below: whoever comes with one gets the whole list.
    private long _place = time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
    private long _oldest = time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
    private bool _isOpen;
    private long _syncs;

    public string Name => "remediation";

    /// <summary>Where the list is now: another number when anything changed.</summary>
    public long Place
    {
        get
        {
            lock (_lock)
            {
                return _place;
            }
        }
    }

    public IReadOnlyDictionary<string, long> Read()
    {
        lock (_lock)
        {
            return new Dictionary<string, long>(StringComparer.Ordinal) { ["blocks"] = _blocks.Count, ["syncs"] = _syncs };
        }
    }

    /// <summary>Everything that is kept out, in no order, and the place that it is of.</summary>
    public (long Place, Block[] Blocks) All()
    {
        Open();
        lock (_lock)
        {
            return (_place, [.. _blocks.Values]);
        }
    }

    /// <summary>What changed after a place; null: it is not remembered.</summary>
    public BlockDelta? Since(long place)
    {
        Open();
        lock (_lock)
        {
            if (place < _oldest || place > _place)
            {
                return null;
            }

            Dictionary<Prefix, (Block Block, bool IsDeleted)> last = [];
            foreach ((long at, Block block, bool isDeleted) in _changes.SkipWhile(change => change.Place <= place))
            {
                last[block.Scope] = (block, isDeleted);
            }

            return new BlockDelta(_place, [.. last.Values.Where(change => !change.IsDeleted).Select(change => change.Block)], [.. last.Values.Where(change => change.IsDeleted).Select(change => change.Block)]);
        }
    }

    /// <summary>What of the list contains an address or prefix, or lies in it.</summary>
    public IReadOnlyList<Block> Touching(Prefix scope)
    {
        Open();
        List<Block> found = [];
        lock (_lock)
        {
            for (int length = scope.Length; length >= 0; length--)
            {
                if (_blocks.TryGetValue(Prefix.Around(scope.Network, length), out Block? block))
                {
                    found.Add(block);
                }
            }
        }

        return found;
    }

    /// <summary>An address was decided about: only its own entry can differ.</summary>
    public void Update(Prefix host)
    {
        Block? now = Judge(host);
        lock (_lock)
        {
            Change(host, now);
        }
    }

    /// <summary>Compares the whole list with the board.</summary>
    public void Sync()
    {
        List<Prefix> holes = [.. board.Guarded.Entries.Select(entry => entry.Scope)];
        Dictionary<Prefix, Block> wanted = [];
        List<Decision> blocks = [];
        long? before = long.MaxValue;
        while (before is { } from)
        {
            DecisionPage page = board.List(new DecisionQuery(null, null, null, null, from, PageSize));
            foreach (Decision decision in page.Items)
            {
                if (decision.Verdict is Verdict.Pass)
                {
                    holes.Add(decision.Scope);
                }
                else if (decision.Verdict is Verdict.Drop or Verdict.RedirectToTarpit)
                {
                    blocks.Add(decision);
                }
            }

            before = page.Next;
        }

        foreach (Prefix scope in blocks.Select(decision => decision.Scope).Distinct())
        {
            if (scope.IsHost)
            {
                if (Judge(scope) is { } block)
                {
                    wanted[scope] = block;
                }

                continue;
            }

            if (Winner(scope) is { } winner)
            {
                foreach (Prefix part in Holes.Cut(scope, holes))
                {
                    wanted.TryAdd(part, Block.Of(part, winner));
                }
            }
        }

        lock (_lock)
        {
            _syncs++;
            _isOpen = true;
            foreach (Prefix gone in _blocks.Keys.Where(scope => !wanted.ContainsKey(scope)).ToArray())
            {
                Change(gone, null);
            }

            foreach ((Prefix scope, Block block) in wanted)
            {
                Change(scope, block);
            }
        }
    }

    private void Open()
    {
        if (!Volatile.Read(ref _isOpen))
        {
            Sync();
        }
    }

    private Block? Judge(Prefix host) => board.Guarding(host) is null && Winner(host) is { } winner ? Block.Of(host, winner) : null;

    // What a wider decision says is told by its own entry.
    private Decision? Winner(Prefix scope) =>
        board.Effective(scope) is { Verdict: Verdict.Drop or Verdict.RedirectToTarpit } winner && winner.Scope == scope ? winner : null;

    private void Change(Prefix scope, Block? now)
    {
        _blocks.TryGetValue(scope, out Block? before);
        if (before == now)
        {
            return;
        }

        if (now is null)
        {
            _blocks.Remove(scope);
        }
        else
        {
            _blocks[scope] = now;
        }

        _changes.Enqueue((++_place, now ?? before!, now is null));
        if (_changes.Count > MaxChanges)
        {
            _oldest = _changes.Dequeue().Place;
        }
    }
}

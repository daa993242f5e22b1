using System.Runtime.InteropServices;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Consensus;

/// <summary>The targets, bounded: those on which nothing is done go first, of those the ones of reporters that named many, by weight.</summary>
/// <param name="capacity">Targets.</param>
/// <param name="forgotten">Called with each that is forgotten.</param>
internal sealed class TargetTable(int capacity, Action<Target> forgotten)
{
    // Looking at all of them for each newcomer would make a flood of them dear.
    private const int Looked = 32;

    private const double LeastWeight = 0.1;

    private readonly Dictionary<IndicatorValue, Target> _targets = [];
    private readonly Dictionary<ulong, Target> _byKey = [];
    private readonly HashSet<Target> _acted = [];
    private readonly Queue<Target> _order = new();
    private readonly Dictionary<PeerId, int> _named = [];

    public long Evicted { get; private set; }

    public IReadOnlyCollection<Target> All => _targets.Values;

    /// <summary>Those on which something is done.</summary>
    public IReadOnlyCollection<Target> Acted => _acted;

    public Target? Find(IndicatorValue value) => _targets.GetValueOrDefault(value);

    public Target? Find(ulong key) => _byKey.GetValueOrDefault(key);

    /// <param name="value">The value.</param>
    /// <param name="now">The time.</param>
    /// <param name="by">Who names it; null: our own sensors or operator.</param>
    public Target Meet(IndicatorValue value, DateTimeOffset now, PeerId? by = null)
    {
        if (!_targets.TryGetValue(value, out Target? target))
        {
            if (_targets.Count >= capacity)
            {
                EvictOne(now);
            }

            target = new Target(value) { NamedBy = by };
            if (by is not null)
            {
                _named[by] = _named.GetValueOrDefault(by) + 1;
            }

            _targets.Add(value, target);
            _byKey[target.Key] = target;
            _order.Enqueue(target);
        }

        target.Touched = now;
        return target;
    }

    /// <summary>Notes whether something is done to a target.</summary>
    public void Track(Target target)
    {
        if (target.Action is MeshAction.None or MeshAction.Log)
        {
            _acted.Remove(target);
        }
        else
        {
            _acted.Add(target);
        }
    }

    /// <summary>Forgets those that nobody spoke of within the window; looks at some at each call.</summary>
    public void Trim(DateTimeOffset now, TimeSpan window)
    {
        for (int looked = 0; looked < Math.Max(Looked, _order.Count / 256) && _order.TryDequeue(out Target? target); looked++)
        {
            bool isOver = now - target.Touched >= window && now >= target.RefutedUntil && !_acted.Contains(target);
            if (isOver)
            {
                Remove(target);
            }
            else if (IsKept(target))
            {
                _order.Enqueue(target);
            }
        }
    }

    private bool IsKept(Target target) => _targets.GetValueOrDefault(target.Value) == target;

    private void EvictOne(DateTimeOffset now)
    {
        Target? least = null;
        double most = double.NegativeInfinity;
        for (int looked = 0; looked < Looked && _order.TryDequeue(out Target? target); looked++)
        {
            if (!IsKept(target))
            {
                continue;
            }

            _order.Enqueue(target);
            double burden = BurdenOf(target);
            if (!_acted.Contains(target) && now >= target.RefutedUntil && (burden > most || (burden == most && target.Touched < least!.Touched)))
            {
                (least, most) = (target, burden);
            }
        }

        least ??= _targets.Values.FirstOrDefault(target => !_acted.Contains(target)) ?? _targets.Values.First();
        Remove(least);
        Evicted++;
    }

    // Who floods the table displaces what it named itself, and not what others agree on.
    private double BurdenOf(Target target) => target.NamedBy is { } author ? _named.GetValueOrDefault(author) / Math.Max(LeastWeight, target.Cause.Weight) : 0;

    private void Remove(Target target)
    {
        if (IsKept(target))
        {
            _targets.Remove(target.Value);
            _acted.Remove(target);
            if (_byKey.GetValueOrDefault(target.Key) == target)
            {
                _byKey.Remove(target.Key);
            }

            if (target.NamedBy is { } by && --CollectionsMarshal.GetValueRefOrNullRef(_named, by) == 0)
            {
                _named.Remove(by);
            }

            forgotten(target);
        }
    }
}

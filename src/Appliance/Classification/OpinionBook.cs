using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Classification;

/// <summary>The newest opinion about each source. Bounded: the source that has had one for longest makes room. Thread-safe.</summary>
internal sealed class OpinionBook : ISourceOpinions
{
    public const int Capacity = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<Address, LinkedListNode<Opinion>> _places = [];
    private readonly LinkedList<Opinion> _newest = new();

    public void Add(Opinion opinion)
    {
        lock (_lock)
        {
            if (_places.Remove(opinion.Source, out LinkedListNode<Opinion>? former))
            {
                _newest.Remove(former);
            }

            _places[opinion.Source] = _newest.AddFirst(opinion);
            if (_newest.Count > Capacity)
            {
                _places.Remove(_newest.Last!.Value.Source);
                _newest.RemoveLast();
            }
        }
    }

    public Opinion? Get(Address source)
    {
        lock (_lock)
        {
            return _places.GetValueOrDefault(source)?.Value;
        }
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Opinion> List(int limit)
    {
        lock (_lock)
        {
            return [.. _newest.Take(limit)];
        }
    }

    public IReadOnlyList<SourceOpinion> Find(Address source) => Get(source) is { } opinion
        ? [new SourceOpinion(opinion.Model, OpinionWords.For(opinion.Category), opinion.Percent, opinion.Time, OpinionWords.For(opinion.Effect), opinion.Exchange, [.. opinion.About.Numbers.Select(n => (n.Name, n.Value))])]
        : [];
}

using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Indicators;

/// <summary>
/// Which messages of each author were seen, by epoch and counter: those that cross paths are all taken once, also over a restart of their author, unless
/// <see cref="Width"/> later ones were seen.
/// Two different messages with one counter are the proof that their author lies to some.
/// </summary>
public sealed class ReplayWindow
{
    /// <summary>The highest numbers of an author that are remembered at least; twice as many at most.</summary>
    public const int Width = 1024;

    private readonly int _capacity;
    private readonly Dictionary<PeerId, LinkedListNode<Author>> _authors = [];
    private readonly LinkedList<Author> _byUse = new();

    /// <param name="capacity">Authors that are remembered; the one that was silent for the longest time goes first.</param>
    public ReplayWindow(int capacity = 16_384) => _capacity = capacity;

    public int Count => _authors.Count;

    /// <summary>What a message is, without remembering it.</summary>
    public ReplayResult Look(PeerId author, ulong epoch, ulong counter, ulong fingerprint) =>
        _authors.TryGetValue(author, out LinkedListNode<Author>? node) ? node.Value.Look(epoch, counter, fingerprint) : ReplayResult.Fresh;

    /// <summary>Remembers a message whose signature holds.</summary>
    public ReplayResult Take(PeerId author, ulong epoch, ulong counter, ulong fingerprint)
    {
        if (!_authors.TryGetValue(author, out LinkedListNode<Author>? node))
        {
            if (_authors.Count >= _capacity)
            {
                _authors.Remove(_byUse.First!.Value.Id);
                _byUse.RemoveFirst();
            }

            node = _byUse.AddLast(new Author(author));
            _authors.Add(author, node);
        }
        else
        {
            _byUse.Remove(node);
            _byUse.AddLast(node);
        }

        return node.Value.Take(epoch, counter, fingerprint);
    }

    private sealed class Author(PeerId id)
    {
        private readonly Dictionary<(ulong Epoch, ulong Counter), ulong> _seen = [];
        private (ulong Epoch, ulong Counter)? _forgotten;

        public PeerId Id => id;

        public ReplayResult Look(ulong epoch, ulong counter, ulong fingerprint)
        {
            if (_seen.TryGetValue((epoch, counter), out ulong before))
            {
                return before == fingerprint ? ReplayResult.Duplicate : ReplayResult.Conflict;
            }

            return _forgotten is { } forgotten && (epoch, counter).CompareTo(forgotten) <= 0 ? ReplayResult.Stale : ReplayResult.Fresh;
        }

        public ReplayResult Take(ulong epoch, ulong counter, ulong fingerprint)
        {
            ReplayResult result = Look(epoch, counter, fingerprint);
            if (result is not ReplayResult.Fresh)
            {
                return result;
            }

            _seen.Add((epoch, counter), fingerprint);
            if (_seen.Count >= 2 * Width)
            {
                foreach ((ulong Epoch, ulong Counter) old in _seen.Keys.Order().Take(_seen.Count - Width).ToArray())
                {
                    _seen.Remove(old);
                    _forgotten = old;
                }
            }

            return ReplayResult.Fresh;
        }
    }
}

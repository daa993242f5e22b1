using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Indicators;

/// <summary>
/// Which messages of each author were seen, by their counters: those that cross paths are all taken once, within the last <see cref="Width"/> counters.
/// Two different messages with one counter are the proof that their author lies to some.
/// </summary>
public sealed class ReplayWindow
{
    /// <summary>Counters behind the highest one that are still taken.</summary>
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
        private readonly Dictionary<ulong, ulong> _seen = [];
        private ulong _epoch;
        private ulong _highest;

        public PeerId Id => id;

        public ReplayResult Look(ulong epoch, ulong counter, ulong fingerprint)
        {
            if (epoch != _epoch)
            {
                return epoch > _epoch ? ReplayResult.Fresh : ReplayResult.Stale;
            }

            if (_seen.TryGetValue(counter, out ulong before))
            {
                return before == fingerprint ? ReplayResult.Duplicate : ReplayResult.Conflict;
            }

            return _highest >= Width && counter <= _highest - Width ? ReplayResult.Stale : ReplayResult.Fresh;
        }

        public ReplayResult Take(ulong epoch, ulong counter, ulong fingerprint)
        {
            ReplayResult result = Look(epoch, counter, fingerprint);
            if (result is not ReplayResult.Fresh)
            {
                return result;
            }

            if (epoch > _epoch)
            {
                _seen.Clear();
                (_epoch, _highest) = (epoch, 0);
            }

            _seen.Add(counter, fingerprint);
            if (counter > _highest)
            {
                _highest = counter;
            }

            if (_seen.Count > 2 * Width)
            {
                foreach (ulong old in _seen.Keys.Where(seen => _highest - seen >= Width).ToArray())
                {
                    _seen.Remove(old);
                }
            }

            return ReplayResult.Fresh;
        }
    }
}

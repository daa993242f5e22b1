using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Sharing;

/// <summary>
/// What waits to be signed, within less than the quota that others grant us. What takes something back goes first and has a quota of its own, so that a busy hour of
/// sightings never holds it up.
/// </summary>
/// <param name="self">Who signs.</param>
/// <param name="granted">Messages that others take of us in an hour.</param>
internal sealed class DraftQueue(PeerId self, int granted)
{
    private const int MaxDrafts = 512;
    private readonly LinkedList<IndicatorDraft> _sightings = new();
    private readonly LinkedList<IndicatorDraft> _takenBack = new();
    private readonly AuthorQuota _sightingQuota = new(Math.Max(1, granted * 5 / 8), 1);
    private readonly AuthorQuota _takenBackQuota = new(Math.Max(1, granted / 4), 1);

    public int Count => _sightings.Count + _takenBack.Count;

    /// <summary>False: the oldest of its kind was dropped for it.</summary>
    public bool Add(IndicatorDraft draft)
    {
        LinkedList<IndicatorDraft> queue = QueueOf(draft.Kind);
        queue.AddLast(draft);
        if (queue.Count <= MaxDrafts)
        {
            return true;
        }

        queue.RemoveFirst();
        return false;
    }

    /// <summary>Drops what was to be said of a value. True: there was a sighting.</summary>
    public bool Remove(IndicatorValue value)
    {
        RemoveFrom(_takenBack, value);
        return RemoveFrom(_sightings, value);
    }

    /// <summary>What is to be signed next; null: nothing, or the quota of this hour is spent.</summary>
    public IndicatorDraft? Next(DateTimeOffset now) =>
        _takenBack.First is { } first && _takenBackQuota.HasLeft(self, now) ? first.Value
        : _sightings.First is { } sighting && _sightingQuota.HasLeft(self, now) ? sighting.Value
        : null;

    /// <summary>A draft was signed.</summary>
    public void Signed(IndicatorDraft draft, DateTimeOffset now)
    {
        QueueOf(draft.Kind).Remove(draft);
        QuotaOf(draft.Kind).TryTake(self, now);
    }

    /// <summary>This was signed before the process began.</summary>
    public void Charge(IndicatorMessage said) => QuotaOf(said.Kind).TryTake(self, said.Created);

    private static bool RemoveFrom(LinkedList<IndicatorDraft> queue, IndicatorValue value)
    {
        bool isThere = false;
        for (LinkedListNode<IndicatorDraft>? node = queue.First; node is not null;)
        {
            LinkedListNode<IndicatorDraft>? next = node.Next;
            if (node.Value.Value == value)
            {
                queue.Remove(node);
                isThere = true;
            }

            node = next;
        }

        return isThere;
    }

    private static bool TakesBack(MessageKind kind) => kind is MessageKind.Refutation or MessageKind.Revocation;

    private LinkedList<IndicatorDraft> QueueOf(MessageKind kind) => TakesBack(kind) ? _takenBack : _sightings;

    private AuthorQuota QuotaOf(MessageKind kind) => TakesBack(kind) ? _takenBackQuota : _sightingQuota;
}

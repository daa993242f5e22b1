using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Sharing;

/// <summary>The last messages that were taken, as they were signed: for peers that come later, and for the proof when an author contradicts one of them.</summary>
/// <param name="capacity">Messages; the oldest goes first.</param>
internal sealed class RecentMessages(int capacity = 8192)
{
    private readonly Dictionary<(PeerId Author, ulong Epoch, ulong Counter), SignedIndicator> _byNumber = [];
    private readonly Queue<SignedIndicator> _order = new();

    public int Count => _order.Count;

    /// <summary>The newest first.</summary>
    public IEnumerable<SignedIndicator> Newest => _order.Reverse();

    public SignedIndicator? Find(IndicatorMessage message) => _byNumber.GetValueOrDefault((message.Author, message.Epoch, message.Counter));

    public void Add(SignedIndicator signed)
    {
        if (!_byNumber.TryAdd(KeyOf(signed), signed))
        {
            return;
        }

        _order.Enqueue(signed);
        if (_order.Count > capacity)
        {
            _byNumber.Remove(KeyOf(_order.Dequeue()));
        }
    }

    private static (PeerId Author, ulong Epoch, ulong Counter) KeyOf(SignedIndicator signed) => (signed.Message.Author, signed.Message.Epoch, signed.Message.Counter);
}

using System.Threading.Channels;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Capture;

/// <summary>What waits for the captures: decisions of this appliance, and sources that did something odd. Bounded; never blocks who puts it in.</summary>
internal sealed class CaptureInbox : IDecisionObserver, IStatsSource
{
    private const int Capacity = 1024;

    private readonly Channel<(Decision? Decision, Address Suspect)> _channel =
        Channel.CreateBounded<(Decision?, Address)>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    private long _dropped;

    public string Name => "captureInbox";

    public ChannelReader<(Decision? Decision, Address Suspect)> Reader => _channel.Reader;

    public void OnChange(DecisionChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change is { Kind: DecisionChangeKind.Created or DecisionChangeKind.Renewed, Decision: { Origin: Origin.Local, Verdict: not Verdict.Pass } decision })
        {
            Enqueue((decision, default));
        }
    }

    public void Suspect(Address source) => Enqueue((null, source));

    public IReadOnlyDictionary<string, long> Read() => new Dictionary<string, long>(StringComparer.Ordinal) { ["dropped"] = Interlocked.Read(ref _dropped) };

    private void Enqueue((Decision? Decision, Address Suspect) item)
    {
        if (!_channel.Writer.TryWrite(item))
        {
            Interlocked.Increment(ref _dropped);
        }
    }
}

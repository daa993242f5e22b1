using System.Collections.Concurrent;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;

namespace Blackwall.Changes;

/// <summary>Remembers which sources met a shadow policy, so that the operator sees who would be hit. The first few hundred; the rest is a number.</summary>
internal sealed class ShadowWatch : IStage
{
    private const int MaxSources = 256;

    private readonly ConcurrentDictionary<(Address Source, long DecisionId), bool> _met = new();
    private long _unlisted;

    /// <summary>Sources with the decision of the shadow that they met, in order of address.</summary>
    public IReadOnlyList<(Address Source, long DecisionId)> Sources => [.. _met.Keys.OrderBy(met => met.Source.Value)];

    /// <summary>Sightings beyond what is remembered.</summary>
    public long Unlisted => Interlocked.Read(ref _unlisted);

    public void Clear()
    {
        _met.Clear();
        Interlocked.Exchange(ref _unlisted, 0);
    }

    public void Observe(in PacketEvent packet, IFindings findings)
    {
        if (packet.Kind != EventKind.Shadow)
        {
            return;
        }

        (Address, long) met = (packet.Remote.ToAddress(), (long)packet.DecisionId);
        if (_met.Count < MaxSources)
        {
            _met.TryAdd(met, true);
        }
        else if (!_met.ContainsKey(met))
        {
            Interlocked.Increment(ref _unlisted);
        }
    }

    public void Observe(in SampleHeader header, ReadOnlySpan<byte> data, IFindings findings)
    {
    }

    public void Forget(Prefix scope)
    {
    }

    public void Exempt(Prefix scope)
    {
    }
}

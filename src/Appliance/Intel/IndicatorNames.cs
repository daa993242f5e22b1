using System.Collections.Concurrent;
using Blackwall.Intel.Stix;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Intel;

/// <summary>Names indicators of addresses. Nearly all are of the first generation and follow from their value; what was revoked once is remembered here.</summary>
internal sealed class IndicatorNames(SharingGuard guard) : IIndicatorNames
{
    private readonly ConcurrentDictionary<string, (int Generation, bool Revoked)> _later = new(StringComparer.Ordinal);
    private StixPublisher? _publisher;

    public string? NameOf(Prefix scope, bool hasEnded)
    {
        if (Volatile.Read(ref _publisher) is not { } publisher || !guard.MayLeave(scope))
        {
            return null;
        }

        string value = $"{scope}";
        (int generation, bool revoked) = _later.GetValueOrDefault(value);
        return StixId.Text("indicator", publisher.IndicatorUuid(scope.IsV4 ? IndicatorKind.Ipv4 : IndicatorKind.Ipv6, value, revoked && !hasEnded ? generation + 1 : generation));
    }

    public void Open(StixPublisher publisher, IEnumerable<(string Value, int Generation, bool Revoked)> later)
    {
        foreach ((string value, int generation, bool revoked) in later)
        {
            _later[value] = (generation, revoked);
        }

        Volatile.Write(ref _publisher, publisher);
    }

    public void Set(Indicator indicator)
    {
        if (indicator.Kind is IndicatorKind.Ipv4 or IndicatorKind.Ipv6 && (indicator.Revoked || indicator.Generation > 0))
        {
            _later[indicator.Value] = (indicator.Generation, indicator.Revoked);
        }
    }
}

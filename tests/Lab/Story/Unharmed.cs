using System.Net;

namespace Blackwall.Lab.Story;

/// <summary>That nothing is held against honest hosts.</summary>
public sealed class Unharmed(Play play, string title)
{
    public async Task AreAsync(IEnumerable<IPAddress> addresses, CancellationToken cancellation, Edge.ApplianceApi? api = null)
    {
        api ??= play.Stage.Api;
        List<string> against = [];
        foreach (var address in addresses)
        {
            against.AddRange((await api.DecisionsAsync(address, cancellation)).Where(d => d.Origin is not "guard").Select(d => d.ToString()));
            against.AddRange((await api.EvidenceKindsAsync(address, cancellation)).Where(kind => kind is not ("fingerprint" or "phase")).Select(kind => $"{kind} of {address}"));
        }

        play.Facts.Is(title, "held against the honest", "nothing", against.Count == 0 ? "nothing" : string.Join("; ", against.Distinct()));
    }
}

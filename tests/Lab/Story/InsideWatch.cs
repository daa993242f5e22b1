using System.Net;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Story;

/// <summary>What was told of hosts inside, and that nobody was acted on for it.</summary>
public sealed class InsideWatch(Play play, string title)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    /// <summary>Waits until it is told.</summary>
    public async Task ToldAsync(IPAddress inside, string kind, CancellationToken cancellation)
    {
        var start = TimeProvider.System.GetTimestamp();
        var seen = await Tool.UntilAsync(() => IsToldAsync(inside, kind, cancellation), s_limit, cancellation);
        play.Facts.Is(title, $"told of {inside}", kind, seen ? kind : $"nothing of the kind in {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0} s");
    }

    /// <summary>What was not told by now will not be: to be asked after a later thing was told.</summary>
    public async Task NotToldAsync(IPAddress inside, string kind, CancellationToken cancellation) =>
        play.Facts.Is(title, $"told of {inside}, which does nothing odd", "nothing", await IsToldAsync(inside, kind, cancellation) ? kind : "nothing");

    public async Task NobodyActedOnAsync(IEnumerable<IPAddress> addresses, CancellationToken cancellation)
    {
        var decisions = 0;
        foreach (var address in addresses)
        {
            decisions += (await play.Stage.Api.DecisionsAsync(address, cancellation)).Count(d => !string.Equals(d.Origin, "guard", StringComparison.Ordinal));
        }

        play.Facts.None(title, "decisions about either end", decisions);
    }

    private async Task<bool> IsToldAsync(IPAddress inside, string kind, CancellationToken cancellation) =>
        (await play.Stage.Api.EvidenceKindsAsync(inside, cancellation)).Contains(kind, StringComparer.Ordinal);
}

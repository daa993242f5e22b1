using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Microsoft.Extensions.Options;

namespace Blackwall.Intel;

/// <summary>
/// What never leaves the appliance: what the guard set holds (own addresses, gateways, resolvers, administrators), private addresses, and what the
/// operator names. Whoever sees such an indicator would block a victim.
/// </summary>
internal sealed class SharingGuard(VerdictBoard board, IOptions<IntelOptions> options)
{
    private static readonly Prefix[] Private = [.. new[] { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7" }.Select(text => Prefix.Parse(text))];

    public bool MayLeave(Prefix scope) =>
        board.Guarding(scope) is null
        && !options.Value.NeverShare.Any(prefix => prefix.Overlaps(scope))
        && (options.Value.PrivateAddresses || !Array.Exists(Private, prefix => prefix.Overlaps(scope)));
}

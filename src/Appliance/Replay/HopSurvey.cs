using Blackwall.Pipeline.Model;
using Blackwall.Replay.Wire;

namespace Blackwall.Replay;

/// <summary>
/// Who was near to where a capture was taken: packets of such a host have passed no router, so their hop limit is still what stacks begin with.
/// Bounded: hosts that come when the table is full are not known.
/// </summary>
internal sealed class HopSurvey
{
    private const int MostHosts = 16_384;

    private readonly Dictionary<Address, (int Fresh, int All)> _hosts = [];

    public void Observe(in FrameSketch frame)
    {
        // Datagrams to groups are sent with small limits, so as not to go far.
        if (IsGroup(frame.Destination) || (_hosts.Count >= MostHosts && !_hosts.ContainsKey(frame.Source)))
        {
            return;
        }

        (int fresh, int all) = _hosts.GetValueOrDefault(frame.Source);
        _hosts[frame.Source] = (fresh + (frame.HopLimit is 64 or 128 or 255 ? 1 : 0), all + 1);
    }

    /// <summary>Whether most packets of a host came straight from it; null: it sent none.</summary>
    public bool? IsNear(Address address) => _hosts.TryGetValue(address, out (int Fresh, int All) host) ? host.Fresh * 2 > host.All : null;

    private static bool IsGroup(Address address) => address.IsV4 ? address.V4 >> 28 >= 0xe : address.Value >> 120 == 0xff;
}

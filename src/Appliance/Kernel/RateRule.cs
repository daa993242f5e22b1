using Blackwall.Kernel.Abi;

namespace Blackwall.Kernel;

/// <summary>A limit on new and unverified traffic of one source.</summary>
/// <param name="Class">What is counted.</param>
/// <param name="Scope">Whose packets are counted together.</param>
/// <param name="PerSecond">Packets a second; 0: not limited.</param>
/// <param name="Burst">Packets at once.</param>
public sealed record RateRule(RateClass Class, RateScope Scope, double PerSecond, double Burst)
{
    /// <summary>
    /// Generous to a NATed office, a nuisance to a flood: flows with a verified handshake are never counted. A network (/24, /56) gets four hosts' worth.
    /// </summary>
    public static IReadOnlyList<RateRule> Defaults { get; } =
    [
        new(RateClass.Syn, RateScope.Host, 500, 1_000),
        new(RateClass.Syn, RateScope.Net, 2_000, 4_000),
        new(RateClass.Udp, RateScope.Host, 20_000, 20_000),
        new(RateClass.Udp, RateScope.Net, 80_000, 80_000),
        new(RateClass.Icmp, RateScope.Host, 200, 400),
        new(RateClass.Icmp, RateScope.Net, 800, 1_600),
        new(RateClass.New, RateScope.Host, 2_000, 4_000),
        new(RateClass.New, RateScope.Net, 8_000, 16_000),
        new(RateClass.Strict, RateScope.Host, 20, 40),
        new(RateClass.Strict, RateScope.Net, 80, 160),
        new(RateClass.Event, RateScope.Host, 500, 1_000),
        new(RateClass.Stream, RateScope.Host, 200_000, 400_000),
        new(RateClass.Fragment, RateScope.Host, 2_000, 4_000),
    ];

    internal static Limit ToLimit(double perSecond, double burst)
    {
        if (perSecond <= 0)
        {
            return default;
        }

        ulong interval = Math.Max(1, (ulong)(1_000_000_000 / perSecond));
        return new Limit { IntervalNanoseconds = interval, BurstNanoseconds = (ulong)(interval * Math.Max(0, burst - 1)) };
    }
}

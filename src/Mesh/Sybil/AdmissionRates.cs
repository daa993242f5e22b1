namespace Blackwall.Mesh.Sybil;

/// <summary>How many new identities of one network are heard: one a minute of an IPv4 /24 (IPv6 /48), ten an hour of an operator, some at once.</summary>
public sealed class AdmissionRates
{
    private const int Capacity = 16_384;
    private readonly Dictionary<ulong, (double Left, DateTimeOffset At)> _near = [];
    private readonly Dictionary<ulong, (double Left, DateTimeOffset At)> _operators = [];
    private readonly int _nearBurst;
    private readonly int _operatorBurst;

    /// <param name="nearBurst">Identities of a /24 at once.</param>
    /// <param name="operatorBurst">Identities of an operator at once.</param>
    public AdmissionRates(int nearBurst = 2, int operatorBurst = 10) => (_nearBurst, _operatorBurst) = (nearBurst, operatorBurst);

    /// <summary>Takes one new identity.</summary>
    public bool TryAdmit(Consensus.NetworkPlace place, DateTimeOffset now)
    {
        double near = Left(_near, place.Near, _nearBurst, 60, now);
        double wide = Left(_operators, place.Operator, _operatorBurst, 10, now);
        bool admitted = near >= 1 && wide >= 1;
        Keep(_near, place.Near, near - (admitted ? 1 : 0), now);
        Keep(_operators, place.Operator, wide - (admitted ? 1 : 0), now);
        return admitted;
    }

    private static double Left(Dictionary<ulong, (double Left, DateTimeOffset At)> rates, ulong network, int burst, int perHour, DateTimeOffset now)
    {
        (double left, DateTimeOffset at) = rates.GetValueOrDefault(network, (burst, now));
        return Math.Min(burst, left + (Math.Max(0, (now - at).TotalHours) * perHour));
    }

    private static void Keep(Dictionary<ulong, (double Left, DateTimeOffset At)> rates, ulong network, double left, DateTimeOffset now)
    {
        if (!rates.ContainsKey(network) && rates.Count >= Capacity)
        {
            // Who was not heard of for the longest time has its rate back.
            rates.Remove(rates.MinBy(pair => pair.Value.At).Key);
        }

        rates[network] = (left, now);
    }
}

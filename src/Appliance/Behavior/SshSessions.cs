namespace Blackwall.Behavior;

/// <summary>
/// Flows in which a client spoke SSH at a port that is not known for it. Told flow by flow and not by port: what a stranger says to a port must
/// not make others' short sessions there look like failed logins. Bounded: a flow that is pushed out is a try that is not counted.
/// </summary>
internal sealed class SshSessions(ulong seed)
{
    private const int Capacity = 16_384;

    private readonly BoundedTable<RequestKey, bool> _flows = new(Capacity, seed);

    public void Begin(in RequestKey flow)
    {
        if (!IsUsual(flow.LocalPort))
        {
            _flows.FindOrAdd(flow, out _) = true;
        }
    }

    /// <summary>Whether a flow that is over was one.</summary>
    public bool End(in RequestKey flow)
    {
        if (IsUsual(flow.LocalPort))
        {
            return true;
        }

        if (_flows.Count == 0 || !_flows.TryFind(flow, out _))
        {
            return false;
        }

        _flows.Remove(flow);
        return true;
    }

    private static bool IsUsual(ushort port) => port is BruteForceDetector.Ssh or 2222;
}

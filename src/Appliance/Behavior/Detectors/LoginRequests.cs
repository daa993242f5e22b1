using Blackwall.Behavior.Memory;
using Blackwall.Pipeline.Model;

namespace Blackwall.Behavior.Detectors;

/// <summary>
/// Brings requests with credentials together with their refusals, which come on another ring and so in any order. Bounded: a request that is
/// pushed out is a try that is not counted.
/// </summary>
internal sealed class LoginRequests(ulong seed)
{
    private const int Capacity = 16_384;
    private const ulong Apart = 10_000_000_000;

    /// <summary>A refusal is read from its ring by then.</summary>
    private const ulong Settled = 50_000_000;

    private readonly BoundedTable<RequestKey, LoginRequest> _requests = new(Capacity, seed);

    /// <summary>A request with credentials came. True: it is known to have been refused.</summary>
    public bool OnCredentials(in RequestKey key, uint credentials, EvidenceClass evidenceClass, ulong now)
    {
        ref LoginRequest request = ref _requests.FindOrAdd(key, out _);
        bool isRefused = request.RefusedNanoseconds >= now && request.RefusedNanoseconds - now < Apart;
        request = isRefused ? default : new LoginRequest { AskedNanoseconds = now, Credentials = credentials, Class = evidenceClass };
        return isRefused;
    }

    /// <summary>Another request came on the flow: a later refusal is about that one. True: the credentials before it were taken.</summary>
    public bool OnOther(in RequestKey key, ulong now)
    {
        // A refusal that came before its request stays: whether that request had credentials is about to be told.
        if (!_requests.TryFind(key, out int slot) || _requests[slot].AskedNanoseconds == 0)
        {
            return false;
        }

        ulong asked = _requests[slot].AskedNanoseconds;
        _requests.Remove(key);
        return now > asked && now - asked >= Settled;
    }

    /// <summary>A request was refused. True: one with credentials, which are told with what the request proves.</summary>
    public bool OnRefused(in RequestKey key, ulong now, out uint credentials, out EvidenceClass evidenceClass)
    {
        ref LoginRequest request = ref _requests.FindOrAdd(key, out _);
        (credentials, evidenceClass) = (request.Credentials, request.Class);
        bool isKnown = request.AskedNanoseconds != 0 && request.AskedNanoseconds <= now && now - request.AskedNanoseconds < Apart;
        request = isKnown ? default : new LoginRequest { RefusedNanoseconds = now };
        return isKnown;
    }
}

using Blackwall.Pipeline.Model;

namespace Blackwall.Behavior.Detectors;

/// <summary>A request with credentials that may still be refused, or a refusal whose request is still to come.</summary>
internal struct LoginRequest
{
    /// <summary>When it was sent; 0: a refusal.</summary>
    public ulong AskedNanoseconds;
    public ulong RefusedNanoseconds;

    /// <summary>Tells its credentials from others of the same source.</summary>
    public uint Credentials;

    /// <summary>What the request proves.</summary>
    public EvidenceClass Class;
}

using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Ports;

/// <summary>
/// Credentials that were planted: nobody has a reason to use them but who found them where they lie. Whoever sees credentials asks here, and records what it
/// gets. Thread-safe; waits for nothing and reads no file, so the packet path may ask.
/// </summary>
public interface ICredentialCanaries
{
    /// <summary>Evidence against who logged in or tried to; null: no canary, or one that was reported a moment ago.</summary>
    /// <param name="source">Who.</param>
    /// <param name="user">As it was sent.</param>
    /// <param name="secret">As it was sent; never in the evidence.</param>
    /// <param name="place">Where, for a sentence.</param>
    /// <param name="evidenceClass">What the flow proves that carried them.</param>
    Evidence? FindLogin(Address source, string user, string secret, string place, EvidenceClass evidenceClass);

    /// <summary>As <see cref="FindLogin"/>, for the value of an Authorization header, Basic or Bearer (RFC 7617, RFC 6750); what is no canary costs no allocation.</summary>
    Evidence? FindAuthorization(Address source, ReadOnlySpan<byte> value, string place, EvidenceClass evidenceClass);
}

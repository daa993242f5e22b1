using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Ports;

/// <summary>
/// Credentials that were planted: nobody has a reason to use them but who found them where they lie. Whoever sees credentials shows them here. Thread-safe.
/// </summary>
public interface ICredentialCanaries
{
    /// <summary>Somebody logged in or tried to, at a place that the sentence names; the class is what the flow proves that carried them.</summary>
    void OnLogin(Address source, string user, string secret, string place, EvidenceClass evidenceClass);

    /// <summary>The value of an Authorization header, Basic or Bearer (RFC 7617, RFC 6750); what is not a canary costs no allocation.</summary>
    void OnAuthorization(Address source, ReadOnlySpan<byte> value, string place, EvidenceClass evidenceClass);
}

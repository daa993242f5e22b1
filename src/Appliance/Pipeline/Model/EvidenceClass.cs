namespace Blackwall.Pipeline.Model;

/// <summary>How much a piece of evidence proves about its source address.</summary>
public enum EvidenceClass
{
    /// <summary>Anyone can have sent it with this source address (UDP, a lone SYN). May rate-limit, never block.</summary>
    Spoofable,

    /// <summary>The source echoed a number that we chose: a handshake's ACK or the RST to a challenge.</summary>
    Handshake,

    /// <summary>Payload of an established flow.</summary>
    Application,
}

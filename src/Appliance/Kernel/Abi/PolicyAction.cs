namespace Blackwall.Kernel.Abi;

/// <summary>What a kernel policy entry asks for.</summary>
public enum PolicyAction : byte
{
    Allow = 0,
    Drop = 1,
    Redirect = 2,

    /// <summary>SYNs are challenged, and what is new is held to the strict limit, completed handshakes too.</summary>
    RateLimit = 3,

    /// <summary>Never dropped and never diverted; tracked, told and challenged like everybody else.</summary>
    Guard = 4,

    /// <summary>As <see cref="RateLimit"/>, but completed handshakes are held to the ordinary limit of SYNs only.</summary>
    Challenge = 5,
}

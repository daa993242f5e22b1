namespace Blackwall.Kernel.Abi;

/// <summary>What a kernel policy entry asks for.</summary>
public enum PolicyAction : byte
{
    Allow = 0,
    Drop = 1,
    Redirect = 2,
    RateLimit = 3,

    /// <summary>Never dropped and never diverted; tracked, told and challenged like everybody else.</summary>
    Guard = 4,
}

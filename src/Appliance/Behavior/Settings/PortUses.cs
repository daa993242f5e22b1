namespace Blackwall.Behavior.Settings;

/// <summary>What a port is used for; as in bpf/ports.def.</summary>
[Flags]
internal enum PortUses
{
    None = 0,

    /// <summary>People log in here.</summary>
    Login = 1,

    /// <summary>The server refuses a login in words that can be read.</summary>
    Refusal = 2,

    /// <summary>What is said first is clear text.</summary>
    Clear = 4,

    /// <summary>It may turn to TLS on the way, or is no line of text.</summary>
    Upgrade = 8,
}

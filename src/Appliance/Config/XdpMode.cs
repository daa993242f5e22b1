namespace Blackwall.Config;

/// <summary>Where in the driver the program runs.</summary>
public enum XdpMode
{
    /// <summary>Native where the driver can, else generic, and status says so.</summary>
    Auto,
    Native,
    Generic,
    Offload,
}

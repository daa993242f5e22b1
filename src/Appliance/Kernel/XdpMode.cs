namespace Blackwall.Kernel;

/// <summary>Where in the network stack the wall stands.</summary>
public enum XdpMode
{
    /// <summary>Native where the driver can, else generic, and status says so.</summary>
    Auto,

    /// <summary>In the driver, before the kernel spends a buffer.</summary>
    Native,

    /// <summary>After the driver; works everywhere, costs what nftables costs.</summary>
    Generic,

    /// <summary>On the network card.</summary>
    Offload,
}

namespace Blackwall.Kernel;

/// <summary>Where in the network stack the wall stands.</summary>
public enum XdpAttachMode
{
    /// <summary>Native if the driver takes it, else generic with a warning.</summary>
    Auto,

    /// <summary>In the driver, before the kernel spends a buffer.</summary>
    Native,

    /// <summary>After the driver; works everywhere, costs what nftables costs.</summary>
    Generic,

    /// <summary>On the network card.</summary>
    Offload,
}

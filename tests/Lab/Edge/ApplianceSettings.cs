using Blackwall.Lab.Network;

namespace Blackwall.Lab.Edge;

/// <summary>What a test may want different about the appliance.</summary>
/// <param name="Mode">enforce, observe or off.</param>
/// <param name="XdpMode">auto, native or generic.</param>
/// <param name="Response">What recognised attackers get: drop, redirect, or auto.</param>
/// <param name="Extra">Lines added to the end of the configuration file.</param>
/// <param name="Environment">Variables of its process.</param>
/// <param name="Interface">What it guards.</param>
/// <param name="PrivateMounts">It runs in a mount namespace of its own with a fresh /sys, as <c>ip netns exec</c> makes it.</param>
/// <param name="Network">Lines added to the section [network].</param>
/// <param name="Tarpit">It has its own tarpit; else redirected flows go to the lab's <see cref="Servers.TarpitStandIn"/>.</param>
public sealed record ApplianceSettings(
    string Mode = "enforce",
    string XdpMode = "native",
    string Response = "drop",
    string Extra = "",
    IReadOnlyDictionary<string, string>? Environment = null,
    string Interface = LabNetwork.Wan,
    bool PrivateMounts = false,
    string Network = "",
    bool Tarpit = false);

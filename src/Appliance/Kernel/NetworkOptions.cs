using Blackwall.Config;
using Blackwall.Kernel.Abi;

namespace Blackwall.Kernel;

/// <summary>[network]: what is guarded and how.</summary>
public sealed class NetworkOptions
{
    /// <summary>Guarded interface, 1..15 characters.</summary>
    public string Interface { get; set; } = "eth0";

    public XdpMode XdpMode { get; set; } = XdpMode.Auto;

    /// <summary>A new wall only watches until its owner says otherwise.</summary>
    public EnforcementMode Mode { get; set; } = EnforcementMode.Observe;

    /// <summary>What the kernel programs do when this process no longer shows that it lives.</summary>
    public Silence WhenSilent { get; set; } = Silence.Last;

    /// <summary>Seconds without a sign of life that count as silence, 5..3600.</summary>
    public int SilentSeconds { get; set; } = 10;

    /// <summary>Folder on a bpf file system for pinned maps and links.</summary>
    public string PinPath { get; set; } = "/sys/fs/bpf/blackwall";

    public static IReadOnlyList<IConfigSection> Declare() =>
    [
        new ConfigSection<NetworkOptions>("network", new NetworkOptions())
            .Text("interface", o => o.Interface, (o, v) =>
            {
                // IFNAMSIZ is 16 with the closing zero; the kernel refuses slashes, colons and white space.
                o.Interface = v;
                return v.Length is >= 1 and <= 15 && v is not ("." or "..") && !v.Any(c => c is '/' or ':' || char.IsWhiteSpace(c)) ? null : "is an interface name of 1..15 characters";
            })
            .Choice<XdpMode>("xdp_mode", o => o.XdpMode, (o, v) => o.XdpMode = v)
            .Choice<EnforcementMode>("mode", o => o.Mode, (o, v) => o.Mode = v)
            .Choice<Silence>("when_silent", o => o.WhenSilent, (o, v) => o.WhenSilent = v)
            .Integer("silent_seconds", 5, 3600, o => o.SilentSeconds, (o, v) => o.SilentSeconds = (int)v)
            .Text("pin_path", o => o.PinPath, (o, v) =>
            {
                o.PinPath = v;
                return v.StartsWith('/') && v.Length <= 200 ? null : "is an absolute path";
            }),
    ];
}

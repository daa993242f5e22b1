using Blackwall.Config;
using Blackwall.Kernel.Abi;

namespace Blackwall.Kernel;

/// <summary>[network]: what is guarded and how.</summary>
public sealed class NetworkOptions
{
    // Each may have a bridge beside it in the 64 places of GATES.
    private const int MaxInterfaces = 15;

    /// <summary>Guarded interface, 1..15 characters; of a gateway, the one that looks to the internet.</summary>
    public string Interface { get; set; } = "eth0";

    /// <summary>Further interfaces that look outside: a second uplink.</summary>
    public IReadOnlyList<string> Outside { get; set; } = [];

    /// <summary>Interfaces of a gateway behind which hosts of its own are.</summary>
    public IReadOnlyList<string> Inside { get; set; } = [];

    /// <summary>Guarded interfaces on which nothing is ever enforced.</summary>
    public IReadOnlyList<string> ObserveOnly { get; set; } = [];

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
        new ConfigSection<NetworkOptions>("network", "What is guarded, and how.", new NetworkOptions())
            .Text("interface", "Name of the guarded interface; of a gateway, the one that looks to the internet.", o => o.Interface, (o, v) =>
            {
                o.Interface = v;
                return IsName(v) ? null : "must be an interface name of 1..15 characters";
            })
            .List("outside", "Names of further interfaces that look outside, such as a second uplink; at most 15.", o => o.Outside, (o, v) => Names(v, names => o.Outside = names))
            .List("inside", "Names of the interfaces of a gateway behind which its own hosts are; at most 15.", o => o.Inside, (o, v) => Names(v, names => o.Inside = names))
            .List("observe_only", "Names of guarded interfaces on which nothing is ever enforced.", o => o.ObserveOnly, (o, v) => Names(v, names => o.ObserveOnly = names))
            .Choice<XdpMode>("xdp_mode", "How the program is attached: native needs a driver that supports XDP, generic works everywhere and costs what nftables costs, auto tries native first.", o => o.XdpMode, (o, v) => o.XdpMode = v)
            .Choice<EnforcementMode>("mode", "off: nothing is attached. observe: decide and count, enforce nothing. enforce: act. A mode confirmed with \"blackwall enforce\" or \"blackwall observe\" holds over restarts and is stronger than this, until this value is changed.", o => o.Mode, (o, v) => o.Mode = v)
            .Choice<Silence>("when_silent", "What the kernel programs do when the appliance shows no sign of life: last keeps what was decided, until it ends; open lets everything pass; closed refuses every new client that no allow rule names.", o => o.WhenSilent, (o, v) => o.WhenSilent = v)
            .Integer("silent_seconds", "Seconds without a sign of life that count as silence.", 5, 3600, o => o.SilentSeconds, (o, v) => o.SilentSeconds = (int)v)
            .Text("pin_path", "Absolute path of the folder on a bpf file system in which maps and links are pinned.", o => o.PinPath, (o, v) =>
            {
                o.PinPath = v;
                return v.StartsWith('/') && v.Length <= 200 ? null : "must be an absolute path";
            })
            .Together(Wrong),
    ];

    /// <summary>What an interface does at most.</summary>
    public EnforcementMode MostOf(string name) => ObserveOnly.Contains(name, StringComparer.Ordinal) ? EnforcementMode.Observe : EnforcementMode.Enforce;

    private static string? Wrong(NetworkOptions options)
    {
        string[] all = [options.Interface, .. options.Outside, .. options.Inside];
        return all.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? $"network.interface, network.outside and network.inside name {twice.Key} more than once"
            : options.ObserveOnly.FirstOrDefault(name => !all.Contains(name, StringComparer.Ordinal)) is { } stranger
                ? $"network.observe_only names {stranger}, which is not guarded"
                : null;
    }

    private static string? Names(IReadOnlyList<string> names, Action<IReadOnlyList<string>> set)
    {
        set(names);
        return names.Count <= MaxInterfaces && names.All(IsName) ? null : $"must be a list of at most {MaxInterfaces} interface names of 1..15 characters";
    }

    // IFNAMSIZ is 16 with the closing zero; the kernel refuses slashes, colons and white space.
    private static bool IsName(string name) => name.Length is >= 1 and <= 15 && name is not ("." or "..") && !name.Any(c => c is '/' or ':' || char.IsWhiteSpace(c));
}

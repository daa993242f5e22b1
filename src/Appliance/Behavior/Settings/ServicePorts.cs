using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Blackwall.Behavior.Settings;

/// <summary>What is spoken at which port: the list that the kernel programs are compiled with (bpf/ports.def), as this program has it inside.</summary>
internal static partial class ServicePorts
{
    private static readonly FrozenDictionary<ushort, PortUses> s_uses = Read();

    /// <summary>Every port of the list with its uses.</summary>
    public static IReadOnlyDictionary<ushort, PortUses> All => s_uses;

    /// <summary>Whether people log in at this port.</summary>
    public static bool IsLogin(ushort port) => (s_uses.GetValueOrDefault(port) & PortUses.Login) != PortUses.None;

    /// <summary>Whether a client that comes in speaks clear text here from its first byte to its last.</summary>
    public static bool StaysClear(ushort port) => (s_uses.GetValueOrDefault(port) & (PortUses.Clear | PortUses.Upgrade)) == PortUses.Clear;

    private static FrozenDictionary<ushort, PortUses> Read()
    {
        using Stream list = Assembly.GetExecutingAssembly().GetManifestResourceStream("ports.def") ?? throw new InvalidOperationException("ports.def is not embedded.");
        using StreamReader reader = new(list);
        return Line().Matches(reader.ReadToEnd()).ToFrozenDictionary(
            line => ushort.Parse(line.Groups["port"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture),
            line => line.Groups["use"].Captures.Aggregate(PortUses.None, (uses, use) => uses | Enum.Parse<PortUses>(use.ValueSpan, ignoreCase: true)));
    }

    [GeneratedRegex(@"^BW_PORT\((?<port>\d+), (?:BW_PORT_(?<use>[A-Z]+)(?: \| )?)+\)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Line();
}

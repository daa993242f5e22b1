using System.Text;
using Blackwall.Behavior.Wire;

namespace Blackwall.Fuzz;

/// <summary>DNS questions as they come out of the DPI ring.</summary>
internal sealed class DnsNameTarget : IFuzzTarget
{
    public string Name => "dns-name";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            "\u0003www\u0007example\u0003com\0\0\u0001\0\u0001", "\u0001a\u0005thing\u0002co\u0002uk\0\0\u0010\0\u0001", "\0\0\u0002\0\u0001",
            "\u00011\u00012\u0007in-addr\u0004arpa\0\0\u000c\0\u0001", "\u00c0\u000c", "\u003f", "",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        if (!DnsName.TryParse(input, out DnsName name))
        {
            return null;
        }

        return !name.Prefix.IsEmpty && (!input.Overlaps(name.Prefix, out int at) || at != 0) ? "the prefix does not lie at the beginning of the input" : null;
    }
}

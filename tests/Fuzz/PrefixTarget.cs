using System.Text;
using Blackwall.Pipeline.Model;

namespace Blackwall.Fuzz;

/// <summary>Text of rules, feeds and API requests.</summary>
internal sealed class PrefixTarget : IFuzzTarget
{
    public string Name => "prefix";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            "1.2.3.4", "10.0.0.0/8", "0.0.0.0/0", "255.255.255.255/32", "2001:db8::/32", "::/0", "::1", "::ffff:1.2.3.4", "::ffff:10.0.0.0/104",
            "fe80::1%eth0", "1.2.3.4/33", "10.0.0.1/8", "1:2:3:4:5:6:7:8/128", "64:ff9b::192.0.2.1/128", "/", "",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        string text = Encoding.UTF8.GetString(input);
        if (!Prefix.TryParse(text, out Prefix prefix, out string? error))
        {
            return error == null ? "refused without a sentence" : error.Length > 512 ? "the sentence is longer than any screen" : null;
        }

        if (error != null)
        {
            return "accepted with an error";
        }

        string again = prefix.ToString();
        if (!Prefix.TryParse(again, out Prefix second) || second != prefix)
        {
            return $"'{again}' does not read back";
        }

        return prefix.Contains(prefix.Network) && Prefix.Around(prefix.Network, prefix.Length) == prefix ? null : "the block does not contain its own network";
    }
}

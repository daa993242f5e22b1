using System.Text;

namespace Blackwall.Tests.Feeds;

/// <summary>Writes small databases in the format of MaxMind (MaxMind DB file format 2.0): one network of IPv4, an octet or two long, has the record.</summary>
internal static class PlaceFile
{
    private const int Separator = 16;

    // From 29 on the length has a byte of its own.
    public static byte[] Text(string text) => text.Length < 29 ? [(byte)(0x40 | text.Length), .. Encoding.UTF8.GetBytes(text)] : [0x40 | 29, (byte)(text.Length - 29), .. Encoding.UTF8.GetBytes(text)];

    public static byte[] Number(uint value) => [0xC4, (byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    public static byte[] Map(params (string Key, byte[] Value)[] members) => [(byte)(0xE0 | members.Length), .. members.SelectMany(member => Text(member.Key).Concat(member.Value))];

    /// <summary>A pointer to a place in the data.</summary>
    public static byte[] Pointer(byte place) => [0x20, place];

    public static byte[] Country(string code) => Map(("country", Map(("iso_code", Text(code)))));

    public static byte[] System(uint number, string name) => Map(("autonomous_system_number", Number(number)), ("autonomous_system_organization", Text(name)));

    /// <param name="record">The data; it begins with the record.</param>
    /// <param name="octets">The network: its first octets.</param>
    public static byte[] Of(byte[] record, params byte[] octets)
    {
        bool[] bits = [.. octets.SelectMany(octet => Enumerable.Range(0, 8).Select(i => ((octet >> (7 - i)) & 1) == 1))];
        uint nodes = (uint)bits.Length;
        List<byte> file = [];
        for (uint i = 0; i < nodes; i++)
        {
            // On the way to the network the next node, or its record; off it nothing (the number of nodes).
            uint next = i + 1 < nodes ? i + 1 : nodes + Separator;
            foreach (bool side in new[] { false, true })
            {
                uint value = bits[i] == side ? next : nodes;
                file.AddRange([(byte)(value >> 16), (byte)(value >> 8), (byte)value]);
            }
        }

        file.AddRange(new byte[Separator]);
        file.AddRange(record);
        file.AddRange([0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8]);
        file.AddRange(Map(
            ("binary_format_major_version", Short(2)), ("binary_format_minor_version", Short(0)), ("build_epoch", [0x08, 0x02, 0, 0, 0, 0, 0, 0, 0, 1]), ("database_type", Text("Test")),
            ("description", Map(("en", Text("test")))), ("ip_version", Short(4)), ("languages", [0x01, 0x04, .. Text("en")]), ("node_count", Number(nodes)), ("record_size", Short(24))));
        return [.. file];
    }

    private static byte[] Short(ushort value) => [0xA2, (byte)(value >> 8), (byte)value];
}

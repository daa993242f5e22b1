using System.Text;

namespace Blackwall.Mesh.Libp2p.Wire;

/// <summary>A line of multistream-select 1.0: its length (varint, with the newline), the text, a newline.</summary>
internal static class MultistreamLine
{
    /// <summary>The longest line, newline included, in bytes.</summary>
    public const int MaxLength = 1024;

    public const string Hello = "/multistream/1.0.0";
    public const string NotAvailable = "na";

    public static byte[] Encode(params ReadOnlySpan<string> lines)
    {
        List<byte> bytes = new(64);
        Span<byte> prefix = stackalloc byte[Varint.MaxLength + 1];
        foreach (string line in lines)
        {
            byte[] text = Encoding.UTF8.GetBytes(line);
            bytes.AddRange(prefix[..Varint.Write(prefix, (ulong)text.Length + 1)]);
            bytes.AddRange(text);
            bytes.Add((byte)'\n');
        }

        return [.. bytes];
    }

    /// <summary>The text of a line without its length; null where it does not end in a newline, or holds one, or is no UTF-8.</summary>
    public static string? Decode(ReadOnlySpan<byte> line) =>
        line.Length is > 0 and <= MaxLength && line.IndexOf((byte)'\n') == line.Length - 1 && System.Text.Unicode.Utf8.IsValid(line)
            ? Encoding.UTF8.GetString(line[..^1])
            : null;
}

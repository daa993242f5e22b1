using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Blackwall.Logging;

/// <summary>
/// One datagram of the journal's native protocol (systemd, JOURNAL_NATIVE_PROTOCOL): a field is "NAME=value" and a line end; a value with a line end is
/// "NAME", a line end, its length as 64 bits little-endian, the value and a line end. Pure.
/// </summary>
internal sealed class JournalMessage
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <param name="name">Upper case letters, digits and underscores, beginning with a letter.</param>
    /// <param name="value">Anything.</param>
    public JournalMessage Add(string name, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        _bytes.Write(Encoding.ASCII.GetBytes(name));
        if (bytes.AsSpan().Contains((byte)'\n'))
        {
            _bytes.Write("\n"u8);
            Span<byte> length = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)bytes.Length);
            _bytes.Write(length);
        }
        else
        {
            _bytes.Write("="u8);
        }

        _bytes.Write(bytes);
        _bytes.Write("\n"u8);
        return this;
    }

    public ReadOnlyMemory<byte> ToBytes() => _bytes.WrittenMemory;

    /// <summary>"BLACKWALL_ATTACH_MODE" for AttachMode.</summary>
    public static string FieldName(string name)
    {
        StringBuilder field = new("BLACKWALL");
        foreach (char c in name)
        {
            field.Append(char.IsAsciiLetterUpper(c) ? string.Create(CultureInfo.InvariantCulture, $"_{c}") : char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c).ToString() : "_");
        }

        return field.ToString();
    }
}

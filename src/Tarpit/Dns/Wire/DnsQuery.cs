using System.Buffers.Binary;
using System.Text;

namespace Blackwall.Tarpit.Dns.Wire;

/// <summary>A message of a client, as far as an authoritative server looks at it (RFC 1035 §4, RFC 6891, RFC 7873).</summary>
internal sealed record DnsQuery
{
    public const int HeadLength = 12;

    private const int LongestName = 255;
    private const int MostRecords = 64;
    private const int CookieOption = 10;
    private const int Opt = 41;

    public ushort Id { get; private init; }

    public ushort Flags { get; private init; }

    /// <summary>0 query, 4 notify, 5 update.</summary>
    public int Opcode => (Flags >> 11) & 15;

    /// <summary>The message cannot be read: it is answered with its head alone.</summary>
    public bool IsMalformed { get; private init; }

    /// <summary>Labels, each one character a byte, in the case that the client wrote.</summary>
    public IReadOnlyList<string> Labels { get; private init; } = [];

    public ushort Type { get; private init; }

    public ushort Class { get; private init; }

    public bool HasEdns { get; private init; }

    public byte EdnsVersion { get; private init; }

    public bool WantsDnssec { get; private init; }

    /// <summary>8 bytes of the client, or none.</summary>
    public byte[] ClientCookie { get; private init; } = [];

    /// <summary>Its cookie has no right length.</summary>
    public bool IsCookieMalformed { get; private init; }

    public string Name => string.Join('.', Labels);

    public bool WantsRecursion => (Flags & 0x100) != 0;

    /// <summary>Null: it is answered with nothing: too short, or an answer itself.</summary>
    public static DnsQuery? TryRead(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeadLength || (message[2] & 0x80) != 0)
        {
            return null;
        }

        DnsQuery head = new() { Id = BinaryPrimitives.ReadUInt16BigEndian(message), Flags = BinaryPrimitives.ReadUInt16BigEndian(message[2..]) };
        DnsQuery malformed = head with { IsMalformed = true };
        int questions = BinaryPrimitives.ReadUInt16BigEndian(message[4..]), at = HeadLength;
        List<string> labels = [];
        if (questions != 1 || !TryReadName(message, ref at, labels) || message.Length - at < 4)
        {
            return malformed;
        }

        DnsQuery query = head with { Labels = labels, Type = BinaryPrimitives.ReadUInt16BigEndian(message[at..]), Class = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]) };
        at += 4;
        int records = BinaryPrimitives.ReadUInt16BigEndian(message[6..]) + BinaryPrimitives.ReadUInt16BigEndian(message[8..]) + BinaryPrimitives.ReadUInt16BigEndian(message[10..]);
        for (int i = 0; i < Math.Min(records, MostRecords); i++)
        {
            if (!TryReadName(message, ref at, null) || message.Length - at < 10)
            {
                return malformed;
            }

            int type = BinaryPrimitives.ReadUInt16BigEndian(message[at..]), length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
            if (message.Length - at - 10 < length)
            {
                return malformed;
            }

            if (type == Opt)
            {
                query = query.WithEdns(message.Slice(at + 4, 4), message.Slice(at + 10, length));
            }

            at += 10 + length;
        }

        return query;
    }

    private DnsQuery WithEdns(ReadOnlySpan<byte> ttl, ReadOnlySpan<byte> options)
    {
        DnsQuery query = this with { HasEdns = true, EdnsVersion = ttl[1], WantsDnssec = (ttl[2] & 0x80) != 0 };
        while (options.Length >= 4)
        {
            int code = BinaryPrimitives.ReadUInt16BigEndian(options), length = BinaryPrimitives.ReadUInt16BigEndian(options[2..]);
            if (options.Length - 4 < length)
            {
                break;
            }

            if (code == CookieOption)
            {
                bool isRight = length is 8 or (>= 16 and <= 40);
                query = query with { ClientCookie = isRight ? options.Slice(4, 8).ToArray() : [], IsCookieMalformed = !isRight };
            }

            options = options[(4 + length)..];
        }

        return query;
    }

    // Pointers only go backwards, so that they end.
    private static bool TryReadName(ReadOnlySpan<byte> message, ref int at, List<string>? labels)
    {
        int position = at, total = 0;
        bool jumped = false;
        while (position < message.Length)
        {
            int length = message[position];
            if (length == 0)
            {
                at = jumped ? at : position + 1;
                return true;
            }

            if (length >= 0xC0)
            {
                if (position + 1 >= message.Length || (((length & 0x3F) << 8) | message[position + 1]) is var target && target >= position)
                {
                    return false;
                }

                at = jumped ? at : position + 2;
                (position, jumped) = (target, true);
                total++;
            }
            else if (length > 63 || position + 1 + length > message.Length)
            {
                return false;
            }
            else
            {
                labels?.Add(Encoding.Latin1.GetString(message.Slice(position + 1, length)));
                position += 1 + length;
                total += 1 + length;
            }

            if (total > LongestName)
            {
                return false;
            }
        }

        return false;
    }
}

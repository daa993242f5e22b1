
namespace Blackwall.Behavior.Wire;

/// <summary>
/// The name and type of a DNS question (RFC 1035 §4.1.2), cut into the registered domain and what stands before it. Spans into the message;
/// compression has no place in a question and ends the reading.
/// </summary>
public readonly ref struct DnsName
{
    private const int MostLabels = 128;
    private const int LongestName = 255;
    private const int LongestTop = 24;
    private const int LongestRegistered = 24;

    // Stands for what names without a domain have in common.
    private const ulong NoDomain = 1;
    private const int Octets = 4;
    private const int Nibbles = 32;

    private DnsName(ReadOnlySpan<byte> prefix, ushort type, ulong domainHash, uint prefixHash, bool isReverse, bool isAddress)
    {
        Prefix = prefix;
        Type = type;
        DomainHash = domainHash;
        PrefixHash = prefixHash;
        IsReverse = isReverse;
        IsAddress = isAddress;
    }

    /// <summary>Everything before the registered domain, with its length bytes as dots would stand; all of it where there is none.</summary>
    public ReadOnlySpan<byte> Prefix { get; }

    /// <summary>QTYPE; 0: cut off.</summary>
    public ushort Type { get; }

    /// <summary>Of the registered domain, whatever its case.</summary>
    public ulong DomainHash { get; }

    public uint PrefixHash { get; }

    /// <summary>Below in-addr.arpa or ip6.arpa.</summary>
    public bool IsReverse { get; }

    /// <summary>Begins with an address turned round, as blocklists are asked (RFC 5782 §2.1, §2.4).</summary>
    public bool IsAddress { get; }

    /// <summary>False: no whole name. Never throws.</summary>
    public static bool TryParse(ReadOnlySpan<byte> question, out DnsName name)
    {
        name = default;
        Span<byte> starts = stackalloc byte[MostLabels];
        int labels = 0;
        int at = 0;
        while (true)
        {
            if (at >= question.Length || at > LongestName)
            {
                return false;
            }

            int length = question[at];
            if (length == 0)
            {
                break;
            }

            if (length > 63 || labels == MostLabels)
            {
                return false;
            }

            starts[labels++] = (byte)at;
            at += length + 1;
        }

        if (labels == 0)
        {
            return false;
        }

        int end = at;
        if (HasNoDomain(question, starts[..labels]))
        {
            ushort kind = end + 2 < question.Length ? (ushort)((question[end + 1] << 8) | question[end + 2]) : (ushort)0;
            name = new DnsName(question[..end], kind, NoDomain, (uint)Hash(question[..end]), isReverse: false, BeginsWithAddress(question[..end]));
            return true;
        }

        int domainLabels = Math.Min(labels, IsSharedSuffix(question, starts[..labels]) ? 3 : 2);
        int domain = starts[labels - domainLabels];
        ushort type = end + 2 < question.Length ? (ushort)((question[end + 1] << 8) | question[end + 2]) : (ushort)0;
        bool isReverse = EndsWith(question[domain..end], "\u0007in-addr\u0004arpa"u8) || EndsWith(question[domain..end], "\u0003ip6\u0004arpa"u8);
        name = new DnsName(question[..domain], type, Hash(question[domain..end]), (uint)Hash(question[..domain]), isReverse, BeginsWithAddress(question[..domain]));
        return true;
    }

    // A name for a server that answers to anything: nothing in it is a domain that could be registered. Top-level domains are letters or begin
    // with xn-- (RFC 1123 §2.1, RFC 3696 §2), and nobody registers two dozen letters and digits.
    private static bool HasNoDomain(ReadOnlySpan<byte> question, ReadOnlySpan<byte> starts)
    {
        ReadOnlySpan<byte> top = Label(question, starts[^1]);
        bool isTop = top.StartsWith("xn--"u8) || top.StartsWith("XN--"u8) || top.IndexOfAnyExceptInRange((byte)'A', (byte)'z') < 0;
        return !isTop || top.Length > LongestTop || (starts.Length > 1 && Label(question, starts[^2]).Length >= LongestRegistered && Label(question, starts[^2]).ContainsAnyInRange((byte)'0', (byte)'9'));
    }

    private static ReadOnlySpan<byte> Label(ReadOnlySpan<byte> question, byte start) => question.Slice(start + 1, question[start]);

    private static bool BeginsWithAddress(ReadOnlySpan<byte> prefix)
    {
        int labels = 0, octets = 0, nibbles = 0;
        for (int at = 0; at < prefix.Length && labels < Nibbles; at += prefix[at] + 1, labels++)
        {
            ReadOnlySpan<byte> label = prefix.Slice(at + 1, prefix[at]);
            octets += labels < Octets && label.Length <= 3 && !label.ContainsAnyExceptInRange((byte)'0', (byte)'9') ? 1 : 0;
            nibbles += label.Length == 1 && char.IsAsciiHexDigit((char)label[0]) ? 1 : 0;
        }

        return octets == Octets || nibbles == Nibbles;
    }

    // co.uk, com.au, ac.jp: a country's code behind a short or usual word. A list of all such suffixes is longer than this program's use of it.
    private static bool IsSharedSuffix(ReadOnlySpan<byte> question, ReadOnlySpan<byte> starts)
    {
        if (starts.Length < 3 || question[starts[^1]] != 2)
        {
            return false;
        }

        return question[starts[^2]] <= 3;
    }

    private static bool EndsWith(ReadOnlySpan<byte> name, ReadOnlySpan<byte> suffix)
    {
        if (name.Length < suffix.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> tail = name[^suffix.Length..];
        for (int i = 0; i < suffix.Length; i++)
        {
            if (Lower(tail[i]) != suffix[i])
            {
                return false;
            }
        }

        return true;
    }

    // FNV-1a. Names differ in case by accident, or on purpose (0x20).
    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in bytes)
        {
            hash = (hash ^ Lower(b)) * 1099511628211;
        }

        return hash ^ (hash >> 32);
    }

    private static byte Lower(byte b) => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b;
}

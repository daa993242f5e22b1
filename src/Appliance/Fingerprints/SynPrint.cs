using System.Globalization;
using Blackwall.Fingerprints.Wire;

namespace Blackwall.Fingerprints;

/// <summary>
/// What the SYN of a TCP stack or a raw scanner looks like, in a notation of our own (docs/FINGERPRINTS.md): seven fields in lower case with '_'
/// between them. What differs from one connection to the next, or with the path, is not in it.
/// </summary>
public static class SynPrint
{
    /// <summary>Longest value, in characters.</summary>
    public const int MaxLength = 128;

    private const int EthernetMtu = 1500;
    private const int LeastTunnelMss = 1220;
    private const int LeastTellingMss = 200;
    private const int MostScale = 14;

    /// <summary>Hops from the sender to here, as far as they can be guessed: nobody starts at another limit than 64, 128 or 255, but raw tools do.</summary>
    public static int Distance(in TcpSyn syn) => FirstHopLimit(in syn) - syn.HopLimit;

    /// <summary>Writes the print into <paramref name="into"/>, which has room for <see cref="MaxLength"/>; returns how many characters.</summary>
    /// <remarks>What programs choose comes first, what links and memory change comes last: so a beginning names a stack on any of its hosts.</remarks>
    public static int Write(in TcpSyn syn, Span<char> into)
    {
        Span<char> text = stackalloc char[SynOptions.LongestText];
        SynOptions options = SynOptions.Read(syn.Options, text);
        int at = 0;
        into[at++] = syn.IsV6 ? '6' : '4';
        into[at++] = '_';
        at += Number(into[at..], FirstHopLimit(in syn));
        into[at++] = '_';
        text[..options.Length].CopyTo(into[at..]);
        at = options.Length > 0 ? at + options.Length : Mark(into, at, '0', isThere: true);
        into[at++] = '_';
        at += Oddities(in syn, in options, into[at..]);
        into[at++] = '_';
        at += Window(in syn, options.Mss, into[at..]);
        into[at++] = '_';
        into[at++] = MssClass(in syn, options.Mss);
        into[at++] = '_';
        return options.Scale is { } scale ? at + Number(into[at..], scale) : Mark(into, at, 'x', isThere: true);
    }

    public static string Compute(in TcpSyn syn)
    {
        Span<char> text = stackalloc char[MaxLength];
        return text[..Write(in syn, text)].ToString();
    }

    // Smaller ones have died out, and nmap draws 37..59: they would only change with the distance.
    private static int FirstHopLimit(in TcpSyn syn) => syn.HopLimit switch { <= 64 => 64, <= 128 => 128, _ => 255 };

    private static int EthernetMss(in TcpSyn syn) => EthernetMtu - Headers(in syn);

    private static int Headers(in TcpSyn syn) => syn.IsV6 ? 60 : 40;

    /// <summary>
    /// Most stacks offer a multiple of what fits into a segment, so the number changes with the link and the factor does not; or, as Linux and
    /// Windows, as many segments as 65,535 bytes hold. A router that lowers the MSS of others leaves their window as it was, therefore the segment
    /// of an Ethernet is tried too.
    /// </summary>
    private static int Window(in TcpSyn syn, ushort? announced, Span<char> into)
    {
        int window = syn.Window;
        if (window == 0 || announced is not { } mss || mss < LeastTellingMss)
        {
            return Number(into, window);
        }

        int usual = EthernetMss(in syn);
        int lowered = mss < usual ? usual : mss;
        (char relation, int unit) = window % mss == 0 ? ('m', mss)
            : window % lowered == 0 ? ('m', lowered)
            : window % (mss + Headers(in syn)) == 0 ? ('u', mss + Headers(in syn))
            : window % (lowered + Headers(in syn)) == 0 ? ('u', lowered + Headers(in syn))
            : ('\0', 1);
        int at = Mark(into, 0, relation, unit > 1);
        return relation == 'm' && window / unit == ushort.MaxValue / unit ? Mark(into, at, 'm', isThere: true) : at + Number(into[at..], window / unit);
    }

    private static char MssClass(in TcpSyn syn, ushort? mss)
    {
        int usual = EthernetMss(in syn);
        return mss switch
        {
            null => '0',
            < LeastTunnelMss => 's',
            { } value when value < usual => 'p',
            { } value when value == usual => 'e',
            _ => 'j',
        };
    }

    private static int Oddities(in TcpSyn syn, in SynOptions options, Span<char> into)
    {
        const int push = 0x08;
        const int urgent = 0x20;
        const int reserved = 0xe00;
        int ecn = (syn.Flags >> 6) & 7;
        int at = 0;
        at = Mark(into, at, 'd', syn.DontFragment);
        at = Mark(into, at, 'i', syn.DontFragment && syn.Identification != 0);
        at = Mark(into, at, 'z', !syn.IsV6 && !syn.DontFragment && syn.Identification == 0);
        at = Mark(into, at, 'v', syn.ReservedIpBit);
        at = Mark(into, at, 'o', syn.HasIpOptions);
        at = Mark(into, at, 'f', syn.FlowLabel != 0);

        // RFC 3168 §6.1.1 asks for ECN with two flags, RFC 9768 with three.
        at = Mark(into, at, 'e', ecn == 3);
        at = Mark(into, at, 'a', ecn == 7);
        at = Mark(into, at, 'c', ecn is not (0 or 3 or 7));
        at = Mark(into, at, 'r', (syn.Flags & reserved) != 0);
        at = Mark(into, at, 'h', (syn.Flags & push) != 0);
        at = Mark(into, at, 'g', (syn.Flags & urgent) != 0);
        at = Mark(into, at, 'u', (syn.Flags & urgent) == 0 && syn.UrgentPointer != 0);
        at = Mark(into, at, 'k', syn.Acknowledgement != 0);
        at = Mark(into, at, 'q', syn.Sequence == 0);
        at = Mark(into, at, 'p', syn.PayloadBytes > 0);
        at = Mark(into, at, 't', options.Time == 0);
        at = Mark(into, at, 'y', options.Echo != 0);
        at = Mark(into, at, 'l', options.EndsDirty);
        at = Mark(into, at, 'w', options.Scale > MostScale);
        return at > 0 ? at : Mark(into, 0, '0', isThere: true);
    }

    private static int Number(Span<char> into, int number) => number.TryFormat(into, out int written, provider: CultureInfo.InvariantCulture) ? written : 0;

    private static int Mark(Span<char> into, int at, char letter, bool isThere)
    {
        if (isThere)
        {
            into[at] = letter;
        }

        return isThere ? at + 1 : at;
    }
}

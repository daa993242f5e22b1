namespace Blackwall.Tarpit.Dns;

/// <summary>Types of records and of questions.</summary>
internal static class DnsType
{
    public const int A = 1;
    public const int Ns = 2;
    public const int Soa = 6;
    public const int Mx = 15;
    public const int Txt = 16;
    public const int Aaaa = 28;
    public const int Opt = 41;
    public const int Tkey = 249;
    public const int Ixfr = 251;
    public const int Axfr = 252;
    public const int MailB = 253;
    public const int MailA = 254;
    public const int Any = 255;
}

namespace Blackwall.Pipeline.Model;

/// <summary>Protocol numbers (IANA) as evidence names them.</summary>
public static class ProtocolWords
{
    /// <summary>tcp, udp or icmp (of either family); null: another one.</summary>
    public static string? For(byte protocol) => protocol switch
    {
        6 => "tcp",
        17 => "udp",
        1 or 58 => "icmp",
        _ => null,
    };
}

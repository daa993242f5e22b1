using Blackwall.Pipeline.Model;

namespace Blackwall.Behavior.Outbound;

/// <summary>Services whose clients contact them at regular intervals by design: their timing says nothing.</summary>
internal static class CommonServices
{
    private const byte Tcp = 6;
    private const byte Udp = 17;

    public static bool IsRegular(ushort port, byte protocol) => (protocol, port) switch
    {
        // NTP, DNS, DHCP, SSDP, mDNS, LLMNR, NetBIOS, SNMP, syslog, WS-Discovery, STUN, SIP, overlay networks', OpenVPN's and WireGuard's keep-alives.
        (Udp, 123 or 53 or 67 or 68 or 546 or 547 or 1900 or 5353 or 5355 or 137 or 138 or 161 or 514 or 3702 or 3478 or 5060 or 5061 or 9993 or 41641 or 1194 or 51820 or 853 or 4500 or 500) => true,

        // Mail and calendars are polled; DNS; directory, time and file services of an office.
        (Tcp, 25 or 53 or 110 or 143 or 465 or 587 or 853 or 993 or 995 or 123 or 88 or 389 or 636 or 445 or 514 or 6514) => true,
        (Tcp or Udp, _) => false,
        _ => true,
    };

    /// <summary>
    /// Services that people run: SSH, the web, proxies, queues, databases, caches. A client whose server there is down retries at regular intervals. At
    /// another port it may as well be malware whose C2 server is gone (Remcos retries for days).
    /// </summary>
    public static bool IsUsual(ushort port) => port is 22 or 80 or 443 or 1433 or 1521 or 1883 or 2049 or 3128 or 3306 or 3389 or 5432 or 5671 or 5672 or 6379
        or 8000 or 8080 or 8086 or 8443 or 8883 or 9090 or 9092 or 9100 or 9200 or 11_211 or 27_017;

    /// <summary>Nobody's own address: multicast, broadcast, link-local, unspecified.</summary>
    public static bool IsNobody(Address address) => address.IsV4
        ? address.V4 >> 28 == 14 || address.V4 == uint.MaxValue || address.V4 >> 16 == 0xa9fe || address.V4 == 0
        : (address.Value >> 120) == 0xff || (address.Value >> 118) == 0x3fa || address.Value == 0;
}

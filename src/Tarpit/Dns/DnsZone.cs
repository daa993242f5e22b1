using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Blackwall.Tarpit.Dns;

/// <summary>A zone: what it has of each name. Small, and never changed.</summary>
internal sealed class DnsZone
{
    private const uint Ttl = 3600;
    private const int InternetClass = 1;
    private const int ChaosClass = 3;

    private readonly List<DnsRecord> _records = [];

    private DnsZone(string origin, int dnsClass)
    {
        (Origin, Class) = (origin.Split('.'), dnsClass);
    }

    public IReadOnlyList<string> Origin { get; }

    public int Class { get; }

    /// <summary>SOA goes along when there is nothing to say.</summary>
    public DnsRecord Start => _records.First(record => record.Type == DnsType.Soa);

    /// <summary>The domain of the machine: every name in it is at the address that was asked.</summary>
    public static DnsZone OfDomain(string domain, string host, uint serial, IPAddress address)
    {
        DnsZone zone = new(domain, InternetClass);
        string[] nameServer = ["ns1", .. zone.Origin], mail = ["mail", .. zone.Origin];
        zone.AddStart(Ttl, serial, nameServer, ["hostmaster", .. zone.Origin], Ttl, 900, 604_800, Ttl);
        zone._records.Add(new DnsRecord(zone.Origin, DnsType.Ns, Ttl, writer => writer.Name(nameServer), nameServer));
        zone.AddAddress(zone.Origin, address);
        zone._records.Add(new DnsRecord(zone.Origin, DnsType.Mx, Ttl, writer =>
        {
            writer.UInt16(10);
            writer.Name(mail);
        }, mail));
        zone.AddText(zone.Origin, Ttl, "v=spf1 mx -all");
        foreach (string name in new[] { "ns1", "mail", "www", host }.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            zone.AddAddress([name, .. zone.Origin], address);
        }

        return zone;
    }

    /// <summary>One of the zones that tell about the server itself.</summary>
    /// <param name="text">Null: it has no text.</param>
    public static DnsZone OfServer(string name, string? text)
    {
        const uint day = 86_400;
        DnsZone zone = new(name, ChaosClass);
        if (text is not null)
        {
            zone.AddText(zone.Origin, 0, text);
        }

        zone.AddStart(day, 0, zone.Origin, ["hostmaster", .. zone.Origin], 28_800, 7200, 604_800, day);
        zone._records.Add(new DnsRecord(zone.Origin, DnsType.Ns, 0, writer => writer.Name(zone.Origin)));
        return zone;
    }

    public bool Contains(IReadOnlyList<string> name) =>
        name.Count >= Origin.Count && name.Skip(name.Count - Origin.Count).SequenceEqual(Origin, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the name itself is there.</summary>
    public bool Has(IReadOnlyList<string> name) => _records.Exists(record => IsSame(record.Owner, name));

    public IReadOnlyList<DnsRecord> Find(IReadOnlyList<string> name, int type) => _records.FindAll(record => IsSame(record.Owner, name) && (type == DnsType.Any || record.Type == type));

    private static bool IsSame(IReadOnlyList<string> left, IReadOnlyList<string> right) => left.SequenceEqual(right, StringComparer.OrdinalIgnoreCase);

    private void AddAddress(IReadOnlyList<string> owner, IPAddress address) =>
        _records.Add(new DnsRecord(owner, address.AddressFamily is AddressFamily.InterNetwork ? DnsType.A : DnsType.Aaaa, Ttl, writer => writer.Bytes(address.GetAddressBytes())));

    private void AddText(IReadOnlyList<string> owner, uint ttl, string text) => _records.Add(new DnsRecord(owner, DnsType.Txt, ttl, writer => writer.Bytes([(byte)text.Length, .. Encoding.ASCII.GetBytes(text)])));

    private void AddStart(uint ttl, uint serial, IReadOnlyList<string> server, IReadOnlyList<string> person, uint refresh, uint retry, uint expire, uint minimum) =>
        _records.Add(new DnsRecord(Origin, DnsType.Soa, ttl, writer =>
        {
            writer.Name(server);
            writer.Name(person);
            foreach (uint value in new[] { serial, refresh, retry, expire, minimum })
            {
                writer.UInt32(value);
            }
        }));
}

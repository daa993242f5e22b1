using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using Blackwall.Tarpit.Dns.Wire;

namespace Blackwall.Tarpit.Dns;

/// <summary>
/// Answers as BIND 9.18 that is the authority for one domain and nothing else: it never asks anybody. What it answers to which message was recorded
/// from the real one.
/// </summary>
/// <param name="secret">For server cookies.</param>
internal sealed class DnsServer(string domain, string host, string version, uint serial, ReadOnlyMemory<byte> secret, TimeProvider time)
{
    private const int Answered = 0x8000;
    private const int Authoritative = 0x0400;
    private const int FormatError = 1;
    private const int NoSuchName = 3;
    private const int NotImplemented = 4;
    private const int Refused = 5;
    private const int NotAuthority = 9;
    private const int BadVersion = 16;
    private const int OpcodeAndRecursion = 0x7900;
    private const int CheckingDisabled = 0x0010;
    private const int InternetClass = 1;
    private const int ChaosClass = 3;
    private const int UdpSize = 1232;

    private readonly DnsZone[] _chaos = [DnsZone.OfServer("version.bind", version), DnsZone.OfServer("hostname.bind", host), DnsZone.OfServer("id.server", null), DnsZone.OfServer("authors.bind", null)];

    /// <summary>The answer to a message, or null for none.</summary>
    /// <param name="asked">Address of ours that was asked.</param>
    /// <param name="asker">Who asks.</param>
    public byte[]? Answer(ReadOnlySpan<byte> message, IPAddress asked, IPAddress asker)
    {
        if (DnsQuery.TryRead(message) is not { } query)
        {
            return null;
        }

        if (query.Opcode is not (0 or 4 or 5))
        {
            return HeadOnly(query, NotImplemented);
        }

        if (query.IsMalformed)
        {
            return HeadOnly(query, FormatError);
        }

        if (query.HasEdns && query.EdnsVersion > 0)
        {
            return Write(query, 0, BadVersion, asker, []);
        }

        DnsZone own = DnsZone.OfDomain(domain, host, serial, asked);
        if (query.IsCookieMalformed || query.Type is DnsType.Opt or DnsType.Tkey || (query.Opcode == 0 && query.Class is 254 or 255))
        {
            return Write(query, 0, FormatError, asker, []);
        }

        return query.Opcode switch
        {
            4 => own.Contains(query.Labels) ? Write(query, Authoritative, 0, asker, []) : Write(query, 0, NotAuthority, asker, []),
            5 => Write(query, 0, own.Contains(query.Labels) ? Refused : NotAuthority, asker, []),
            _ => Query(query, own, asker),
        };
    }

    private byte[] Query(DnsQuery query, DnsZone own, IPAddress asker)
    {
        switch (query.Type)
        {
            case DnsType.Axfr or DnsType.Ixfr:
                return Write(query, 0, own.Contains(query.Labels) ? Refused : NotAuthority, asker, []);
            case DnsType.MailA or DnsType.MailB:
                return Write(query, 0, NotImplemented, asker, []);
        }

        DnsZone? zone = query.Class switch
        {
            InternetClass => own.Contains(query.Labels) ? own : null,
            ChaosClass => Array.Find(_chaos, chaos => chaos.Contains(query.Labels)),
            _ => null,
        };
        if (zone is null)
        {
            return Write(query, 0, Refused, asker, []);
        }

        IReadOnlyList<DnsRecord> answers = zone.Find(query.Labels, query.Type);
        if (answers.Count == 0)
        {
            return Write(query, Authoritative, zone.Has(query.Labels) ? 0 : NoSuchName, asker, [], [zone.Start], [], zone);
        }

        // Who does not ask for recursion is another server: it is told who is the authority.
        IReadOnlyList<DnsRecord> authorities = query.WantsRecursion || zone.Class == ChaosClass || query.Type is DnsType.Any or DnsType.Ns ? [] : zone.Find(zone.Origin, DnsType.Ns);
        IEnumerable<DnsRecord> addresses = query.Type is DnsType.Any ? [] : answers.Concat(authorities).Where(record => record.Target is not null)
            .SelectMany(record => zone.Find(record.Target!, DnsType.A).Concat(zone.Find(record.Target!, DnsType.Aaaa)));
        return Write(query, Authoritative, 0, asker, answers, authorities, [.. addresses], zone);
    }

    private static byte[] HeadOnly(DnsQuery query, int code)
    {
        byte[] head = new byte[DnsQuery.HeadLength];
        BinaryPrimitives.WriteUInt16BigEndian(head, query.Id);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)(Answered | (query.Flags & OpcodeAndRecursion) | code));
        return head;
    }

    private byte[] Write(DnsQuery query, int flags, int code, IPAddress asker, IReadOnlyList<DnsRecord> answers, IReadOnlyList<DnsRecord>? authorities = null, IReadOnlyList<DnsRecord>? additional = null, DnsZone? zone = null)
    {
        DnsWriter writer = new();
        writer.UInt16(query.Id);
        writer.UInt16(Answered | flags | (query.Flags & OpcodeAndRecursion) | (flags != 0 ? query.Flags & CheckingDisabled : 0) | (code & 15));
        writer.UInt16(1);
        writer.Bytes(new byte[6]);
        writer.Name(query.Labels);
        writer.UInt16(query.Type);
        writer.UInt16(query.Class);
        foreach (DnsRecord record in answers.Concat(authorities ?? []).Concat(additional ?? []))
        {
            // Zones about the server have their names as the client writes them.
            writer.Record(zone!.Class == ChaosClass && record.Owner.Count == query.Labels.Count ? query.Labels : record.Owner, record.Type, zone.Class, record.Ttl, record.Data);
        }

        if (query.HasEdns)
        {
            // Root, OPT, our size, upper bits of the code, version 0, DO.
            writer.Record([], DnsType.Opt, UdpSize, ((uint)(code >> 4) << 24) | (query.WantsDnssec ? 0x8000u : 0), data => data.Bytes(Cookie(query, asker)));
        }

        writer.SetCounts(answers.Count, authorities?.Count ?? 0, (additional?.Count ?? 0) + (query.HasEdns ? 1 : 0));
        return writer.ToArray();
    }

    // RFC 9018: version, reserved, time, hash of client cookie, version, time and address.
    private byte[] Cookie(DnsQuery query, IPAddress asker)
    {
        if (query.ClientCookie.Length == 0)
        {
            return [];
        }

        byte[] server = [1, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(server.AsSpan(4), (uint)time.GetUtcNow().ToUnixTimeSeconds());
        byte[] hash = HMACSHA256.HashData(secret.Span, [.. query.ClientCookie, .. server, .. asker.GetAddressBytes()]);
        return [0, 10, 0, 24, .. query.ClientCookie, .. server, .. hash.AsSpan(0, 8)];
    }
}

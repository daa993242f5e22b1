using System.Text;
using Blackwall.Fingerprints.Wire;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;
using Blackwall.Pipeline.Time;

namespace Blackwall.Fingerprints;

/// <summary>
/// Takes the fingerprint of every TCP, TLS, QUIC, DTLS and SSH client from the samples of the kernel, remembers it with its source, and makes
/// evidence of what the database has a reason to name. A client that says everything in one segment and is known allocates nothing.
/// </summary>
public sealed class FingerprintStage : IStage
{
    /// <summary>The kind of its evidence.</summary>
    public const string EvidenceKind = "fingerprint";

    private const int MostFlows = 4096;
    private const int MostNames = 16_384;
    private const int LongestBanner = 80;
    private const int SmallestOvertaker = 64;

    private readonly FingerprintBook _book;
    private readonly FingerprintDatabase _database;
    private readonly FingerprintOptions _options;
    private readonly BootClock _clock;
    private readonly HelloAssembler _hellos = new(MostFlows);
    private readonly SshClients _ssh = new(MostFlows);
    private readonly RecentFlows _told = new();
    private readonly FingerprintNames _names = new(MostNames);
    private readonly SpoofableShare _share = new();
    private readonly PresentSources _present = new();
    private readonly long[] _taken = new long[Enum.GetValues<FingerprintKind>().Length];
    private long _evidence;

    public FingerprintStage(FingerprintBook book, FingerprintDatabase database, FingerprintOptions options, BootClock clock) =>
        (_book, _database, _options, _clock) = (book, database, options, clock);

    /// <summary>camelCase name and value of each counter.</summary>
    public IReadOnlyDictionary<string, long> Counters => new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["ja4"] = Volatile.Read(ref _taken[(int)FingerprintKind.Ja4]),
        ["hassh"] = Volatile.Read(ref _taken[(int)FingerprintKind.Hassh]),
        ["sshBanner"] = Volatile.Read(ref _taken[(int)FingerprintKind.SshBanner]),
        ["tcpSyn"] = Volatile.Read(ref _taken[(int)FingerprintKind.TcpSyn]),
        ["evidence"] = Volatile.Read(ref _evidence),
        ["evidenceHeldBack"] = _share.Held,
        ["hellosWaiting"] = _hellos.Waiting,
        ["hellosAbandoned"] = _hellos.Abandoned,
        ["sshWaiting"] = _ssh.Waiting,
        ["sshAbandoned"] = _ssh.Abandoned,
        ["namesRenewed"] = _names.Renewals,
    };

    public void Observe(in PacketEvent packet, IFindings findings)
    {
        // Packets without payload say nothing of their program, but these that somebody is there.
        if (packet.Kind is EventKind.FlowEstablished or EventKind.Proven && packet.Direction == FlowDirection.Inbound)
        {
            Address source = packet.Remote.ToAddress();
            _book.Prove(source);
            _present.Add(source, packet.TimeNanoseconds);
        }
    }

    public void Observe(in SampleHeader header, ReadOnlySpan<byte> data, IFindings findings)
    {
        if (header.Kind == SampleKind.Syn)
        {
            ReadSample(in header, data, findings);
            return;
        }

        if (data.IsEmpty || header.Kind is not (SampleKind.Tls or SampleKind.Quic or SampleKind.Dtls or SampleKind.Ssh))
        {
            return;
        }

        HelloFlow flow = FlowOf(in header);
        ulong time = header.TimeNanoseconds;
        if (_told.Contains(in flow, time))
        {
            return;
        }

        switch (header.Kind)
        {
            case SampleKind.Tls when _hellos.TryTcp(in flow, time, header.Sequence, data, data[0] != 22 && data.Length >= SmallestOvertaker, out ClientHello hello):
                ReadSample(in flow, time, in hello, 't', EvidenceClass.Application, findings);
                break;
            case SampleKind.Quic when _hellos.TryQuic(in flow, time, data, out ClientHello hello):
                // Anybody can send a first datagram in the name of another.
                ReadSample(in flow, time, in hello, 'q', EvidenceClass.Spoofable, findings);
                break;
            case SampleKind.Dtls when _hellos.TryDtls(in flow, time, data, out ClientHello hello):
                ReadSample(in flow, time, in hello, 'd', EvidenceClass.Spoofable, findings);
                break;
            case SampleKind.Ssh when _ssh.Add(in flow, time, header.Sequence, data, out SshClientHello client) == HelloStatus.Whole:
                ReadSample(in flow, time, in client, findings);
                break;
        }
    }

    // On a flow that we opened, the client is the host inside; the kernel exports nothing of what its server says.
    private static HelloFlow FlowOf(in SampleHeader header) => header.Direction == FlowDirection.Inbound
        ? new(header.Remote.ToAddress(), header.RemotePort, header.Local.ToAddress(), header.LocalPort, header.Protocol)
        : new(header.Local.ToAddress(), header.LocalPort, header.Remote.ToAddress(), header.RemotePort, header.Protocol) { IsOutbound = true };

    public void Forget(Prefix scope)
    {
        // What a client is does not change with a decision.
    }

    public void Exempt(Prefix scope)
    {
        // It asks for no decisions.
    }

    private void ReadSample(in SampleHeader header, ReadOnlySpan<byte> data, IFindings findings)
    {
        if (data.Length <= SampleHeader.SynTcp || !TcpSyn.TryRead(data[..SampleHeader.SynTcp], data[SampleHeader.SynTcp..], header.PayloadLength, out TcpSyn syn))
        {
            return;
        }

        Span<char> text = stackalloc char[SynPrint.MaxLength];
        HelloFlow flow = FlowOf(in header);
        Record(in flow, FingerprintKind.TcpSyn, text[..SynPrint.Write(in syn, text)], header.TimeNanoseconds, EvidenceClass.Spoofable, findings);
        if (_present.Contains(flow.Client, header.TimeNanoseconds))
        {
            _book.Prove(flow.Client);
        }
    }

    private void ReadSample(in HelloFlow flow, ulong time, in ClientHello hello, char transport, EvidenceClass proof, IFindings findings)
    {
        Span<byte> bytes = stackalloc byte[Ja4.Length];
        Span<char> text = stackalloc char[Ja4.Length];
        Ja4.Write(in hello, transport, bytes);
        Encoding.ASCII.GetChars(bytes, text);
        _told.Add(in flow, time);
        Record(in flow, FingerprintKind.Ja4, text, time, proof, findings);
    }

    private void ReadSample(in HelloFlow flow, ulong time, in SshClientHello client, IFindings findings)
    {
        Span<char> text = stackalloc char[Hassh.Length];
        Hassh.Write(in client, text);
        _told.Add(in flow, time);
        Record(in flow, FingerprintKind.Hassh, text, time, EvidenceClass.Application, findings);
        Span<char> banner = stackalloc char[LongestBanner];
        int length = Printable(client.Software, banner);
        Record(in flow, FingerprintKind.SshBanner, banner[..length], time, EvidenceClass.Application, findings);
    }

    private void Record(in HelloFlow flow, FingerprintKind kind, ReadOnlySpan<char> value, ulong time, EvidenceClass proof, IFindings findings)
    {
        Address source = flow.Client;
        Fingerprint fingerprint = _names.Intern(kind, value);
        Volatile.Write(ref _taken[(int)kind], _taken[(int)kind] + 1);
        DateTimeOffset now = _clock.ToDate(time);
        if (!_book.Record(source, fingerprint, now, proven: proof != EvidenceClass.Spoofable) || fingerprint.In(_database) is not { } entry)
        {
            return;
        }

        double weight = Math.Round(_options.WeightOf(entry.Category) * entry.Confidence, 3);
        if (weight > 0 && (proof != EvidenceClass.Spoofable || _share.TryTake(time)))
        {
            Volatile.Write(ref _evidence, _evidence + 1);
            EvidenceFacts facts = new(FingerprintFindings.KnownClient)
            {
                Client = entry.Label,
                Category = FingerprintWords.For(entry.Category),
                Confidence = entry.Confidence,
                FingerprintKind = FingerprintWords.For(kind),
                Fingerprint = entry.Value,
                Other = $"{flow.Server}",
                Port = flow.ServerPort,
                Protocol = ProtocolWords.For(flow.Protocol),
            };
            findings.Record(Evidence.Create(source, EvidenceKind, proof, weight, now, facts));
            if (!flow.IsOutbound)
            {
                // A host inside is told of, and never acted on.
                findings.Publish(new Sign(SignKind.Client, source, proof, weight, 0, 0, 0, time, facts));
            }
        }
    }

    // The line is the attacker's: what could move a cursor or break a line is shown as a dot.
    private static int Printable(ReadOnlySpan<byte> line, Span<char> into)
    {
        int length = Math.Min(line.Length, into.Length);
        for (int i = 0; i < length; i++)
        {
            into[i] = line[i] is >= 0x20 and < 0x7f ? (char)line[i] : '.';
        }

        return length;
    }
}

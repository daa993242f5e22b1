using System.Buffers.Binary;
using Blackwall.Fingerprints;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Time;
using Microsoft.Extensions.Options;

namespace Blackwall.Tests.Fingerprints;

/// <summary>Plays samples of the kernel into a fingerprint stage.</summary>
internal sealed class Prints : IFindings
{
    public const string Client = "203.0.113.9";

    public Prints(int maxSources = 1024, FingerprintOptions? options = null, params FingerprintEntry[] known)
    {
        options ??= new FingerprintOptions();
        options.MaxSources = maxSources;
        Database = new FingerprintDatabase(store: null);
        if (known.Length > 0)
        {
            Database.ImportAsync(known).GetAwaiter().GetResult();
        }

        Book = new FingerprintBook(Options.Create(options));
        Stage = new FingerprintStage(Book, Database, options, BootClock.Replay());
    }

    public FingerprintDatabase Database { get; }

    public FingerprintBook Book { get; }

    public FingerprintStage Stage { get; }

    public ulong Now { get; set; } = 1_700_000_000_000_000_000;

    public List<Evidence> Evidence { get; } = [];

    public List<Sign> Signs { get; } = [];

    public void Decide(DecisionRequest request) => throw new InvalidOperationException("A fingerprint decided.");

    public void Record(Evidence evidence) => Evidence.Add(evidence);

    public void Publish(in Sign sign) => Signs.Add(sign);

    public IEnumerable<string> Of(string client = Client) => Book.Find(Address.Parse(client)).Select(seen => seen.Value);

    public void Tls(ReadOnlySpan<byte> data, uint sequence = 1000, string client = Client, int port = 40000, FlowDirection direction = FlowDirection.Inbound) =>
        Send(SampleKind.Tls, 6, data, sequence, client, port, direction);

    public void Quic(ReadOnlySpan<byte> data, string client = Client, int port = 40000) => Send(SampleKind.Quic, 17, data, 0, client, port);

    public void Dtls(ReadOnlySpan<byte> data, string client = Client, int port = 40000) => Send(SampleKind.Dtls, 17, data, 0, client, port);

    public void Ssh(ReadOnlySpan<byte> data, uint sequence = 1000, string client = Client, int port = 40000) => Send(SampleKind.Ssh, 6, data, sequence, client, port);

    public void Syn(SynBytes syn, string client = Client) => Send(SampleKind.Syn, 6, syn.Sample(), syn.Sequence, client, 40000);

    /// <summary>The kernel tells that this source is there.</summary>
    public void Establish(string client = Client)
    {
        PacketEvent packet = new() { TimeNanoseconds = Now, Remote = RawAddress.From(Address.Parse(client)), Kind = EventKind.FlowEstablished, Protocol = 6 };
        Stage.Observe(in packet, this);
    }

    private void Send(SampleKind kind, byte protocol, ReadOnlySpan<byte> data, uint sequence, string client, int port, FlowDirection direction = FlowDirection.Inbound)
    {
        SampleHeader header = new()
        {
            TimeNanoseconds = Now,
            Remote = RawAddress.From(Address.Parse(client)),
            Local = RawAddress.From(Address.Parse("192.0.2.10")),
            RemotePortNetwork = BinaryPrimitives.ReverseEndianness((ushort)port),
            LocalPortNetwork = BinaryPrimitives.ReverseEndianness((ushort)443),
            Protocol = protocol,
            Kind = kind,
            Direction = direction,
            Sequence = sequence,
            PayloadLength = kind == SampleKind.Syn ? (ushort)0 : (ushort)data.Length,
            DataLength = (ushort)data.Length,
        };
        Stage.Observe(in header, data, this);
    }
}

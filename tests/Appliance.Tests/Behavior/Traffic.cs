using System.Buffers.Binary;
using System.Text;
using Blackwall.Behavior;
using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Settings;
using Blackwall.Inspection;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Time;

namespace Blackwall.Tests.Behavior;

/// <summary>Plays events into a behaviour stage at chosen times and keeps what it asks for.</summary>
internal sealed class Traffic : IFindings
{
    public const string Server = "192.0.2.10";
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte Icmp = 1;

    private const byte Syn = 2;

    public Traffic(DetectionOptions? options = null, bool tarpit = false, ulong start = 1_000_000_000_000, FalsePositiveLedger? ledger = null, InspectionOptions? inspection = null, IThreatFeeds? feeds = null)
    {
        Inspection = new InspectionStage(inspection ?? new InspectionOptions(), BootClock.Replay());
        Stage = new BehaviorStage(options ?? new DetectionOptions(), BootClock.Replay(), () => tarpit, ledger, feeds);
        Now = start;
    }

    /// <summary>Says of requests what they weigh.</summary>
    public InspectionStage Inspection { get; }

    public BehaviorStage Stage { get; }

    /// <summary>Event time in nanoseconds.</summary>
    public ulong Now { get; private set; }

    public List<DecisionRequest> Decisions { get; } = [];

    public List<Evidence> Recorded { get; } = [];

    public IEnumerable<Verdict> Verdicts => Decisions.Select(d => d.Verdict);

    public void Decide(DecisionRequest request) => Decisions.Add(request);

    public void Record(Evidence evidence) => Recorded.Add(evidence);

    public void Publish(in Sign sign) => Stage.OnSign(in sign, this);

    private readonly Dictionary<(string, int, int), uint> _sequences = [];

    public Traffic Wait(double seconds)
    {
        Now = (ulong)((long)Now + (long)(seconds * 1e9));
        return this;
    }

    public Phase PhaseOf(string source) => Stage.PhaseOf(Address.Parse(source));

    public void Open(string source, int port, string local = Server, byte protocol = Tcp, int remotePort = 40000, EventKind kind = EventKind.FlowOpen, byte flags = Syn, uint suppressed = 0) =>
        Send(kind, source, port, local, protocol, remotePort, flags: flags, suppressed: suppressed);

    public void Refuse(string source, int port, string local = Server, byte protocol = Tcp, int remotePort = 40000) =>
        Send(EventKind.FlowRefused, source, port, local, protocol, remotePort, flags: 0x14);

    public void Establish(string source, int port, string local = Server, int remotePort = 40000) =>
        Send(EventKind.FlowEstablished, source, port, local, Tcp, remotePort, flags: 0x10);

    public void Close(string source, int port, string local = Server, int remotePort = 40000, ulong bytesIn = 0, ulong bytesOut = 0, SshState ssh = SshState.None, Facts facts = Facts.None) =>
        Send(EventKind.FlowClosed, source, port, local, Tcp, remotePort, flags: 0x11, bytesIn: bytesIn, bytesOut: bytesOut, ssh: ssh, facts: facts);

    public void Prove(string source, int port, int remotePort = 40000) => Send(EventKind.Proven, source, port, Server, Tcp, remotePort, flags: 4);

    public void Dropped(string source, int port, bool enforced = true) =>
        Send(EventKind.Dropped, source, port, Server, Tcp, 40000, flags: Syn, enforced: enforced);

    /// <summary>A whole connection that carries data both ways.</summary>
    public void Use(string source, int port, string local = Server, int remotePort = 40000, ulong bytesIn = 700, ulong bytesOut = 20_000, double seconds = 0.1, SshState ssh = SshState.None, Facts facts = Facts.None)
    {
        Open(source, port, local, remotePort: remotePort);
        Wait(0.01).Establish(source, port, local, remotePort);
        Wait(seconds).Close(source, port, local, remotePort, bytesIn, bytesOut, ssh, facts);
    }

    public void Request(string source, string request, int port = 80, int remotePort = 40000)
    {
        byte[] data = Encoding.Latin1.GetBytes(request);
        uint sequence = _sequences.GetValueOrDefault((source, remotePort, port), 1001u);
        _sequences[(source, remotePort, port)] = sequence + (uint)data.Length;
        var header = new SampleHeader
        {
            TimeNanoseconds = Now,
            Remote = RawAddress.From(Address.Parse(source)),
            Local = RawAddress.From(Address.Parse(Server)),
            RemotePortNetwork = BinaryPrimitives.ReverseEndianness((ushort)remotePort),
            LocalPortNetwork = BinaryPrimitives.ReverseEndianness((ushort)port),
            Protocol = Tcp,
            Kind = SampleKind.Http,
            Sequence = sequence,
            StreamFirst = 1001,
            DataLength = (ushort)data.Length,
            PayloadLength = (ushort)data.Length,
        };
        Stage.Observe(in header, data, this);
        Inspection.Observe(in header, data, this);
    }

    /// <summary>The server's answer to a request, from 400 on.</summary>
    public void Answer(string source, int status, int port = 80, int remotePort = 40000)
    {
        PacketEvent packet = Make(EventKind.HttpError, Address.Parse(source), port, Address.Parse(Server), Tcp, remotePort, Now);
        packet.Length = (uint)status;
        Stage.Observe(in packet, this);
    }

    public void Send(EventKind kind, string source, int port, string local, byte protocol, int remotePort, byte flags = 0, ulong bytesIn = 0, ulong bytesOut = 0, uint suppressed = 0, bool enforced = true, FlowDirection direction = FlowDirection.Inbound, double seconds = 0, SshState ssh = SshState.None, Facts facts = Facts.None)
    {
        PacketEvent packet = Make(kind, Address.Parse(source), port, Address.Parse(local), protocol, remotePort, Now);
        packet.TcpFlags = flags;
        packet.BytesIn = bytesIn;
        packet.BytesOut = bytesOut;
        packet.Suppressed = suppressed;
        packet.Enforced = enforced ? (byte)1 : (byte)0;
        packet.Direction = direction;
        packet.SshState = (uint)ssh;
        packet.Facts = facts;
        packet.FirstNanoseconds = seconds > 0 ? Now - (ulong)(seconds * 1e9) : 0;
        Stage.Observe(in packet, this);
    }

    public static PacketEvent Make(EventKind kind, Address source, int port, Address local, byte protocol, int remotePort, ulong now) => new()
    {
        TimeNanoseconds = now,
        Remote = RawAddress.From(source),
        Local = RawAddress.From(local),
        RemotePortNetwork = BinaryPrimitives.ReverseEndianness((ushort)remotePort),
        LocalPortNetwork = BinaryPrimitives.ReverseEndianness((ushort)port),
        Protocol = protocol,
        Kind = kind,
        TcpFlags = protocol == Tcp ? Syn : (byte)0,
    };
}

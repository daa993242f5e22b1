using System.Buffers.Binary;
using System.Text;
using Blackwall.Inspection;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Time;

namespace Blackwall.Tests.Inspection;

/// <summary>Plays request samples into an inspection stage.</summary>
internal sealed class Requests(InspectionOptions? options = null, ICredentialCanaries? canaries = null) : IFindings
{
    public InspectionStage Stage { get; } = new(options ?? new InspectionOptions(), BootClock.Replay()) { Canaries = canaries };

    public ulong Now { get; set; } = 1_700_000_000_000_000_000;

    public List<Evidence> Evidence { get; } = [];

    /// <summary>With room enough for a test of allocation.</summary>
    public List<Sign> Signs { get; } = new(4096);

    /// <summary>Sequence number of a connection's first byte.</summary>
    public const uint First = uint.MaxValue - 20;

    private ushort _port;

    /// <summary>Ids of the rules that were met so far.</summary>
    public IEnumerable<string> Met => Stage.Rules.Where(pair => pair.Hits > 0).Select(pair => pair.Rule.Id);

    public static Requests With(string rules)
    {
        (IReadOnlyList<RequestRule> read, IReadOnlyList<string> errors) = RequestRuleFile.Parse(rules, "test");
        return errors.Count == 0 ? new Requests(new InspectionOptions { Rules = read }) : throw new InvalidOperationException(errors[0]);
    }

    public void Decide(DecisionRequest request) => throw new InvalidOperationException("A rule decided.");

    public void Record(Evidence evidence) => Evidence.Add(evidence);

    public void Publish(in Sign sign) => Signs.Add(sign);

    /// <summary>A connection with one segment.</summary>
    public void Send(string request, string source = "203.0.113.9", FlowDirection direction = FlowDirection.Inbound)
    {
        _port++;
        Segment(Encoding.Latin1.GetBytes(request), First, source, direction);
    }

    /// <summary>A segment of the connection that was begun last.</summary>
    public void Segment(ReadOnlySpan<byte> data, uint sequence, string source = "203.0.113.9", FlowDirection direction = FlowDirection.Inbound, int length = 0)
    {
        SampleHeader header = new()
        {
            TimeNanoseconds = Now,
            Remote = RawAddress.From(Address.Parse(source)),
            RemotePortNetwork = _port,
            LocalPortNetwork = BinaryPrimitives.ReverseEndianness((ushort)80),
            Protocol = 6,
            Kind = SampleKind.Http,
            Direction = direction,
            Sequence = sequence,
            StreamFirst = First,
            DataLength = (ushort)data.Length,
            PayloadLength = (ushort)Math.Max(length, data.Length),
        };
        Stage.Observe(in header, data, this);
    }

    /// <summary>The connection that was begun last is over.</summary>
    public void Close(string source = "203.0.113.9")
    {
        PacketEvent packet = new()
        {
            TimeNanoseconds = Now,
            Remote = RawAddress.From(Address.Parse(source)),
            RemotePortNetwork = _port,
            LocalPortNetwork = BinaryPrimitives.ReverseEndianness((ushort)80),
            Protocol = 6,
            Kind = EventKind.FlowClosed,
        };
        Stage.Observe(in packet, this);
    }

    public void Get(string target, string headers = "") => Send($"GET {target} HTTP/1.1\r\nHost: example.org\r\n{headers}\r\n");
}

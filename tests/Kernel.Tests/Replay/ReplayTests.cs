using System.Collections;
using System.Globalization;
using System.Text.Json;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Replay;
using Xunit;

namespace Blackwall.Kernel.Tests.Replay;

[Collection(KernelCollection.Name)]
public sealed class ReplayTests : IDisposable
{
    private const string Attacker = "203.0.113.10", Prober = "203.0.113.11";
    private const string Client = "198.51.100.20";
    private const string Server = "192.0.2.5";

    private readonly string _file = Path.GetTempFileName();
    private readonly StringWriter _errors = new(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _errors.Dispose();
        File.Delete(_file);
    }

    private (int Code, byte[] Output) Run(byte[] capture, params string[] arguments)
    {
        File.WriteAllBytes(_file, capture);
        using MemoryStream output = new();
        int code = ReplayCommand.Run([_file, .. arguments], new Hashtable(), output, _errors);
        return (code, output.ToArray());
    }

    private List<JsonElement> Lines(byte[] capture, int code = 0, params string[] arguments)
    {
        (int actual, byte[] output) = Run(capture, ["--json", .. arguments]);
        Assert.True(actual == code, $"{actual}: {_errors}");
        return [.. System.Text.Encoding.UTF8.GetString(output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static IEnumerable<JsonElement> Of(IEnumerable<JsonElement> lines, string type) => lines.Where(l => l.GetProperty("type").ValueEquals(type));

    private static IEnumerable<string> Dropped(IEnumerable<JsonElement> lines) => Decided(lines, "drop");

    private static IEnumerable<string> Decided(IEnumerable<JsonElement> lines, string verdict) => Of(lines, "decision")
        .Select(l => l.GetProperty("decision")).Where(d => d.GetProperty("verdict").ValueEquals(verdict)).Select(d => d.GetProperty("scope").GetString()!).Distinct(StringComparer.Ordinal);

    private static long Reason(IEnumerable<JsonElement> lines, string word) =>
        Of(lines, "summary").Single().GetProperty("reasons").TryGetProperty(word, out JsonElement count) ? count.GetInt64() : 0;

    private static Capture Story(Capture capture) => capture
        .Visit(Client, Server, 50_000).Scan(Attacker, Server, 300).Add(Probes()).Visit(Client, Server, 50_001).Visit(Prober, Server, 50_002);

    // A scan is limited and told; what the requests ask for blocks.
    private static Frame[] Probes() => [.. Conversation(60_001, "/.env"), .. Conversation(60_002, "/etc/passwd"), .. Conversation(60_003, "/.git/config")];

    private static Frame[] Conversation(ushort from, string target)
    {
        byte[] request = System.Text.Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n");
        return
        [
            Frame.From(Prober, Server).TcpSegment(from, 80, Frame.Syn, 1000),
            Frame.From(Server, Prober).TcpSegment(80, from, Frame.Syn | Frame.Ack, 5000, 1001),
            Frame.From(Prober, Server).TcpSegment(from, 80, Frame.Ack, 1001, 5001),
            Frame.From(Prober, Server).TcpSegment(from, 80, Frame.Ack | Frame.Psh, 1001, 5001, request),
        ];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(101)]
    [InlineData(228)]
    public void A_scan_is_limited_and_probing_dropped_and_both_meet_the_decision(uint linkType)
    {
        List<JsonElement> lines = Lines(Story(new Capture(linkType)).ToArray());

        Assert.Equal([Attacker], Decided(lines, "rate-limit"));
        Assert.True(Reason(lines, "tx-challenge") > 0);
        Assert.Equal([Prober], Dropped(lines));
        Assert.True(Reason(lines, "drop-host") >= 5, "the last visit of the prober");
        Assert.True(Reason(lines, "pass-established") > 0);
        JsonElement[] visits = [.. Of(lines, "flow").Where(f => f.GetProperty("remote").ValueEquals(Client))];
        Assert.Equal(2, visits.Length);
        Assert.All(visits, f => Assert.Equal((5, 0, 3), (f.GetProperty("passed").GetInt32(), f.GetProperty("stopped").GetInt32(), f.GetProperty("packetsOut").GetInt32())));
        Assert.Equal(0, Of(lines, "flow").Single(f => f.GetProperty("remotePort").GetInt32() == 50_002).GetProperty("passed").GetInt32());
    }

    [Theory]
    [InlineData(64, 57, Client)] // whoever is near is ours
    [InlineData(117, 255, Server)]
    [InlineData(64, 128, Server)] // both are, so who is asked
    [InlineData(52, 49, Server)]
    public void Of_two_public_ends_the_one_that_passed_no_router_is_ours(byte clientHops, byte serverHops, string ours)
    {
        Capture capture = new Capture().Add(
            Frame.From(Client, Server).Ttl(clientHops).TcpSegment(50_000, 443, Frame.Syn, 1000),
            Frame.From(Server, Client).Ttl(serverHops).TcpSegment(443, 50_000, Frame.Syn | Frame.Ack, 5000, 1001));
        JsonElement flow = Of(Lines(capture.ToArray()), "flow").Single();
        Assert.Equal(ours, flow.GetProperty("local").GetString());
    }

    [Fact]
    public void Tcp_clients_of_both_directions_are_told_once_a_flow_with_their_print_and_distance()
    {
        Frame syn = Frame.From(Attacker, Server).Ttl(52).TcpSegment(40_000, 443, Frame.Syn, 1000);
        Capture capture = new Capture().Add(syn, syn, Frame.From(Server, Client).TcpSegment(40_001, 80, Frame.Syn, 1000), Frame.From(Client, Server).TcpSegment(1, 2, Frame.Ack, 1));
        JsonElement[] clients = [.. Of(Lines(capture.ToArray()), "tcp_client")];
        Assert.Equal([Attacker, Server], clients.Select(c => c.GetProperty("src").GetString()));
        Assert.Equal([Server, Client], clients.Select(c => c.GetProperty("dst").GetString()));
        Assert.Equal([(40_000, 443), (40_001, 80)], clients.Select(c => (c.GetProperty("sport").GetInt32(), c.GetProperty("dport").GetInt32())));
        Assert.Equal([("4_64_0_0_64240_0_x", 12), ("4_64_0_0_64240_0_x", 0)], clients.Select(c => (c.GetProperty("tcp_syn").GetString()!, c.GetProperty("distance").GetInt32())));
    }

    [Fact]
    public void A_decision_begins_in_the_time_of_the_capture_and_ends_in_it()
    {
        Capture capture = new Capture().Add(Probes());
        JsonElement decision = Of(Lines(capture.ToArray()), "decision").Select(l => l.GetProperty("decision")).First(d => d.GetProperty("verdict").ValueEquals("drop"));

        DateTimeOffset start = decision.GetProperty("start").GetDateTimeOffset();
        Assert.InRange(start, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), DateTimeOffset.FromUnixTimeSeconds(1_700_000_002));
        Assert.Equal(start.AddMinutes(10), decision.GetProperty("expiry").GetDateTimeOffset());
    }

    [Theory]
    [InlineData(new byte[] { 0x00, 0x21 })]
    [InlineData(new byte[] { 0x21 })] // RFC 1661 §6.5
    public void A_scan_in_a_pppoe_session_is_seen(byte[] protocol)
    {
        Capture capture = new();
        for (ushort port = 1; port <= 60; port++)
        {
            byte[] frame = Frame.From(Attacker, Server).TcpSegment(40_000, port, Frame.Syn, 1000).Build();
            int length = frame.Length - 14 + protocol.Length;
            capture.AddRaw([.. frame[..12], 0x88, 0x64, 0x11, 0, 0, 7, (byte)(length >> 8), (byte)length, .. protocol, .. frame[14..]]).Wait(100);
        }

        List<JsonElement> lines = Lines(capture.ToArray());
        Assert.Equal([Attacker], Decided(lines, "rate-limit"));
        Assert.Equal(60, Of(lines, "flow").Count());
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(-7_200_000, false)] // the clock is set back after the first flow
    [InlineData(86_400_000, true)] // one packet is stamped a day ahead
    [InlineData(-7_200_000, true)]
    public void Guesses_far_apart_stay_far_apart_whatever_the_captures_clock_does(long step, bool once)
    {
        Capture capture = new Capture().Wait(100_000_000).Visit(Client, Server, 50_000).SetClock(step);
        if (once)
        {
            capture.Add(Frame.From(Client, Server).TcpSegment(50_000, 443, Frame.Ack, 1202, 5902)).SetClock(-step);
        }

        for (int i = 0; i < 10; i++)
        {
            capture.Say(Attacker, Server, (ushort)(46_000 + i), 22, "SSH-2.0-OpenSSH_8.4\r\n" + new string('k', 1100), "SSH-2.0-OpenSSH_9.2p1\r\n" + new string('r', 1300)).Wait(300_000);
        }

        List<JsonElement> lines = Lines(capture.ToArray());
        Assert.Empty(Of(lines, "decision"));
        Assert.Equal(once ? 1 : step < 0 ? 1 : 0, Of(lines, "summary").Single().GetProperty("unordered").GetInt64());
        JsonElement sign = Assert.Single(Of(lines, "evidence"), l => l.GetProperty("kind").ValueEquals("brute-force"));
        Assert.Contains("failed 10 logins", sign.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--json", "--packets")]
    [InlineData("--packets")]
    [InlineData]
    public void Twice_gives_the_same_bytes(params string[] arguments)
    {
        byte[] capture = Story(new Capture()).ToArray();

        (int code, byte[] first) = Run(capture, arguments);
        byte[] second = Run(capture, arguments).Output;
        Assert.Equal(0, code);
        Assert.NotEmpty(first);
        Assert.Equal(first, second);
    }

    [Fact]
    public void Every_packet_is_told_with_its_direction_and_reason()
    {
        JsonElement[] packets = [.. Of(Lines(new Capture().Visit(Client, Server, 50_000).ToArray(), 0, "--packets"), "packet")];

        Assert.Equal(["in", "out", "in", "in", "out", "in", "out", "in"], packets.Select(p => p.GetProperty("direction").GetString()));
        Assert.Equal(["pass-default", "pass-established", "pass-established", "pass-established", "pass-established"],
            packets.Select(p => p.GetProperty("reason").GetString()).OfType<string>());
    }

    [Fact]
    public void The_named_side_is_ours_whoever_begins()
    {
        JsonElement flow = Of(Lines(new Capture().Visit(Client, Server, 50_000).ToArray(), 0, "--local", "198.51.100.0/24"), "flow").Single();

        Assert.Equal((Client, 3, 5), (flow.GetProperty("local").GetString(), flow.GetProperty("passed").GetInt32(), flow.GetProperty("packetsOut").GetInt32()));
    }

    [Fact]
    public void Packets_cut_behind_their_headers_are_judged_like_whole_ones()
    {
        List<JsonElement> lines = Lines(Story(new Capture(snap: 60)).ToArray());

        Assert.Equal([Attacker], Decided(lines, "rate-limit"));
        Assert.Empty(Dropped(lines));
        Assert.True(Of(lines, "summary").Single().GetProperty("padded").GetInt64() > 0);
        Assert.Equal(0, Reason(lines, "drop-malformed-ip"));
    }

    [Fact]
    public void Packets_cut_within_their_headers_are_counted_and_not_judged()
    {
        List<JsonElement> lines = Lines(new Capture(snap: 40).Visit(Client, Server, 50_000).ToArray());

        Assert.Equal(8, Of(lines, "summary").Single().GetProperty("cutInHeaders").GetInt64());
        Assert.Empty(Of(lines, "flow"));
    }

    [Fact]
    public void A_damaged_file_is_replayed_up_to_the_damage_which_is_named()
    {
        byte[] good = new Capture().Visit(Client, Server, 50_000).ToArray();
        byte[] bad = [.. good, .. new byte[8], 0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0];

        List<JsonElement> lines = Lines(bad, ReplayCommand.Damaged);
        Assert.Equal(good.Length, Of(lines, "fault").Single().GetProperty("offset").GetInt64());
        Assert.Equal(8, Of(lines, "summary").Single().GetProperty("packets").GetInt64());
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"at byte {good.Length}"), _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_ends_within_a_packet_is_damaged_where_that_packet_begins()
    {
        byte[] whole = new Capture().Visit(Client, Server, 50_000).ToArray();
        int last = whole.Length - 16 - 54;

        Assert.Equal(last, Of(Lines(whole[..^1], ReplayCommand.Damaged), "fault").Single().GetProperty("offset").GetInt64());
    }

    [Fact]
    public void What_is_no_capture_or_no_file_is_refused_with_a_sentence()
    {
        Assert.Equal(ReplayCommand.Damaged, Run([]).Code);
        Assert.Equal(ReplayCommand.Damaged, Run("no capture"u8.ToArray()).Code);
        Assert.Equal(ReplayCommand.NoFile, ReplayCommand.Run([_file + ".gone"], new Hashtable(), Stream.Null, _errors));
        Assert.Equal(64, ReplayCommand.Run(["--what"], new Hashtable(), Stream.Null, _errors));
        Assert.Equal(64, ReplayCommand.Run([], new Hashtable(), Stream.Null, _errors));
        Assert.Equal(64, ReplayCommand.Run([_file, "--local", "10.0.0.1/8"], new Hashtable(), Stream.Null, _errors));
        Assert.Contains("host bits", _errors.ToString(), StringComparison.Ordinal);
    }
}

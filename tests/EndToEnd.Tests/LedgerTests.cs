using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;
using Blackwall.Lab.Tools;

namespace Blackwall.EndToEnd;

/// <summary>
/// Rules are made and removed over the API while the appliance is killed at random moments. What it answered 2xx to holds in the kernel (by packets, with
/// no process alive), in the API and in the store, from which each start reads. BLACKWALL_LEDGER_CHANGES (60) and BLACKWALL_LEDGER_KILLS (12) say how many.
/// </summary>
public sealed class LedgerTests(Edge edge, ITestOutputHelper output) : IClassFixture<Edge>
{
    private const int Writers = 4;
    private const int FramesPerSecond = 2_000;
    private const int DiscardPort = 9;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Random _random = new(8);
    private readonly ConcurrentDictionary<IPAddress, Line> _ledger = new();
    private readonly ConcurrentQueue<string> _wrong = new();
    private int _addresses;
    private int _acknowledged;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_acknowledged_is_neither_lost_nor_back_after_kills_at_random_moments()
    {
        var (changes, kills) = (Number("BLACKWALL_LEDGER_CHANGES", 60), Number("BLACKWALL_LEDGER_KILLS", 12));
        var looks = Math.Max(1, kills / 3);
        for (var kill = 1; kill <= kills || _acknowledged < changes; kill++)
        {
            await ChangeUntilKilledAsync(_acknowledged + _random.Next(2 * changes / kills));
            if (kill % looks == 0)
            {
                await ComparePacketsAsync($"after kill {kill}");
            }

            await edge.Stage.Appliance.StartAsync(new ApplianceSettings(), Cancellation);
            await CompareApiAsync($"after kill {kill}");
            kills = Math.Max(kills, kill);
        }

        await ComparePacketsAsync("at the end");
        var lost = _wrong.Count(w => w.StartsWith("lost", StringComparison.Ordinal));
        output.WriteLine($"{_acknowledged} acknowledged changes over {kills} kills: {lost} lost, {_wrong.Count - lost} back; {_ledger.Values.Count(l => l.State == State.There)} rules stand");
        Assert.Equal([], _wrong);
        Assert.Contains(_ledger.Values, l => l.State == State.There);
        Assert.Contains(_ledger.Values, l => l.State == State.Gone);
    }

    // All but the last of them are acknowledged for certain; the writers go on until the process is gone.
    private async Task ChangeUntilKilledAsync(int after)
    {
        using var reached = new SemaphoreSlim(0);
        var writers = Enumerable.Range(0, Writers).Select(n => Task.Run(() => WriteAsync(n, after, reached))).ToList();
        Assert.True(await reached.WaitAsync(s_patience, Cancellation), "no change is acknowledged");

        // Anywhere within the next changes.
        await Tool.PauseAsync(TimeSpan.FromMilliseconds(_random.NextDouble() * 30), Cancellation);
        await edge.Stage.Appliance.CrashAsync();
        await Task.WhenAll(writers);
    }

    private async Task WriteAsync(int writer, int after, SemaphoreSlim reached)
    {
        Random random = new(HashCode.Combine(writer, after));
        try
        {
            while (true)
            {
                var mine = _ledger.Where(p => p.Value.State == State.There && p.Value.Writer == writer).Select(p => p.Key).ToList();
                if (mine.Count > 0 && random.Next(5) < 2)
                {
                    var address = mine[random.Next(mine.Count)];
                    var line = _ledger[address];
                    _ledger[address] = line with { State = State.Unknown };
                    Acknowledge(address, line with { State = State.Gone }, await edge.Api.RemoveRuleAsync(line.Rule, Cancellation));
                }
                else
                {
                    var n = Interlocked.Increment(ref _addresses);
                    IPAddress address = new([11, (byte)(n >> 8), (byte)n, 7]);
                    _ledger[address] = new Line(writer, State.Unknown, 0);
                    var rule = await edge.Api.AddRuleAsync(address, "drop", Cancellation);
                    Acknowledge(address, new Line(writer, State.There, rule ?? 0), rule is not null);
                }

                if (_acknowledged > after)
                {
                    reached.Release();
                }
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // Killed: nobody said what came of it.
        }
    }

    private void Acknowledge(IPAddress address, Line line, bool isAcknowledged)
    {
        if (isAcknowledged)
        {
            _ledger[address] = line;
            Interlocked.Increment(ref _acknowledged);
        }
    }

    // A new process knows what the store has. What was under way may have come to either.
    private async Task CompareApiAsync(string when)
    {
        var rules = (await edge.Api.DecisionsAsync(null, Cancellation)).Where(d => d.Origin is "operator").ToDictionary(d => IPAddress.Parse(d.Scope.Split('/')[0]), d => d.Id);
        foreach (var (address, line) in _ledger)
        {
            var isThere = rules.TryGetValue(address, out var rule);
            Check(address, line.State, isThere, $"in the API and the store {when}");
            if (line.State == State.Unknown)
            {
                _ledger[address] = line with { State = isThere ? State.There : State.Gone, Rule = rule };
            }
        }
    }

    private async Task ComparePacketsAsync(string when)
    {
        var network = edge.Network;
        var server = new IPEndPoint(network.Server.Addresses4[0], DiscardPort);
        var router = PhysicalAddress.Parse(LabNetwork.RouterMac);
        var asked = _ledger.Keys.Append(new IPAddress([11, 255, 255, 7])).ToList();
        var file = edge.Stage.Run.File("ledger.pcap");
        await PcapFile.WriteAsync(file, asked.Select(a => ForgedFrame.Udp(router, new IPEndPoint(a, 4000), server, "ledger"u8)), Cancellation);
        await using var capture = await Capture.StartAsync(edge.Stage.Run, network.Server.Network, LabHost.Interface, $"udp dst port {DiscardPort}", Cancellation);
        await network.Second.Network.RunAsync("tcpreplay", "-q", "--pps", FramesPerSecond.ToString(CultureInfo.InvariantCulture), "-i", LabHost.Interface, file);
        await capture.SettleAsync(Cancellation);
        var passed = PcapFile.Read(capture.File).Select(r => new IPAddress(r.Frame.Span.Slice(26, 4))).ToHashSet();
        Assert.Contains(asked[^1], passed);
        foreach (var (address, line) in _ledger)
        {
            Check(address, line.State, !passed.Contains(address), $"in the kernel {when}");
        }
    }

    private void Check(IPAddress address, State expected, bool isThere, string where)
    {
        if (expected == (isThere ? State.Gone : State.There))
        {
            _wrong.Enqueue($"{(isThere ? "back" : "lost")}: {address} {where}");
        }
    }

    private static int Number(string variable, int usual) => int.Parse(Environment.GetEnvironmentVariable(variable) ?? $"{usual}", CultureInfo.InvariantCulture);

    private enum State
    {
        Unknown,
        There,
        Gone,
    }

    private sealed record Line(int Writer, State State, long Rule);
}

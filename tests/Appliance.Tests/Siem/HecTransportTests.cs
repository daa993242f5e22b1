using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Siem;
using Blackwall.Siem.Sinks;
using Blackwall.Siem.Transport;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tests.Siem;

/// <summary>Batches that the collector confirms later.</summary>
public sealed class HecTransportTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private Receiver _receiver = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string[] Got => [.. _receiver.Events.Select(one => (string)one["event"]!["id"]!)];

    public async ValueTask InitializeAsync() => _receiver = await Receiver.StartAsync();

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    [Fact]
    public async Task Batches_are_sent_while_others_wait_and_are_confirmed_in_their_order()
    {
        HashSet<long> indexed = [2];
        _receiver.Indexes = indexed.Contains;
        using HecTransport transport = Transport();
        foreach (int i in Enumerable.Range(1, 3))
        {
            Assert.Equal(SendOutcome.OnItsWay, (await transport.SendAsync([Event(i)], Cancellation)).Outcome);
        }

        Assert.Equal(["log-1", "log-2", "log-3"], Got);
        Assert.Equal((0, 0), (await transport.ConfirmAsync(Cancellation), await transport.ConfirmAsync(Cancellation)));
        indexed.Add(1);
        Assert.Equal((0, 2), (await transport.ConfirmAsync(Cancellation), await transport.ConfirmAsync(Cancellation)));
        indexed.Add(3);
        Assert.Equal((0, 1), (await transport.ConfirmAsync(Cancellation), await transport.ConfirmAsync(Cancellation)));
        Assert.Equal(3, Got.Length);
    }

    [Fact]
    public async Task What_is_not_confirmed_in_time_goes_again_and_nothing_else_does()
    {
        _receiver.Indexes = ack => ack is not 1;
        using HecTransport transport = Transport();
        await transport.SendAsync([Event(1)], Cancellation);
        await transport.SendAsync([Event(2)], Cancellation);
        await transport.ConfirmAsync(Cancellation);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal((0, 2), (await transport.ConfirmAsync(Cancellation), Got.Length));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, await transport.ConfirmAsync(Cancellation));
        Assert.Equal(["log-1", "log-2", "log-1"], Got);
        await transport.ConfirmAsync(Cancellation);
        Assert.Equal(2, await transport.ConfirmAsync(Cancellation));
    }

    [Fact]
    public async Task A_number_of_a_collector_that_began_anew_confirms_nothing_of_before()
    {
        _receiver.Indexes = _ => false;
        using HecTransport transport = Transport();
        await transport.SendAsync([Event(1)], Cancellation);
        await transport.ConfirmAsync(Cancellation);
        int port = _receiver.Place.Port;
        await _receiver.DisposeAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => transport.SendAsync([Event(2)], Cancellation));

        // The new collector counts from 1 as well; with the channel of before, batch 1 would look indexed.
        _receiver = await Receiver.StartAsync(port);
        await transport.SendAsync([Event(2)], Cancellation);
        string[] channels = [.. _receiver.Requests.Select(request => request.Headers["X-Splunk-Request-Channel"])];
        await transport.ConfirmAsync(Cancellation);
        await transport.ConfirmAsync(Cancellation);
        Assert.Equal(2, _receiver.Asked.Distinct().Count());
        Assert.Contains(channels[0], _receiver.Asked);
    }

    [Fact]
    public async Task No_more_batches_are_on_their_way_than_memory_is_set_aside_for()
    {
        _receiver.Indexes = _ => false;
        using HecTransport transport = Transport();
        for (int i = 0; i < 64; i++)
        {
            Assert.False(transport.IsFull);
            await transport.SendAsync([Event(i)], Cancellation);
        }

        Assert.True(transport.IsFull);
    }

    private HecTransport Transport() => new(
        new Sink("splunk", new SinkSettings("hec", _receiver.Place.ToString(), "hec", true, null, null, true, 0, [], null), new SinkSecrets("t"), 1, 0), "host", _time);

    private static SiemEvent Event(int i) => new($"log-{i}", i, DateTimeOffset.UnixEpoch, "decision", "Source blocked", 8, Encoding.UTF8.GetBytes(new JsonObject { ["n"] = i }.ToJsonString()));
}
